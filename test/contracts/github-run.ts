import type { Report } from '../../src/front/report.ts'
import { openGitHub } from '../../src/github/api/client.ts'
import { beginReporting, type Reporting, type StateName } from '../../src/github/reporting/reporting.ts'
import type { Subject } from '../../src/github/reporting/subject.ts'
import type { GitHubInputs } from '../../src/inputs/inputs.ts'
import { pause } from '../lab/command.ts'
import type { StandIn } from '../support/github.ts'

export const COMMIT = 'a'.repeat(40)

export const subject: Subject = {
  ...{
    owner: 'owner',
    repo: 'shop',
    event: 'pull_request',
    commit: COMMIT,
    runCommit: 'b'.repeat(40),
    pull: 7,
    fork: false,
  },
  run: { id: 12, attempt: 1, url: 'https://github.com/owner/shop/actions/runs/12' },
}

export interface Told {
  readonly reporting: Reporting
  readonly state: Map<StateName, string>
  readonly read: (name: StateName) => string
}

/** A run that reports to the stand-in. */
export function beginRun(
  github: StandIn,
  more: {
    subject?: Partial<Subject>
    inputs?: Partial<GitHubInputs>
    upstream?: string
    version?: string
    command?: string
  } = {},
): Told {
  const state = new Map<StateName, string>()
  const { upstream = 'web', version = 'v2', command = 'deploy' } = more
  const reporting = beginReporting({
    inputs: { environment: 'production', deployment: true, comment: true, commitStatus: true, ...more.inputs },
    subject: { ...subject, ...more.subject },
    ...{ upstream, version, command },
    open: (signal) => clientFor(github, signal),
    save: (name, value) => void state.set(name, value),
  })
  return { reporting, state, read: (name) => state.get(name) ?? '' }
}

export function clientFor(github: StandIn, signal: AbortSignal = new AbortController().signal) {
  return openGitHub({
    api: github.url,
    token: 'token-of-the-job',
    owner: 'owner',
    repo: 'shop',
    redact: (text) => text,
    signal,
  })
}

/** How a run ended, with what is given put over it. */
export function report(more: Partial<Report> & { readonly result: Report['result'] }): Report {
  const good = more.result === 'released'
  return {
    ...{ reason: good ? '' : 'watch-failed', 'failed-step': good ? '' : 'Watch v2' },
    ...{ color: good ? 'green' : 'blue', version: good ? 'v2' : 'v1' },
    ...{ 'previous-color': 'blue', 'previous-version': 'v1', 'deployment-id': '', 'duration-ms': 4800, wanted: 'v2' },
    command: 'deploy',
    ...{ 'round-trips': 9, requests: 40, steps: [], notes: [], warnings: [], failure: [], evidence: [] },
    ...more,
  }
}

export const plan = { version: 'v2', color: 'green', live: { color: 'blue', version: 'v1' } } as const

/** A status of a deployment that was there before. */
export const shownAs = (state: string) => ({ id: 1, state, description: '', log_url: '', environment_url: '' })

/** As the first deployment came to be shown. */
export function statesOf(github: StandIn): readonly string[] {
  return github.state.deployments[0]?.statuses.map(({ state }) => state) ?? []
}

/** Until everything is said that is said while a release goes on. */
export async function toldOnTheWay(github: StandIn): Promise<void> {
  while (github.calls.filter(({ answered }) => answered !== undefined).length < 7) await pause(10)
}

export const never = new AbortController().signal

export const DEPLOYMENTS = 'POST /repos/{owner}/{repo}/deployments'
