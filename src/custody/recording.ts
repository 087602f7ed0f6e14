import type { Fleet } from '../host/fleet.ts'
import type { Host, Script } from '../host/host.ts'
import type { Origin } from '../origin.ts'
import type { Plan } from '../release/plan.ts'
import { Failure } from '../release/reasons.ts'
import { recordRelease } from './ledger.ts'

/** Milliseconds. */
const DEADLINE = 20_000

/** Writes the release into the ledger of every proxy host: by the image that really runs, not by its tag. */
export async function record(
  plan: Plan,
  fleet: Fleet,
  stateDirectory: string,
  origin: Origin,
  started: Date,
): Promise<void> {
  const { runtime, version, to: color } = plan
  const [app] = fleet.apps
  if (app === undefined) throw new TypeError('A fleet has at least one host.')
  const { script, read } = runtime.identify(color)
  const identity = read(await answer(app, script))
  const times = { started: started.toISOString(), confirmed: new Date().toISOString() }
  const entry = {
    ...{ version, color, ...identity, ...origin, ...times },
    result: plan.command === 'rollback' ? ('rolled-back' as const) : ('released' as const),
    command: plan.command,
    ...(plan.refused !== undefined && { refused: plan.refused }),
  }
  const shell = recordRelease(stateDirectory, entry, plan.seen)
  await Promise.all(fleet.proxies.map((proxy) => answer(proxy, { shell, deadline: DEADLINE })))
}

async function answer(host: Host, script: Script): Promise<string> {
  const ran = await host.run(script)
  if (ran.code === 0) return ran.stdout
  const why = ran.stderr.trim().slice(-300) || `exit code ${ran.code}`
  throw new Failure('confirm-failed', `The release could not be recorded on ${host.name}: ${why}`)
}
