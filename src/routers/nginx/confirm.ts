import type { Notice } from '../../base/notice.ts'
import { COLORS, type Color, otherThan } from '../../release/model.ts'
import { answerOf } from '../../release/sides.ts'
import type { Confirmed, Confirming, Supposed } from '../router.ts'
import type { Loaded } from './observe/loaded.ts'
import { type Counted, countedBetween, type Reached, type Round, reachedBy } from './reached.ts'
import { nginxNotices, nginxRefusals } from './refusals.ts'

/** Requests of one round, and rounds: a health check may come in one of them. */
const REQUESTS = 4
const ROUNDS = 2
/** Milliseconds for one of them. */
const TIMEOUT = 5000
/** Files that are named. */
const NAMED = 40

/**
 * Whether requests go where the configuration on disk says. It costs requests through Nginx only when files and
 * processes leave that open, or when they say that nothing is live while the other color runs.
 */
export async function confirmLoaded(
  { loaded, how, command }: Running,
  confirming: Confirming,
  supposed: Supposed,
): Promise<Confirmed> {
  if (loaded === undefined) return { refusals: [], notes: [] }
  const { callees, host } = confirming
  const contradicts = supposed.nothingLive && callees[otherThan(supposed.live)].kind === 'container'
  // A switch says itself which color it chooses: only a configuration that was changed makes that doubtful.
  const told = loaded.kind === 'loaded' || (loaded.kind === 'supposed' && how === 'switch')
  const reached = told && !contradicts ? undefined : await countRequests(confirming)
  return judgeReached({ loaded, reached, ...supposed, how, host, command })
}

/** The Nginx that runs. */
export interface Running {
  /** Absent: it could not be read. */
  readonly loaded: Loaded | undefined
  readonly how: 'switch' | 'reload'
  /** That runs Nginx. */
  readonly command: string
}

/** What is judged. */
export interface Judged extends Supposed, Running {
  readonly loaded: Loaded
  /** Absent: it was not counted. */
  readonly reached: Reached | undefined
  readonly host: string
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
    const refusals = [nginxRefusals['not-loaded-and-elsewhere'](host, since, live, other)]
    return { refusals, notes: [], reaches: other }
  }
  switch (loaded.kind) {
    case 'loaded':
      if (files.length === 0) return pass()
      return pass(nginxNotices['changed-alike'](changed, along))
    case 'not-running':
      return pass()
    case 'supposed':
    case 'unknown':
      if (reached?.kind === 'color') return pass()
      // A first release, after the reload that brought the configuration.
      if (loaded.kind === 'supposed' && (how === 'switch' || (nothingLive && reached?.kind === 'neither')))
        return pass()
      return pass(nginxNotices['not-proven-loaded'](loaded.why))
    case 'changed-since':
      if (reached?.kind === 'color') {
        return pass(nginxNotices['changed-and-reached'](changed, along, live))
      }
      if (reached?.kind === 'neither' && nothingLive && answering[other] === 'silent') {
        return pass(nginxNotices['changed-and-unreached'](changed, along))
      }
      return { refusals: [nginxRefusals['not-loaded'](host, changed, unclear(reached), command)], notes: [] }
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

/** Asks through Nginx, and counts what each color accepts meanwhile. */
async function countRequests({ route, callees, ask, count, signal }: Confirming): Promise<Reached> {
  if (route === undefined) return { kind: 'unclear', why: 'there is no public route to ask' }
  const ids = Object.fromEntries(
    COLORS.flatMap((color) => {
      const callee = callees[color]
      return callee.kind === 'container' ? [[color, callee.id]] : []
    }),
  )
  const rounds: Round[] = []
  let before = await count(ids)
  while (rounds.length < ROUNDS) {
    const each = Array.from({ length: REQUESTS }, () => answerOf(route, ask, TIMEOUT, signal))
    const answers = await Promise.all(each)
    const after = await count(ids)
    const of = (color: Color): Counted => {
      const callee = callees[color]
      if (callee.kind === 'nobody') return callee
      if (callee.kind === 'uncounted') return { kind: 'uncounted', why: `${color} has no network of its own` }
      return countedBetween(before.get(color), after.get(color))
    }
    const answered = answers.filter((answer) => typeof answer !== 'string').length
    rounds.push({ answered, colors: { blue: of('blue'), green: of('green') } })
    before = after
  }
  return reachedBy(rounds)
}
