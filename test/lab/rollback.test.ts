import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import { must } from './command.ts'
import { recordEvents } from './docker-events.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { startLoad } from './load.ts'
import { released } from './refusal.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = 180_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** A site with these versions released in this order, the first of them on green. */
async function siteWith(
  service: string,
  versions: readonly string[],
  inputs: Readonly<Record<string, string>> = {},
): Promise<LabSite> {
  const site = await lab.site(host, { service, flip: 'switch' })
  for (const version of versions) await released(site, { version, 'drain-timeout': '0s', ...inputs })
  return site
}

/** Rolls back; `seen` is what must serve then. */
async function rolledBack(
  site: LabSite,
  seen: { readonly version: string; readonly color: Color; readonly from: string },
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  const more = { command: 'rollback', watch: '200ms', 'drain-timeout': '0s', 'verify-match': 'version {version}' }
  const run = await runAction(site.inputs({ ...more, ...inputs }))
  await wholeRun(run)
  const { outputs } = run
  assert.equal(outputs['result'], 'rolled-back', run.stdout)
  assert.deepEqual([outputs['version'], outputs['color']], [seen.version, seen.color])
  assert.equal(outputs['previous-version'], seen.from)
  assert.match(run.stdout, new RegExp(`^Rolled back: ${seen.version} on ${seen.color} is live`, 'm'))
  assert.equal((await site.get()).version, seen.version)
  return run
}

async function imageOf(reference: string): Promise<string> {
  return (await must(['docker', 'image', 'inspect', '--format', '{{.Id}}', reference])).trim()
}

async function containerOf(site: LabSite, color: Color) {
  return (await site.containers()).find(({ service }) => service === site.services[color])
}

/** The image that serves as this color. */
async function runningImage(site: LabSite, color: Color): Promise<string> {
  const container = await containerOf(site, color)
  return container?.status === 'running' ? container.imageId : ''
}

/** What each line of the ledger says of going back: version, command, and the image that was taken away. */
async function ledger(site: LabSite): Promise<readonly string[]> {
  const text = await host.readFile(`${site.stateDirectory}/ledger.jsonl`)
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { version, command, result } = JSON.parse(line)
      return `${version} ${command} ${result}`
    })
}

describe('back under keep-alive load, nothing lost', () => {
  /** What lies in the way of the idle color, and whether its very container comes back. */
  const ways: readonly {
    readonly title: string
    readonly previous: string
    readonly meanwhile?: (site: LabSite) => Promise<unknown>
    readonly same: boolean
    readonly started: boolean
  }[] = [
    { title: 'after `previous: stop`', previous: 'stop', same: true, started: true },
    { title: 'after `previous: keep`', previous: 'keep', same: true, started: false },
    { title: 'after `previous: remove`', previous: 'remove', same: false, started: true },
    {
      title: 'where it was replaced by hand',
      previous: 'stop',
      meanwhile: async (site) => {
        await site.up('green', 'v7')
        await site.compose('stop', site.services.green)
      },
      same: false,
      started: true,
    },
  ]
  for (const [index, { title, previous, meanwhile, same, started }] of ways.entries()) {
    test(title, { timeout: PATIENCE }, async () => {
      await using site = await siteWith(`way${index}`, ['v1', 'v2'], { previous })
      const image = await imageOf(`${site.repository}:v1`)
      const recorded = await containerOf(site, 'green')
      await meanwhile?.(site)
      const events = await recordEvents()
      await using load = await startLoad({ url: site.publicUrl, host: site.serverName, post: true, think: [20, 100] })
      await rolledBack(site, { version: 'v1', color: 'green', from: 'v2' }, { previous, pull: 'always' })
      const { lost, failures, byVersion } = await load.stop()
      assert.deepEqual(failures, [])
      assert.equal(lost, 0)
      assert.deepEqual(Object.keys(byVersion).sort(), ['v1', 'v2'])
      assert.equal(await runningImage(site, 'green'), image)
      const serving = await containerOf(site, 'green')
      assert.equal(serving?.id === recorded?.id, same)
      const mine = (await events()).filter(({ container, action }) => container === serving?.id && action === 'start')
      assert.equal(mine.length > 0, started)
      assert.deepEqual(await ledger(site), ['v1 deploy released', 'v2 deploy released', 'v1 rollback rolled-back'])
    })
  }
})
