import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { type ActionOptions, type ActionRun, runAction, type StartedAction, startAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import { asAfterCleanRun, type Leavings, leavings } from './leavings.ts'
import { type Load, startLoad } from './load.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'
import { stateOf } from './site-state.ts'
import { startWitness, type Witness } from './witness.ts'

/** Milliseconds: the shortest lease that may be wished for. */
export const LEASE = 3000

/** For releases that are in no way to take longer than they must. */
export const QUICK = { lease: `${LEASE / 1000}s`, watch: '0s', 'drain-timeout': '0s', 'keep-images': '100' }

/** A site under load that was released to once, with nothing left to do. */
export interface CustodyScene extends AsyncDisposable {
  readonly host: LabHost
  readonly site: LabSite
  readonly witness: Witness
  readonly load: Load
  readonly clean: Leavings
  /** The color that Nginx chooses now. */
  live(): Promise<Color>
  /** A version that is not live. */
  next(): string
  inputs(more?: Readonly<Record<string, string>>): Record<string, string>
  /** Starts a release that goes on for a minute after its flip. */
  start(more?: Readonly<Record<string, string>>, options?: ActionOptions): Promise<StartedAction>
  /** What the step after the job does for this run. @throws AssertionError where it fails the job */
  post(run: Pick<ActionRun, 'state'>): Promise<ActionRun>
  /** Releases, which has to succeed without help, and leaves all as after a clean run; and no request was lost so far. */
  recovers(more?: Readonly<Record<string, string>>): Promise<ActionRun>
  /** Asserts that no request was lost so far. */
  lostNothing(): Promise<void>
  /** Lines of the ledger. */
  ledger(): Promise<readonly string[]>
  /** Files and folders of the state directory. */
  files(): Promise<readonly string[]>
}

/** Opens a host with a site, where v2 is live by a release. */
export async function openCustodyScene(lab: Lab, dist = 'dist'): Promise<CustodyScene> {
  const host = await lab.host()
  const site = await lab.site(host)
  await site.up('blue', 'v1')
  let number = 2
  const inputs = (more = {}) => site.inputs({ ...QUICK, version: `v${number}`, ...more })
  const first = await runAction(inputs(), { entry: `${dist}/main.js` })
  assert.equal(first.outputs['result'], 'released', first.stdout)
  const clean = await atRest(site)
  const witness = startWitness(site)
  const url = { url: site.publicUrl, host: site.serverName }
  const load = await startLoad({ ...url, connections: 4, post: true, think: [20, 100] })
  const lostNothing = async () => assert.deepEqual((await load.look()).failures, [])
  const text = async (command: string) => (await host.exec(command)).stdout.split('\n').filter((line) => line !== '')
  const next = () => {
    number = (number % 9) + 1
    return `v${number}`
  }
  return {
    host,
    site,
    witness,
    load,
    clean,
    inputs,
    next,
    lostNothing,
    live: async () => ((await host.exec(`[ -e ${site.stateDirectory}/green ]`)).code === 0 ? 'green' : 'blue'),
    start: (more = {}, options) =>
      startAction(inputs({ watch: '60s', version: next(), ...more }), { entry: `${dist}/main.js`, ...options }),
    async post({ state }) {
      const run = await runAction(inputs(), { entry: `${dist}/post.js`, state })
      assert.equal(run.exitCode, 0, run.stdout + run.stderr)
      assert.equal(run.stderr, '')
      return run
    },
    async recovers(more: Readonly<Record<string, string>> = {}) {
      const version = more['version'] ?? next()
      const run = await runAction(inputs({ version, 'lock-timeout': '30s', ...more }), { entry: `${dist}/main.js` })
      assert.equal(run.outputs['result'], 'released', run.stdout + run.stderr)
      assert.equal((await site.get()).version, version)
      await asAfterCleanRun(site, clean)
      await lostNothing()
      return run
    },
    ledger: () => text(`cat ${site.stateDirectory}/ledger.jsonl`),
    files: () => text(`ls -A ${site.stateDirectory}`),
    async [Symbol.asyncDispose]() {
      await witness[Symbol.asyncDispose]()
      await load.stop()
      await site.dispose()
      await host.dispose()
    },
  }
}

/** What a release that fails leaves as it was: all but the idle color, whose container is made anew, or removed. */
export async function asItWas({ site, live }: CustodyScene) {
  const [state, color] = [await stateOf(site), await live()]
  return { ...state, containers: state.containers.filter((line) => line.startsWith(`${site.services[color]} `)) }
}

/** Asserts that traffic was back within the lease and two seconds, and what the machine itself was late. */
export function inTime({ witness }: CustodyScene, took: number): void {
  const most = LEASE + 2000 + 2 * witness.slowest()
  assert.ok(took <= most, `restored after ${Math.round(took)} ms, at most ${Math.round(most)} ms are allowed`)
}

/** Opens a scene for the tests of a suite. */
export function sceneOf(lab: () => Lab): { readonly open: CustodyScene } {
  let scene: CustodyScene | undefined
  before(async () => {
    scene = await openCustodyScene(lab())
  })
  after(() => scene?.[Symbol.asyncDispose]())
  return {
    get open() {
      assert.ok(scene, 'The scene is opened before its tests.')
      return scene
    },
  }
}

/** What is there once the last connection of a clean run has ended. */
async function atRest(site: LabSite): Promise<Leavings> {
  const busy = (now: Leavings) => now.filter((line) => /^process /.test(line) && !/ nginx: | \S*sshd .*-D/.test(line))
  let now: Leavings = []
  await until(
    'the host to be at rest',
    20_000,
    async () => {
      now = await leavings(site)
      return busy(now).length === 0 || undefined
    },
    () => busy(now).join('\n'),
  )
  return now
}
