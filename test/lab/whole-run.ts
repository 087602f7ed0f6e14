import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ActionRun } from './action.ts'

/** The report, as far as tests read it. */
export interface Report {
  readonly result: string
  readonly reason: string
  readonly color: string
  readonly version: string
  readonly 'round-trips': number
  readonly requests: number
  readonly steps: readonly { readonly title: string; readonly result: string; readonly 'duration-ms': number }[]
  readonly notes: readonly string[]
  readonly failure: readonly string[]
  readonly evidence: readonly string[]
}

/** Scripts that a release may run on its host; each hook of the user, each undo and each step of an upload is one more. */
const ROUND_TRIPS = 15
const MORE = /^(Hook|Undo:|Compare the files|Put .* into|Remove what was kept|Ask what serves now)/
/** To count is to look before, after and after again; what serves is asked once more when a release failed. */
const COUNTING = 9

/**
 * Asserts what must be true of every run, however it ended: every output of action.yml is set, the report has each of
 * them and each step with its duration, the summary is written, the exit code fits, no stack trace is shown, and
 * nothing that was printed is a command that the action did not mean.
 * @param counting whether Nginx may have loaded something else, so that the colors' connections are counted
 */
export async function wholeRun(
  run: ActionRun,
  counting: 'counts connections' | undefined = undefined,
): Promise<Report> {
  const action: unknown = parse(await readFile(join(import.meta.dirname, '../../action.yml'), 'utf8'))
  const outputs = Object.keys((action as { outputs: object }).outputs)
  assert.deepEqual(Object.keys(run.outputs).sort(), outputs.toSorted(), run.stdout)
  const report = run.report as Report & Record<string, unknown>
  for (const name of outputs.filter((name) => name !== 'report')) {
    assert.equal(String(report[name]), run.outputs[name], name)
  }
  assert.ok(Number(run.outputs['duration-ms']) > 0)
  const usual = counting === undefined ? ROUND_TRIPS : ROUND_TRIPS + COUNTING
  const most = usual + report.steps.filter(({ title }) => MORE.test(title)).length
  assert.ok(report['round-trips'] <= most, `${report['round-trips']} round trips`)
  for (const step of report.steps) {
    assert.ok(step.title !== '' && Number.isFinite(step['duration-ms']), JSON.stringify(step))
    assert.ok(run.summary.includes(step.title), step.title)
  }
  const green = ['released', 'rolled-back', 'planned', 'ok'].includes(report.result)
  assert.equal(run.exitCode, green ? 0 : 1)
  const failed = report.steps.find((step) => step.result !== 'ok')
  // Reading the inputs is not timed.
  const untimed = report.reason === 'invalid-inputs' ? 'Read the inputs' : ''
  assert.equal(failed?.title ?? untimed, run.outputs['failed-step'], run.stdout)
  if (!green) {
    assert.notEqual(report.reason, '')
    assert.notEqual(run.outputs['failed-step'], '')
    assert.ok(report.failure.length > 0)
  }
  assert.doesNotMatch(run.stdout + run.stderr + run.summary, /^\s+at .+:\d+/m)
  assert.equal(run.stderr, '')
  for (const { name, data } of commandsIn(run.stdout)) {
    assert.match(name, /^(group|endgroup|add-mask|error|warning)$/)
    assert.doesNotMatch(data, /^forged$/)
  }
  return report
}

/**
 * The workflow commands that the runner finds in a log (actions/runner, ActionCommand.cs): `::name …::data` at the
 * beginning of a line, `##[name …]data` anywhere in one.
 */
export function commandsIn(stdout: string): readonly { readonly name: string; readonly data: string }[] {
  return stdout.split(/\r\n|\r|\n/).flatMap((line) => {
    const found = /^\s*::([^\s:]*)[^:]*::(.*)$/.exec(line) ?? /##\[([^\s\]]*)[^\]]*\](.*)$/.exec(line)
    return found === null ? [] : [{ name: found[1] ?? '', data: found[2] ?? '' }]
  })
}
