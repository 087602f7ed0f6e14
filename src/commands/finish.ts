import type { Custody } from '../custody/custody.ts'
import type { Wanted } from '../custody/lease.ts'
import { type Recovered, recoverAll } from '../custody/recovery.ts'
import { type Terms, takeCustody } from '../custody/taking.ts'
import type { Host } from '../host/host.ts'
import { atHome } from '../inputs/inputs.ts'
import { type Connections, connectAll } from '../wiring/connect.ts'
import { executorFor } from './executor-for.ts'
import { holderOf, type Run } from './run.ts'

/** Milliseconds: a guard that puts traffic back has the lock meanwhile. */
const PATIENCE = 60_000

/** What was found to be finished. */
export interface Finished<Seen> {
  readonly recovered: readonly Recovered[]
  /** Whose the lease was, in a sentence. */
  readonly before: string
  /** What was looked at afterwards. */
  readonly seen: Seen
  readonly roundTrips: number
  readonly requests: number
}

/**
 * Takes the lease over, recovers what was left half done, and gives it back.
 * @param over which lease may be taken: that of this run, or any
 * @param look at the hosts, once the lease is given back
 * @throws Failure `lease-held` where it is another run's; `recovery-failed`
 */
export async function finish<Seen>(
  asked: Run,
  over: NonNullable<Wanted['over']>,
  look: (connections: Connections, run: Run) => Promise<Seen>,
): Promise<Finished<Seen>> {
  await using connections = await connectAll(asked.inputs, asked.signal, asked.log)
  const run: Run = { ...asked, inputs: atHome(asked.inputs, connections.home) }
  const [host] = connections.fleet.proxies
  if (host === undefined) throw new TypeError('A fleet has at least one host.')
  const custody = await takeCustody(host, termsFor(run, over), run.log, run.signal)
  const recovered = custody === 'absent' ? [] : await finishIn(custody, connections, host, run)
  return {
    recovered,
    before: custody === 'absent' ? 'There is no state directory, and so no lease.' : custody.before,
    seen: await look(connections, run),
    roundTrips: connections.roundTrips(),
    requests: connections.requests(),
  }
}

async function finishIn(
  custody: Custody,
  connections: Connections,
  host: Host,
  run: Run,
): Promise<readonly Recovered[]> {
  const signal = AbortSignal.any([run.signal, custody.signal])
  const executor = executorFor(connections, { ...run, signal })
  try {
    const recovered = await recoverAll(custody, host, executor)
    await custody.end('clean')
    return recovered
  } catch (cause) {
    await custody.end('unfinished')
    throw cause
  }
}

function termsFor(run: Run, over: NonNullable<Wanted['over']>): Terms {
  const { inputs, token } = run
  return {
    directory: inputs.nginx.stateDirectory,
    lease: inputs.custody.lease,
    patience: PATIENCE,
    token,
    over,
    holder: holderOf(run, over === 'any' ? 'unlock' : 'post step', ''),
  }
}
