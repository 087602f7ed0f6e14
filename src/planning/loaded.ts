import type { Notice } from '../base/notice.ts'
import type { Count } from '../host/accepted.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Ask } from '../judges/question.ts'
import { COLORS, type Color, otherThan } from '../release/model.ts'
import type { Failure } from '../release/reasons.ts'
import { answerOf } from '../release/sides.ts'
import type { Loaded } from '../routers/nginx/observe/loaded.ts'
import type { Answering } from '../runtimes/compose/assess/live.ts'
import { type Container, type Occupant, occupantAt } from '../runtimes/compose/observe/containers.ts'
import type { Facts } from './facts.ts'
import { routeQuestion } from './questions.ts'
import { type Counted, countedBetween, type Reached, type Round, reachedBy } from './reached.ts'
import { planningNotices, planningRefusals } from './refusals.ts'

/** Requests of one round, and rounds: a health check may come in one of them. */
const REQUESTS = 4
const ROUNDS = 2
/** Milliseconds for one of them. */
const TIMEOUT = 5000
/** Files that are named. */
const NAMED = 40

/** What is asked, and of whom. */
export interface Confirming {
  readonly inputs: Inputs
  readonly facts: Facts
  readonly host: string
  readonly ask: Ask
  readonly count: Count
  readonly signal: AbortSignal
}

/** What is known of the colors by now. */
export interface Supposed {
  /** The live color, as the router says. */
  readonly live: Color
  readonly answering: Readonly<Record<Color, Answering>>
  /** Nothing answers there, and no container of it runs. */
  readonly nothingLive: boolean
  readonly how: 'switch' | 'reload'
}

/** What came of it. */
export interface Confirmed {
  readonly refusals: readonly Failure[]
  readonly notes: readonly Notice[]
  /** The color that requests reach, where the disk says the other one. */
  readonly reaches?: Color
}

/**
 * Whether requests go where the configuration on disk says. It costs requests through Nginx only when files and
 * processes leave that open, or when they say that nothing is live while the other color runs.
 */
export async function confirmLoaded(confirming: Confirming, supposed: Supposed): Promise<Confirmed> {
  const { facts, inputs, host } = confirming
  const { loaded } = facts.nginx
  if (loaded === undefined) return { refusals: [], notes: [] }
  const occupants = occupantsOf(facts)
  const contradicts = supposed.nothingLive && containerOf(occupants[otherThan(supposed.live)]) !== undefined
  // A switch says itself which color it chooses: only a configuration that was changed makes that doubtful.
  const told = loaded.kind === 'loaded' || (loaded.kind === 'supposed' && supposed.how === 'switch')
  const reached = told && !contradicts ? undefined : await countRequests(confirming, occupants)
  return judgeReached({ loaded, reached, ...supposed, host, command: inputs.nginx.command ?? 'nginx' })
}

/** What is judged. */
export interface Judged extends Supposed {
  readonly loaded: Loaded
  /** Absent: it was not counted. */
  readonly reached: Reached | undefined
  readonly host: string
  /** That runs Nginx. */
  readonly command: string
}

/** A decision over what was seen: a release goes on when the connections agree with the disk. */
export function judgeReached(seen: Judged): Confirmed {
  const { loaded, reached, live, answering, nothingLive, how, host, command } = seen
  const other = otherThan(live)
  const pass = (...notes: readonly Notice[]): Confirmed => ({ refusals: [], notes })
  const files = loaded.kind === 'changed-since' ? loaded.files : loaded.kind === 'loaded' ? loaded.touched : []
  const along = how === 'reload' ? ', and the reload of this release loads that' : ''
  const changed = `${named(files)} changed since`
  if (reached?.kind === 'color' && reached.color === other) {
    const since = files.length > 0 || loaded.kind === 'changed-since' ? `${changed}; the` : 'The'
    const refusals = [planningRefusals['not-loaded-and-elsewhere'](host, since, live, other)]
    return { refusals, notes: [], reaches: other }
  }
  switch (loaded.kind) {
    case 'loaded':
      if (files.length === 0) return pass()
      return pass(planningNotices['changed-alike'](changed, along))
    case 'not-running':
      return pass()
    case 'supposed':
    case 'unknown':
      if (reached?.kind === 'color') return pass()
      // A first release, after the reload that brought the configuration.
      if (loaded.kind === 'supposed' && (how === 'switch' || (nothingLive && reached?.kind === 'neither')))
        return pass()
      return pass(planningNotices['not-proven-loaded'](loaded.why))
    case 'changed-since':
      if (reached?.kind === 'color') {
        return pass(planningNotices['changed-and-reached'](changed, along, live))
      }
      if (reached?.kind === 'neither' && nothingLive && answering[other] === 'silent') {
        return pass(planningNotices['changed-and-unreached'](changed, along))
      }
      return { refusals: [planningRefusals['not-loaded'](host, changed, unclear(reached), command)], notes: [] }
  }
}

function unclear(reached: Reached | undefined): string {
  return reached?.kind === 'unclear' ? reached.why : 'neither accepted a connection for the requests through Nginx'
}

function named(files: readonly string[]): string {
  if (files.length === 0) return 'Something in it'
  const more = files.length > NAMED ? `, and ${files.length - NAMED} more` : ''
  return `${files.slice(0, NAMED).join(', ')}${more}`
}

type Occupants = Readonly<Record<Color, Occupant>>

function occupantsOf({ compose, nginx }: Facts): Occupants {
  const of = (color: Color) => occupantAt(nginx.addresses[color], compose.containers, compose.project, compose.services)
  return { blue: of('blue'), green: of('green') }
}

function containerOf(occupant: Occupant): Container | undefined {
  return 'container' in occupant ? occupant.container : undefined
}

/** Asks through Nginx, and counts what each color accepts meanwhile. */
async function countRequests(confirming: Confirming, occupants: Occupants): Promise<Reached> {
  const { ask, count, signal } = confirming
  const question = routeQuestion(confirming, undefined)
  const ids = Object.fromEntries(
    COLORS.flatMap((color) => {
      const container = containerOf(occupants[color])
      return container === undefined ? [] : [[color, container.id]]
    }),
  )
  const rounds: Round[] = []
  let before = await count(ids)
  while (rounds.length < ROUNDS) {
    const each = Array.from({ length: REQUESTS }, () => answerOf(question, ask, TIMEOUT, signal))
    const answers = await Promise.all(each)
    const after = await count(ids)
    const of = (color: Color): Counted => {
      const occupant = occupants[color]
      if (occupant.kind === 'no container') return { kind: 'nobody' }
      if (occupant.kind === 'host network') return { kind: 'uncounted', why: `${color} has no network of its own` }
      return countedBetween(before.get(color), after.get(color))
    }
    const answered = answers.filter((answer) => typeof answer !== 'string').length
    rounds.push({ answered, colors: { blue: of('blue'), green: of('green') } })
    before = after
  }
  return reachedBy(rounds)
}
