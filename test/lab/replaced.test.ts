import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { must, pause, until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { Report } from './whole-run.ts'

let lab: Lab
let host: LabHost
/** Both colors have one variable, so that `docker compose up -d` by hand makes the new color anew with the old version. */
const sites: Record<'switch' | 'reload', LabSite | undefined> = { switch: undefined, reload: undefined }
before(async () => {
  lab = await openLab()
  host = await lab.host()
  for (const flip of ['switch', 'reload'] as const) {
    const site = await lab.site(host, { flip, service: `by-${flip}`, compose: 'one' })
    await site.up('blue', 'v1')
    if (flip === 'reload') await host.exec(`chgrp deploy ${site.nginxFile} && chmod g+w ${site.nginxFile}`)
    sites[flip] = site
  }
})
after(() => lab.dispose())

type Deed = (site: LabSite) => Promise<void>

const UP: Deed = async (site) => {
  const ended = await site.compose('up', '-d')
  assert.equal(ended.code, 0, ended.stderr)
}
const REMOVE: Deed = async (site) => {
  const ended = await site.compose('rm', '--stop', '--force', site.services.green)
  assert.equal(ended.code, 0, ended.stderr)
}

/** A hook that waits for the test, which goes on once the hook has begun. */
const GATE = 'touch at-the-gate; while [ -e at-the-gate ]; do sleep 0.05; done'

async function atTheGate(site: LabSite, deed: Deed): Promise<void> {
  const there = async () => (await host.exec(`test -e ${site.directory}/at-the-gate`)).code === 0 || undefined
  await until('the hook to begin', 60_000, there)
  await deed(site)
  await host.exec(`rm ${site.directory}/at-the-gate`)
}

/** Asserts that v1 serves from the container that served before, and that the ledger has nothing new. */
async function refused(run: ActionRun, site: LabSite, result: string, ledger: string): Promise<void> {
  const report = run.report as Report
  assert.deepEqual([report.result, report.reason], [result, 'container-replaced'], run.stdout)
  assert.deepEqual([run.outputs['color'], run.outputs['version']], ['blue', 'v1'])
  assert.match(report.failure[0] ?? '', /Somebody (replaced|removed) the container/)
  assert.equal((await site.get()).version, 'v1')
  assert.equal(await ledgerOf(site), ledger)
}

async function ledgerOf(site: LabSite): Promise<string> {
  return (await host.exec(`cat ${site.stateDirectory}/ledger.jsonl 2>/dev/null`)).stdout
}

describe('what was started is what is released', { timeout: 10 * 60_000 }, () => {
  for (const { moment, flip, deed, inputs, result, reached } of [
    {
      moment: 'while it gets healthy',
      flip: 'switch',
      deed: UP,
      inputs: { version: 'slow-boot' },
      result: 'unchanged',
      reached: /::group::Wait until slow-boot/,
    },
    {
      moment: 'between health and flip',
      flip: 'switch',
      deed: UP,
      inputs: { 'before-flip': GATE },
      result: 'unchanged',
    },
    {
      moment: 'between health and flip',
      flip: 'reload',
      deed: UP,
      inputs: { 'before-flip': GATE },
      result: 'unchanged',
    },
    {
      moment: 'before a smoke test that then fails',
      flip: 'switch',
      deed: UP,
      inputs: { 'smoke-test': 'while [ ! -e "$GO" ]; do sleep 0.05; done; exit 1' },
      result: 'unchanged',
      reached: /::group::Run the smoke test/,
    },
    {
      moment: 'in the watch',
      flip: 'switch',
      deed: UP,
      inputs: { watch: '120s' },
      result: 'restored',
      reached: /::group::Watch v2/,
    },
    {
      moment: 'in the watch',
      flip: 'reload',
      deed: REMOVE,
      inputs: { watch: '120s' },
      result: 'restored',
      reached: /::group::Watch v2/,
    },
    { moment: 'before the confirmation', flip: 'switch', deed: UP, inputs: { 'after-flip': GATE }, result: 'restored' },
  ] as const) {
    const what = deed === UP ? '`docker compose up -d`' : '`docker compose rm`'
    test(`${what} by hand ${moment}, by ${flip}`, async (t) => {
      const site = sites[flip] ?? assert.fail()
      const ledger = await ledgerOf(site)
      const go = join(await mkdtemp(join(tmpdir(), 'gate-')), 'go')
      const given = site.inputs({ version: 'v2', watch: '0s', ...inputs })
      const action = await startAction(given, { env: { GO: go }, signal: t.signal })
      if (reached === undefined) await atTheGate(site, deed)
      else {
        await action.logged(reached)
        await deed(site)
        await writeFile(go, '')
      }
      await refused(await action.ended, site, result, ledger)
    })
  }

  test('a hook that runs compose', async () => {
    const site = sites.switch ?? assert.fail()
    const ledger = await ledgerOf(site)
    const inputs = { version: 'v2', watch: '0s', 'before-flip': 'env -u IMAGE_TAG docker compose up -d 2>&1' }
    await refused(await runAction(site.inputs(inputs)), site, 'unchanged', ledger)
  })

  test('in the drain: the ledger has what was released, and a rollback to it brings that', async (t) => {
    const site = sites.switch ?? assert.fail()
    const inputs = { version: 'v2', watch: '0s', 'drain-timeout': '60s', 'before-flip': GATE }
    const action = await startAction(site.inputs(inputs), { signal: t.signal })
    const over = new AbortController()
    const url = `${site.publicUrl}/slow?ms=60000`
    await atTheGate(site, async () => {
      fetch(url, { headers: { Host: site.serverName }, signal: over.signal }).catch(() => undefined)
      await pause(500)
    })
    await action.logged(/Confirm v2[\s\S]*::group::Let blue finish/)
    await UP(site)
    await until('green to be made anew with the old version', 30_000, async () =>
      (await site.get()).version === 'v1' ? true : undefined,
    )
    over.abort()
    const run = await action.ended
    const { result, reason, color, version } = run.outputs
    assert.deepEqual([result, reason, color, version], ['stranded', 'drift', 'green', 'v1'], run.stdout)
    assert.match(run.stdout, /The container on green is not the one that was released/)
    const image = (await must(['docker', 'image', 'inspect', '--format', '{{.Id}}', `${site.repository}:v2`])).trim()
    const entry: unknown = JSON.parse((await ledgerOf(site)).trim().split('\n').at(-1) ?? '')
    assert.deepEqual([Reflect.get(Object(entry), 'version'), Reflect.get(Object(entry), 'image')], ['v2', image])
    const back = await runAction(site.inputs({ command: 'rollback', version: 'v2', watch: '0s' }))
    assert.equal(back.outputs['result'], 'rolled-back', back.stdout)
    assert.equal((await site.get()).version, 'v2')
  })
})
