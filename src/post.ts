import './front/actions/runner.ts'
import { getInput, getState, setSecret, warning } from '@actions/core'
import { first } from './commands/connected.ts'
import { finish } from './commands/finish.ts'
import type { Run } from './commands/run.ts'
import { whatServes } from './commands/what-serves.ts'
import { type LedgerEntry, ledgerQuestion, readLedger } from './custody/ledger.ts'
import { leftNothing, recoverySentence, settledBy } from './custody/recovery.ts'
import { newToken } from './custody/taking.ts'
import { jobLog, printable } from './front/actions/log.ts'
import { commitOfRun, originOfRun } from './front/actions/origin.ts'
import { inputNames, secretInputs } from './front/actions/secrets.ts'
import { redaction } from './front/redaction.ts'
import type { KnownEnd } from './github/reporting/finish.ts'
import { finishInPost } from './github/reporting/wiring.ts'
import type { Host } from './host/host.ts'
import { readInputs } from './inputs/read.ts'
import { beginnings } from './release/begun.ts'
import { Failure, sentenceOf } from './release/reasons.ts'
import { sideServing } from './release/serving.ts'
import type { Connections } from './wiring/connect.ts'

const secrets = secretInputs(getInput, inputNames(process.env))
for (const secret of secrets.texts) setSecret(secret)
const redact = redaction(secrets.texts, secrets.parts)

/** Finishes what a run that was cancelled or killed has left. A run that ended itself has nothing to finish. Never fails the job. */
const token = getState('token')
const end = token !== '' && getState('ended') === '' ? await run().catch(unfinished) : undefined
const said = await finishInPost(redact, end).catch((cause: unknown) => [
  `Not everything could be reported to GitHub: ${sentenceOf(cause)}`,
])
for (const sentence of said) warning(printable(redact(sentence)))
process.exit(0)

async function run(): Promise<KnownEnd> {
  const read = readInputs(getInput, commitOfRun())
  if (read.kind === 'mistakes') return undefined
  const log = jobLog({ redact })
  const origin = originOfRun(read.inputs.application.version)
  const finishing: Run = {
    inputs: read.inputs,
    origin,
    log,
    begun: beginnings(),
    signal: new AbortController().signal,
    cancelled: () => undefined,
    token: newToken(),
    started: new Date(),
    workspace: process.cwd(),
  }
  const look = async (connections: Connections, run: Run) => ({
    releases: await releasesIn(run.inputs.nginx.stateDirectory, first(connections.fleet.proxies)),
    live: sideServing(await whatServes(connections, run)),
  })
  const { recovered, seen } = await finish(finishing, { token }, look)
  const { releases, live } = seen
  const told = recovered.flatMap((each) => recoverySentence(each) ?? [])
  for (const sentence of told) log.note(sentence)
  const own = recovered.map((each) => settledBy(each, live)).find((settled) => settled.run === origin.run)
  if (own !== undefined) return own
  const end = leftNothing(origin.run ?? '', getState('started'), releases, live)
  log.note(end.sentence)
  return end
}

/** The ledger, as far as it can be read: nothing depends on it but what is said. */
async function releasesIn(directory: string, host: Host): Promise<readonly LedgerEntry[]> {
  const ran = await host.run({ shell: ledgerQuestion(directory), deadline: 10_000 }).catch(() => undefined)
  return readLedger(ran)
}

function unfinished(cause: unknown): KnownEnd {
  const held = cause instanceof Failure && cause.reason === 'lease-held'
  const next = held
    ? 'This run no longer holds the target, and left it alone.'
    : 'The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.'
  const sentence = `What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`
  warning(printable(redact(sentence)))
  return held ? 'elsewhere' : undefined
}
