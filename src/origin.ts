import { type RunnerFacts, runner } from './runner.ts'

/** Where a run comes from, as the ledger remembers it. */
export interface Origin {
  readonly commit?: string
  /** Address of the run. */
  readonly run?: string
  readonly actor?: string
}

/** What the runner says of this run. */
export function originOfRun(): Origin {
  const { serverUrl, runId, actor } = runner
  const repository = process.env['GITHUB_REPOSITORY'] ?? ''
  const commit = commitOfRun()
  return {
    ...(commit !== undefined && { commit }),
    ...(repository !== '' && runId > 0 && { run: `${serverUrl}/${repository}/actions/runs/${runId}` }),
    ...(actor && { actor }),
  }
}

/**
 * On a pull request its head: the merge commit that the event names is on no branch. Undefined where only an event that
 * cannot be read would say which commit is meant.
 */
export function commitOfRun({ payload, sha: own, eventName, unusable }: RunnerFacts = runner): string | undefined {
  if (unusable.has('GITHUB_EVENT_PATH') && /^(pull_request|workflow_run)/.test(eventName)) return undefined
  const { pull_request: pull } = payload
  const head = typeof pull === 'object' && pull !== null && 'head' in pull ? pull.head : undefined
  const sha = typeof head === 'object' && head !== null && 'sha' in head ? head.sha : own
  return typeof sha === 'string' && sha !== '' ? sha : undefined
}
