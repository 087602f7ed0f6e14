import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'
import { must, pause } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'
import { stateOf } from './site-state.ts'
import { wholeRun } from './whole-run.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

interface Side {
  readonly color: Color | ''
  readonly version: string
}

const nobody: Side = { color: '', version: '' }

/** Releases, and asserts all that must be true of it. */
async function release(site: LabSite, version: string, from: Side, to: Color): Promise<Side> {
  const run = await runAction(site.inputs({ version, watch: '200ms', 'verify-match': 'version {version}' }))
  const report = await wholeRun(run)
  assert.equal(run.outputs['result'], 'released', run.stdout)
  assert.deepEqual(
    [run.outputs['reason'], run.outputs['failed-step'], run.outputs['color'], run.outputs['version']],
    ['', '', to, version],
  )
  assert.deepEqual([run.outputs['previous-color'], run.outputs['previous-version']], [from.color, from.version])
  assert.deepEqual(report.failure, [])
  assert.match(run.stdout, new RegExp(`^Released: ${version} on ${to} is live`, 'm'))
  assert.match(run.summary, new RegExp(`Released: ${version} on ${to} is live`))
  assert.equal((await site.get()).version, version)
  return { color: to, version }
}

/** The versions that `.env` names. */
async function env(site: LabSite): Promise<Record<string, string>> {
  const text = await site.host.readFile(`${site.directory}/.env`)
  return Object.fromEntries(text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('=')])))
}

async function ledger(site: LabSite): Promise<readonly string[]> {
  const text = await site.host.readFile(`${site.stateDirectory}/ledger.jsonl`)
  const entries = text.trim().split('\n')
  return entries.map((line) => {
    const { color, version, image, result } = JSON.parse(line) as Record<string, string>
    assert.match(image ?? '', /^sha256:[0-9a-f]{64}$/)
    return `${color} ${version} ${result}`
  })
}

/** The containers, the live one with the time of its start, before and after `docker compose up -d` by hand. */
async function upByHand(
  site: LabSite,
  color: Color | '',
): Promise<{ readonly before: readonly string[]; readonly after: readonly string[] }> {
  const live = color && site.services[color]
  const seen = async () =>
    (await site.containers())
      .map((each) => `${each.service} ${each.id} ${each.service === live ? `${each.status} ${each.startedAt}` : ''}`)
      .sort()
  const before = await seen()
  const ended = await site.compose('up', '-d')
  assert.equal(ended.code, 0, ended.stderr)
  return { before, after: await seen() }
}

