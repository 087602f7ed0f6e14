import type { HostName, HttpAnswer, HttpRequest, Script } from '../host/host.ts'
import { type Shell, sh } from '../host/quote.ts'
import type { Reason } from './reasons.ts'

/** What can tell whether it is the new version that answers on the public route. */
export interface Sight {
  readonly version: string
  readonly color: Color
  /** The route as it answered before the flip: each time it was asked. */
  readonly before: readonly Answered[]
  /** Prints how many connections the new color accepted so far: see `saysAccepted`. */
  readonly accepted: Wait
}

/** What is compared of an answer. */
export type Answered = Pick<HttpAnswer, 'status' | 'headers' | 'body'>

export type Color = 'blue' | 'green'

export const COLORS: readonly Color[] = ['blue', 'green']

/** The other of the two. */
export function otherThan(color: Color): Color {
  return color === 'blue' ? 'green' : 'blue'
}

/** A text in which `{color}` stands for `blue` or `green`, and `{COLOR}` for `BLUE` or `GREEN`. */
export function forColor(text: string, color: Color): string {
  return text.replaceAll('{color}', color).replaceAll('{COLOR}', color.toUpperCase())
}

/** Whether a color is to stand in a text: see `forColor`. */
export function isForColor(text: string): boolean {
  return /\{color\}|\{COLOR\}/.test(text)
}

/** Percent of traffic by color; the two add up to 100. */
export type Split = Readonly<Record<Color, number>>

/** All traffic to one color: blue/green is a canary with one rung. */
export function allTo(color: Color): Split {
  return color === 'blue' ? { blue: 100, green: 0 } : { blue: 0, green: 100 }
}

/** The color that has all of it. @throws RangeError for shares: who can't send them must not round them. */
export function colorOfAll(split: Split): Color {
  const color = COLORS.find((each) => split[each] === 100 && split[otherThan(each)] === 0)
  if (color === undefined)
    throw new RangeError(`All traffic goes to one color here, and not ${split.blue} to ${split.green}.`)
  return color
}

/** What an answer must be. */
export interface Expectation {
  /** Ranges of status codes, both ends included. */
  readonly status: readonly (readonly [number, number])[]
  /** What the body must contain. */
  readonly match?: Match
}

export type Match =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: string }

/** The container of a service, whichever it is when it is asked. */
export interface ContainerName {
  readonly project: string
  readonly service: string
}

/** Where something listens: IPv6 without brackets. Where `container` is given, `host` is a name that only Nginx knows. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly container?: ContainerName
}

/** Where an address leads. @param written as the inputs take it: `host:port`, with brackets around an IPv6 address */
export function placeAt(written: string): Place {
  const { hostname, port } = new URL(`http://${written}`)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) || 80 }
}

/** One HTTP question, and who asks it. */
export interface Question {
  /** What is asked, in words: 'the public route https://example.org/health'. */
  readonly title: string
  readonly from: HostName | 'runner'
  /** Where `container` is given, the address is a name that only Nginx knows, and the container's own stands in for it. */
  readonly request: Omit<HttpRequest, 'timeout'>
  readonly container?: ContainerName
  /** Given with it: ends with 0 while that container runs, for a host that is alone. */
  readonly runs?: Shell
  readonly expect: Expectation
}

/** Each question, asked again until it was answered well so often in a row; the deadline is for all tries together. */
export interface Probe {
  readonly questions: readonly Question[]
  readonly successes: number
  /** Milliseconds: the longest pause between two tries; the first ones come faster. */
  readonly interval: number
  /** Milliseconds between two good answers, where that is less than between tries. */
  readonly spacing?: number
  /** Milliseconds. */
  readonly deadline: number
}

/**
 * Runs beside a check on a host, and ends at once when the check can no longer succeed.
 * Exit 0: its time passed and nothing happened. Exit 9: what it prints says what happened.
 */
export interface ExitWatch {
  readonly on: HostName | 'all apps'
  readonly script: Script
}

/**
 * Something to wait for or to judge. `whose` is asked when it failed: if what was started is not there any more, that is
 * why.
 */
