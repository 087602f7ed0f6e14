import { type SpawnOptions, spawn } from 'node:child_process'

/** How a command of the lab ended. `code` is 128 + the signal's number where a signal ended it. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** Runs a command to its end and gives what it said. A non-zero code is an answer; 127 where there is no such command. */
export function ask(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const [command = '', ...rest] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { ...spawnOptions(options), stdio: ['pipe', 'pipe', 'pipe'] })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => {}) // it ended without reading its input
    child.stdin.end(options.input ?? '')
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: 127, stdout: '', stderr: error.message })
      else reject(error)
    })
    child.on('close', (code) =>
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    )
  })
}

/**
 * Runs a command that has to succeed and gives its standard output.
 * @throws Error with the command, its code and what it said, where the code is not 0.
 */
export async function must(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const ended = await ask(argv, options)
  if (ended.code === 0) return ended.stdout
  throw new Error(`\`${argv.join(' ')}\` ended with ${ended.code}: ${(ended.stderr + ended.stdout).trim()}`)
}

/** Runs a command on this terminal and gives its exit code. */
export function show(argv: readonly string[], options: CommandOptions = {}): Promise<number> {
  const [command = '', ...rest] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { ...spawnOptions(options), stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 128))
  })
}

/**
 * Asks until the answer is not undefined.
 * @param patience milliseconds
 * @throws Error saying what was waited for and the last thing seen, once the patience is over.
 */
export async function until<T>(
  what: string,
  patience: number,
  probe: () => Promise<T | undefined>,
  lastSeen: () => string = () => 'nothing',
): Promise<T> {
  const end = performance.now() + patience
  for (;;) {
    const answer = await probe()
    if (answer !== undefined) return answer
    if (performance.now() > end) {
      throw new Error(`The lab waited ${patience} ms for ${what}. The last thing seen: ${lastSeen()}`)
    }
    await pause(10)
  }
}

/** @param duration milliseconds */
export function pause(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration))
}

function spawnOptions(options: CommandOptions): SpawnOptions {
  return {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
  }
}
