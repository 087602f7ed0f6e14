import { HostError } from '../host/host.ts'
import type { Begun } from './begun.ts'
import type { Left, Outcome } from './interpret.ts'
import type { Change } from './model.ts'
import { flip, type Plan } from './plan.ts'
import { Failure, REASONS, type Reason, sentenceOf, wasCancelled } from './reasons.ts'
import {
  colorOf,
  OTHERS_UNDO,
  type Serving,
  type Side,
  sideServing,
  whereRequestsGo,
  whereTrafficGoes,
} from './serving.ts'

/** Lines that the report keeps. */
const EVIDENCE = 50

export type Result = 'released' | 'rolled-back' | 'planned' | 'ok' | 'problems' | 'unchanged' | 'restored' | 'stranded'

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
  /** Milliseconds from the failure until the previous state was proven. */
  readonly restoredAfter?: number
  /** Traffic stays on the new color on purpose: the previous one does not answer. */
  readonly stays?: true
  /** It was confirmed: nobody undoes it, and nothing is left for others to finish. */
  readonly settled?: true
}

/** A release that must not begin: all reasons at once, and what serves meanwhile. */
export class Refused extends AggregateError {
  override readonly name = 'Refused'
  readonly live: Side

  constructor(refusals: readonly Failure[], live: Side = {}) {
    super(refusals, 'The release was refused.')
    this.live = live
  }
}

/** What a run that never came to a plan says: nothing was touched. */
export function refused(failedStep: string, causes: readonly unknown[], left: readonly Left[] = []): Conclusion {
  const all = causes.flatMap((cause): unknown[] => (cause instanceof AggregateError ? cause.errors : [cause]))
  const [first] = all
  const live = causes.find((cause) => cause instanceof Refused)?.live ?? {}
  return {
    result: 'unchanged',
    reason: reasonOf(first),
    failedStep,
    sentences: [...all.map(sentenceOf), ...leftBehind(left)],
    evidence: all.flatMap(evidenceOf),
    live,
    previous: live,
  }
}

/** What a run says that was ended before it had an outcome, by what it had begun. */
export function cutShort(begun: Begun, failedStep: string, causes: readonly unknown[]): Conclusion {
  const ended = refused(failedStep, causes)
  switch (begun.kind) {
    case 'nothing':
      return ended
    case 'preparations':
      return { ...ended, sentences: [...ended.sentences, notUndone(begun.changes), OTHERS_UNDO] }
    case 'traffic':
      return {
        ...ended,
        result: 'stranded',
        sentences: [
          ...ended.sentences,
          notUndone(begun.changes),
          whereTrafficGoes({ kind: 'unknown', why: 'this run ended before it could ask.' }, false),
          ...manualUndoOf(begun.changes),
        ],
        live: {},
        previous: {},
      }
  }
}

function notUndone(changes: readonly Change[]): string {
  return `This step did not undo what had begun: ${changes.map(({ title }) => title).join('; ')}.`
}

function manualUndoOf(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ manualUndo }) =>
    manualUndo === undefined ? [] : [`To undo it by hand, on the host:\n${indented(manualUndo)}`],
  )
}

/** What a command that only looks says: all is well, or what is not. */
export function found(step: string, problems: readonly unknown[], live: Side = {}): Conclusion {
  if (problems.length === 0) return { result: 'ok', sentences: [], evidence: [], live, previous: {} }
  return { ...refused(step, problems), result: 'problems', live, previous: {} }
}

/** A plan that is only shown: what is live stays it. */
export function onlyPlanned(plan: Plan): Conclusion {
  const live = sideBefore(plan)
  return { result: 'planned', sentences: [], evidence: [], live, previous: live }
}

/**
 * What the outcome of a planned release means.
 * @param now what serves after a failure or in doubt, asked just now
 */
