import type { Shell } from '../host/quote.ts'
import type { Change, Color, Split, Wait } from '../release/model.ts'
import type { Failure } from '../release/reasons.ts'

/** Where traffic goes, as the running router says itself. */
export type Live =
  | { readonly kind: 'color'; readonly color: Color }
  /** It does not answer, or does not know this target. */
  | { readonly kind: 'absent'; readonly refusal: Failure }
  /** What it says fits neither color, or its parts disagree. */
  | { readonly kind: 'foreign'; readonly refusal: Failure }

/** What sends traffic to the colors. Its changes are plain data; only `current` asks anything. */
export interface Router {
  /** How it flips, for people: 'switch' or 'reload'. */
  readonly how: 'switch' | 'reload'
  current(signal: AbortSignal): Promise<Live>
  /**
   * Asks the same on the proxy host itself, in a shell of its own: ends with 0 while requests go to this color, also when
   * only some do; with 1 when none do; with another code when that can't be told. Prints what it saw.
   */
  holds(color: Color): Shell
  /** Moves traffic. Each change is of the phase `traffic`, proves itself, and proves its undo. */
  change(from: Split, to: Split): readonly Change[]
  /** Before a color is started: what would send requests to it by then, or was left by an earlier run. */
  prepare(to: Color): readonly Change[]
  /** After the confirmation: what was only for the time of the watch. */
  finalize(): readonly Change[]
  /** Once this color, the previous one, was stopped: what was only for the time in which both ran. */
  retired(color: Color): readonly Change[]
  /** Waits, at most so many milliseconds, until no request that may still go to this color is in flight. */
  drain(color: Color, duration: number): readonly Wait[]
}
