import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { exec } from '@actions/exec'
import { HostError } from '../host/host.ts'
import { lineSplitter } from '../host/kept.ts'
import { COMMAND_VARIABLE, runVariable } from '../host/quote.ts'
import { ending } from '../host/remote-shell.ts'
import type { SshHost } from '../host/ssh-host.ts'
import { openTunnelPort } from '../host/tunnel-port.ts'
import type { Smoke } from '../release/model.ts'
import type { Progress } from '../release/progress.ts'
import { Failure } from '../release/reasons.ts'

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 3000
/** Milliseconds in which the last of the output may come; what was left running could hold it open for ever. */
const LAST_WORDS = 1000
/** Lines that the report keeps. */
const EVIDENCE = 50

/**
 * Runs the user's tests on the runner, with `BASE_URL` leading through SSH to the idle color. Its output is told line by
 * line. When it ends, the deadline passes or the run is cancelled, all that it started is ended.
 * @throws Failure with the exit code and the last lines.
 */
export async function smokeTest(smoke: Smoke, host: SshHost, progress: Progress, signal: AbortSignal): Promise<string> {
  const { command, address, deadline, variables } = smoke
  const folder = await mkdtemp(join(tmpdir(), 'smoke-test-'))
  const leader = join(folder, 'leader')
  await using tunnel = await openTunnelPort(() => host.open(address.host, address.port))
  const last: string[] = []
  const hear = (line: string): unknown => {
    last.push(line)
    if (last.length > EVIDENCE) last.shift()
    return progress.output(line)
  }
  const failed = (what: string): Failure => {
    const why = tunnel.lastError()
    const hint = why instanceof HostError ? ` \`BASE_URL\` led nowhere: ${why.message}` : ''
    return new Failure(
      'smoke-test-failed',
      `${what} Its last line: ${last.findLast((line) => line.trim() !== '')?.trim() ?? 'none'}.${hint}`,
      {
        evidence: last,
      },
    )
  }
  const late = AbortSignal.timeout(deadline)
  const over = AbortSignal.any([late, signal])
  let ended: Promise<void> | undefined
  const end = (): void => {
    ended ??= endSession(leader)
  }
  over.addEventListener('abort', end, { once: true })
  try {
    // A session of its own, so that all that the command starts can be ended. `-e`, as a `run:` of a workflow has it.
    const words = ['--wait', 'sh', '-c', 'echo $$ > "$1"; exec sh -e -c "$2"', 'smoke-test', leader, runVariable]
    const given = { ...environment(), ...variables, BASE_URL: tunnel.url, [COMMAND_VARIABLE]: command }
    const code = await carriedOut('setsid', words, given, hear)
    signal.throwIfAborted()
    if (late.aborted) throw failed(`The smoke test did not end within ${deadline / 1000} s, and was ended.`)
    if (code === null) throw failed('The smoke test was killed by a signal.')
    if (code !== 0) throw failed(`The smoke test ended with exit code ${code}.`)
    return `passed, against ${address.host}:${address.port} on ${host.name}`
  } finally {
    over.removeEventListener('abort', end)
    end()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}

/** By session and not by process group: `timeout` and others make groups of their own. */
async function endSession(leader: string): Promise<void> {
  const session = Number(await readFile(leader, 'utf8').catch(() => ''))
  if (!(session > 1)) return
  await exec('sh', ['-c', ending(session, GRACE).text], { silent: true, ignoreReturnCode: true })
}

/**
 * Runs the user's command, hears its output line by line, and gives its exit code; `null` if a signal ended it. Not by
 * `@actions/exec`, which remembers a line without an end.
 */
async function carriedOut(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => unknown,
): Promise<number | null> {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const heard = [child.stdout, child.stderr].map((stream) => hearing(stream, onLine))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject)
  child.on('exit', resolve)
  const code = await promise
  await Promise.race([Promise.all(heard), sleep(LAST_WORDS, undefined, { ref: false })])
  for (const stream of [child.stdout, child.stderr]) stream.destroy()
  return code
}

/** Resolves when the stream has ended. What the listener gives is waited for: who prints much is slowed down. */
async function hearing(stream: Readable, onLine: (line: string) => unknown): Promise<void> {
  let busy: unknown
  const lines = lineSplitter((line) => {
    busy = onLine(line)
  })
  stream.setEncoding('utf8')
  try {
    for await (const text of stream as AsyncIterable<string>) {
      lines.hear(text)
      await busy
    }
  } catch {
    // What was left running may hold it open when it is closed.
  }
  lines.end()
}

/** The runner's environment without this action's inputs: the key is none of the test's business. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(INPUT|STATE)_/.test(name))
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
