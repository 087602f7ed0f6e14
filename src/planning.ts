import { imagesOfOlder } from './custody/ledger.ts'
import { claimStateDirectory } from './custody/state-directory.ts'
import type { Ground } from './ground.ts'
import type { HostName } from './host/host.ts'
import type { Inputs } from './inputs.ts'
import type { Plan } from './release/plan.ts'
import { type Ask, forVersion } from './release/question.ts'
import { Failure } from './release/reasons.ts'
import { type Answering, howItAnswers } from './release/sides.ts'
import { type Color, otherThan, type Question } from './release/words.ts'
import type { Place } from './routers/nginx.ts'
import { reloadNote } from './routers/nginx-reload-assessment.ts'
import type { Router } from './routers/router.ts'
import { composeRuntime } from './runtimes/compose.ts'
import { publicWarnings, writtenAddress } from './runtimes/compose-address.ts'
import { colorContainer, isRunning } from './runtimes/compose-containers.ts'
import { dependencyPlan, hashedDependencies } from './runtimes/compose-dependencies.ts'
import { handRunNotes } from './runtimes/compose-hand-run.ts'
import { hooksOf } from './runtimes/compose-hooks.ts'
import { assessColors, type LiveSide } from './runtimes/compose-live.ts'
import type { ComposeService } from './runtimes/compose-project.ts'
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
 * @throws AggregateError of Failures where the release is refused.
 */
export async function planDeploy(planning: Planning): Promise<Planned> {
  const { inputs, survey, ground, ask, signal } = planning
  const router = ground.nginx.router(ask)
  const from = await liveColor(router, survey, signal)
  const to = otherThan(from)
  const { version } = inputs.application
  const { addresses } = ground.nginx

  const [fromAnswers, toAnswers] = await Promise.all([
    howItAnswers(colorQuestion(planning, from, undefined), ask, signal),
    howItAnswers(colorQuestion(planning, to, undefined), ask, signal),
  ])
  const kinds = { [from]: fromAnswers.kind, [to]: toAnswers.kind }
  const answering = { blue: kinds['blue'] ?? 'silent', green: kinds['green'] ?? 'silent' }
  const seen = { live: from, service: inputs.application.service, addresses, answering, ledger: survey.ledger }
  const colors = assessColors(ground.compose, seen)
  if (colors.value === undefined) throw new AggregateError(colors.refusals)
  const { previous } = colors.value

  const live = previous && (await judged(planning, colorQuestion(planning, from, previous.version)))
  const before = previous && routeFor(planning, previous.version)
  // Asked where nothing is live too: any answer says which Nginx this is.
  const routeAnswers = await howItAnswers(before ?? routeFor(planning, undefined), ask, signal)
  if (live?.kind === 'well' && routeAnswers.kind !== 'well') throw new AggregateError([unusableRoute(routeAnswers)])

  const questions = {
    next: colorQuestion(planning, to, version),
    nextFromProxy: colorQuestion(planning, to, version),
    previous: colorQuestion(planning, from, previous?.version),
    route: routeFor(planning, version),
    ...(routeAnswers.kind === 'well' && before && { routeBefore: before }),
  }
  const plain = { from, to, version, previousVersion: previous?.version ?? '' }
  const runtime = runtimeFor(planning, to, colors.value)
  const plan: Plan = {
    version,
    from,
    to,
    ...(previous && { previous }),
    runtime: runtime.runtime,
    router,
    drain: inputs.after.drain,
    idleRuns: runtime.idleRuns,
    hooks: hooksOf(
      inputs.hooks,
      composeTarget(inputs),
      planning.host,
      hookVariables(planning, plain),
      inputs.hooks.timeout,
    ),
    ...(inputs.hooks.smokeTest !== undefined && {
      smoke: {
        command: inputs.hooks.smokeTest,
        from: planning.host,
        address: addresses[to],
        variables: { COLOR: to, VERSION: version },
        deadline: inputs.hooks.timeout,
      },
    }),
    prepare: claimStateDirectory(inputs.nginx.stateDirectory, targetOf(planning), survey.state),
    questions,
    health: { timeout: inputs.health.timeout, interval: inputs.health.interval },
    watch: inputs.watch,
  }
  const { server } = routeAnswers
  const reload =
    router.how === 'reload' && ground.nginx.configuration ? [reloadNote(ground.nginx.configuration, server)] : []
  const untested = untestedRoute(planning, from, live)
  // Before the first release there is nothing to be alarmed at.
  const alarming = survey.ledger.length > 0 || live !== undefined
  return {
    plan,
    notes: [...(alarming ? [] : untested), ...colors.notes, ...runtime.notes, ...reload],
    warnings: [...(alarming ? untested : []), ...runtime.warnings],
  }
}

/** Where the live color is down itself the public route says nothing, and the release goes out all the same. */
function untestedRoute({ ground }: Planning, from: Color, live: Answering | undefined): readonly string[] {
  if (live?.kind === 'well') return []
  const at = `${from} (${writtenAddress(ground.nginx.addresses[from])})`
  const down = live ? `The live color ${at} is not well: ${live.why}.` : `Nothing answers at ${at}, the live color.`
  return [`${down} The public route was therefore not tested before the release.`]
}