export type Test =
  | {
      readonly kind: 'until'
      readonly probe: Probe
      /** Of the public route, where what is wanted of it does not name the version. */
      readonly sight?: Sight
      readonly exitWatch?: ExitWatch
      readonly whose?: Wait
      readonly reason: CheckReason
    }
  | {
      readonly kind: 'hold'
      readonly questions: readonly Question[]
      /** Milliseconds. */
      readonly duration: number
      /** Milliseconds between two rounds of questions. */
      readonly interval: number
      /** So many failures of one question in a row end it. */
      readonly failures: number
      readonly exitWatch?: ExitWatch
      /** Asked on the proxy host in each round: nobody else may have sent requests there. */
      readonly spares?: Spared
      readonly whose?: Wait
      readonly reason: CheckReason
    }
  /** Scripts that wait by themselves and end with 0 in any case; what they print last is told. */
  | { readonly kind: 'drain'; readonly waits: readonly Wait[] }
  /** The user's own tests, run on the runner with a way to the idle color. */
  | { readonly kind: 'smoke'; readonly smoke: Smoke; readonly whose?: Wait }

/** Something that a host waits for, or finds out, by itself. */
export interface Wait {
  readonly on: HostName | 'all apps' | 'all proxies'
  readonly script: Script
}

/** A command for the runner's shell, and the application that it may ask at `BASE_URL`. */
export interface Smoke {
  readonly command: string
  readonly from: HostName
  readonly address: Place
  readonly variables: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly deadline: number
}

/** What the outcome calls a check that failed. */
export type CheckReason = 'not-healthy' | 'not-proven' | 'flip-without-effect' | 'public-route-failed' | 'watch-failed'

/** What a change comes to, for who reads a plan: never a secret, and nothing of what `.env` holds. */
export interface Effect {
  readonly does: string
  readonly undoes?: string
  readonly files?: readonly FileEffect[]
}

/** What becomes of a file, as far as it is known before. */
export type FileEffect =
  | {
      readonly kind: 'lines'
      readonly path: string
      readonly lines: readonly { readonly from: string; readonly to: string }[]
      /** SHA-256. */
      readonly before: string
      readonly after: string
    }
  /** A dotenv file of which only these variables are set. */
  | { readonly kind: 'variables'; readonly path: string; readonly names: readonly string[]; readonly before?: string }
  | { readonly kind: 'whole'; readonly path: string; readonly before?: string; readonly after: string }
  | { readonly kind: 'renamed'; readonly path: string; readonly to: string }

/** One change, as plain data. `undo` is idempotent, safe after a half-finished `do`, and uses only what was known before it. */
export interface Change {
  readonly kind: 'change'
  /**
   * `prepare` comes before the flip; `traffic` moves requests, and is all that the guard undoes; `retire` comes after
   * the confirmation, only warns, and is never undone.
   */
  readonly phase: 'prepare' | 'traffic' | 'retire'
  readonly title: string
  readonly on: HostName | 'all apps' | 'all proxies'
  readonly do: Script
  /** What the outcome calls it when `do` fails. */
  readonly reason: Reason
  /** The service or image that it works on, for the sentence that explains a failure. */
  readonly subject?: string
  readonly undo?: Script
  readonly effect?: Effect
  /** A hook: its effects stay, and the report says so. */
  readonly irreversible?: true
  /** Nothing depends on its undo: where that fails it is told, and undoing goes on. */
  readonly bestEffort?: true
  /** Tried again so often after a pause in milliseconds, unless what it printed matches this pattern. */
  readonly retry?: { readonly times: number; readonly pause: number; readonly unless: string }
  /** How a person at the host would undo it: for the report, where undoing failed. */
  readonly manualUndo?: string
  /** What must be seen after `do`. */
  readonly proof?: Test
  /** What must be seen after `undo`. */
  readonly undoProof?: Test
  /** It stops, removes or recreates this color, and never does so while requests go there. */
  readonly spares?: Spared
  /** Where this moves traffic: asks on the host whether requests go to the color that it comes from, and to the other. */
  readonly holds?: { readonly previous: Spared; readonly next: Spared }
  /** Where this moves traffic: the two ends, so that undoing never moves it to a color that does not answer. */
  readonly endpoints?: { readonly previous: Question; readonly next: Question }
}

/** A color to which requests may go by somebody else's hand, and how a host is asked whether they do. */
export interface Spared {
  readonly color: Color
  /** See `Router.holds`. */
  readonly holds: Shell
  /** After the confirmation: records under the lock that others put requests back. */
  readonly found?: Shell
  /** The color was stopped before: starts it again when requests go there. */
  readonly wakes?: Shell
}

/** For a change that has only an undo. */
export const NOOP: Script = { shell: sh``, deadline: 0 }

/** Something to wait for or to judge: changes nothing. */
export interface Check {
  readonly kind: 'check'
  readonly title: string
  readonly test: Test
}

/** From here on the release stands: custody decides it once. */
export interface Confirm {
  readonly kind: 'confirm'
  readonly title: string
}

export type Item = Change | Check | Confirm
