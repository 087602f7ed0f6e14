import type { Change, Check, Confirm, Item } from './model.ts'
import { Failure, wasCancelled } from './reasons.ts'
import { isBack } from './spared.ts'

/** What carries items out. Custody wraps it; the items never mention either. */
export interface Executor {
  change(change: Change): Promise<void>
  /** Undoes it, and proves that; gives what it printed. Throws where that fails or must not be done. */
  undo(change: Change): Promise<readonly string[]>
  check(check: Check): Promise<void>
  confirm(item: Confirm): Promise<void>
  /** Something failed on which nothing depends: a cleanup, a hook after the restoring. */
  warn(item: Item, cause: unknown): void
}

export type Outcome = Done | Failed

interface Done {
  readonly kind: 'done'
  /** After the confirmation it could not be told any more where requests go: the first item that was left for that. */
  readonly doubt?: { readonly at: Item; readonly cause: unknown }
}

/** It was undone, or the undo of what moved traffic failed. */
type Failed = Undone | Stranded

interface Undone {
  readonly kind: 'unchanged' | 'restored'
  readonly at: Item
  readonly cause: unknown
  readonly left: readonly Left[]
  /** What was not undone, since somebody else had sent requests to it. */
  readonly spared: readonly Left[]
  /** Traffic was put back by somebody else. */
  readonly byOthers?: true
  /** What undoing printed: the log of what was removed. */
  readonly printed: readonly string[]
  /** Hooks that ran: nothing undoes what they did. */
  readonly remains: readonly Change[]
  /** Milliseconds from the failure until the previous state was proven; where traffic had been moved. */
  readonly restoredAfter?: number
}

interface Stranded {
  readonly kind: 'stranded'
  readonly at: Item
  readonly cause: unknown
  readonly undoing: Change
  readonly stuck: unknown
  readonly remains: readonly Change[]
}

/** A preparation that could not be undone: traffic does not depend on it. */
export interface Left {
  readonly change: Change
  readonly cause: unknown
}

/**
 * Carries out the items in order. On a failure before the confirmation everything begun is undone, newest first, the
 * failed change included; undoing stops at the first undo that fails. After the confirmation failures only warn, and what
 * somebody else put back is `restored` all the same.
 * @param before changes that were carried out already, and are undone with the others
 */
export async function interpret(
  items: readonly Item[],
  executor: Executor,
  before: readonly Change[] = [],
): Promise<Outcome> {
  const begun: Change[] = [...before]
  let confirmed = false
  let flippedBack: { readonly at: Item; readonly cause: unknown } | undefined
  let doubt: Done['doubt']
  for (const item of items) {
    try {
      if (item.kind === 'change') begun.push(item)
      await carryOut(item, executor)
      if (item.kind === 'confirm') confirmed = true
    } catch (cause) {
      // A script that ended before it did anything leaves nothing to undo.
      if (cause instanceof Failure && cause.notBegun) begun.pop()
      if (!confirmed) return await backward(begun, item, cause, executor)
      if (isByOthers(cause)) flippedBack ??= { at: item, cause }
      else {
        if (cause instanceof Failure && cause.reason === 'drift') doubt ??= { at: item, cause }
        executor.warn(item, cause)
      }
    }
  }
  if (flippedBack === undefined) return { kind: 'done', ...(doubt && { doubt }) }
  const remains = begun.filter((change) => change.irreversible)
  return { kind: 'restored', ...flippedBack, byOthers: true, left: [], spared: [], printed: [], remains }
}

function isByOthers(cause: unknown): boolean {
  return cause instanceof Failure && cause.reason === 'flipped-by-others'
}

function carryOut(item: Item, executor: Executor): Promise<void> {
  switch (item.kind) {
    case 'change':
      return executor.change(item)
    case 'check':
      return executor.check(item)
    case 'confirm':
      return executor.confirm(item)
  }
}

async function backward(begun: readonly Change[], at: Item, cause: unknown, executor: Executor): Promise<Failed> {
  const noticed = performance.now()
  let restoredAfter: number | undefined
  const kind = begun.some((change) => change.phase === 'traffic') ? 'restored' : 'unchanged'
  const remains = begun.filter((change) => change.irreversible)
  const printed: string[] = []
  const spared: Left[] = []
  let byOthers = false
  const undone = (): Omit<Undone, 'left'> => ({
    ...{ kind, at, cause, printed, remains, spared },
    ...(byOthers && { byOthers }),
    ...(restoredAfter !== undefined && { restoredAfter }),
  })
  for (const change of begun.toReversed()) {
    if (change.undo === undefined) continue
    try {
      const lines = await executor.undo(change)
      // What only waited, or was a hook of the user's, says nothing about why the release failed.
      if (!change.bestEffort) printed.push(...lines.filter((line) => !isBack([line])))
      if (change.phase !== 'traffic') continue
      restoredAfter = performance.now() - noticed
      // A flip that had no effect leaves requests where they were, too.
      byOthers ||= change !== at && isBack(lines)
    } catch (stuck) {
      // What was cut short for want of time is left, with all that comes after it.
      if (change.bestEffort && !wasCancelled(stuck)) executor.warn(change, stuck)
      else if (isByOthers(stuck) && change.phase !== 'traffic') spared.push({ change, cause: stuck })
      else if (change.phase === 'traffic') return { kind: 'stranded', at, cause, undoing: change, stuck, remains }
      else return { ...undone(), left: [{ change, cause: stuck }] }
    }
  }
  return { ...undone(), left: [] }
}

/** Undoes preparations before there was a release; gives what could not be undone. */
export async function undoAll(begun: readonly Change[], executor: Executor): Promise<readonly Left[]> {
  for (const change of begun.toReversed()) {
    try {
      if (change.undo !== undefined) await executor.undo(change)
    } catch (cause) {
      return [{ change, cause }]
    }
  }
  return []
}
