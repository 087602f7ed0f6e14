import type { Notice } from '../base/notice.ts'
import { type LedgerEntry, releaseOfImage } from '../custody/ledger.ts'
import { claimStateDirectory } from '../custody/state-directory.ts'
import type { Count } from '../host/accepted.ts'
import type { HostName } from '../host/host.ts'
import { withPort } from '../host/target.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Ask, namesVersion } from '../judges/question.ts'
import { Refused } from '../release/conclusion.ts'
import { type Answered, type Color, forColor, otherThan, type Question, type Smoke } from '../release/model.ts'
import type { Hooks, Plan, Questions } from '../release/plan.ts'
import type { Side } from '../release/serving.ts'
import { type Answering, answerOf, howItAnswers } from '../release/sides.ts'
import type { Confirming, RouterFacts } from '../routers/router.ts'
import type { LiveSide } from '../runtimes/runtime.ts'
import type { Facts } from './facts.ts'
import { hooksOf } from './hooks.ts'
import { liveColor } from './live.ts'
import { colorQuestion, routeQuestion, servingQuestion } from './questions.ts'
import { planningNotices, planningRefusals } from './refusals.ts'
import { decideRollback } from './rollback.ts'
import type { OwnSurvey } from './survey.ts'

/** What planning needs: everything that was seen, and a way to ask the application itself. */
export interface Planning {
  readonly inputs: Inputs
  readonly survey: OwnSurvey
  readonly facts: Facts
  readonly host: HostName
  readonly ask: Ask
  /** Counts connections on the host. */
  readonly count: Count
  readonly signal: AbortSignal
}

/** A plan, and what a person should know before it is carried out. */
export interface Planned {
  readonly plan: Plan
  readonly notes: readonly Notice[]
  readonly warnings: readonly Notice[]
  /** The commits of what is live and of what goes live, where the ledger knows them. */
  readonly commits: { readonly live?: string; readonly next?: string }
}

/**
 * Asks Nginx which color is live, and both colors and the public route how they are; then decides. A rollback differs in
 * what is released, and in nothing else but values.
 * @throws Refused, with every reason why
 */
export async function planRelease(asked: Planning): Promise<Planned> {
  const { survey, facts } = asked
  const command = asked.inputs.command === 'rollback' ? 'rollback' : 'deploy'
  const router = facts.router.router(asked.ask)
  const from = await liveColor(router, asked.signal)
  const to = otherThan(from)
  const { side, notes, liveAnswers } = await whoServes(asked, from)
  const { previous } = side
  const { back, refused } = command === 'rollback' ? decisionToGoBack(asked, from, side) : {}
  const kept = { ...asked, inputs: keeping(asked.inputs, facts.router) }
  const planning = back ? { ...kept, inputs: ofVersion(kept.inputs, back.entry.version) } : kept
  const { inputs } = planning
  const { version } = inputs.application
  const route = await testedRoute(planning, from, side, liveAnswers)

  const seen = facts.router.memory
  const runtime = facts.runtime.plan({ inputs, ledger: survey.ledger, to, side, ...(back && { back }) })
  const plan: Plan = {
    command: inputs.command === 'rollback' ? 'rollback' : 'deploy',
    ...(back?.entry.commit !== undefined && { commit: back.entry.commit }),
    ...(refused !== undefined && { refused }),
    ...(seen !== undefined && { seen }),
    version,
    from,
    to,
    ...(previous && { previous }),
    ...foundLive(survey.ledger, from, side),
    runtime: runtime.runtime,
    router,
    prepare: claimStateDirectory(inputs.nginx.stateDirectory, targetOf(planning), survey.state),
    questions: {
      next: colorQuestion(planning, to, version),
      ...nextWhereItServes(planning, to),
      previous: colorQuestion(planning, from, previous?.version),
      ...(await routeQuestions(planning, version, previous, route.answers)),
    },
    health: { timeout: inputs.health.timeout, interval: inputs.health.interval },
    watch: inputs.watch,
    drain: inputs.after.drain,
    idleRuns: runtime.idleRuns,
    hooks: hooksFor(planning, from, to, previous?.version),
    ...smokeFor(planning, to),
  }
  const untested = untestedRoute(planning, from, previous && liveAnswers)
  // Before the first release there is nothing to be alarmed at.
  const alarming = survey.ledger.length > 0 || previous !== undefined
  const live = side.image === undefined ? undefined : releaseOfImage(survey.ledger, side.image)?.commit
  const next = back?.entry.commit
  return {
    plan,
    commits: { ...(live !== undefined && { live }), ...(next !== undefined && { next }) },
    notes: [
      ...(alarming ? [] : untested),
      ...notes,
      ...(back && inputs.application.uploads.length > 0 ? [planningNotices['upload-passed-over']()] : []),
      ...runtime.notes,
      ...facts.router.notes(route.answers?.server),
    ],
    warnings: [
      ...(facts.router.fault ? [facts.router.fault.notice] : []),
      ...(alarming ? untested : []),
      ...route.warnings,
      ...runtime.warnings,
    ],
  }
}

