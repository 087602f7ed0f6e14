import assert from 'node:assert/strict'
import type { StandIn } from '../support/github.ts'
import { leaksIn } from '../support/leaks.ts'
import { type ActionOptions, type ActionRun, startAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'

export const HEAD = 'a'.repeat(40)
export const TOKEN = 'ghs_TheTokenOfThisJob0123456789'
const event = { pull_request: { number: 7, head: { sha: HEAD, repo: { full_name: 'owner/shop' } } } }

let lab: Lab | undefined
let host: LabHost | undefined

/** To be called before the tests of a file, and what it gives after them. */
export async function openScene(): Promise<() => Promise<void>> {
  lab = await openLab()
  host = await lab.host()
  return () => lab?.dispose() ?? Promise.resolve()
}

/** v1 is live on blue. */
export async function siteNamed(service: string): Promise<LabSite> {
  assert.ok(lab && host, 'The scene is not open.')
  const site = await lab.site(host, { service, flip: 'switch-backed' })
  await site.up('blue', 'v1')
  return site
}

/** A run on pull request 7 that reports to the stand-in. */
export function at(github: StandIn, more: Partial<ActionOptions> = {}): ActionOptions {
  const env = { GITHUB_API_URL: github.url, GITHUB_EVENT_NAME: 'pull_request', ...more.env }
  return { event, ...more, env }
}

export function inputs(site: LabSite, more: Readonly<Record<string, string>>): Record<string, string> {
  const always = { 'github-token': TOKEN, 'commit-status': 'true', 'environment-url': 'https://shop.example.org/' }
  return site.inputs({ watch: '200ms', ...always, ...more })
}

/** Nothing secret was sent or printed; every call was one that GitHub understands. */
export function discreet(github: StandIn, site: LabSite, ...runs: readonly ActionRun[]): void {
  github.assertSound()
  const secrets = [site.inputs()['private-key'] ?? '', TOKEN]
  for (const { text } of github.calls) assert.deepEqual(leaksIn(text, secrets), [])
  for (const { stdout, stderr, summary, outputs } of runs) {
    const printed = stdout.replace(/^::add-mask::.*$/gm, '')
    assert.deepEqual(leaksIn(`${printed}\n${stderr}\n${summary}\n${Object.values(outputs).join('\n')}`, secrets), [])
  }
}

/** The states of the newest deployment, as they came; steps that were told on the way count once. */
export function statesOf(github: StandIn): readonly string[] {
  const states = github.state.deployments.at(-1)?.statuses.map(({ state }) => state) ?? []
  return states.filter((state, index) => state !== states[index - 1])
}

/** What is said of a run, in order: the calls that write. */
export function writes(github: StandIn): readonly string[] {
  const calls = github.calls.filter(({ method }) => method !== 'GET')
  const said = calls.map(({ operation, body }) => {
    const what = operation.split('/').slice(4).join('/')
    return `${what} ${(body as { state?: string }).state ?? ''}`.trim()
  })
  return said.filter((one, index) => one !== said[index - 1])
}

/** Each kind has its own order; beside each other they come as they come. */
export function sequences(github: StandIn): Readonly<Record<'deployment' | 'comment' | 'status', readonly string[]>> {
  const all = writes(github)
  const of = (pattern: RegExp): readonly string[] => all.filter((one) => pattern.test(one))
  const once = (list: readonly string[]) => list.filter((one, index) => one !== list[index - 1])
  return { deployment: once(of(/^deployments/)), comment: once(of(/comments/)), status: once(of(/^statuses/)) }
}

export const MADE = 'deployments'
export const STATUS = 'deployments/{deployment_id}/statuses'
export const COMMENTS = ['issues/{issue_number}/comments', 'issues/comments/{comment_id}']

export async function killedInWatch(site: LabSite, github: StandIn): Promise<ActionRun> {
  const action = await startAction(inputs(site, { version: 'v2', watch: '120s', lease: '3s' }), at(github))
  await action.logged(/::group::Watch v2/)
  await until('the comment', 10_000, async () => github.state.comments[0])
  action.kill('SIGKILL')
  return action.ended
}

export function shownAsRestored(github: StandIn): void {
  assert.deepEqual(statesOf(github), ['in_progress', 'failure'])
  assert.match(github.state.deployments[0]?.statuses.at(-1)?.description ?? '', /^v1 on blue serves again/)
  assert.match(github.state.comments[0]?.body ?? '', /the state before it is back[\s\S]*\*\*Now:\*\* `v1` on blue/)
  assert.equal(github.state.commitStatuses.at(-1)?.state, 'failure')
}