export function conclude(plan: Plan, outcome: Outcome, now: Serving): Conclusion {
  const { previous } = plan
  const before = sideBefore(plan)
  const after: Side = { color: plan.to, version: plan.version }
  if (outcome.kind === 'done') {
    const { doubt } = outcome
    if (doubt !== undefined && !servesAsReleased(plan, now)) {
      const byOthers = colorOf(now) === plan.from
      return {
        result: 'stranded',
        reason: byOthers ? 'flipped-by-others' : reasonOf(doubt.cause),
        failedStep: doubt.at.title,
        sentences: [
          `${doubt.at.title}: ${sentenceOf(doubt.cause)}`,
          `The release had been confirmed before that. ${whereTrafficGoes(now, true)}`,
        ],
        evidence: evidenceOf(doubt.cause),
        live: sideServing(now),
        previous: before,
        settled: true,
      }
    }
    const result = plan.command === 'rollback' ? 'rolled-back' : 'released'
    return { result, sentences: [], evidence: [], live: doubt ? sideServing(now) : after, previous: before }
  }

  const failed = {
    reason: reasonOf(outcome.cause),
    failedStep: outcome.at.title,
    evidence: evidenceOf(outcome.cause),
  }
  const cause = `${outcome.at.title}: ${sentenceOf(outcome.cause)}`
  const remains = outcome.remains.map(({ title }) => `What this did remains: ${title}.`)
  const live = outcome.kind === 'restored' ? provenBack(plan, sideServing(now)) : sideServing(now)
  switch (outcome.kind) {
    case 'unchanged':
    case 'restored': {
      const left = leftBehind(outcome.left)
      const spared = outcome.spared.map(({ cause: why }) => sentenceOf(why))
      const nothing = outcome.kind === 'restored' && previous === undefined
      const ended = {
        ...failed,
        ...(nothing && { reason: 'nothing-was-live' as const }),
        ...(outcome.byOthers && { reason: 'flipped-by-others' as const }),
        evidence: failed.evidence.length > 0 ? failed.evidence : outcome.printed.slice(-EVIDENCE),
        live,
        previous: before,
      }
      const told = [cause, ...left, ...spared, ...remains]
      // Whoever has the lease by now may have released since.
      if (outcome.kind === 'restored' && colorOf(now) === plan.to && failed.reason !== 'lease-lost') {
        const since = 'Traffic was put back, and somebody else moved it again.'
        return {
          ...ended,
          result: 'stranded',
          reason: 'flipped-by-others',
          sentences: [...told, since, whereTrafficGoes(now, true), ...manualUndos(plan)],
          stays: true,
        }
      }
      // What was proven may not be so any more, and nothing can tell.
      if (
        outcome.kind === 'restored' &&
        now.kind === 'unknown' &&
        outcome.left.some(({ cause: why }) => isUntold(why))
      ) {
        return {
          ...ended,
          result: 'stranded',
          sentences: [...told, whereTrafficGoes(now, true), ...manualUndos(plan)],
          stays: true,
        }
      }
      return {
        ...ended,
        result: outcome.kind,
        ...(outcome.restoredAfter !== undefined && { restoredAfter: outcome.restoredAfter }),
        sentences: [...told, ...unlessServing(now)],
      }
    }
    case 'stranded': {
      const { undoing, stuck } = outcome
      const stays = stuck instanceof Failure && stuck.reason === 'previous-gone'
      return {
        ...failed,
        result: 'stranded',
        sentences: [
          cause,
          `Undo: ${undoing.title}: ${sentenceOf(stuck)}`,
          ...inDoubt(outcome),
          whereTrafficGoes(now, stays),
          manualUndo(plan, undoing),
          ...remains,
        ],
        evidence: [...failed.evidence, ...evidenceOf(stuck)],
        live,
        previous: before,
        ...(stays && { stays }),
      }
    }
  }
}

/** An undo was left since nothing said where requests go. */
function isUntold(cause: unknown): boolean {
  return cause instanceof Failure && cause.reason === 'drift'
}

function servesAsReleased({ to, version }: Plan, now: Serving): boolean {
  return now.kind === 'serves' && now.live.color === to && now.live.version === version
}

/** What the outputs leave out. */
function unlessServing(now: Serving): readonly string[] {
  return now.kind === 'serves' ? [] : [whereRequestsGo(now)]
}

/** If Docker cannot be asked, the version is known all the same when the proof of the undo was an answer that names it. */
function provenBack({ from, previous, questions }: Plan, live: Side): Side {
  const { version } = previous ?? {}
  const wanted = questions.routeBefore?.expect.match
  if (version === undefined || live.color !== from || live.version !== undefined) return live
  return wanted?.kind === 'text' && wanted.text.includes(version) ? { ...live, version } : live
}

function sideBefore({ previous, from }: Plan): Side {
  return previous === undefined ? {} : { color: from, ...(previous.version && { version: previous.version }) }
}

function leftBehind(left: readonly Left[]): readonly string[] {
  return left.map(({ change, cause }) =>
    wasCancelled(cause)
      ? `There was no time left to undo this and what came before it; the step after the job does: ${change.title}`
      : `Left behind, because its undo failed: ${change.title}: ${sentenceOf(cause)}`,
  )
}

/** The host may have confirmed it, and could not say so any more. */
function inDoubt({ at, cause }: Extract<Outcome, { kind: 'stranded' }>): readonly string[] {
  if (at.kind !== 'confirm' || !(cause instanceof HostError)) return []
  return [
    'Whether the host had confirmed the release by then is not known: if it had, the release stands, and the guard leaves it.',
  ]
}

function manualUndos(plan: Plan): readonly string[] {
  return flip(plan).map((change) => manualUndo(plan, change))
}

/** The commands that put traffic back by hand. */
function manualUndo({ runtime, from, previous }: Plan, undoing: Change): string {
  const back = undoing.manualUndo ?? undoing.undo?.shell.text ?? ''
  if (previous === undefined) return `To undo it by hand, on the host:\n${indented(back)}`
  const where = [previous.version, 'on', from].filter(Boolean).join(' ')
  return `To put traffic back to ${where} by hand, on the host:\n${indented(`${runtime.wake(from).shown}\n${back}`)}`
}

/** So that it shows where the commands begin and end; to a shell the spaces mean nothing. */
function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}

function reasonOf(cause: unknown): Reason {
  if (cause instanceof Failure) return cause.reason
  if (cause instanceof HostError && cause.reason in REASONS) return cause.reason as Reason
  return wasCancelled(cause) ? 'cancelled' : 'internal-error'
}

function evidenceOf(cause: unknown): readonly string[] {
  return cause instanceof Failure ? cause.evidence : []
}