for (const [flip, times] of [
  ['switch', 3],
  ['switch-backed', 10],
] as const) {
  test(`${flip}: a first release where nothing ran, and ${times} more under load, lose nothing`, {
    timeout: 600_000,
  }, async () => {
    await using host = await lab.host()
    await using site = await lab.site(host, { flip })
    let live = await release(site, 'v1', nobody, 'green')
    assert.deepEqual(await env(site), { IMAGE_TAG: 'v1', IMAGE_TAG_GREEN: 'v1' })
    const first = await upByHand(site, live.color)
    assert.deepEqual(
      first.after.filter((container) => !container.startsWith(site.services.blue)),
      first.before,
    )

    const workers = await host.nginxProcesses()
    await using load = await startLoad({ url: site.publicUrl, host: site.serverName, post: true, think: [20, 100] })
    const versions = ['v2', 'v3', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v8'].slice(0, times)
    const released = ['green v1 released']
    for (const [index, version] of versions.entries()) {
      const other = live.color === 'green' ? 'blue' : 'green'
      const from = live
      live = await release(site, version, from, other)
      released.push(`${other} ${version} released`)
      if (index > 2) continue
      const [mine, theirs] = [`IMAGE_TAG_${other.toUpperCase()}`, `IMAGE_TAG_${from.color.toUpperCase()}`]
      assert.deepEqual(await env(site), { IMAGE_TAG: version, [mine]: version, [theirs]: from.version })
      const byHand = await upByHand(site, live.color)
      assert.deepEqual(byHand.after, byHand.before)
    }
    const { lost, failures, byVersion } = await load.stop()
    assert.deepEqual(failures, [])
    assert.equal(lost, 0)
    assert.deepEqual(Object.keys(byVersion).sort(), ['v1', ...new Set(versions)].sort())
    assert.deepEqual(await host.nginxProcesses(), workers)
    assert.deepEqual(await ledger(site), released)
    assert.deepEqual((await stateOf(site)).switched, live.color === 'green' ? ['green'] : [])
  })
}

describe('reload', () => {
  let site: LabSite
  let live = nobody
  before(async () => {
    const host = await lab.host()
    site = await lab.site(host, { flip: 'reload' })
    await host.exec(`chgrp deploy ${site.nginxFile} && chmod g+w ${site.nginxFile}`)
  })

  const next = async (keepAlive: boolean, version: string) => {
    await using load = await startLoad({
      url: site.publicUrl,
      host: site.serverName,
      post: true,
      keepAlive,
      connections: keepAlive ? 32 : 8,
      think: [20, 100],
    })
    await pause(300)
    const before = live
    live = await release(site, version, before, before.color === 'green' ? 'blue' : 'green')
    const { lost, failures, byVersion } = await load.stop()
    assert.deepEqual(Object.keys(byVersion).sort(), [...new Set([before.version, version])].sort())
    return { lost, failures }
  }

  test('a first release names what a reload cannot promise on this Nginx', { timeout: 240_000 }, async () => {
    const run = await runAction(site.inputs({ version: 'v1', watch: '200ms' }))
    const { notes } = await wholeRun(run)
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const version = (await site.host.exec('nginx -v 2>&1')).stdout.match(/nginx\/[\d.]+/)?.[0] ?? 'no version'
    const [note = ''] = notes.filter((each) => /A flip by reload/.test(each))
    assert.ok(note.includes(version), note)
    assert.match(note, /closes idle keep-alive connections/)
    assert.match(run.stdout, /^Note: A flip by reload/m)
    live = { color: 'green', version: 'v1' }
    assert.deepEqual(await env(site), { IMAGE_TAG: 'v1', IMAGE_TAG_GREEN: 'v1' })
  })

  test('loses nothing without keep-alive, and colors alternate', { timeout: 360_000 }, async () => {
    for (const version of ['v2', 'v3', 'v3']) {
      const { lost, failures } = await next(false, version)
      assert.deepEqual(failures, [])
      assert.equal(lost, 0)
    }
    assert.deepEqual(await ledger(site), [
      'green v1 released',
      'blue v2 released',
      'green v3 released',
      'blue v3 released',
    ])
    const byHand = await upByHand(site, live.color)
    assert.deepEqual(byHand.after, byHand.before)
  })

  test('loses requests with keep-alive, as the same load sees within ten flips', { timeout: 600_000 }, async () => {
    let lost = 0
    for (let flips = 0; flips < 10 && lost === 0; flips += 1) lost += (await next(true, `v${4 + (flips % 2)}`)).lost
    assert.ok(lost > 0)
  })
})

describe('the new color killed by SIGKILL in the watch', () => {
  for (const flip of ['switch-backed', 'switch'] as const) {
    test(`${flip}: the previous one is back`, { timeout: 360_000 }, async () => {
      await using host = await lab.host()
      await using site = await lab.site(host, { flip })
      await release(site, 'v1', nobody, 'green')
      await site.host.exec(
        `chmod 0640 ${site.directory}/.env && touch -d '2026-01-02 03:04:05.678' ${site.directory}/.env`,
      )
      const state = await stateOf(site)
      await using load = await startLoad({ url: site.publicUrl, host: site.serverName, think: [1, 20] })
      const run = await startAction(site.inputs({ version: 'v2', watch: '60s' }))
      await run.logged(/::group::Watch v2/)
      await pause(500)
      const blue = (await site.containers()).find(({ service }) => service === site.services.blue)
      await must(['docker', 'kill', '--signal', 'KILL', blue?.id ?? ''])
      const ended = await run.ended
      const { lost, failures, byVersion } = await load.stop()

      const report = await wholeRun(ended)
      // On a busy machine three requests can fail before Docker has told of the end.
      const told = /container-exited .*ended with exit code 137|watch-failed .*connection refused/
      assert.equal(report.result, 'restored', ended.stdout)
      assert.match(`${report.reason} ${report.failure.join()}`, told)
      assert.deepEqual([ended.outputs['color'], ended.outputs['version']], ['green', 'v1'])
      assert.ok((byVersion['v1'] ?? 0) > 0 && (byVersion['v2'] ?? 0) > 0, JSON.stringify(byVersion))
      assert.deepEqual(await stateOf(site), state)
      assert.equal((await site.get()).version, 'v1')
      const noted = report.notes.some((note) => /no `backed` half.*its own crash would lose requests/.test(note))
      assert.equal(noted, flip === 'switch')
      if (flip === 'switch') return
      assert.deepEqual(failures, [])
      assert.equal(lost, 0)
    })
  }
})
