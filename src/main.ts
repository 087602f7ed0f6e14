import { getInput, saveState, setSecret } from '@actions/core'
import { deploy } from './commands/deploy.ts'
import { dryRun } from './commands/dry-run.ts'
import type { Run } from './commands/run.ts'
import { status } from './commands/status.ts'
import { unlock } from './commands/unlock.ts'
import { newToken } from './custody/taking.ts'
import { type Ended, endedEarly } from './ended.ts'
import { lookupOf } from './github/lookup.ts'
import { PATIENCE, reportingOf } from './github/wiring.ts'
import type { Inputs } from './inputs.ts'
import { jobLog } from './log.ts'
import { commitOfRun, originOfRun } from './origin.ts'
import { setOutputs, summarize, tell } from './publish.ts'
import { readInputs } from './read-inputs.ts'
import { redactAll, redaction } from './redaction.ts'
import { beginnings } from './release/begun.ts'
import { Failure } from './release/reasons.ts'
import { isGreen, type Report, reportOf } from './report.ts'
import { secretInputs } from './secrets.ts'

const began = performance.now()
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

const secrets = secretInputs(getInput)
for (const secret of secrets) setSecret(secret)
const redact = redaction(secrets)
const read = readInputs(getInput, commitOfRun())
const command = read.kind === 'inputs' ? read.inputs.command : read.command
const { reporting, note } = read.kind === 'inputs' ? reportingOf(read.inputs, redact) : {}
const log = jobLog({ redact, ...(reporting && { onlooker: reporting }) })
if (note !== undefined) log.note(note)

const begun = beginnings()
const ended = await run().catch((cause: unknown) => endedEarly(command, begun.soFar(), 'internal error', [cause]))
const duration = performance.now() - began
tell(reportNow(), log)
const patience = cancelled === undefined ? PATIENCE.ended : PATIENCE.cancelled
for (const warning of (await reporting?.end(reportNow(), patience, hurry.signal)) ?? []) log.warning(warning)
const report = reportNow()
setOutputs(report)
await summarize(report)
if (!ended.unfinished) saveState('ended', 'true')
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
  saveState('token', token)
  const { inputs } = read
  const lookup = lookupOf(inputs, redact)
  return commandOf(inputs)({
    inputs,
    origin: originOfRun(),
    log,
    begun,
    signal: cancel.signal,
    cancelled: () => cancelled,
    token,
    started: new Date(),
    ...(lookup && { lookup }),
    workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
  })
}

function reportNow(): Report {
  const deploymentId = reporting?.deploymentId()
  const figures = { ...ended.figures, command, duration, ...(deploymentId !== undefined && { deploymentId }) }
  return redactAll(reportOf(ended.conclusion, figures, log), redact)
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
