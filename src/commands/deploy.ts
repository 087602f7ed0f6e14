import { record } from '../custody/recording.ts'
import type { Ended } from '../ended.ts'
import type { Planned } from '../planning/release.ts'
import { conclude, refused } from '../release/conclusion.ts'
import { handsOn } from '../release/hands.ts'
import { type Hands, interpret, undoAll } from '../release/interpret.ts'
import { planSentence } from '../release/plan.ts'
import { release } from '../release/release.ts'
import type { Color } from '../release/words.ts'
import type { Router } from '../routers/router.ts'
import { readSighting } from '../runtimes/compose-answers.ts'
import { explainFailure } from '../runtimes/compose-failures.ts'
import type { Connections } from '../wiring.ts'
import { connected, planFor, type Told, uploadFor } from './connected.ts'
import type { Run } from './run.ts'

/** Releases a version on the idle color, or puts back one that was released before. */
export function deploy(run: Run): Promise<Ended> {
  return connected(run, (connections) => releaseTo(connections, run))
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
  for (const warning of planned.warnings) log.warning(warning)
  const hands = handsFor(connections, run, planned)
  const outcome = await interpret([...release(planned.plan), ...upload.forget], hands, upload.changes)
  const live = outcome.kind === 'stranded' ? await liveNow(planned.plan.router) : undefined
  const { notes, plan } = planned
  return { conclusion: conclude(plan, outcome, live), notes, version: plan.version }
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
