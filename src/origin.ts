import { context } from '@actions/github'

/** Where a run comes from, as the ledger remembers it. */
export interface Origin {
  readonly commit?: string
  /** Address of the run. */
  readonly run?: string
  readonly actor?: string
}

/** What the runner says of this run. */
export function originOfRun(): Origin {
  const { serverUrl, runId, actor } = context
  const repository = process.env['GITHUB_REPOSITORY'] ?? ''
  const commit = commitOfRun()
  return {
    ...(commit !== undefined && { commit }),
    ...(repository !== '' && runId > 0 && { run: `${serverUrl}/${repository}/actions/runs/${runId}` }),
    ...(actor && { actor }),
  }
}

/** On a pull request its head: the merge commit that the event names is on no branch. */
export function commitOfRun(): string | undefined {
  const head: unknown = context.payload.pull_request?.['head']
  const sha = typeof head === 'object' && head !== null && 'sha' in head ? head.sha : context.sha
  return typeof sha === 'string' && sha !== '' ? sha : undefined
}
