import { HostError } from '../host/host.ts'
import type { Left, Outcome } from './interpret.ts'
import type { Plan } from './plan.ts'
import { Failure, REASONS, type Reason, sentenceOf } from './reasons.ts'
import type { Color, Item } from './words.ts'

export type Result = 'released' | 'unchanged' | 'restored' | 'stranded'

/** How a run ended, for outputs and report. */
export interface Conclusion {
  readonly result: Result
  readonly reason?: Reason
  readonly failedStep?: string
  /** What went wrong and what to do, in sentences; the first one is what failed first. */
  readonly sentences: readonly string[]
  /** Lines that prove it: the failed container's log, states, answers. */
  readonly evidence: readonly string[]
  readonly live: Side
  readonly previous: Side
}

/** A color with its version, each where it is known. */
export interface Side {
  readonly color?: Color
  readonly version?: string
}

/** What a run that never came to a plan says: nothing was touched. */
export function refused(failedStep: string, causes: readonly unknown[], left: readonly Left[] = []): Conclusion {
  const all = causes.flatMap((cause): unknown[] => (cause instanceof AggregateError ? cause.errors : [cause]))
  const [first] = all
  return {
    result: 'unchanged',
    reason: reasonOf(first),
    failedStep,
    sentences: [...all.map(sentenceOf), ...leftBehind(left)],
    evidence: all.flatMap(evidenceOf),
    live: {},
    previous: {},
  }
}

/** What the outcome of a planned release means. */
export function conclude(plan: Plan, outcome: Outcome): Conclusion {
  const { previous } = plan
  const before: Side =
    previous === undefined ? {} : { color: plan.from, ...(previous.version && { version: previous.version }) }
  const after: Side = { color: plan.to, version: plan.version }
  if (outcome.kind === 'done') return { result: 'released', sentences: [], evidence: [], live: after, previous: before }

  const failed = {
    reason: reasonOf(outcome.cause),
    failedStep: outcome.at.title,
    evidence: evidenceOf(outcome.cause),
  }
  const cause = `${outcome.at.title}: ${sentenceOf(outcome.cause)}`
  const remains = outcome.remains.map(({ title }) => `What this did remains: ${title}.`)
  switch (outcome.kind) {
    case 'unchanged':
    case 'restored': {
      const left = leftBehind(outcome.left)
      const nothing = outcome.kind === 'restored' && previous === undefined
      return {
        ...failed,
        result: outcome.kind,
        ...(nothing && { reason: 'nothing-was-live' as const }),
        sentences: [cause, ...left, ...remains],
        live: before,
        previous: before,
      }
    }
    case 'stranded': {
      const { undoing, stuck } = outcome
      return {
        ...failed,
        result: 'stranded',
        sentences: [
          cause,
          `The previous state could not be restored. Undo: ${undoing.title}: ${sentenceOf(stuck)}`,
          ...mend(undoing),
          ...remains,
        ],
        evidence: [...failed.evidence, ...evidenceOf(stuck)],
        live: {},
        previous: before,
      }
    }
  }
}

function leftBehind(left: readonly Left[]): readonly string[] {
  return left.map(({ change, cause }) => `Left behind, because its undo failed: ${change.title}: ${sentenceOf(cause)}`)
}

/** Where traffic goes is not known, or not where it should: the commands that put it back by hand. */
function mend(undoing: Extract<Item, { kind: 'change' }>): readonly string[] {
  if (undoing.undo === undefined) return []
  return [
    `To put it back by hand, once ${undoing.on === 'all proxies' ? 'the previous color answers' : 'that is mended'}, run on the host:\n${undoing.undo.shell.text}`,
  ]
}

function reasonOf(cause: unknown): Reason {
  if (cause instanceof Failure) return cause.reason
  if (cause instanceof HostError && cause.reason in REASONS) return cause.reason as Reason
  return cause instanceof Error && cause.name === 'AbortError' ? 'cancelled' : 'internal-error'
}

function evidenceOf(cause: unknown): readonly string[] {
  return cause instanceof Failure ? cause.evidence : []
}
