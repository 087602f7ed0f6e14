import type { Notice } from '../base/notice.ts'
import type { Failure } from './reasons.ts'

/** What was found out about one part of a target: either it can be used, or why not; all of it at once. */
export interface Assessment<T> {
  /** Each would make the release unsafe or impossible. */
  readonly refusals: readonly Failure[]
  /** What a person should know: what is not proven, what is not promised here. */
  readonly notes: readonly Notice[]
  /** Absent where it was refused. */
  readonly value?: T
}

export function refusal<T>(...refusals: readonly Failure[]): Assessment<T> {
  return { refusals, notes: [] }
}

export function usable<T>(value: T, notes: readonly Notice[] = []): Assessment<T> {
  return { refusals: [], notes, value }
}
