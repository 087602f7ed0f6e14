import { type LedgerEntry, ledgerQuestion, readLedger } from '../custody/ledger.ts'
import { type CustodyState, custodyQuestion, readCustody } from '../custody/standing.ts'
import { readStateDirectory, type StateDirectory, stateDirectoryQuestion } from '../custody/state-directory.ts'
import type { Host } from '../host/host.ts'
import { sections } from '../host/sections.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { RouterAdapter, RouterSeen } from '../routers/router.ts'
import type { RuntimeAdapter, RuntimeSeen, Said } from '../runtimes/runtime.ts'
import { planningRefusals } from './refusals.ts'

/** The kinds of router and runtime that a target is made of. */
export interface Adapters {
  readonly router: RouterAdapter
  readonly runtime: RuntimeAdapter
}

/** What one round trip tells of a host. Nothing was changed for it. */
export interface Survey extends OwnSurvey {
  readonly runtime: RuntimeSeen
  readonly router: RouterSeen
}

/** What a release has there itself. */
export interface OwnSurvey {
  readonly state: StateDirectory
  readonly ledger: readonly LedgerEntry[]
  readonly custody: CustodyState
}

/** Milliseconds: `docker compose config` of a large project, and `nginx -T` of a large configuration. */
const DEADLINE = 60_000

/**
 * Asks the host for everything at once.
 * @throws Failure where the host cannot run what is asked, or answers what cannot be read.
 */
export async function surveyHost(host: Host, inputs: Inputs, adapters: Adapters, signal: AbortSignal): Promise<Survey> {
  const said = await askHost(host, inputs, adapters, signal)
  const own = readOwn(said)
  return {
    runtime: adapters.runtime.read(said, inputs, host.name),
    router: adapters.router.read(said, own.state),
    ...own,
  }
}

/**
 * What each part of the host said, as it is printed.
 * @throws Failure where the host cannot run what is asked.
 */
export async function askHost(
  host: Host,
  inputs: Inputs,
  { router, runtime }: Adapters,
  signal: AbortSignal,
): Promise<Said> {
  const { stateDirectory } = inputs.nginx
  const { before, parts } = router.questions(inputs)
  const all = {
    ...runtime.questions(inputs),
    state: stateDirectoryQuestion(stateDirectory),
    ledger: ledgerQuestion(stateDirectory),
    custody: custodyQuestion(stateDirectory),
    ...parts,
  }
  const questions = sections<string>(all, before, runtime.longest)
  const ran = await host.run({ shell: questions.shell, deadline: DEADLINE }, { signal })
  const said = questions.read(ran.stdout)
  if (said[runtime.longest] !== undefined) return said
  throw planningRefusals['host-silent'](host.name, ran.code, ran.stderr.trim().slice(-500))
}

/** What can always be read. */
export function readOwn(said: Said): OwnSurvey {
  return {
    state: readStateDirectory(said['state']),
    ledger: readLedger(said['ledger']),
    custody: readCustody(said['custody']),
  }
}
