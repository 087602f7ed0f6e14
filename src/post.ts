import './runner.ts'
import { getInput, getState, setSecret, warning } from '@actions/core'
import { finish } from './commands/finish.ts'
import { recoverySentence, settledBy } from './custody/recovery.ts'
import { newToken } from './custody/taking.ts'
import type { KnownEnd } from './github/finish.ts'
import { finishInPost } from './github/wiring.ts'
import { jobLog, printable } from './log.ts'
import { commitOfRun, originOfRun } from './origin.ts'
import { readInputs } from './read-inputs.ts'
import { redaction } from './redaction.ts'
import { beginnings } from './release/begun.ts'
import { Failure, sentenceOf } from './release/reasons.ts'
import { secretInputs } from './secrets.ts'

const secrets = secretInputs(getInput)
for (const secret of secrets) setSecret(secret)
const redact = redaction(secrets)

/** Finishes what a run that was cancelled or killed has left. A run that ended itself has nothing to finish. Never fails the job. */
const token = getState('token')
const end = token !== '' && getState('ended') === '' ? await run().catch(unfinished) : undefined
for (const sentence of await finishInPost(redact, end)) warning(printable(redact(sentence)))
process.exit(0)

async function run(): Promise<KnownEnd> {
  const read = readInputs(getInput, commitOfRun())
  if (read.kind === 'mistakes') return undefined
  const log = jobLog({ redact })
  const origin = originOfRun(read.inputs.application.version)
  const { recovered } = await finish(
    {
      inputs: read.inputs,
      origin,
      log,
      begun: beginnings(),
      signal: new AbortController().signal,
      cancelled: () => undefined,
      token: newToken(),
      started: new Date(),
      workspace: process.cwd(),
    },
    { token },
    async () => undefined,
  )
  const said = recovered.flatMap((each) => recoverySentence(each) ?? [])
  const nothing = 'The run was ended from outside before it had changed anything.'
  if (said.length === 0) log.note(nothing)
  for (const sentence of said) log.note(sentence)
  const own = recovered.map(settledBy).find((settled) => settled.run === origin.run)
  return own ?? { run: origin.run ?? '', version: '', how: 'nothing', sentence: nothing }
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
