import { record } from '../custody/recording.ts'
import { type Ended, endedEarly } from '../ended.ts'
import { assessGround } from '../ground.ts'
import type { Host } from '../host/host.ts'
import type { Inputs } from '../inputs.ts'
import type { Log } from '../log.ts'
import type { Origin } from '../origin.ts'
import { type Planned, planDeploy } from '../planning.ts'
import { conclude } from '../release/conclusion.ts'
import { handsOn } from '../release/hands.ts'
import { interpret } from '../release/interpret.ts'
import { planSentence } from '../release/plan.ts'
import { release } from '../release/release.ts'
import type { Color } from '../release/words.ts'
import type { Router } from '../routers/router.ts'
import { knownCause, readSighting } from '../runtimes/compose-answers.ts'
import { surveyHost } from '../survey.ts'
import { type Connections, connectAll } from '../wiring.ts'

/** One run of the command, from outside. */
export interface Run {
  readonly inputs: Inputs
  readonly origin: Origin
  readonly log: Log
  readonly signal: AbortSignal
}

/** Releases a version on the idle color. */
export async function deploy(run: Run): Promise<Ended> {
  const { inputs, log, signal } = run
  const { version } = inputs.application
  const { user, host, port } = inputs.host
  const title = `Connect to ${user}@${host}${port === 22 ? '' : `:${port}`}`
  const connected = await log
    .step(title, () => connectAll(inputs, signal))
    .catch((cause: unknown) => endedEarly(title, [cause], version))
  if ('conclusion' in connected) return connected
  await using connections = connected
  const seen = 'See what is live, and plan'
  const planned = await log
    .step(seen, () => plan(run, connections))
    .catch((cause: unknown) => endedEarly(seen, [cause], version))
  const counts = () => ({ roundTrips: connections.roundTrips(), requests: connections.requests() })
  if ('conclusion' in planned) return { ...planned, figures: { ...planned.figures, ...counts() } }
  log.note(planSentence(planned.plan))
  for (const warning of planned.warnings) log.warning(warning)
  const conclusion = await carryOut(run, connections, planned)
  return { conclusion, figures: { version, notes: planned.notes, ...counts() } }
}

async function plan(
  { inputs, signal }: Run,
  { fleet, ask }: Connections,
): Promise<Planned & { project: string; services: Readonly<Record<'blue' | 'green', string>> }> {
  const host = first(fleet.apps)
  const survey = await surveyHost(host, inputs, signal)
  const ground = assessGround(survey, inputs, host.name)
  if (ground.value === undefined) throw new AggregateError(ground.refusals)
  const planned = await planDeploy({ inputs, survey, ground: ground.value, host: host.name, ask, signal })
  const { project, services } = ground.value.compose
  const names = { blue: services.blue.name, green: services.green.name }
  return { ...planned, notes: [...ground.notes, ...planned.notes], project: project.name, services: names }
}

async function carryOut(run: Run, { fleet, ask }: Connections, planned: Awaited<ReturnType<typeof plan>>) {
  const { inputs, origin, log, signal } = run
  const { version, to } = planned.plan
  const service = { project: planned.project, service: planned.services[to] }
  const started = new Date()
  const confirm = () =>
    record({ fleet, stateDirectory: inputs.nginx.stateDirectory, service, color: to, version, origin, started })
  const outcome = await interpret(
    release(planned.plan),
    handsOn({ fleet, ask, progress: log, signal, readSighting, explain: knownCause, confirm }),
  )
  return conclude(planned.plan, outcome, outcome.kind === 'stranded' ? await liveNow(planned.plan.router) : undefined)
}

/** A switch can be asked at any time; what a reload has loaded was only seen before. */
async function liveNow(router: Router): Promise<Color | undefined> {
  if (router.how !== 'switch') return undefined
  const live = await router.current(new AbortController().signal)
  return live.kind === 'color' ? live.color : undefined
}

function first(hosts: readonly Host[]): Host {
  const [host] = hosts
  if (host === undefined) throw new TypeError('A fleet has at least one host.')
  return host
}
