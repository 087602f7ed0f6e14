import { recoverySentence, settledBy } from '../custody/recovery.ts'
import { type Ended, endedEarly } from '../ended.ts'
import { finish } from './finish.ts'
import type { Run } from './run.ts'

/** Ends a lease by hand, after recovering what its run left half done; says whose it was. */
export async function unlock(run: Run): Promise<Ended> {
  const title = 'End the lease of the target'
  const ended = await run.log
    .step(title, () => finish(run, 'any'))
    .catch((cause: unknown) => endedEarly(title, [cause], '', 'problems'))
  if ('conclusion' in ended) return ended
  for (const each of ended.recovered) run.log.settled(settledBy(each))
  const notes = [...ended.recovered.flatMap((each) => recoverySentence(each) ?? []), ended.before]
  return {
    conclusion: { result: 'ok', sentences: [], evidence: [], live: {}, previous: {} },
    figures: { command: 'unlock', version: '', roundTrips: ended.roundTrips, requests: ended.requests, notes },
  }
}
