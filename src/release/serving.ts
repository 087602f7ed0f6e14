import type { Color } from './model.ts'

/** What becomes of it by itself, and when. */
const GUARD_ACTS =
  'Once no heartbeat has reached the host for the time of `lease`, the guard there puts traffic back by itself, and tries that for a minute.'
export const OTHERS_UNDO =
  'The step after the job undoes the rest as soon as it reaches the host; if it does not, the next run begins with that.'

/** A color with its version, each if it is known. */
export interface Side {
  readonly color?: Color
  readonly version?: string
}

/** What a question at the end of a run said of what serves. */
export type Serving =
  | { readonly kind: 'serves'; readonly live: Side }
  /** Requests go to a color at which nothing answers. */
  | { readonly kind: 'silent'; readonly color: Color; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string }

/** What serves, as outputs have it: nothing if that is not known. */
export function sideServing(now: Serving): Side {
  return now.kind === 'serves' ? now.live : {}
}

/** The color to which requests go; undefined if that is not known. */
export function colorOf(now: Serving): Color | undefined {
  switch (now.kind) {
    case 'serves':
      return now.live.color
    case 'silent':
      return now.color
    case 'unknown':
      return undefined
  }
}

/** Where requests go, as a sentence. */
export function whereRequestsGo(now: Serving): string {
  switch (now.kind) {
    case 'serves':
      return `Requests go to ${[now.live.version, 'on', now.live.color].filter(Boolean).join(' ')}.`
    case 'silent':
      return `Requests go to ${now.color}, where nothing answers: ${now.why}`
    case 'unknown':
      return `Where requests go now could not be seen: ${now.why}`
  }
}

/** The same, and what becomes of it. @param stays nothing puts traffic back by itself */
export function whereTrafficGoes(now: Serving, stays: boolean): string {
  const where = whereRequestsGo(now)
  return stays
    ? `${where} Nothing will change that by itself; the next release starts from what the router says then.`
    : `${where} ${GUARD_ACTS} ${OTHERS_UNDO}`
}
