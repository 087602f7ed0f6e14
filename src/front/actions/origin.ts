import { commitOfEvent, type EventCommit, eventIn, type RunEvent, versionCommit } from '../../github/reporting/event.ts'
import { type RunnerFacts, runner } from './runner.ts'

/** Where a run comes from, as the ledger remembers it. */
export interface Origin {
  /** Of what is released, if that is certain. */
  readonly commit?: string
  /** Address of the run. */
  readonly run?: string
  readonly actor?: string
}

/** What the runner says of this run, which releases a version. */
export function originOfRun(version: string): Origin {
  const { serverUrl, runId, actor } = runner
  const repository = process.env['GITHUB_REPOSITORY'] ?? ''
  const about = commitOfRun()
  const { name: event, ref } = eventOf(runner)
  const certain = { event, ...(ref !== undefined && { ref }), ...(about.kind === 'commit' && { commit: about.commit }) }
  const { commit, lookup } = versionCommit(certain, version)
  return {
    ...(commit !== undefined && lookup === undefined && { commit }),
    ...(repository !== '' && runId > 0 && { run: `${serverUrl}/${repository}/actions/runs/${runId}` }),
    ...(actor && { actor }),
  }
}

/** What a release without `version` releases. An event that cannot be read says nothing. */
export function commitOfRun(facts: RunnerFacts = runner): EventCommit {
  return commitOfEvent(eventOf(facts))
}

function eventOf({ eventName, sha, payload }: RunnerFacts): RunEvent {
  const environment = { GITHUB_EVENT_NAME: eventName, GITHUB_SHA: sha, GITHUB_REF_NAME: process.env['GITHUB_REF_NAME'] }
  return eventIn(environment, payload)
}
