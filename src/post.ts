import { getInput, getState, warning } from '@actions/core'
import { finish } from './commands/finish.ts'
import { reportOfRecovered } from './commands/recovered.ts'
import { newToken } from './custody/custody.ts'
import { recoverySentence } from './custody/recovery.ts'
import { finishInPost } from './github/wiring.ts'
import { jobLog, printable } from './log.ts'
import { commitOfRun, originOfRun } from './origin.ts'
import { readInputs } from './read-inputs.ts'
import { redaction } from './redaction.ts'
import { Failure, sentenceOf } from './release/reasons.ts'
import type { Report } from './report.ts'
import { secretInputs } from './secrets.ts'

/** Finishes what a run that was cancelled or killed has left. A run that ended itself has nothing to finish. Never fails the job. */
const redact = redaction(secretInputs(getInput))
const token = getState('token')
let report: Report | undefined
if (token !== '' && getState('ended') === '') {
  report = await run().catch((cause: unknown) => {
    const held = cause instanceof Failure && cause.reason === 'lease-held'
    const next = held
      ? 'This run no longer holds the target, and left it alone.'
      : 'The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.'
    warning(printable(redact(`What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`)))
    return undefined
  })
}
for (const sentence of await finishInPost(redact, report)) warning(sentence)
process.exit(0)

/** How the run is known to have ended. */
async function run(): Promise<Report | undefined> {
  const read = readInputs(getInput, commitOfRun())
  if (read.kind === 'mistakes') return undefined
  const log = jobLog({ redact })
  const { recovered } = await finish(
    {
      inputs: read.inputs,
      origin: originOfRun(),
      log,
      signal: new AbortController().signal,
      cancelled: () => undefined,
      token: newToken(),
      started: new Date(),
      deployment: () => undefined,
      workspace: process.cwd(),
    },
    { token },
  )
  const told = recovered.flatMap((each) => {
    const sentence = recoverySentence(each)
    return sentence === undefined ? [] : [{ each, sentence }]
  })
  for (const { sentence } of told) log.note(sentence)
  const own = told.at(0)
  if (own !== undefined) return reportOfRecovered(own.each, own.sentence)
  const nothing = 'The run was ended from outside before it had changed anything.'
  log.note(nothing)
  return reportOfRecovered({ number: 0, how: 'nothing', left: [] }, nothing)
}
