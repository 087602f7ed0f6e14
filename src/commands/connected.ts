import { setTimeout as sleep } from 'node:timers/promises'
import type { CustodyState } from '../custody/standing.ts'
import { type Ended, early } from '../front/ended.ts'
import { countOn } from '../host/accepted.ts'
import type { Host } from '../host/host.ts'
import { hostName } from '../host/target.ts'
import { atHome, type Inputs } from '../inputs/inputs.ts'
import { assessFacts } from '../planning/facts.ts'
import { type Planned, planRelease } from '../planning/release.ts'
import { type Adapters, type Survey, surveyHost } from '../planning/survey.ts'
import { planUpload, type Upload } from '../planning/upload.ts'
import { Refused } from '../release/conclusion.ts'
import { type Connections, connectAll } from '../wiring/connect.ts'
import { attempt, ending, refusedAt, type Told } from './attempt.ts'
import type { Run } from './run.ts'

/**
 * Connects, does the work of a command, and lets go. The work is told the inputs as they are for this host.
 * @param unreachable what it means that a host cannot be reached; undefined: what it means for every command
 */
export async function connected(
  run: Run,
  work: (connections: Connections, run: Run) => Promise<Told>,
  unreachable: (cause: unknown) => Told | undefined = () => undefined,
): Promise<Ended> {
  const { inputs, log, begun, signal } = run
  const title = `Connect to ${hostName(inputs.host)}`
  const told = await ending(
    (async () => {
      await using connections = await attempt(
        log.step(title, () => connectAll(inputs, signal, log)),
        (cause) => unreachable(cause) ?? early(inputs.command, begun.soFar(), title, [cause]),
      )
      const done = await ending(work(connections, { ...run, inputs: atHome(inputs, connections.home) }))
      return { ...done, roundTrips: connections.roundTrips(), requests: connections.requests() }
    })(),
  )
  const { conclusion, unfinished, left: _, ...figures } = told
  const counts = { roundTrips: 0, requests: 0 }
  return {
    conclusion,
    figures: { version: inputs.application.version, ...counts, ...figures },
    ...(unfinished && { unfinished }),
  }
}

/** What is to be put onto the host first. The files of the workspace belong to no release that comes back. */
export async function uploadFor({ fleet }: Connections, { inputs, log, signal, workspace }: Run): Promise<Upload> {
  const { uploads, directory } = inputs.application
  if (uploads.length === 0 || inputs.command !== 'deploy') return { changes: [], forget: [] }
  const title = 'Compare the files to upload'
  const planning = log.step(title, () => planUpload(uploads, workspace, directory, first(fleet.apps), signal))
  return attempt(planning, refusedAt(title))
}

/** Looks at a host in which another target is being released, and milliseconds between two. */
const LOOKS = 5
const BETWEEN = 1000

/** Looks again if another target of the same router seems to be in the middle of its flip. */
async function surveyAtRest(host: Host, inputs: Inputs, adapters: Adapters, signal: AbortSignal): Promise<Survey> {
  for (let left = LOOKS; ; left--) {
    const survey = await surveyHost(host, inputs, adapters, signal)
    if (left === 1 || !survey.router.changing) return survey
    await sleep(BETWEEN, undefined, { signal })
  }
}

/** The step in which `planFor` is run. */
export const SEEING = 'See what is live, and plan'

/** Sees what is there, and plans. @throws Refused */
export async function planFor(
  { fleet, ask, adapters }: Connections,
  { inputs, signal }: Run,
): Promise<Planned & { readonly custody: CustodyState }> {
  const host = first(fleet.apps)
  const survey = await surveyAtRest(host, inputs, adapters, signal)
  const facts = assessFacts(survey, inputs, host.name)
  if (facts.value === undefined) throw new Refused(facts.refusals)
  const count = countOn(host, signal)
  const planned = await planRelease({ inputs, survey, facts: facts.value, host: host.name, ask, count, signal })
  return { ...planned, notes: [...facts.notes, ...planned.notes], custody: survey.custody }
}

export function first(hosts: readonly Host[]): Host {
  const [host] = hosts
  if (host === undefined) throw new TypeError('A fleet has at least one host.')
  return host
}
