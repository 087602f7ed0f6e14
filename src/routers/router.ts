import type { Notice } from '../base/notice.ts'
import type { StateDirectory } from '../custody/state-directory.ts'
import type { Count } from '../host/accepted.ts'
import type { HostName } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Ask } from '../judges/question.ts'
import type { Assessment } from '../release/assessment.ts'
import type { Change, Color, Place, Question, Split, Wait } from '../release/model.ts'
import type { Failure } from '../release/reasons.ts'
import type { Answering, Callee, ColorServices, Said } from '../runtimes/runtime.ts'

/** Where traffic goes, as the running router says itself. */
export type Live =
  | { readonly kind: 'color'; readonly color: Color }
  /** It does not answer, or does not know this target. */
  | { readonly kind: 'absent'; readonly refusal: Failure }
  /** What it says fits neither color, or its parts disagree. */
  | { readonly kind: 'foreign'; readonly refusal: Failure }

/** What is released, and what was live, if that is known. */
export interface Versions {
  readonly next: string
  readonly previous?: string
}

/** What sends traffic to the colors. Its changes are plain data; only `current` asks anything. */
export interface Router {
  /** Who sends the requests, for people: `Nginx`. */
  readonly name: string
  /** How it flips, as the end of a sentence: `switch`, of which it is said that the flip is a switch. */
  readonly how: string
  current(signal: AbortSignal): Promise<Live>
  /**
   * Asks the same on the proxy host itself, in a shell of its own: ends with 0 while requests go to this color, also when
   * only some do; with 1 when none do; with another code when that can't be told. Prints what it saw.
   */
  holds(color: Color): Shell
  /** Moves traffic. Each change is of the phase `traffic`, proves itself, and proves its undo. */
  change(from: Split, to: Split, versions: Versions): readonly Change[]
  /** Before a color is started: what would send requests to it by then, or was left by an earlier run. */
  prepare(to: Color): readonly Change[]
  /** After the confirmation: what was only for the time of the watch. */
  finalize(): readonly Change[]
  /** Once this color, the previous one, was stopped: what was only for the time in which both ran. */
  retired(color: Color): readonly Change[]
  /** Waits, at most so many milliseconds, until no request that may still go to this color is in flight. */
  drain(color: Color, duration: number): readonly Wait[]
}

/** What the router sends along with a request: a color that is asked directly gets the same. */
export interface SentHeaders {
  /** `Host`. */
  readonly host?: string
  /** `X-Forwarded-Proto`. */
  readonly scheme?: 'http' | 'https'
}

/** How requests are sent through the router, and counted where they arrive. */
export interface Confirming {
  /** The public route, whatever it answers; absent: there is none that can be asked. */
  readonly route?: Question
  readonly callees: Readonly<Record<Color, Callee>>
  readonly host: HostName
  readonly ask: Ask
  readonly count: Count
  readonly signal: AbortSignal
}

/** What is known of the colors by now. */
export interface Supposed {
  /** The live color, as the router says. */
  readonly live: Color
  readonly answering: Readonly<Record<Color, Answering>>
  /** Nothing answers there, and nothing of it runs. */
  readonly nothingLive: boolean
}

/** Whether requests go where the router says. */
export interface Confirmed {
  readonly refusals: readonly Failure[]
  readonly notes: readonly Notice[]
  /** The color that requests reach, if the router says the other one. */
  readonly reaches?: Color
}

/** A router that can flip this target. */
export interface RouterFacts {
  router(ask: Ask): Router
  /** Where it reaches each color, and the same as its host can ask it. */
  readonly addresses: Readonly<Record<Color, Place>>
  /** The public route, whose match is added for each version; absent: none is known, and what the router says is the proof. */
  readonly route?: Question
  readonly sent: SentHeaders
  /** Whether what it says is what it does: asked only as far as that is in doubt. */
  confirm(confirming: Confirming, supposed: Supposed): Promise<Confirmed>
  /** What a person should know of its flip. @param server what the public route says of itself */
  notes(server: string | undefined): readonly Notice[]
  /** What it changes may be lost, and then requests go to the previous color again: that goes on running. */
  readonly keeps?: true
  /** One line for a rollback that cannot see the router by then. */
  readonly memory?: string
  /** Why it is taken for what it was, if it cannot be seen. */
  readonly fault?: Failure
}

/** What judging a router needs to know. */
export interface RouterContext {
  readonly host: HostName
  readonly inputs: Inputs
  readonly state: StateDirectory
  readonly services: ColorServices
}

/** What was seen of a router by the questions of its adapter. */
export interface RouterSeen {
  /** Another target, of which no lease is held here, seems to be in the middle of its flip. */
  readonly changing: boolean
  assess(context: RouterContext): Assessment<RouterFacts>
}

/** A kind of router: what it asks, and what it makes of the answers. */
export interface RouterAdapter {
  readonly name: string
  /** Parts of the one script by which a host is asked for everything, and what comes before them. */
  questions(inputs: Inputs): { readonly before: Shell; readonly parts: Readonly<Record<string, Shell>> }
  /** @throws Error with a sentence, if the answers cannot be read */
  read(said: Said, state: StateDirectory): RouterSeen
}
