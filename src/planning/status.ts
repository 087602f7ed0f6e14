import type { Notice } from '../base/notice.ts'
import type { LedgerEntry } from '../custody/ledger.ts'
import type { CustodyState } from '../custody/standing.ts'
import type { Count } from '../host/accepted.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Ask } from '../judges/question.ts'
import { Refused } from '../release/conclusion.ts'
import { COLORS, type Color, otherThan } from '../release/model.ts'
import { Failure, sentenceOf } from '../release/reasons.ts'
import type { Side } from '../release/serving.ts'
import { type Answering, howItAnswers } from '../release/sides.ts'
import type { Confirmed } from '../routers/router.ts'
import type { LiveSide, RuntimeFacts } from '../runtimes/runtime.ts'
import { assessFacts, type Facts } from './facts.ts'
import { liveColor } from './live.ts'
import { colorQuestion, routeQuestion } from './questions.ts'
import { statusRefusals } from './refusals.ts'
import { confirmingBy, decisionToGoBack, keeping, sideOf } from './release.ts'
import type { Survey } from './survey.ts'

/** What is there, and what is wrong with it. */
export interface Status extends Situation {
  /** What serves now; empty where nothing does, or nobody knows. */
  readonly live: Side
  /** Where Nginx sends traffic, whether or not anything answers there; absent when that could not be told. */
  readonly goesTo?: Color
  readonly problems: readonly Failure[]
  readonly notes: readonly Notice[]
}

/** What is there, seen and asked just now. */
export interface Situation {
  /** The live one first, where it is known which one that is. */
  readonly colors: readonly ColorStatus[]
  /** How the public route answers; absent where it could not be asked. */
  readonly route?: string
  /** What a rollback would do. */
  readonly rollback?: string
  /** The newest first. */
  readonly releases: readonly LedgerEntry[]
  readonly custody: CustodyState
}

export interface ColorStatus {
  readonly color: Color
  readonly role: 'live' | 'idle' | 'unknown'
  readonly version?: string
  /** Of its container, in words. */
  readonly state: string
  readonly health: string
}

/** What a status is made from. */
export interface Looking {
  readonly inputs: Inputs
  readonly survey: Survey
  readonly host: string
  readonly ask: Ask
  /** Counts connections on the host. */
  readonly count: Count
  readonly signal: AbortSignal
}

/** Releases that are listed. */
const LISTED = 10

/** Sees how a target is. What is wrong is told, and never thrown, but for a connection that breaks. */
export async function statusOf(looking: Looking): Promise<Status> {
  const { inputs, survey, host } = looking
  const { custody } = survey
  const releases = survey.ledger.toReversed().slice(0, LISTED)
  const facts = assessFacts(survey, inputs, host)
  const always = { releases, custody }
  if (facts.value === undefined) {
    const { value } = survey.runtime.assess(host)
    const colors = value ? COLORS.map((color) => unasked(color, value, survey)) : []
    const problems = [...facts.refusals, ...abandoned(survey)]
    return { ...always, live: {}, colors, problems, notes: facts.notes }
  }
  const { fault } = facts.value.router
  const seen = await colorsOf(looking, facts.value)
  return {
    ...always,
    ...seen,
    problems: [...(fault ? [fault] : []), ...seen.problems, ...abandoned(survey)],
    notes: [...facts.notes, ...seen.notes],
  }
}

type Seen = Pick<Status, 'live' | 'goesTo' | 'colors' | 'route' | 'rollback' | 'problems' | 'notes'>

