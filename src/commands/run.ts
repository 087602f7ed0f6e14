import type { Holder } from '../custody/lease.ts'
import type { Log } from '../front/actions/log.ts'
import type { Origin } from '../front/actions/origin.ts'
import type { Lookup } from '../github/api/lookup.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Beginnings } from '../release/begun.ts'

/** One run of a command, from outside. */
export interface Run {
  readonly inputs: Inputs
  readonly origin: Origin
  readonly log: Log
  /** What it has begun to change. */
  readonly begun: Beginnings
  readonly signal: AbortSignal
  /** When the run was cancelled, in milliseconds of this process; undefined where it was not. */
  readonly cancelled: () => number | undefined
  /** Proves that a lease is this run's. */
  readonly token: string
  readonly started: Date
  /** Absent where GitHub cannot be asked. */
  readonly lookup?: Lookup
  /** Folder on the runner from which files are uploaded. */
  readonly workspace: string
}

/** Who this run is, for those who wait for it. */
export function holderOf({ origin }: Run, command: string, version: string): Holder {
  return { run: origin.run ?? '', actor: origin.actor ?? '', version, command, since: new Date().toISOString() }
}
