import type { Found } from '../custody/ledger.ts'
import type { Router } from '../routers/router.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { type Answered, allTo, type Change, type Color, type Question, type Smoke } from './model.ts'

/** A release that may begin: everything that is decided before the first change. */
export interface Plan {
  readonly command: 'deploy' | 'rollback'
  /** Of a rollback: the commit that was recorded of the release that comes back. */
  readonly commit?: string
  /** Of a rollback: the id of the image that it takes away, where that is known. */
  readonly refused?: string
  /** What a later rollback needs to know of the router where that cannot be read by then: one line. */
  readonly seen?: string
  readonly version: string
  readonly to: Color
  readonly from: Color
  /** What serves now. Absent: nothing answers at the live color. */
  readonly previous?: { readonly version?: string }
  /** The same, if no release had put it there. */
  readonly found?: Found
  /** What the state of this target needs before anything else. */
  readonly prepare: readonly Change[]
  readonly runtime: Runtime
  readonly router: Router
  readonly questions: Questions
  /** Milliseconds. */
  readonly health: { readonly timeout: number; readonly interval: number }
  readonly watch: number
  /** Milliseconds for what is in flight on a color that is to be stopped or recreated. */
  readonly drain: number
  /** The idle color still runs: what it has begun is drained before it is recreated. */
  readonly idleRuns: boolean
  readonly hooks: Hooks
  readonly smoke?: Smoke
}

/** Commands of the user for the first app host, ready to run; none does nothing. */
export interface Hooks {
  readonly beforeStart: readonly Change[]
  readonly beforeFlip: readonly Change[]
  readonly afterFlip: readonly Change[]
  /** Its undo runs once traffic is back. */
  readonly afterRestore: readonly Change[]
}

/** What is asked of whom. */
export interface Questions {
  /** The new color itself, from where it runs. */
  readonly next: Question
  /** The new color from where Nginx runs, at the address that Nginx uses. Absent where `next` is just that. */
  readonly nextFromProxy?: Question
  /** The previous color itself. */
  readonly previous: Question
  /** The public route, wanting the new version. Absent: there is none that can be asked. */
  readonly route?: Question
  /** How the public route answered before the release, where what is wanted of it does not name the version. */
  readonly routeSeen?: readonly Answered[]
  /** The public route, wanting what was live before. Absent as well where it failed before. */
  readonly routeBefore?: Question
}

/** What moves traffic to the new color. */
export function flip({ router, from, to, version, previous }: Plan): readonly Change[] {
  const versions = { next: version, ...(previous?.version !== undefined && { previous: previous.version }) }
  return router.change(allTo(from), allTo(to), versions)
}

/** What was found, and what will be done, for the person who watches. */
export function planSentence({ command, version, from, to, previous, router }: Plan): string {
  const live =
    previous === undefined
      ? `Nothing is live: ${router.name} sends traffic to ${from}, where nothing answers.`
      : `${previous.version ?? 'An unknown version'} on ${from} is live.`
  const moves = command === 'rollback' ? `${version} comes back on ${to}` : `${version} goes to ${to}`
  return `${live} ${moves}; the flip is a ${router.how}.`
}
