import { recoverySentence, settledBy } from '../custody/recovery.ts'
import { type Ended, endedEarly } from '../front/ended.ts'
import { type Side, sideServing } from '../release/serving.ts'
import type { Connections } from '../wiring/connect.ts'
import { finish } from './finish.ts'
import type { Run } from './run.ts'
import { whatServes } from './what-serves.ts'

/** Ends a lease by hand, after recovering what its run left half done; says whose it was, and what serves now. */
export async function unlock(run: Run): Promise<Ended> {
  const title = 'End the lease of the target'
  // The lease is gone, whatever cannot be seen of the host.
  const look = (connections: Connections, run: Run): Promise<Side> => whatServes(connections, run).then(sideServing)
  const ended = await run.log
    .step(title, () => finish(run, 'any', look))
    .catch((cause: unknown) => endedEarly('unlock', run.begun.soFar(), title, [cause]))
  if ('conclusion' in ended) return ended
  const { recovered, before, seen, ...counts } = ended
  for (const each of recovered) run.log.settled(settledBy(each, seen))
  return {
    conclusion: { result: 'ok', sentences: [], evidence: [], live: seen, previous: {} },
    figures: { version: '', ...counts, notes: [...recovered.flatMap((each) => recoverySentence(each) ?? []), before] },
  }
}
