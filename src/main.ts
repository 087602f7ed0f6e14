import { getInput, saveState, setSecret } from '@actions/core'
import { deploy } from './commands/deploy.ts'
import { dryRun } from './commands/dry-run.ts'
import type { Run } from './commands/run.ts'
import { status } from './commands/status.ts'
import { unlock } from './commands/unlock.ts'
import { newToken } from './custody/custody.ts'
import { type Ended, endedEarly } from './ended.ts'
import { secretsOf } from './host/private-key.ts'
import type { Inputs } from './inputs.ts'
import { jobLog } from './log.ts'
import { commitOfRun, originOfRun } from './origin.ts'
import { readInputs } from './read-inputs.ts'
import { Failure } from './release/reasons.ts'
import { isGreen, publish, reportOf } from './report.ts'

const began = performance.now()
const log = jobLog()
const cancel = new AbortController()
let cancelled: number | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    cancelled ??= performance.now()
    cancel.abort(new Failure('cancelled', 'The run was cancelled.'))
  })
}

const ended = await run().catch((cause: unknown) => endedEarly('internal error', [cause]))
const report = reportOf(ended.conclusion, { ...ended.figures, duration: performance.now() - began }, log)
await publish(report, log)
if (!ended.unfinished) saveState('ended', 'true')
process.exit(isGreen(report.result) ? 0 : 1)

async function run(): Promise<Ended> {
  for (const secret of secretsOf(getInput('private-key'))) setSecret(secret)
  if (getInput('registry-password') !== '') setSecret(getInput('registry-password'))
  const read = readInputs(getInput, commitOfRun())
  if (read.kind === 'mistakes') {
    return endedEarly(
      'Read the inputs',
      read.mistakes.map((mistake) => new Failure('invalid-inputs', mistake)),
    )
  }
  // Before anything is changed: what is saved now reaches the post step even after a SIGKILL.
  const token = newToken()
  saveState('token', token)
  const { inputs } = read
  return commandOf(inputs)({
    inputs,
    origin: originOfRun(),
    log,
    signal: cancel.signal,
    cancelled: () => cancelled,
    token,
    started: new Date(),
    workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
  })
}

function commandOf({ command, dryRun: dry }: Inputs): (run: Run) => Promise<Ended> {
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
