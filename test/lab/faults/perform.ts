import assert from 'node:assert/strict'
import { type ActionRun, runAction, startAction } from '../action.ts'
import { must } from '../command.ts'
import { type LoadResult, startLoad } from '../load.ts'
import { sameAs, snapshot } from '../snapshot.ts'
import { type Fault, pattern } from './fault.ts'
import { noIdleRuns } from './idle.ts'
import type { Scene } from './scene.ts'

/** Milliseconds in which the log must say something: ten seconds, and what a busy machine adds. */
const SILENCE = 13_000

/** Short times, so that the whole table takes minutes. */
const INPUTS = {
  version: 'v3',
  'health-timeout': '8s',
  'health-interval': '200ms',
  'health-match': 'version {version}',
  'verify-match': 'version {version}',
  watch: '1s',
  'hook-timeout': '2s',
  'drain-timeout': '1s',
}

/** What the report says of a failed run, as far as the table looks at it. */
interface Report {
  readonly failure: readonly string[]
  readonly notes: readonly string[]
  readonly warnings: readonly string[]
  readonly steps: readonly { readonly title: string; readonly result: string }[]
  readonly 'restored-after-ms'?: number
}

/** How a row went, for whoever looks at figures. */
export interface Performed {
  readonly run: ActionRun
  readonly report: Report
  readonly seen: LoadResult
}

/**
 * Makes the fault, releases under keep-alive load, and holds what happened against the row.
 * @param entry the built file to run, in place of the one of this clone
 */
export async function perform(scene: Scene, fault: Fault, entry?: string): Promise<Performed> {
  const { site } = scene
  await fault.arrange?.(scene)
  let mended = false
  const mend = async (): Promise<void> => {
    if (!mended) await fault.mend?.(scene)
    mended = true
  }
  try {
    const compared = { site, idle: scene.idle, restarted: fault.restarts === true }
    const before = await snapshot(compared)
    const since = (await must(['date', '+%s.%N'])).trim()
    await using load = await startLoad({
      url: site.publicUrl,
      host: site.serverName,
      connections: 6,
      think: [20, 100],
      post: true,
    })
    const inputs = site.inputs({ ...INPUTS, ...fault.inputs?.(scene) })
    const heard: number[] = [performance.now()]
    const action = await startAction(inputs, {
      ...(entry !== undefined && { entry }),
      cwd: scene.workspace,
      onOutput: () => heard.push(performance.now()),
    })
    const [run] = await Promise.all([action.ended, fault.strike?.(scene, action)])
    const now = await site.get().catch((error: Error) => ({ version: error.message, status: 0 }))
    const seen = await load.stop()
    const said = `${run.stdout}${run.stderr}\nlost: ${JSON.stringify(seen.lostBy)}`
    const report = run.report as Report
    assert.equal(run.outputs['result'], fault.result, said)
    assert.equal(run.outputs['reason'], fault.reason, said)
    assert.equal(run.exitCode, fault.result === 'released' ? 0 : 1, said)
    assert.doesNotMatch(said, /^\s+at .*:\d+:\d+/m)
    if (fault.result !== 'released') assert.match(run.outputs['failed-step'] ?? '', whole(fault.step), said)
    const told = [...report.failure, ...report.notes, ...report.warnings].join('\n')
    assert.match(told, pattern(fault.reads), said)
    await fault.witness(scene, { load: seen, since })
    neverSilent(heard, said)
    fewLost(fault, seen, said)
    if (fault.result === 'unchanged' || fault.result === 'restored') {
      assert.equal(now.version, scene.previous, said)
      assert.equal(now.status, 200, said)
    }
    if (fault.result === 'restored') provenAgain(report, run, scene)
    if (fault.result === 'unchanged') assert.deepEqual(Object.keys(seen.byVersion), [scene.previous], said)
    await fault.also?.(scene, run)
    if (fault.strike !== undefined) await mend()
    if (fault.unfinished) {
      const post = await runAction(inputs, { entry: 'dist/post.js', state: run.state, cwd: scene.workspace })
      assert.equal(post.exitCode, 0, post.stdout)
      await noIdleRuns(scene)
    }
    if (fault.result === 'unchanged' || fault.result === 'restored') {
      sameAs(before, await snapshot(compared), said, fault.leaves)
    }
    return { run, report, seen }
  } finally {
    await mend()
  }
}

/** The proof of the previous state stands in the report, and how long after the fault it was there. */
function provenAgain(report: Report, run: ActionRun, { previous, live }: Scene): void {
  const undone = report.steps.find(({ title }) => /^Undo: (Flip the switch|Point the upstream)/.test(title))
  assert.equal(undone?.result, 'ok', run.stdout)
  const after = report['restored-after-ms']
  assert.ok(typeof after === 'number' && after >= 0 && after < run.duration, run.stdout)
  assert.match(
    run.stdout,
    new RegExp(`${previous} on ${live} serves again, proven [\\d.]+ m?s after the fault was noticed`),
  )
}

function neverSilent(heard: readonly number[], said: string): void {
  const gaps = heard.map((at, i) => at - (heard[i - 1] ?? at))
  assert.ok(Math.max(...gaps) < SILENCE, `Nothing was said for ${Math.max(...gaps)} ms:\n${said}`)
}

function fewLost({ lost }: Fault, seen: LoadResult, said: string): void {
  assert.ok(seen.requests > 10, said)
  const allowed = lost?.by ?? /^$/
  const others = Object.keys(seen.lostBy).filter((what) => !allowed.test(what))
  assert.deepEqual(others, [], `${said}\n${JSON.stringify(seen.failures.slice(0, 3))}`)
}

function whole(text: string): RegExp {
  return new RegExp(`^${pattern(text).source}$`)
}

/** Names a row in the output of a test. */
export function nameOf(fault: Fault): string {
  return `${fault.what} → ${fault.result}${fault.reason === '' ? '' : ` (${fault.reason})`}`
}
