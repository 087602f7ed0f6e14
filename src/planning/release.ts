import type { Notice } from '../base/notice.ts'
import { releaseOfImage } from '../custody/ledger.ts'
import { claimStateDirectory } from '../custody/state-directory.ts'
import type { Count } from '../host/accepted.ts'
import type { HostName } from '../host/host.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Ask, namesVersion } from '../judges/question.ts'
import { Refused } from '../release/conclusion.ts'
import { type Color, otherThan, type Smoke } from '../release/model.ts'
import type { Hooks, Plan } from '../release/plan.ts'
import type { Side } from '../release/serving.ts'
import { type Answering, answerOf, howItAnswers } from '../release/sides.ts'
import type { Answered } from '../release/sight.ts'
import { reloadNote } from '../routers/nginx/reload/assessment.ts'
import { rememberSwitch } from '../routers/nginx/switch/memory.ts'
import type { Router } from '../routers/router.ts'
import { assessColors, type LiveSide, versionOf } from '../runtimes/compose/assess/live.ts'
import { hooksOf } from '../runtimes/compose/change/hooks.ts'
import { colorService, writtenAddress } from '../runtimes/compose/observe/address.ts'
import { colorContainer, fitsStill } from '../runtimes/compose/observe/containers.ts'
import { imageFor } from '../runtimes/compose/observe/image.ts'
import type { Facts } from './facts.ts'
import { liveColor } from './live.ts'
import { confirmLoaded } from './loaded.ts'
import { colorQuestion, routeQuestion } from './questions.ts'
import { planningNotices, planningRefusals } from './refusals.ts'
import { decideRollback } from './rollback.ts'
import { runtimeFor } from './runtime.ts'
import { composeTarget, type Survey } from './survey.ts'

/** What planning needs: everything that was seen, and a way to ask the application itself. */
export interface Planning {
  readonly inputs: Inputs
  readonly survey: Survey
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
  const router = facts.nginx.router(asked.ask)
  const from = await liveColor(router, survey, asked.signal)
  const to = otherThan(from)
  const { side, notes, liveAnswers } = await whoServes(asked, from, router.how)
  const { previous } = side
  const { back, refused } = command === 'rollback' ? decisionToGoBack(asked, from, side) : {}
  const planning = back ? { ...asked, inputs: ofVersion(asked.inputs, back.entry.version) } : asked
  const { inputs } = planning
  const { version } = inputs.application
  const route = await testedRoute(planning, from, side, liveAnswers)

  const seen = rememberSwitch(facts.nginx, facts.route)
  const runtime = runtimeFor(inputs, survey, facts, to, side, back)
  const plan: Plan = {
    command: inputs.command === 'rollback' ? 'rollback' : 'deploy',
    ...(back?.entry.commit !== undefined && { commit: back.entry.commit }),
    ...(refused !== undefined && { refused }),
    ...(seen !== undefined && { seen }),
    version,
    from,
    to,
    ...(previous && { previous }),
    runtime: runtime.runtime,
    router,
    prepare: claimStateDirectory(inputs.nginx.stateDirectory, targetOf(planning), survey.state),
    questions: {
      next: colorQuestion(planning, to, version),
      previous: colorQuestion(planning, from, previous?.version),
      route: routeQuestion(planning, version),
      ...(!namesVersion(inputs.route.match) && {
        routeSeen: await seenBefore(planning, route.answers, previous?.version),
      }),
      ...(previous && route.answers.kind === 'well' && { routeBefore: routeQuestion(planning, previous.version) }),
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
  const reload = router.how === 'reload' && facts.nginx.configuration
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
      ...(reload ? [reloadNote(reload, route.answers.server)] : []),
    ],
    warnings: [
      ...(facts.nginx.fault ? [facts.nginx.fault.notice] : []),
      ...(alarming ? untested : []),
      ...route.warnings,
      ...runtime.warnings,
    ],
  }
}