function nextWhereItServes(planning: Planning, to: Color): Pick<Questions, 'nextFromProxy'> {
  const question = servingQuestion(planning, to)
  return question === undefined ? {} : { nextFromProxy: question }
}

/** What is live and what no release put there: a rollback can lead back to it. */
function foundLive(ledger: readonly LedgerEntry[], color: Color, side: LiveSide): Pick<Plan, 'found'> {
  const { previous: { version } = {}, image, container, own } = side
  if (!own || version === undefined || image === undefined || container === undefined) return {}
  return releaseOfImage(ledger, image) === undefined ? { found: { version, color, image, container } } : {}
}

/** Asks both colors, and judges who sits where Nginx sends traffic and where the new color will be. */
async function whoServes(planning: Planning, from: Color) {
  const { survey, facts, ask, signal } = planning
  const to = otherThan(from)
  const [liveAnswers, idleAnswers] = await Promise.all([
    howItAnswers(colorQuestion(planning, from, undefined), ask, signal),
    howItAnswers(colorQuestion(planning, to, undefined), ask, signal),
  ])
  const [live, idle] = [liveAnswers.kind, idleAnswers.kind]
  const answering = from === 'blue' ? { blue: live, green: idle } : { blue: idle, green: live }
  const { addresses } = facts.router
  const assessed = facts.runtime.sides({ live: from, addresses, answering, ledger: survey.ledger })
  const { value: side } = assessed
  if (side === undefined) throw new Refused(assessed.refusals, { color: from })
  if (assessed.refusals.length > 0) throw new Refused(assessed.refusals, sideOf(from, side))
  const supposed = { live: from, answering, nothingLive: side.previous === undefined }
  const confirmed = await facts.router.confirm(confirmingBy(planning), supposed)
  // What the disk says is live may be just what is wrong.
  if (confirmed.refusals.length > 0) {
    throw new Refused(
      confirmed.refusals,
      confirmed.reaches === undefined ? {} : reachedSide(planning, confirmed.reaches),
    )
  }
  return { side, notes: [...assessed.notes, ...confirmed.notes], liveAnswers }
}

/** A color that requests reach, whatever the disk says, with the version of its container. */
function reachedSide({ survey, facts }: Planning, color: Color): Side {
  const { version } = facts.runtime.look(color, survey.ledger)
  return { color, ...(version !== undefined && { version }) }
}

/** How requests are sent through the router, and counted. */
export function confirmingBy(planning: Omit<Planning, 'survey'>): Confirming {
  const { facts, host, ask, count, signal } = planning
  const { addresses } = facts.router
  const callees = { blue: facts.runtime.callee(addresses.blue), green: facts.runtime.callee(addresses.green) }
  const route = routeQuestion(planning, undefined)
  return { ...(route && { route }), callees, host, ask, count, signal }
}

/**
 * What to go back to, and what is taken away by it.
 * @throws Refused where that is impossible
 */
export function decisionToGoBack(
  { inputs, survey, facts }: Pick<Planning, 'inputs' | 'survey' | 'facts'>,
  from: Color,
  side: LiveSide,
) {
  const to = otherThan(from)
  const recorded = facts.runtime.recorded(to, facts.router.addresses[to])
  // If it does not answer any more, it is still what is taken away.
  const live = side.image ?? recorded.live ?? survey.ledger.findLast(({ color }) => color === from)?.image
  const wanted = inputs.application.version
  const decision = decideRollback({
    ledger: survey.ledger,
    to,
    recorded,
    ...(live !== undefined && { live }),
    ...(wanted !== '' && { wanted }),
    neverPull: inputs.application.pull === 'never',
  })
  if (decision.kind === 'back') return { back: decision, ...(live !== undefined && { refused: live }) }
  throw new Refused([decision.refusal], sideOf(from, side))
}

