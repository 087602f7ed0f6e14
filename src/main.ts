import './front/actions/runner.ts'
import { setFlagsFromString } from 'node:v8'
import { getInput, setSecret } from '@actions/core'
import { deploy } from './commands/deploy.ts'
import { dryRun } from './commands/dry-run.ts'
import type { Run } from './commands/run.ts'
import { status } from './commands/status.ts'
import { unlock } from './commands/unlock.ts'
import { newToken } from './custody/taking.ts'
import { jobLog } from './front/actions/log.ts'
import { commitOfRun, originOfRun } from './front/actions/origin.ts'
import { setOutputs, summarize, tell } from './front/actions/publish.ts'
import { runner } from './front/actions/runner.ts'
import { keepForPost } from './front/actions/runner-files.ts'
import { inputNames, secretInputs } from './front/actions/secrets.ts'
import { type Ended, endedEarly } from './front/ended.ts'
import { redactAll, redaction } from './front/redaction.ts'
import { boundedReport, isGreen, type Report, reportOf } from './front/report.ts'
import { lookupOf } from './github/api/lookup.ts'
import { PATIENCE, reportingOf } from './github/reporting/wiring.ts'
import type { Inputs } from './inputs/inputs.ts'
import { readInputs } from './inputs/read.ts'
import { beginnings } from './release/begun.ts'
import { Failure, sentenceOf } from './release/reasons.ts'

/** What it means that `post` does not know all. */
const UNKEPT = 'it looks at the host again, and goes by what it finds there.'

// A flood of short-lived text makes V8 grow its young generation by 30 MB, and nothing is faster for it.
setFlagsFromString('--semi-space-growth-factor=1')

const began = performance.now()
// A log that nobody takes any more ends no release.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
const cancel = new AbortController()
const hurry = new AbortController()
let cancelled: number | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (cancelled !== undefined) hurry.abort()
    cancelled ??= performance.now()
    cancel.abort(new Failure('cancelled', 'The run was cancelled.'))
  })
}

const secrets = secretInputs(getInput, inputNames(process.env))
for (const secret of secrets.texts) setSecret(secret)
const redact = redaction(secrets.texts, secrets.parts)
const read = readInputs(getInput, commitOfRun())
const command = read.kind === 'inputs' ? read.inputs.command : read.command
const unkept = new Set<string>()
const keep = (name: string, value: string): void => {
  const why = keepForPost(name, value)
  if (why !== undefined) unkept.add(why)
}
const { reporting, note } = read.kind === 'inputs' ? reportingOf(read.inputs, redact, keep) : {}
const log = jobLog({ redact, ...(reporting && { onlooker: reporting }) })
for (const sentence of runner.unusable.values()) log.warning(sentence)
if (note !== undefined) log.note(note)

const begun = beginnings()
const unforeseen = Promise.withResolvers<Ended>()
process.on('uncaughtException', (cause) => {
  unforeseen.resolve({ ...endedEarly(command, begun.soFar(), 'internal error', [cause]), unfinished: true })
})
const ended = await Promise.race([
  run().catch((cause: unknown) => endedEarly(command, begun.soFar(), 'internal error', [cause])),
  unforeseen.promise,
])
const duration = performance.now() - began
tell(reportNow(), log)
const patience = cancelled === undefined ? PATIENCE.ended : PATIENCE.cancelled
const unsaid = await reporting
  ?.end(reportNow(), patience, hurry.signal)
  .catch((cause: unknown) => [`Not everything could be reported to GitHub: ${sentenceOf(cause)}`])
for (const warning of unsaid ?? []) log.warning(warning)
const report = reportNow()
// Whatever of it fails, the result stands, and was told.
for (const warning of [...setOutputs(report), ...(await summarize(report))]) log.warning(warning)
if (!ended.unfinished) keep('ended', 'true')
if (unkept.size > 0)
  log.warning(`The runner did not keep everything for the step after the job (${[...unkept].join('; ')}): ${UNKEPT}`)
process.exit(isGreen(report.result) ? 0 : 1)

async function run(): Promise<Ended> {
  if (read.kind === 'mistakes') {
    return endedEarly(
      command,
      begun.soFar(),
      'Read the inputs',
      read.mistakes.map((mistake) => new Failure('invalid-inputs', mistake)),
    )
  }
  // Before anything is changed: what is saved now reaches the post step even after a SIGKILL.
  const token = newToken()
  const started = new Date()
  const why = keepForPost('token', token) ?? keepForPost('started', started.toISOString())
  if (why !== undefined) {
    log.warning(
      `The runner keeps nothing for the step after the job (${why}): is its disk full? Should this run be cancelled or killed, the guard puts traffic back by itself, and only the next run undoes the rest.`,
    )
  }
  const { inputs } = read
  const lookup = lookupOf(inputs, redact)
  return commandOf(inputs)({
    inputs,
    origin: originOfRun(inputs.application.version),
    log,
    begun,
    signal: cancel.signal,
    cancelled: () => cancelled,
    token,
    started,
    ...(lookup && { lookup }),
    workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
  })
}

function reportNow(): Report {
  const deploymentId = reporting?.deploymentId()
  const figures = { ...ended.figures, command, duration, ...(deploymentId !== undefined && { deploymentId }) }
  return boundedReport(redactAll(reportOf(ended.conclusion, figures, log), redact))
}

function commandOf({ dryRun: dry }: Inputs): (run: Run) => Promise<Ended> {
  switch (command) {
    case 'deploy':
    case 'rollback':
      return dry ? dryRun : deploy
    case 'status':
      return status
    case 'check':
      // Reads YAML, which no other command needs.
      return async (given) => (await import('./commands/check.ts')).check(given)
    case 'unlock':
      return unlock
  }
}
