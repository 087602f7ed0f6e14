import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exec } from '@actions/exec'
import type { SshHost } from './host/ssh-host.ts'
import type { Progress } from './release/progress.ts'
import { Failure } from './release/reasons.ts'
import type { Smoke } from './release/words.ts'

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 3000

/**
 * Runs the user's tests on the runner, with `BASE_URL` leading through SSH to the idle color. Its output is told line by
 * line; when the deadline passes or the run is cancelled, all that it started is ended.
 * @throws Failure with the exit code and the last lines.
 */
export async function smokeTest(smoke: Smoke, host: SshHost, progress: Progress, signal: AbortSignal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'smoke-test-'))
  const leader = join(folder, 'leader')
  const server = await tunnelTo(host, smoke.address)
  const last: string[] = []
  const hear = (line: string): void => {
    progress.output(line)
    last.push(line)
    if (last.length > 50) last.shift()
  }
  const late = AbortSignal.timeout(smoke.deadline)
  const end = (): void => void endSession(leader)
  const either = AbortSignal.any([late, signal])
  either.addEventListener('abort', end, { once: true })
  try {
    // A session of its own, so that all that the command starts can be ended.
    const code = await exec(
      'setsid',
      ['--wait', 'sh', '-c', 'echo $$ > "$1"; eval "$2"', 'smoke-test', leader, smoke.command],
      {
        env: { ...environment(), ...smoke.variables, BASE_URL: urlOf(server) },
        silent: true,
        ignoreReturnCode: true,
        listeners: { stdline: hear, errline: hear },
      },
    )
    signal.throwIfAborted()
    if (late.aborted)
      throw new Failure(
        'smoke-test-failed',
        `The smoke test did not end within ${smoke.deadline / 1000} s, and was ended.`,
        { evidence: last },
      )
    if (code !== 0)
      throw new Failure(
        'smoke-test-failed',
        `The smoke test ended with exit code ${code}. Its last line: ${last.at(-1) ?? 'none'}`,
        { evidence: last },
      )
    return `passed, against ${smoke.address.host}:${smoke.address.port} on ${host.name}`
  } finally {
    either.removeEventListener('abort', end)
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A port of the runner's loopback that leads to an address of the host. */
async function tunnelTo(host: SshHost, { host: address, port }: Smoke['address']): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    host.open(address, port).then(
      (channel) => {
        channel.on('error', () => socket.destroy())
        socket.on('close', () => channel.destroy())
        channel.on('close', () => socket.destroy())
        socket.pipe(channel).pipe(socket)
      },
      () => socket.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

function urlOf(server: Server): string {
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

async function endSession(leader: string): Promise<void> {
  const pid = Number(await readFile(leader, 'utf8').catch(() => ''))
  if (!(pid > 1)) return
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(-pid, signal)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, GRACE).unref())
  }
}

/** The runner's environment without this action's inputs: the key is none of the test's business. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('INPUT_'))
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
