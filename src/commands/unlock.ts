import { recoverySentence, settledBy } from '../custody/recovery.ts'
import { type Ended, endedEarly } from '../ended.ts'
import { statusOf } from '../planning/status.ts'
import { surveyHost } from '../planning/survey.ts'
import type { Side } from '../release/conclusion.ts'
import { connectAll } from '../wiring.ts'
import { first } from './connected.ts'
import { finish } from './finish.ts'
import type { Run } from './run.ts'

/** Ends a lease by hand, after recovering what its run left half done; says whose it was, and what serves now. */
export async function unlock(run: Run): Promise<Ended> {
  const title = 'End the lease of the target'
  const ended = await run.log
    .step(title, () => finish(run, 'any'))
    .catch((cause: unknown) => endedEarly(title, [cause], '', 'problems'))
  if ('conclusion' in ended) return ended
  for (const each of ended.recovered) run.log.settled(settledBy(each))
  const notes = [...ended.recovered.flatMap((each) => recoverySentence(each) ?? []), ended.before]
  // The lease is gone, whatever else cannot be seen of the host.
  const seen = await whatServes(run).catch((): Seen => ({ live: {}, roundTrips: 0, requests: 0 }))
  return {
    conclusion: { result: 'ok', sentences: [], evidence: [], live: seen.live, previous: {} },
    figures: {
      version: '',
      roundTrips: ended.roundTrips + seen.roundTrips,
      requests: ended.requests + seen.requests,
      notes,
    },
  }
}

interface Seen {
  readonly live: Side
  readonly roundTrips: number
  readonly requests: number
}

async function whatServes({ inputs, signal }: Run): Promise<Seen> {
  await using connections = await connectAll(inputs, signal)
  const host = first(connections.fleet.apps)
  const survey = await surveyHost(host, inputs, signal)
  const { live } = await statusOf({ inputs, survey, host: host.name, ask: connections.ask, signal })
  return { live, roundTrips: connections.roundTrips(), requests: connections.requests() }
}
