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
import { release } from '../release/release.ts'
import { readSighting } from '../runtimes/compose-answers.ts'
import { explainFailure } from '../runtimes/compose-failures.ts'
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
  const title = `Connect to ${inputs.host.host}`
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
    handsOn({ fleet, ask, progress: log, signal, readSighting, explain: explainFailure, confirm }),
  )
  return conclude(planned.plan, outcome)
}

function first(hosts: readonly Host[]): Host {
  const [host] = hosts
  if (host === undefined) throw new TypeError('A fleet has at least one host.')
  return host
}
