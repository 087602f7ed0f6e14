import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import { recordEvents } from './docker-events.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { ComposeShape } from './site-compose.ts'
import type { SiteContainer } from './site-containers.ts'
import type { Color } from './site-nginx.ts'

const PATIENCE = 5 * 60_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

interface Shape {
  readonly compose: ComposeShape
  /** Services beside the colors that run from the start. */
  readonly others: readonly string[]
  /** What a `docker compose up -d` by hand does after the first release. */
  readonly byHand: readonly string[]
}

const SHAPES: readonly Shape[] = [
  { compose: 'each', others: [], byHand: [] },
  { compose: 'depends', others: ['db'], byHand: [] },
  { compose: 'one', others: [], byHand: ['green recreated'] },
  { compose: 'env-file', others: [], byHand: ['green recreated'] },
  { compose: 'worker', others: ['worker'], byHand: ['green recreated', 'migrate started'] },
  { compose: 'worker-each', others: ['worker'], byHand: ['green recreated', 'migrate started'] },
]

describe('nothing but the idle color is touched', { timeout: PATIENCE }, () => {
  for (const { compose, others, byHand } of SHAPES) {
    test(`in the shape '${compose}', and the report says what \`up -d\` by hand would do`, async () => {
      await using site = await lab.site(host, { compose, service: `web-${compose}` })
      const name = (service: string) => service.replace(/^(blue|green)\b/, (color) => site.services[color as Color])
      await site.up('blue', 'v1')
      for (const other of others) await must(site, 'up', '-d', other)

      const first = await releasedAlone(site, 'v2', 'green', 'keep')
      assert.deepEqual(toldIn(first), byHand.map(name).sort())
      assert.deepEqual(await handRun(site), toldIn(first))

      // The live color and its dependencies were started from other files than the ones that are there now.
      await startOrphan(site)
      await change(site)
      const second = await releasedAlone(site, 'v3', 'blue', 'stop')
      const told = toldIn(second)
      assert.ok(told.includes(`${site.services.green} recreated`), told.join())
      for (const other of others) assert.ok(told.includes(`${other} recreated`), told.join())
      assert.deepEqual(await handRun(site), told)
    })
  }
})

/**
 * Releases, and sees that Docker had to do with no container but those of the idle color; where the color that was live
 * is to be stopped, with that one for nothing else.
 */
async function releasedAlone(
  site: LabSite,
  version: string,
  color: Color,
  previous: 'keep' | 'stop',
): Promise<ActionRun> {
  const before = await site.containers()
  const happened = await recordEvents()
  const run = await runAction(site.inputs({ version, watch: '1s', previous }))
  const events = await happened()
  assert.equal(run.outputs['result'], 'released', run.stdout)
  assert.equal(run.outputs['color'], color)
  const idle = (container: SiteContainer) => container.service === site.services[color]
  const left = before.filter((container) => !idle(container))
  const named = (id: string) => left.find((container) => container.id === id)?.service
  const touched = events.flatMap(({ container, action }) => {
    const service = named(container)
    return service === undefined ? [] : [`${service} ${action}`]
  })
  const live = site.services[color === 'blue' ? 'green' : 'blue']
  const stopped = ['die', 'disconnect', 'kill', 'stop'].map((action) => `${live} ${action}`)
  assert.deepEqual(touched.sort(), previous === 'stop' ? stopped : [])
  const now = await site.containers()
  const same = (all: readonly SiteContainer[]) =>
    all.filter((container) => !idle(container) && !(previous === 'stop' && container.service === live))
  assert.deepEqual(same(now), same(left))
  const own = now.filter(idle)
  assert.deepEqual(
    own.map((container) => [container.version, container.status]),
    [[version, 'running']],
  )
  assert.ok(events.some(({ container, action }) => container === own[0]?.id && action === 'start'))
  return run
}

/** `web_green recreated`, as the notes of the report have it. */
function toldIn(run: ActionRun): readonly string[] {
  const note = notesOf(run).find((each) => each.includes('docker compose up -d'))
  const told = (note ?? '').split(' The mend: ')[0]?.matchAll(/`(\S+)` would be (\w+)/g) ?? []
  return [...told].map(([, service, change]) => `${service} ${change}`).sort()
}

function notesOf(run: ActionRun): readonly string[] {
  const report = run.report
  if (typeof report !== 'object' || report === null || !('notes' in report) || !Array.isArray(report.notes)) return []
  return report.notes.map(String)
}

/** What `docker compose up -d` by hand does to the services of the compose file. */
async function handRun(site: LabSite): Promise<readonly string[]> {
  const services = (await must(site, 'config', '--services')).trim().split('\n')
  const before = new Map((await site.containers()).map((container) => [container.service, container]))
  await must(site, 'up', '-d')
  const now = (await site.containers()).filter((container) => services.includes(container.service))
  const changes = now.flatMap((container) => {
    const old = before.get(container.service)
    if (old === undefined) return [`${container.service} created`]
    if (old.id !== container.id) return [`${container.service} recreated`]
    return old.startedAt === container.startedAt ? [] : [`${container.service} started`]
  })
  return changes.sort()
}

/** A service that is in the compose file no more, under a `.env` that would have it removed. */
async function startOrphan(site: LabSite): Promise<void> {
  const text = `services:\n  old:\n    image: ${site.repository}:v1\n`
  await host.writeFile(`${site.directory}/old.yaml`, text, 'deploy')
  await must(site, '--file', 'old.yaml', 'up', '-d')
}

/** Every service gets a label, and `.env` further lines. */
async function change(site: LabSite): Promise<void> {
  const file = `${site.directory}/compose.yaml`
  const compose = await host.readFile(file)
  await host.writeFile(file, compose.replace(/^( {4})image:/gm, '$1labels: [changed=yes]\n$&'), 'deploy')
  const env = await host.readFile(`${site.directory}/.env`)
  await host.writeFile(`${site.directory}/.env`, `${env}COMPOSE_REMOVE_ORPHANS=true\nFURTHER=line\n`, 'deploy')
}

async function must(site: LabSite, ...args: readonly string[]): Promise<string> {
  const ended = await site.compose(...args)
  assert.equal(ended.code, 0, ended.stderr)
  return ended.stdout
}