/** Asks both colors, and judges who sits where Nginx sends traffic and where the new color will be. */
async function whoServes(planning: Planning, from: Color, how: Router['how']) {
  const { inputs, survey, facts, ask, signal } = planning
  const to = otherThan(from)
  const [liveAnswers, idleAnswers] = await Promise.all([
    howItAnswers(colorQuestion(planning, from, undefined), ask, signal),
    howItAnswers(colorQuestion(planning, to, undefined), ask, signal),
  ])
  const [live, idle] = [liveAnswers.kind, idleAnswers.kind]
  const assessed = assessColors(facts.compose, {
    live: from,
    service: inputs.application.service,
    addresses: facts.nginx.addresses,
    answering: from === 'blue' ? { blue: live, green: idle } : { blue: idle, green: live },
    ledger: survey.ledger,
  })
  const { value: side } = assessed
  if (side === undefined) throw new Refused(assessed.refusals, { color: from })
  if (assessed.refusals.length > 0) throw new Refused(assessed.refusals, sideOf(from, side))
  const confirmed = await confirmLoaded(planning, {
    live: from,
    answering: from === 'blue' ? { blue: live, green: idle } : { blue: idle, green: live },
    nothingLive: side.previous === undefined,
    how,
  })
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
  const { containers, project, services } = facts.compose
  const container = colorContainer(containers, project, services[color])?.container
  const version = container && versionOf(container, facts.compose, { ledger: survey.ledger, live: color })
  return { color, ...(version !== undefined && { version }) }
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
  const { project, services, containers } = facts.compose
  const to = otherThan(from)
  const last = colorContainer(containers, project, services[to])?.container
  const { places } = colorService(services[to], project.name)
  const at = facts.nginx.addresses[to]
  const idle = last && fitsStill(last, at, survey.images.networks, places) ? last : undefined
  // Where it does not answer any more, it is still what is taken away.
  const lying = colorContainer(containers, project, services[from])?.container.image
  const live = side.image ?? lying ?? survey.ledger.findLast(({ color }) => color === from)?.image
  const wanted = inputs.application.version
  const decision = decideRollback({
    ledger: survey.ledger,
    to,
    ...(live !== undefined && { live }),
    ...(idle && { idle }),
    images: survey.images,
    reference: (version) => imageFor(services[to].image ?? '', version),
    ...(wanted !== '' && { wanted }),
    neverPull: inputs.application.pull === 'never',
  })
  if (decision.kind === 'back') return { back: decision, ...(live !== undefined && { refused: live }) }
  throw new Refused([decision.refusal], sideOf(from, side))
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
): Promise<{ readonly answers: Answering; readonly warnings: readonly Notice[] }> {
  const { previous } = side
  // Asked where nothing is live too: any answer says which Nginx this is.
  const answers = await howItAnswers(routeQuestion(planning, previous?.version), planning.ask, planning.signal)
  if (previous === undefined || live.kind !== 'well' || answers.kind === 'well') return { answers, warnings: [] }
  if (planning.inputs.command === 'rollback') {
    return { answers, warnings: [planningNotices['route-fails-already'](answers.why)] }
  }
  const closed = answers.kind === 'silent' || (answers.status >= 400 && answers.status < 500)
  const unusable = planningRefusals[closed ? 'route-refuses' : 'route-unusable'](answers.why)
  throw new Refused([unusable], sideOf(from, side))
}

/** The public route twice more: what changes by itself proves nothing when it changes with the flip. */
async function seenBefore(
  planning: Planning,
  answers: Answering,
  version: string | undefined,
): Promise<readonly Answered[]> {
  if (answers.kind !== 'well') return []
  const asked = () => answerOf(routeQuestion(planning, version), planning.ask, 5000, planning.signal)
  const both = [await asked(), await asked()]
  return both.flatMap((each) => (typeof each === 'string' ? [] : [each]))
}

/** Where the live color is down itself the public route says nothing, and the release goes out all the same. */
function untestedRoute({ facts }: Planning, from: Color, live: Answering | undefined): readonly Notice[] {
  if (live?.kind === 'well') return []
  const at = `${from} (${writtenAddress(facts.nginx.addresses[from])})`
  return [live ? planningNotices['live-not-well'](at, live.why) : planningNotices['nothing-live'](at)]
}

function targetOf({ inputs, facts }: Planning) {
  return { upstream: inputs.nginx.upstream, project: facts.compose.project.name }
}

function hooksFor({ inputs, host }: Planning, from: Color, to: Color, previousVersion = ''): Hooks {
  const { version, versionVariable } = inputs.application
  const variables = {
    COMMAND: inputs.command,
    COLOR: to,
    VERSION: version,
    [versionVariable]: version,
    PREVIOUS_COLOR: from,
    PREVIOUS_VERSION: previousVersion,
  }
  return hooksOf(inputs.hooks, composeTarget(inputs), host, variables, inputs.hooks.timeout)
}

function smokeFor({ inputs, facts, host }: Planning, to: Color): { readonly smoke?: Smoke } {
  const { smokeTest: command, timeout: deadline } = inputs.hooks
  if (command === undefined) return {}
  const variables = { COLOR: to, VERSION: inputs.application.version }
  return { smoke: { command, from: host, address: facts.nginx.addresses[to], variables, deadline } }
}
