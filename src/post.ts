import { getInput, getState, warning } from '@actions/core'
import { finish } from './commands/finish.ts'
import { newToken } from './custody/custody.ts'
import { recoverySentence } from './custody/recovery.ts'
import { finishInPost } from './github/wiring.ts'
import { jobLog, printable } from './log.ts'
import { commitOfRun, originOfRun } from './origin.ts'
import { readInputs } from './read-inputs.ts'
import { redaction } from './redaction.ts'
import { Failure, sentenceOf } from './release/reasons.ts'
import { secretInputs } from './secrets.ts'

/** Finishes what a run that was cancelled or killed has left. A run that ended itself has nothing to finish. Never fails the job. */
const redact = redaction(secretInputs(getInput))
const token = getState('token')
if (token !== '' && getState('ended') === '') {
  await run().catch((cause: unknown) => {
    const held = cause instanceof Failure && cause.reason === 'lease-held'
    const next = held
      ? 'This run no longer holds the target, and left it alone.'
      : 'The guard on the host puts traffic back by itself once `lease` has passed, and the next run begins with the rest.'
    warning(printable(redact(`What this run left half done could not be finished here. ${sentenceOf(cause)} ${next}`)))
  })
}
for (const sentence of await finishInPost(redact)) warning(sentence)
process.exit(0)

async function run(): Promise<void> {
  const read = readInputs(getInput, commitOfRun())
  if (read.kind === 'mistakes') return
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
      workspace: process.cwd(),
    },
    { token },
  )
  const said = recovered.flatMap((each) => recoverySentence(each) ?? [])
  if (said.length === 0) log.note('The run was ended from outside before it had changed anything.')
  for (const sentence of said) log.note(sentence)
}
