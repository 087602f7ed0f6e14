import type { Fleet } from '../host/fleet.ts'
import type { Host } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import type { Origin } from '../origin.ts'
import { Failure } from '../release/reasons.ts'
import type { Color } from '../release/words.ts'
import { identityQuestion, readIdentity } from '../runtimes/compose-identity.ts'
import type { ServiceName } from '../runtimes/compose-scripts.ts'
import { recordRelease } from './ledger.ts'

/** What is recorded, and where. */
export interface Recording {
  readonly fleet: Fleet
  readonly stateDirectory: string
  readonly service: ServiceName
  readonly color: Color
  readonly version: string
  readonly origin: Origin
  readonly started: Date
}

/** Milliseconds. */
const DEADLINE = 20_000

/** Writes the release into the ledger of every proxy host: by the image that really runs, not by its tag. */
export async function record(recording: Recording): Promise<void> {
  const { fleet, service, stateDirectory, version, color, origin, started } = recording
  const [app] = fleet.apps
  if (app === undefined) throw new TypeError('A fleet has at least one host.')
  const identity = readIdentity(await answer(app, identityQuestion(service)))
  const entry = {
    version,
    color,
    ...identity,
    ...origin,
    started: started.toISOString(),
    confirmed: new Date().toISOString(),
    result: 'released' as const,
  }
  await Promise.all(fleet.proxies.map((proxy) => answer(proxy, recordRelease(stateDirectory, entry))))
}

async function answer(host: Host, shell: Shell): Promise<string> {
  const ran = await host.run({ shell, deadline: DEADLINE })
  if (ran.code === 0) return ran.stdout
  throw new Failure(
    'confirm-failed',
    `The release could not be recorded on ${host.name}: ${ran.stderr.trim().slice(-300) || `exit code ${ran.code}`}`,
  )
}