/** The previous color goes on running where the router needs it, whatever was asked for. */
export function keeping(inputs: Inputs, { keeps }: Pick<RouterFacts, 'keeps'>): Inputs {
  return keeps ? { ...inputs, after: { ...inputs.after, previous: 'keep' } } : inputs
}

/** Migrations of that version ran when it was released first. */
function ofVersion(inputs: Inputs, version: string): Inputs {
  const { beforeStart: _, ...hooks } = inputs.hooks
  return { ...inputs, application: { ...inputs.application, version }, hooks }
}

/** What serves; nothing where nothing answers. */
export function sideOf(color: Color, { previous }: LiveSide): Side {
  if (previous === undefined) return {}
  return { color, ...(previous.version !== undefined && { version: previous.version }) }
}

/**
 * The public route must pass now, where the live color is well: else it could not judge a deploy. A rollback may be there
 * to mend just that.
 */
async function testedRoute(
  planning: Planning,
  from: Color,
  side: LiveSide,
  live: Answering,
): Promise<{ readonly answers?: Answering; readonly warnings: readonly Notice[] }> {
  const { previous } = side
  const question = routeQuestion(planning, previous?.version)
  if (question === undefined) return { warnings: [planningNotices['route-unknown']()] }
  // Asked where nothing is live too: any answer says which Nginx this is.
  const answers = await howItAnswers(question, planning.ask, planning.signal)
  if (previous === undefined || live.kind !== 'well' || answers.kind === 'well') return { answers, warnings: [] }
  if (planning.inputs.command === 'rollback') {
    return { answers, warnings: [planningNotices['route-fails-already'](answers.why)] }
  }
  const closed = answers.kind === 'silent' || (answers.status >= 400 && answers.status < 500)
  const unusable = planningRefusals[closed ? 'route-refuses' : 'route-unusable'](answers.why)
  throw new Refused([unusable], sideOf(from, side))
}

/** What is asked of the public route in a release. */
async function routeQuestions(
  planning: Planning,
  version: string,
  previous: LiveSide['previous'],
  answers: Answering | undefined,
): Promise<Pick<Questions, 'route' | 'routeSeen' | 'routeBefore'>> {
  const [route, before] = [routeQuestion(planning, version), routeQuestion(planning, previous?.version)]
  if (route === undefined || before === undefined || answers === undefined) return {}
  return {
    route,
    ...(!namesVersion(planning.inputs.route.match) && { routeSeen: await seenBefore(planning, before, answers) }),
    ...(previous && answers.kind === 'well' && { routeBefore: before }),
  }
}

/** The public route twice more: what changes by itself proves nothing when it changes with the flip. */
async function seenBefore(
  { ask, signal }: Planning,
  question: Question,
  answers: Answering,
): Promise<readonly Answered[]> {
  if (answers.kind !== 'well') return []
  const asked = () => answerOf(question, ask, 5000, signal)
  const both = [await asked(), await asked()]
  return both.flatMap((each) => (typeof each === 'string' ? [] : [each]))
}

/** Where the live color is down itself the public route says nothing, and the release goes out all the same. */
function untestedRoute({ facts }: Planning, from: Color, live: Answering | undefined): readonly Notice[] {
  if (live?.kind === 'well' || facts.router.route === undefined) return []
  const at = `${from} (${withPort(facts.router.addresses[from].host, facts.router.addresses[from].port)})`
  return [live ? planningNotices['live-not-well'](at, live.why) : planningNotices['nothing-live'](at)]
}

function targetOf({ inputs, facts }: Planning) {
  return { upstream: inputs.nginx.upstream, project: facts.runtime.project }
}

function hooksFor({ inputs, host }: Planning, from: Color, to: Color, previousVersion = ''): Hooks {
  const { version, versionVariable } = inputs.application
  const variables = {
    COMMAND: inputs.command,
    COLOR: to,
    VERSION: version,
    [forColor(versionVariable, to)]: version,
    PREVIOUS_COLOR: from,
    PREVIOUS_VERSION: previousVersion,
  }
  return hooksOf(inputs.hooks, inputs.application.directory, host, variables, inputs.hooks.timeout)
}

function smokeFor({ inputs, facts, host }: Planning, to: Color): { readonly smoke?: Smoke } {
  const { smokeTest: command, timeout: deadline } = inputs.hooks
  if (command === undefined) return {}
  const variables = { COLOR: to, VERSION: inputs.application.version }
  return { smoke: { command, from: host, address: facts.router.addresses[to], variables, deadline } }
}
