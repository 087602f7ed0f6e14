import { record } from '../custody/recording.ts'
import { type Ended, endedEarly } from '../ended.ts'
import type { Host } from '../host/host.ts'
import type { Inputs } from '../inputs.ts'
import type { Log } from '../log.ts'
import type { Origin } from '../origin.ts'
import { type Planned, planDeploy } from '../planning/deploy.ts'
import { assessGround } from '../planning/ground.ts'
import { surveyHost } from '../planning/survey.ts'
import { type Conclusion, conclude, Refused, refused } from '../release/conclusion.ts'
import { handsOn } from '../release/hands.ts'
import { type Hands, interpret, undoAll } from '../release/interpret.ts'
import { planSentence } from '../release/plan.ts'
import { release } from '../release/release.ts'
import type { Color } from '../release/words.ts'
import type { Router } from '../routers/router.ts'
import { readSighting } from '../runtimes/compose-answers.ts'
import { explainFailure } from '../runtimes/compose-failures.ts'
import { planUpload, type Upload } from '../upload.ts'
import { type Connections, connectAll } from '../wiring.ts'

/** One run of the command, from outside. */
export interface Run {
  readonly inputs: Inputs
  readonly origin: Origin
  readonly log: Log
  readonly signal: AbortSignal
  /** Folder on the runner from which files are uploaded. */
  readonly workspace: string
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
  const { conclusion, notes } = await releaseTo(connections, run)
  const counts = { roundTrips: connections.roundTrips(), requests: connections.requests() }
  return { conclusion, figures: { version, notes, ...counts } }
}

interface Told {
  readonly conclusion: Conclusion
  readonly notes: readonly string[]
}

/** Files first, since the plan is made from what they say; then the plan; then the release. All of it is undone together. */
async function releaseTo(connections: Connections, run: Run): Promise<Told> {
  const { log } = run
  const before = handsFor(connections, run)
  const comparing = 'Compare the files to upload'
  const upload = await uploadFor(connections, run, comparing).catch((cause: unknown) => refused(comparing, [cause]))
  if ('result' in upload) return { conclusion: upload, notes: [] }
  const uploaded = await interpret(upload.changes, before)
  if (uploaded.kind !== 'done') {
    const left = uploaded.kind === 'stranded' ? [] : uploaded.left
    return { conclusion: refused(uploaded.at.title, [uploaded.cause], left), notes: [] }
  }

  const seeing = 'See what is live, and plan'
  const planned = await log
    .step(seeing, () => planFor(connections, run))
    .catch(async (cause: unknown) => {
      const left = await undoAll(upload.changes, before)
      return refused(seeing, [cause], left)
    })
  if ('result' in planned) return { conclusion: planned, notes: [] }
  log.note(planSentence(planned.plan))
  const { to: color, version, from, previous } = planned.plan
  log.planned({ version, color, live: previous === undefined ? {} : { color: from, ...previous } })
  for (const warning of planned.warnings) log.warning(warning)
  const hands = handsFor(connections, run, planned)
  const outcome = await interpret([...release(planned.plan), ...upload.forget], hands, upload.changes)
  const live = outcome.kind === 'stranded' ? await liveNow(planned.plan.router) : undefined
  return { conclusion: conclude(planned.plan, outcome, live), notes: planned.notes }
}

async function uploadFor(
  { fleet }: Connections,
  { inputs, log, signal, workspace }: Run,
  title: string,
): Promise<Upload> {
  const { uploads, directory } = inputs.application
  if (uploads.length === 0) return { changes: [], forget: [] }
  return log.step(title, () => planUpload(uploads, workspace, directory, first(fleet.apps), signal))
}

async function planFor({ fleet, ask }: Connections, { inputs, signal }: Run): Promise<Planned> {
  const host = first(fleet.apps)
  const survey = await surveyHost(host, inputs, signal)
  const ground = assessGround(survey, inputs, host.name)
  if (ground.value === undefined) throw new Refused(ground.refusals)
  const planned = await planDeploy({ inputs, survey, ground: ground.value, host: host.name, ask, signal })
  return { ...planned, notes: [...ground.notes, ...planned.notes] }
}

/** Before there is a plan there is nothing to confirm. */
function handsFor(connections: Connections, { inputs, origin, log, signal }: Run, planned?: Planned): Hands {
  const { fleet, ask } = connections
  const started = new Date()
  return handsOn({
    fleet,
    ask,
    progress: log,
    signal,
    readSighting,
    explain: explainFailure,
    smokeTest: (smoke, aborted) => connections.smokeTest(smoke, log, aborted),
    confirm: async () => {
      if (planned !== undefined) await record(planned.plan, fleet, inputs.nginx.stateDirectory, origin, started)
    },
  })
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
