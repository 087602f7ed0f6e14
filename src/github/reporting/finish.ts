import type { Settled } from '../../front/actions/log.ts'
import type { GitHub } from '../api/client.ts'
import { findDeployment, latestState } from '../api/deployment.ts'
import { type About, deploymentOf, type Final, finalOf, lostFinal } from '../texts/about.ts'
import { publisher } from './publisher.ts'
import { type QueueName, queueWarning } from './queue.ts'
import type { StateName } from './reporting.ts'
import { reportOfSettled } from './settled.ts'

/** What `main` kept of a run that GitHub was told of. */
export interface Left {
  readonly about: About
  readonly deploymentId?: number
  /** Absent: `main` was killed before the release ended. */
  readonly final?: Final
  /** What is to be reported to, and what of it `main` had not told yet. */
  readonly wanted: readonly QueueName[]
  readonly open: readonly QueueName[]
}

/** What is known of the end of the run: `elsewhere` where another run has taken its place, and tells of it. */
export type KnownEnd = Settled | 'elsewhere' | undefined

/** Undefined where GitHub was told nothing. */
export function leftToSay(state: (name: StateName) => string): Left | undefined {
  if (state('github') === '') return undefined
  const about: About = JSON.parse(state('github'))
  const wanted = (['deployment', 'comment', 'status'] as const).filter((name) => about.reports[name])
  const open = wanted.filter((name) => state(`github-done-${name}`) !== 'true')
  const id = Number(state('deployment-id'))
  const final: Final | undefined = state('github-final') === '' ? undefined : JSON.parse(state('github-final'))
  return { about, wanted, open, ...(id > 0 && { deploymentId: id }), ...(final && { final }) }
}

/**
 * Says what `main` could not say any more, or what has become another truth since, so that nothing is shown as under way
 * for ever.
 * @returns what a person should know
 */
export async function finishReporting(github: GitHub, left: Left, end?: KnownEnd): Promise<readonly string[]> {
  const { about } = left
  const { final, queues } = toSay(left, end)
  const warnings: string[] = []
  const warn = (name: QueueName, cause: unknown): void => {
    warnings.push(queueWarning(name, cause, about.subject.fork))
  }
  // What another run says, or what this one has said and the runner did not keep, stands.
  const quiet = end === 'elsewhere' || end?.how === 'nothing'
  if (quiet && left.final === undefined && (await isTold(github, left).catch(() => false))) return []
  const work = queues.map((name) => say(github, left, name, final).catch((cause: unknown) => warn(name, cause)))
  await Promise.all(work)
  return [...new Set(warnings)]
}

/** What `main` said stands, unless what was recovered since has made it untrue. */
function toSay({ about, final, wanted, open }: Left, end: KnownEnd): { final: Final; queues: readonly QueueName[] } {
  const settled = end === 'elsewhere' ? undefined : end
  const since = settled && finalOf(about, reportOfSettled(settled, about))
  if (final === undefined) return { final: since ?? lostFinal(about), queues: wanted }
  const outdated = since !== undefined && settled?.how !== 'nothing' && since.result !== final.result
  return outdated ? { final: since, queues: wanted } : { final, queues: open }
}

/** The run that has taken over may have told how this one ended. */
async function isTold(github: GitHub, left: Left): Promise<boolean> {
  const id = await idOf(github, left)
  const state = id === undefined ? undefined : await latestState(github, id)
  return state !== undefined && !['queued', 'pending', 'in_progress'].includes(state)
}

async function say(github: GitHub, left: Left, name: QueueName, final: Final): Promise<void> {
  const about = async (): Promise<About> => left.about
  const { comment, signs, description } = final
  if (name === 'comment') return publisher(github, about).comment(comment)
  if (name === 'status') return publisher(github, about).status(signs.commit, description)
  await publisher(github, about, undefined, await idOf(github, left)).finalDeployment(final)
}

/** `main` may have been killed after the deployment was made and before its id was known. */
async function idOf(github: GitHub, { about, deploymentId }: Left): Promise<number | undefined> {
  return deploymentId ?? findDeployment(github, deploymentOf(about, []))
}
