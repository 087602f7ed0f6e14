import type { Fleet } from '../host/fleet.ts'
import type { HostName } from '../host/host.ts'
import type { Ask } from '../judges/question.ts'
import type { Beginnings } from '../release/begun.ts'
import type { Change, Confirm, Smoke } from '../release/model.ts'
import type { Progress } from '../release/progress.ts'
import type { Reason } from '../release/reasons.ts'
import type { Opened } from '../release/started.ts'

/** What the hands of a release reach. */
export interface Reach {
  readonly fleet: Fleet
  readonly ask: Ask
  readonly progress: Progress
  /** Told of each change before it begins. */
  readonly begun: Beginnings
  /** Ends what goes forward. Undoing is not ended by it. */
  readonly signal: AbortSignal
  /** Ends the undoing of a change. */
  readonly undoing: (change: Change) => AbortSignal
  readonly smokeTest: (smoke: Smoke, signal: AbortSignal) => Promise<string>
  /** What became of a container that was started, by what a script printed; undefined if it printed no such thing. */
  readonly readSighting: (printed: string) => Sighted | undefined
  /** Why a change failed, with the fix, by what it printed; undefined if that is not known. */
  readonly explain: (change: Change, printed: string) => string | undefined
  /** Records the release: from here on it stands. @param started the container on each host that has one */
  readonly confirm: (item: Confirm, started: Started) => Promise<void>
}

/** What was seen of a container, in words and in lines. */
export interface Sighted {
  readonly reason: Reason
  readonly sentence: string
  readonly evidence: readonly string[]
}

/** The container that the start of this release made, by host. */
export type Started = ReadonlyMap<HostName, string>

/** What only the hands know. */
export interface Work extends Reach {
  readonly started: Map<HostName, string>
  /** Connections that it had accepted when traffic was moved. */
  readonly accepted: Map<HostName, number>
  /** What the color that traffic left had accepted by then. */
  readonly opened: Map<HostName, Opened>
}
