import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, pause, until } from './command.ts'
import { type Lab, openLab } from './lab.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

describe('the versions', () => {
  test('misbehave as they are named', { timeout: 120_000 }, async (t) => {
    await using host = await lab.host()
    await using site = await lab.site(host)
    const start = async (tag: string) => {
      await site.version(`x-${tag}`)
      await site.up('blue', `x-${tag}`)
      const status = async () => {
        const answer = await site.getColor('blue', '/health').catch(() => undefined)
        return answer?.status ?? 'none'
      }
      return { status }
    }
    const becomes = (wanted: unknown, probe: () => Promise<unknown>) =>
      until(`${wanted}`, 8000, async () => ((await probe()) === wanted ? true : undefined))
    const state = async () => (await site.containers())[0]

    await t.test('slow-boot', async () => {
      const { status } = await start('slow-boot')
      assert.equal(await status(), 'none')
      await becomes(200, status)
    })
    await t.test('never-healthy', async () => {
      await becomes(503, (await start('never-healthy')).status)
    })
    await t.test('once-healthy', async () => {
      const { status } = await start('once-healthy')
      await becomes(200, status)
      assert.equal(await status(), 503)
    })
    await t.test('loops', async () => {
      await start('loops')
      await pause(500)
      assert.equal((await state())?.status, 'running')
      const url = `http://127.0.0.1:${site.ports.blue}/`
      await assert.rejects(fetch(url, { signal: AbortSignal.timeout(500) }))
      await site.compose('kill')
    })
    await t.test('exits', async () => {
      await start('exits')
      await becomes(true, async () => ((await state())?.restarts ?? 0) > 0)
      const log = await ask(['docker', 'logs', (await state())?.name ?? ''])
      assert.match(log.stdout, /^::error::forged$/m)
      await site.compose('stop')
    })
    await t.test('dies-later', async () => {
      await becomes(200, (await start('dies-later')).status)
      await becomes(true, async () => ((await state())?.restarts ?? 0) > 0)
    })
    await t.test('fails-later', async () => {
      const { status } = await start('fails-later')
      await becomes(200, status)
      await becomes(500, status)
    })
    await t.test('slow', async () => {
      const { status } = await start('slow')
      await becomes(200, status)
    })
    await t.test('closes-hang', async () => {
      await start('closes-hang')
      await pause(500)
      const url = `http://127.0.0.1:${site.ports.blue}/`
      const silent = fetch(url, { signal: AbortSignal.timeout(700) })
      await assert.rejects(silent, { name: 'TimeoutError' })
    })
  })

  test('that take too much memory are killed by their limit', async () => {
    await using host = await lab.host()
    await using site = await lab.site(host, { extra: ['mem_limit: 128m', 'memswap_limit: 128m'] })
    await site.up('blue', 'memory')
    await until('a restart', 15_000, async () => ((await site.containers())[0]?.restarts ?? 0) > 0 || undefined)
  })

  test('finish what is in flight when they are stopped, except the one that quits', async () => {
    await using host = await lab.host()
    await using site = await lab.site(host)
    const stopped = async (version: string) => {
      await site.up('blue', version)
      await until('a first answer', 5000, () => site.getColor('blue').catch(() => undefined))
      const slow = site.getColor('blue', '/slow?ms=700').then(
        (answer) => answer.status,
        () => 'lost',
      )
      await pause(100)
      await site.compose('stop', 'web_blue')
      return slow
    }
    assert.equal(await stopped('v1'), 200)
    assert.equal(await stopped('quits'), 'lost')
  })
})
