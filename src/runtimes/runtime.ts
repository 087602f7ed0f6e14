import type { Script } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import type { Change, Color, ExitWatch, Spared, Wait } from '../release/model.ts'

/** What runs the two colors. It gives changes as plain data, made from what was observed before. */
export interface Runtime {
  /** Brings the image of this version to the host. */
  pull(color: Color, version: string): readonly Change[]
  /** Starts what the color depends on and what never ran. */
  startDependencies(color: Color): readonly Change[]
  /** Recreates the color with this version; its undo saves the log and removes it. Neither touches what requests go to. */
  start(spared: Spared, version: string): readonly Change[]
  /** The command by which a person starts the color's stopped container again, as it is. */
  wake(color: Color): string
  /** Sees that the container which was started ends, is restarted or replaced within so many milliseconds. */
  exitWatch(color: Color, duration: number): ExitWatch
  /**
   * Ends with 0 while that container runs; else it says what became of it, as an exit watch does.
   * @param restarts how often Docker may have started it again: `none` unless said otherwise
   */
  occupies(color: Color, restarts?: 'none' | 'any'): Wait
  /**
   * A script that moves requests, run only while `occupies` would end with 0. Tells what arrives by it, as `accepted`, if
   * that is asked for, and how often the color that they leave was called until then, as `saysOpened`.
   */
  whileOccupied(color: Color, script: Shell, tells: { readonly arrivals: boolean }): Script
  /** Says how many connections that container accepted so far: see `saysAccepted`. */
  accepted(color: Color): Wait
  /** Makes what the host remembers agree with what will be live. */
  recordVersion(color: Color, version: string): readonly Change[]
  /** After the confirmation: what `remember` kept for its undo. */
  discardBackups(): readonly Change[]
  /**
   * Waits, at most so many milliseconds, until nobody is connected to this color; `quiet` of them have to pass in which
   * nobody called it newly. Who goes past the router gets all of them, and is named.
   */
  drain(color: Color, duration: number, quiet: number): readonly Wait[]
  /** After the confirmation: what becomes of the color that was live, as long as no requests go there. */
  retire(spared: Spared): readonly Change[]
  /**
   * Prints who the container is that was started on a color: an `Identity`, as members of a JSON object. Where that does not
   * run any more it fails, and says what became of it.
   */
  identify(color: Color): Shell
  /** The same of the container that runs on a color which this release did not start. Fails when none does. */
  identifyRunning(color: Color): Shell
  /** After all: removes what releases left on the disk, and no rollback needs. */
  prune(): readonly Change[]
}

/** What a started color really is. */
export interface Identity {
  readonly container: string
  /** Id of the image. */
  readonly image: string
  /** Hash of the service as it was read when it was started. */
  readonly compose: string
  /** Registry digests of the image. */
  readonly digests: readonly string[]
}
