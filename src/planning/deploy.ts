import { claimStateDirectory } from '../custody/state-directory.ts'
import type { HostName } from '../host/host.ts'
import type { Inputs } from '../inputs.ts'
import { Refused, type Side } from '../release/conclusion.ts'
import type { Hooks, Plan } from '../release/plan.ts'
import type { Ask } from '../release/question.ts'
import { Failure } from '../release/reasons.ts'
import { type Answering, howItAnswers } from '../release/sides.ts'
import { type Color, otherThan, type Smoke } from '../release/words.ts'
import { reloadNote } from '../routers/nginx-reload-assessment.ts'
import { writtenAddress } from '../runtimes/compose-address.ts'
import { hooksOf } from '../runtimes/compose-hooks.ts'
import { assessColors, type LiveSide } from '../runtimes/compose-live.ts'
import type { Ground } from './ground.ts'
import { liveColor } from './live.ts'
import { colorQuestion, routeQuestion } from './questions.ts'
import { runtimeFor } from './runtime.ts'
import { composeTarget, type Survey } from './survey.ts'

/** What planning needs: everything that was seen, and a way to ask the application itself. */
export interface Planning {
  readonly inputs: Inputs
  readonly survey: Survey
  readonly ground: Ground
  readonly host: HostName
  readonly ask: Ask
  readonly signal: AbortSignal
}

/** A plan, and what a person should know before it is carried out. */
export interface Planned {
  readonly plan: Plan
  readonly notes: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Asks Nginx which color is live, and both colors and the public route how they are; then decides.
 * @throws Refused, with every reason why
 */
export async function planDeploy(planning: Planning): Promise<Planned> {
  const { inputs, survey, ground } = planning
  const { version } = inputs.application
  const router = ground.nginx.router(planning.ask)
  const from = await liveColor(router, survey, planning.signal)
  const to = otherThan(from)
  const { side, notes, liveAnswers } = await whoServes(planning, from)
  const { previous } = side
  const routeAnswers = await testedRoute(planning, from, side, liveAnswers)

  const runtime = runtimeFor(inputs, survey, ground, to, side)
  const plan: Plan = {
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
      ...(previous && routeAnswers.kind === 'well' && { routeBefore: routeQuestion(planning, previous.version) }),
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
  const reload = router.how === 'reload' && ground.nginx.configuration
  return {
    plan,
    notes: [
      ...(alarming ? [] : untested),
      ...notes,
      ...runtime.notes,
      ...(reload ? [reloadNote(reload, routeAnswers.server)] : []),
    ],
    warnings: [...(alarming ? untested : []), ...runtime.warnings],
  }
}

/** Asks both colors, and judges who sits where Nginx sends traffic and where the new color will be. */
async function whoServes(planning: Planning, from: Color) {
  const { inputs, survey, ground, ask, signal } = planning
  const to = otherThan(from)
  const [liveAnswers, idleAnswers] = await Promise.all([
    howItAnswers(colorQuestion(planning, from, undefined), ask, signal),
    howItAnswers(colorQuestion(planning, to, undefined), ask, signal),
  ])
  const [live, idle] = [liveAnswers.kind, idleAnswers.kind]
  const assessed = assessColors(ground.compose, {
    live: from,
    service: inputs.application.service,
    addresses: ground.nginx.addresses,
    answering: from === 'blue' ? { blue: live, green: idle } : { blue: idle, green: live },
    ledger: survey.ledger,
  })
  if (assessed.value === undefined) throw new Refused(assessed.refusals, { color: from })
  return { side: assessed.value, notes: assessed.notes, liveAnswers }
}

/** The public route must pass now, where the live color is well: else it could not judge a release. */
async function testedRoute(
  planning: Planning,
  from: Color,
  { previous }: LiveSide,
  live: Answering,
): Promise<Answering> {
  // Asked where nothing is live too: any answer says which Nginx this is.
  const answers = await howItAnswers(routeQuestion(planning, previous?.version), planning.ask, planning.signal)
  if (previous === undefined || live.kind !== 'well' || answers.kind === 'well') return answers
  const unusable = new Failure(
    'verify-unusable',
    `The public route cannot judge a release: the live color is well when asked directly, and through Nginx it is not. ${answers.why}. Set \`verify-url\` (and \`verify-match\`) to what the application answers through Nginx.`,
  )
  const side: Side = { color: from, ...(previous.version !== undefined && { version: previous.version }) }
  throw new Refused([unusable], side)
}

/** Where the live color is down itself the public route says nothing, and the release goes out all the same. */
function untestedRoute({ ground }: Planning, from: Color, live: Answering | undefined): readonly string[] {
  if (live?.kind === 'well') return []
  const at = `${from} (${writtenAddress(ground.nginx.addresses[from])})`
  const down = live ? `The live color ${at} is not well: ${live.why}.` : `Nothing answers at ${at}, the live color.`
  return [`${down} The public route was therefore not tested before the release.`]
}

function targetOf({ inputs, ground }: Planning) {
  return { upstream: inputs.nginx.upstream, project: ground.compose.project.name }
}

function hooksFor({ inputs, host }: Planning, from: Color, to: Color, previousVersion = ''): Hooks {
  const { version, versionVariable } = inputs.application
  const variables = {
    COMMAND: 'deploy',
    COLOR: to,
    VERSION: version,
    [versionVariable]: version,
    PREVIOUS_COLOR: from,
    PREVIOUS_VERSION: previousVersion,
  }
  return hooksOf(inputs.hooks, composeTarget(inputs), host, variables, inputs.hooks.timeout)
}

function smokeFor({ inputs, ground, host }: Planning, to: Color): { readonly smoke?: Smoke } {
  const { smokeTest: command, timeout: deadline } = inputs.hooks
  if (command === undefined) return {}
  const variables = { COLOR: to, VERSION: inputs.application.version }
  return { smoke: { command, from: host, address: ground.nginx.addresses[to], variables, deadline } }
}