async function colorsOf(looking: Looking, facts: Facts): Promise<Seen> {
  const { survey, ask, signal, inputs, host } = looking
  const asked = { inputs, facts, host }
  const router = facts.router.router(ask)
  const live = await liveColor(router, signal).catch((cause: unknown) => {
    if (cause instanceof Failure) return cause
    throw cause
  })
  const answers = async (color: Color) => howItAnswers(colorQuestion(asked, color, undefined), ask, signal)
  const [blue, green] = await Promise.all([answers('blue'), answers('green')])
  const answering: Readonly<Record<Color, Answering>> = { blue, green }
  if (live instanceof Failure) {
    const colors = COLORS.map((color) => ({
      ...unasked(color, facts.runtime, survey),
      health: healthOf(answering[color]),
    }))
    return { live: {}, colors, problems: [live], notes: [] }
  }
  const kinds = { blue: blue.kind, green: green.kind }
  const { addresses } = facts.router
  const assessed = facts.runtime.sides({ live, addresses, answering: kinds, ledger: survey.ledger })
  const side = assessed.value ?? { own: false }
  const nothingLive = assessed.value !== undefined && side.previous === undefined
  const supposed = { live, answering: kinds, nothingLive }
  const confirmed = await facts.router.confirm(confirmingBy({ ...looking, facts }), supposed)
  const question = routeQuestion(asked, side.previous?.version)
  const route = question && (await howItAnswers(question, ask, signal))
  const last = survey.ledger.at(-1)
  const colors = [live, otherThan(live)].map((color): ColorStatus => {
    const { version, ...known } = unasked(color, facts.runtime, survey)
    const serves = color === live && side.previous !== undefined ? side.previous.version : version
    const role = color === live ? 'live' : 'idle'
    return { ...known, ...(serves !== undefined && { version: serves }), role, health: healthOf(answering[color]) }
  })
  return {
    live:
      confirmed.refusals.length > 0
        ? reaching(confirmed)
        : assessed.value
          ? sideOf(live, side)
          : unknownSide(live, answering[live]),
    ...(confirmed.refusals.length === 0 && { goesTo: live }),
    colors,
    ...(route && { route: healthOf(route) }),
    rollback: rollbackOf({ ...looking, facts }, live, side),
    problems: [
      ...assessed.refusals,
      ...confirmed.refusals,
      ...unwell(live, answering[live]),
      ...(route && answering[live].kind === 'well' ? unrouted(route) : []),
      // What a release in progress has put live is recorded when it is confirmed.
      ...(assessed.value && !survey.custody.busy ? unrecorded(survey.ledger, live, side) : []),
      ...facts.runtime.idleRuns({
        live,
        ...(last !== undefined && { confirmed: last.confirmed }),
        unsettled: survey.custody.busy || survey.custody.abandoned,
        previous: keeping(inputs, facts.router).after.previous,
      }),
    ],
    notes: [...assessed.notes, ...confirmed.notes, ...facts.runtime.staysDown(live)],
  }
}

function reaching({ reaches }: Confirmed): Side {
  return reaches === undefined ? {} : { color: reaches }
}

/** Something may serve there that is not this application's. */
function unknownSide(color: Color, { kind }: Answering): Side {
  return kind === 'silent' ? {} : { color }
}

function unasked(color: Color, runtime: RuntimeFacts, { ledger }: Survey): ColorStatus {
  return { color, role: 'unknown', health: 'not asked', ...runtime.look(color, ledger) }
}

function healthOf(answering: Answering): string {
  return answering.kind === 'well' ? 'well' : answering.why
}

function unwell(color: Color, answering: Answering): readonly Failure[] {
  if (answering.kind === 'well') return []
  return [statusRefusals['live-unwell'](color, answering.why)]
}

function unrouted(route: Answering): readonly Failure[] {
  if (route.kind === 'well') return []
  return [statusRefusals['route-fails'](route.why)]
}

function abandoned({ custody }: Survey): readonly Failure[] {
  if (!custody.abandoned) return []
  return [statusRefusals['left-behind'](custody.lease, custody.journal)]
}

/** What serves must be what was put live last. */
function unrecorded(ledger: readonly LedgerEntry[], live: Color, { image, previous }: LiveSide): readonly Failure[] {
  const last = ledger.at(-1)
  if (last === undefined || image === undefined || (last.image === image && last.color === live)) return []
  const serves = `${previous?.version ?? 'an unknown version'} on ${live}`
  return [statusRefusals['serves-unrecorded'](`${last.version} on ${last.color}`, serves, image.slice(0, 19))]
}

function rollbackOf(planning: Looking & { readonly facts: Facts }, live: Color, side: LiveSide): string {
  try {
    const { back } = decisionToGoBack(planning, live, side)
    return `${back.entry.version}, released ${back.entry.confirmed}`
  } catch (cause) {
    if (cause instanceof Refused) return sentenceOf(cause)
    throw cause
  }
}
