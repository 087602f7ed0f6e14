import assert from 'node:assert/strict'
import { type ActionOptions, type ActionRun, runAction } from './action.ts'
import { must } from './command.ts'
import type { LabSite } from './site.ts'

/** What a refused run said. */
export interface Refusal {
  readonly run: ActionRun
  readonly reason: string
  /** One for each fault. */
  readonly sentences: readonly string[]
}

/** Runs the action, which has to end as `unchanged` before it has touched anything at all: no file, container or process. */
export async function refused(
  site: LabSite,
  inputs: Readonly<Record<string, string>> = {},
  options?: ActionOptions,
): Promise<Refusal> {
  const run = await untouching(site, () => runAction(site.inputs({ version: 'v2', ...inputs }), options))
  const said = run.stdout + run.stderr
  assert.equal(run.outputs['result'], 'unchanged', said)
  assert.equal(run.exitCode, 1)
  assert.doesNotMatch(said, /^\s+at .*:\d+:\d+/m)
  await untouching(site, () => foreseen(site, inputs, options))
  return { run, reason: run.outputs['reason'] ?? '', sentences: sentencesOf(run) }
}

/** Does what must touch nothing of a site: no file, container or process. */
export async function untouching<T>(site: LabSite, work: () => Promise<T>): Promise<T> {
  const before = await traces(site)
  const since = await engineTime()
  const done = await work()
  assert.deepEqual(await events(site, since), [])
  assert.equal(await traces(site), before)
  return done
}

/** What refuses a deploy the check must have said: it is never green there. */
async function foreseen(
  site: LabSite,
  inputs: Readonly<Record<string, string>>,
  options: ActionOptions | undefined,
): Promise<void> {
  if (inputs['command'] !== undefined) return
  const run = await runAction(site.inputs({ version: 'v2', ...inputs, command: 'check' }), options)
  assert.equal(run.exitCode, 1, `The check is green:\n${run.stdout}`)
  const { result, reason } = run.outputs
  assert.ok(result === 'problems' || reason === 'invalid-inputs', run.stdout)
}

/** As `refused`, for exactly one fault. */
export async function refusedFor(
  site: LabSite,
  inputs: Readonly<Record<string, string>>,
  reason: string,
  ...patterns: readonly (RegExp | string)[]
): Promise<string> {
  const refusal = await refused(site, inputs)
  const [sentence = '', ...others] = refusal.sentences
  assert.deepEqual(others, [])
  assert.equal(refusal.reason, reason, sentence)
  contains(sentence, ...patterns)
  return sentence
}

/** Runs the action, which has to release. */
export async function released(site: LabSite, inputs: Readonly<Record<string, string>> = {}): Promise<ActionRun> {
  const run = await runAction(site.inputs({ version: 'v2', watch: '0s', ...inputs }))
  assert.equal(run.outputs['result'], 'released', run.stdout + run.stderr)
  return run
}

/** What the report tells beside how it ended. */
export function notesOf(run: ActionRun): readonly string[] {
  return [...texts(run, 'notes'), ...texts(run, 'warnings')]
}

export function contains(text: string, ...patterns: readonly (RegExp | string)[]): void {
  for (const pattern of patterns) {
    const found = typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)
    assert.ok(found, `Wanted ${pattern} in:\n${text}`)
  }
}

function sentencesOf(run: ActionRun): readonly string[] {
  return texts(run, 'failure')
}

function texts(run: ActionRun, key: string): readonly string[] {
  const list: unknown = (run.report as Readonly<Record<string, unknown>> | undefined)?.[key]
  assert.ok(Array.isArray(list), `The report has no list ${key}.`)
  return list.map(String)
}

/** Every file that a release may write, the containers, and the processes of Nginx. */
async function traces(site: LabSite): Promise<string> {
  const { host, directory } = site
  // Who holds the target is written down even where nothing is changed.
  const custody = `-path '${host.stateRoot}/*' ( -name lock -o -name lease -o -name ended )`.replace(/[()]/g, '\\$&')
  const each = `-type d -printf '%p %y %m %U %G %i\\n' -o -printf '%p %y %m %U %G %i %T@ %s %l\\n'`
  const files = await host.exec(`find ${directory} ${host.stateRoot} /etc/nginx ${custody} -o ${each} | sort`)
  const nginx = await host.nginxProcesses()
  const containers = await site.containers()
  return [files.stdout, ...nginx.map((process) => JSON.stringify(process)).sort(), JSON.stringify(containers)].join(
    '\n',
  )
}

/** What happened to containers of the site since then: other tests may be under way. */
async function events(site: LabSite, since: string): Promise<readonly string[]> {
  const own = `label=blue-green-lab.repository=${site.repository}`
  const window = ['--since', since, '--until', await engineTime()]
  const told = await must(['docker', 'events', ...window, '--filter', 'type=container', '--filter', own])
  return told.split('\n').filter((line) => line !== '' && !/ (exec_|health_status)/.test(line))
}

async function engineTime(): Promise<string> {
  return (await must(['date', '+%s.%N'])).trim()
}
