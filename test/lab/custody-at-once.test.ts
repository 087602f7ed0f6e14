import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ActionRun, type StartedAction, startAction } from './action.ts'
import { holdLock, startBarrier } from './barrier.ts'
import { until } from './command.ts'
import { QUICK } from './custody-scene.ts'
import { type DeedsWatch, watchDeeds } from './deeds.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = { timeout: 600_000 }
/** Milliseconds for all but one to be refused. */
const REFUSING = 50_000
const VERSIONS = Array.from({ length: 14 }, (_, i) => `v${i + 1}`)

let lab: Lab
let host: LabHost
let site: LabSite
let deeds: DeedsWatch
before(async () => {
  lab = await openLab()
  // Ten connections in one moment: sshd drops some of them at random otherwise.
  host = await lab.host({ sshdConfig: ['MaxStartups 100'] })
  site = await lab.site(host)
  await site.version(...VERSIONS.slice(9))
  await site.up('blue', 'v1')
  deeds = await watchDeeds(site)
})
after(async () => {
  await deeds?.[Symbol.asyncDispose]()
  await lab.dispose()
})

/** Versions that have a container, the one that is live last. */
let there: readonly string[] = ['v1']
let releases = 0
let turn = 0
let rounds = 0

/** The next versions of which there is no container. */
function nextVersions(count: number): readonly string[] {
  const chosen: string[] = []
  while (chosen.length < count) {
    const version = VERSIONS[turn++ % VERSIONS.length] ?? ''
    if (!there.includes(version)) chosen.push(version)
  }
  return chosen
}

interface Contender {
  readonly version: string
  readonly url: string
  readonly run: StartedAction
}

/**
 * Starts so many releases in one moment, each of a version and a run of its own: `start`, all processes begin at once;
 * `lock`, all of them stand before the lock of the lease when it is opened.
 */
async function atOnce(count: number, gate: 'start' | 'lock', more: Readonly<Record<string, string>>) {
  await using processes = await startBarrier()
  const barrier = gate === 'start' ? processes : await holdLock(host, `${site.stateDirectory}/lock`)
  const round = ++rounds
  const contenders = await Promise.all(
    nextVersions(count).map(async (version, i): Promise<Contender> => {
      const id = `${round * 100 + i}`
      const env = { GITHUB_RUN_ID: id, ...(gate === 'start' && processes.env) }
      const run = await startAction(site.inputs({ ...QUICK, lease: '30s', version, ...more }), { env })
      return { version, url: `https://github.com/owner/shop/actions/runs/${id}`, run }
    }),
  )
  await barrier.arrived(count)
  await barrier.open()
  await Promise.all(contenders.map(({ run }) => (gate === 'start' ? run.logged(/./) : undefined)))
  return contenders
}

/**
 * Asserts that one release after another was made, in this order, and nothing else was done by anybody: what each of
 * them did is in one piece, between that of the one before and that of the one after it.
 */
async function oneAfterAnother(order: readonly string[]): Promise<void> {
  const { files, containers } = await deeds.since()
  assert.deepEqual(
    files,
    order.flatMap((version) => [`create ${version}`, '.env', 'flip']),
  )
  const expected = order.flatMap((version) => {
    const [idle, live] = there.length > 1 ? there : [undefined, there[0]]
    there = [live ?? '', version]
    return [`create ${version}`, ...(idle ? [`destroy ${idle}`] : []), `start ${version}`, `die ${live}`]
  })
  assert.deepEqual(containers, expected)
  releases += order.length
  const [color, last] = [releases % 2 === 0 ? 'BLUE' : 'GREEN', order.at(-1)]
  assert.equal((await site.get()).version, last)
  const env = await host.readFile(`${site.directory}/.env`)
  assert.match(env, new RegExp(`^IMAGE_TAG=${last}$`, 'm'))
  assert.match(env, new RegExp(`^IMAGE_TAG_${color}=${last}$`, 'm'))
  // Who was refused has taken no number, and left nothing.
  assert.match(await host.readFile(`${site.stateDirectory}/lease`), new RegExp(`^${releases} - `))
  assert.equal((await host.exec(`ls -d ${site.stateDirectory}/journal-*`)).stdout, '')
}

/** The one that wins goes on only once all others have ended: however slow the machine is, none finds it over. */
async function oneWins(count: number, gate: 'start' | 'lock'): Promise<void> {
  const go = `/tmp/go-${rounds}`
  const hook = `tries=0; until [ -e ${go} ] || [ $tries -ge 1200 ]; do tries=$((tries + 1)); sleep 0.05; done`
  const contenders = await atOnce(count, gate, { 'before-start': hook })
  const ended: ActionRun[] = []
  const runs = contenders.map(({ run }) => run.ended.then((end) => ended.push(end)))
  await until(
    `${count - 1} of ${count} to be refused`,
    REFUSING,
    async () => ended.length >= count - 1 || undefined,
    () => contenders.map(({ run }) => run.log()).join('\n=====\n'),
  )
  await host.exec(`touch ${go}`)
  await Promise.all(runs)
  const results = await Promise.all(contenders.map(async ({ run }) => (await run.ended).outputs['result']))
  const winner = contenders[results.indexOf('released')]
  assert.ok(winner, contenders.map(({ run }) => run.log()).join('\n=====\n'))
  for (const { run } of contenders.filter((each) => each !== winner)) {
    const report = await wholeRun(await run.ended)
    assert.deepEqual([report.result, report.reason], ['unchanged', 'lease-held'])
    const [said = ''] = report.failure
    assert.ok(said.includes(`held by the deploy of ${winner.version}`) && said.includes(`(${winner.url})`), said)
  }
  const report = await wholeRun(await winner.run.ended)
  assert.equal(report.version, winner.version)
  await oneAfterAnother([winner.version])
}

/** All of them wait as long as it takes. */
async function allFollow(count: number, gate: 'start' | 'lock'): Promise<void> {
  const contenders = await atOnce(count, gate, { 'lock-timeout': '4m' })
  const ended: string[] = []
  const runs = await Promise.all(
    contenders.map(async ({ version, run }) => {
      const end = await run.ended
      ended.push(version)
      return end
    }),
  )
  await oneAfterAnother(ended)
  for (const run of runs) assert.equal(run.outputs['result'], 'released', run.stdout)
  const waited = contenders.filter(({ run }) => /Waiting for the deploy of v\d+/.test(run.log()))
  assert.ok(waited.length >= count - 1, `${waited.length} of ${count} waited`)
}

test('two runs at once: one wins, the other is refused and told by whom, twenty times', PATIENCE, async () => {
  for (let round = 0; round < 20; round++) await oneWins(2, round % 2 === 0 ? 'start' : 'lock')
})

test('ten runs at once: one wins, nine are refused', PATIENCE, async () => {
  await oneWins(10, 'start')
  await oneWins(10, 'lock')
})

test('runs at once that wait follow one after another, none in the midst of another', PATIENCE, async () => {
  await allFollow(2, 'lock')
  await allFollow(10, 'start')
})