async function liveColor(router: Router, survey: Survey, signal: AbortSignal): Promise<Color> {
  const live = await router.current(signal)
  if (live.kind !== 'color') {
    throw new Failure(live.kind === 'foreign' ? 'foreign-upstream' : 'drift', `${live.why}.`)
  }
  if (
    router.how === 'switch' &&
    survey.state.kind === 'usable' &&
    survey.state.files.has('green') !== (live.color === 'green')
  ) {
    const file = survey.state.files.has('green') ? 'is there' : 'is not there'
    throw new Failure(
      'drift',
      `The switch file \`green\` ${file}, and Nginx says that ${live.color} is live. Nginx looks for it in another folder, or its workers cannot pass through one on the way to it: sudo chmod o+x each of them, and see that Nginx runs without \`PrivateTmp\` and in the same container or host.`,
    )
  }
  return live.color
}

/** The color itself, asked where Nginx reaches it. */
function colorQuestion({ inputs, ground, host }: Planning, color: Color, version: string | undefined): Question {
  const { health } = inputs
  const place: Place = ground.nginx.addresses[color]
  const address = writtenAddress(place)
  const match = forVersion(health.expect.match, version)
  return {
    title: `${color} itself (http://${address}${health.path})`,
    from: host,
    request: { address: place.host, port: place.port, path: health.path, host: health.host ?? address },
    expect: { status: health.expect.status, ...(match && { match }) },
  }
}

function routeFor({ ground, inputs }: Planning, version: string | undefined): Question {
  const match = forVersion(inputs.route.match, version)
  return { ...ground.route, expect: { ...ground.route.expect, ...(match && { match }) } }
}

function judged({ ask, signal }: Planning, question: Question): Promise<Answering> {
  return howItAnswers(question, ask, signal)
}

function unusableRoute(answers: Exclude<Answering, { kind: 'well' }>): Failure {
  return new Failure(
    'verify-unusable',
    `The public route cannot judge a release: the live color is well when asked directly, and through Nginx it is not. ${answers.why}. Set \`verify-url\` (and \`verify-match\`) to what the application answers through Nginx.`,
  )
}

function targetOf({ inputs, ground }: Planning) {
  return { upstream: inputs.nginx.upstream, project: ground.compose.project.name }
}

/** What every hook is told. */
function hookVariables(
  { inputs }: Planning,
  { from, to, version, previousVersion }: { from: Color; to: Color; version: string; previousVersion: string },
): Readonly<Record<string, string>> {
  return {
    COMMAND: 'deploy',
    COLOR: to,
    VERSION: version,
    [inputs.application.versionVariable]: version,
    PREVIOUS_COLOR: from,
    PREVIOUS_VERSION: previousVersion,
  }
}

/** The changes to the compose project, and what becomes of what it depends on. */
function runtimeFor(planning: Planning, to: Color, side: LiveSide) {
  const { inputs, survey, ground } = planning
  const { compose } = ground
  const { project, services, containers } = compose
  const composeVersion = survey.compose.compose.kind === 'said' ? survey.compose.compose.value : ''
  const from = otherThan(to)
  const dependencies = dependencyPlan(project, services[to], services[from], containers, composeVersion)
  const live = side.own ? side.previous?.version : undefined
  const runtime = composeRuntime({
    target: composeTarget(inputs),
    project: project.name,
    services,
    pull: inputs.application.pull,
    ...(inputs.application.registry && { registry: inputs.application.registry }),
    previous: inputs.after.previous,
    oldImages: imagesOfOlder(survey.ledger, inputs.after.keepImages),
    dependencies: dependencies.flatMap((each) => (each.kind === 'start' ? [each] : [])),
    present: containers.map(({ id }) => id),
    hashed: hashedDependencies(services[to], composeVersion),
    ...(compose.versionOnHost.kind === 'kept in .env' && {
      remembered: { others: live === undefined ? {} : { [from]: live } },
    }),
  })
  const warnings = dependencies.flatMap((each) =>
    'sentence' in each && each.sentence !== undefined ? [each.sentence] : [],
  )
  const idle = colorContainer(containers, project, services[to])
  const notes = [
    ...handRunNotes(compose, survey.compose, inputs.application, to),
    ...graceNotes(services[from], inputs),
  ]
  const told = [...warnings, ...publicWarnings(services[to])]
  return { runtime, warnings: told, notes, idleRuns: idle !== undefined && isRunning(idle.container) }
}

/** What the drain leaves in flight has only so long once the previous color is told to stop. */
function graceNotes(service: ComposeService, { after }: Inputs): readonly string[] {
  if (after.previous === 'keep' || service.stopGracePeriod >= after.drain) return []
  const [grace, drain] = [service.stopGracePeriod / 1000, after.drain / 1000]
  return [
    `\`${service.name}\` is killed ${grace} s after it is told to stop (\`stop_grace_period\`), and \`drain-timeout\` is ${drain} s: what takes longer than both is cut. Write \`stop_grace_period: ${drain}s\` in the compose file.`,
  ]
}
