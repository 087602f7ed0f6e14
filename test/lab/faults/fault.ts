import type { ActionRun, StartedAction } from '../action.ts'
import type { HostOptions } from '../host.ts'
import type { LoadResult } from '../load.ts'
import type { SiteOptions } from '../site.ts'
import type { Scene } from './scene.ts'

/** One way in which a release can fail: a row of the table, a test, and a row of the documentation. */
export interface Fault {
  readonly what: string
  /** Title of the step that it strikes. Here and in `reads`, `…` stands for what differs from one release to the next. */
  readonly step: string
  readonly result: 'unchanged' | 'restored' | 'stranded' | 'released'
  /** The output `reason`; empty where it is released. */
  readonly reason: string
  /** What the user reads. */
  readonly reads: string
  /** What is on the host afterwards that was not there before. */
  readonly left: string
  /** Requests that are lost under keep-alive load: none unless said otherwise. */
  readonly lost?: Lost
  /** Rows with the same ground share host and site. */
  readonly ground?: Ground
  /** It leaves a host and a site that are of no use to another row. */
  readonly alone?: true
  readonly inputs?: (scene: Scene) => Readonly<Record<string, string>>
  /** Makes the fault before the release begins. */
  readonly arrange?: (scene: Scene) => Promise<void>
  /** Makes the fault in the middle of the release. */
  readonly strike?: (scene: Scene, action: StartedAction) => Promise<void>
  /** Sees that the fault was really there: by itself, and by nothing that the action says. */
  readonly witness: (scene: Scene, seen: Seen) => Promise<void>
  /** Lines of the snapshot that `left` speaks of. */
  readonly leaves?: RegExp
  /** Something could not be undone: the step after the job does that, once the fault is gone. */
  readonly unfinished?: true
  /** The fault itself restarts every container, so that only what they are is compared, and not since when. */
  readonly restarts?: true
  /** Takes the fault away. */
  readonly mend?: (scene: Scene) => Promise<void>
  /** What else must be true of how it ended. */
  readonly also?: (scene: Scene, run: ActionRun) => Promise<void>
}

/** What there is to see beside the action. */
export interface Seen {
  /** What became of the requests of the clients. */
  readonly load: LoadResult
  /** When the row began, by the clock of the engine: `docker events --since`. */
  readonly since: string
}

export interface Lost {
  readonly what: string
  /** What may become of them, as the load names it: `POST 502`. */
  readonly by: RegExp
}

export interface Ground {
  readonly host?: HostOptions
  readonly site?: SiteOptions
  /** The release that fails is the first one of all: `v1` was started by hand. */
  readonly first?: true
}

/** The text with `…` for anything at all. */
export function pattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(escaped.replaceAll('…', '[^]*?'))
}
