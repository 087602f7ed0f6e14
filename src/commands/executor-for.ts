import { executorOn } from '../execute/executor.ts'
import type { Started } from '../execute/reach.ts'
import type { Executor } from '../release/interpret.ts'
import type { Change } from '../release/model.ts'
import type { Connections } from '../wiring/connect.ts'
import type { Run } from './run.ts'

/** Milliseconds after a cancellation in which preparations are still undone here. */
const WHEN_CANCELLED = 5000

/** Before there is a plan there is nothing to confirm. */
export function executorFor(
  connections: Connections,
  { log, begun, signal, cancelled }: Run,
  confirm: (started: Started) => Promise<void> = async () => undefined,
): Executor {
  const { fleet, ask, adapters } = connections
  return executorOn({
    fleet,
    ask,
    progress: log,
    begun,
    signal,
    undoing: (change) => patienceFor(change, cancelled),
    readSighting: adapters.runtime.readSighting,
    explain: adapters.runtime.explain,
    smokeTest: (smoke, aborted) => connections.smokeTest(smoke, log, aborted),
    confirm: (_item, started) => confirm(started),
  })
}

/** A cancelled run has ten seconds for everything: traffic comes first, and the rest is left to the step after the job. */
function patienceFor({ phase }: Change, cancelled: Run['cancelled']): AbortSignal {
  const at = cancelled()
  if (at === undefined || phase === 'traffic') return new AbortController().signal
  return AbortSignal.timeout(Math.max(0, Math.round(at + WHEN_CANCELLED - performance.now())))
}
