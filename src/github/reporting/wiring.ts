import { getInput, getState } from '@actions/core'
import { runner } from '../../front/actions/runner.ts'
import type { Redact } from '../../front/redaction.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { openGitHub } from '../api/client.ts'
import { finishReporting, type KnownEnd, leftToSay } from './finish.ts'
import { beginReporting, type Reporting } from './reporting.ts'
import { subjectOf } from './subject.ts'

/** Milliseconds that a run waits at its end for GitHub; the time of a cancelled one is short. */
export const PATIENCE = { ended: 20_000, cancelled: 2_000 } as const

/** What follows this run and reports it; where nothing can be reported it says why, or nothing where that is meant so. */
export function reportingOf(
  inputs: Inputs,
  redact: Redact,
  save: (name: string, value: string) => void,
): { readonly reporting?: Reporting; readonly note?: string } {
  const { github, application, nginx, command, dryRun } = inputs
  const subject = subjectOf({ environment: process.env, payload: runner.payload })
  const { token } = github
  const { apiUrl: api } = runner
  if (api === undefined || subject === undefined || dryRun || command === 'status' || command === 'check') return {}
  if (!(github.deployment || github.comment || github.commitStatus)) return {}
  if (token === undefined) return { note: 'There is no `github-token`: nothing is reported to GitHub.' }
  const { owner, repo } = subject
  const reporting = beginReporting({
    inputs: github,
    subject,
    upstream: nginx.upstream,
    version: application.version,
    command: inputs.command,
    open: (signal) => openGitHub({ api, token, owner, repo, redact, signal }),
    save,
  })
  return { reporting }
}

/** Milliseconds: `post` has minutes, and nobody waits for more than the reports. */
const FINISH_PATIENCE = 60_000

/**
 * For `post`: says what `main` could not say any more, or what has become another truth since.
 * @returns what a person should know
 */
export async function finishInPost(redact: Redact, end: KnownEnd): Promise<readonly string[]> {
  const left = leftToSay(getState)
  const token = getInput('github-token')
  const { apiUrl: api } = runner
  if (left === undefined || token === '' || api === undefined) return []
  const { owner, repo } = left.about.subject
  const signal = AbortSignal.timeout(FINISH_PATIENCE)
  const github = openGitHub({ api, token, owner, repo, redact, signal })
  return finishReporting(github, left, end)
}
