import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { ask } from './command.ts'
import { labEnvironment } from './environment.ts'

const here = import.meta.dirname

export interface EnclosureOptions {
  /** Tells this enclosure from others that the same process has at the same time. */
  readonly lane?: number
  /** Gets the process whose standard input and output are those of the command; they are this process's own otherwise. */
  readonly onStart?: (child: ChildProcess) => void
}

/**
 * Runs a command in the enclosure: its own view of the disk (in memory; only the clone is the real one), its own
 * processes and its own network. Whatever way the run ends, SIGKILL included, all of it goes with it; what the kernel
 * does not take away by itself, the janitor does.
 * @returns the exit code of the command
 */
export async function enclose(command: readonly string[], { lane, onStart }: EnclosureOptions = {}): Promise<number> {
  const stdio: StdioOptions = onStart === undefined ? 'inherit' : ['pipe', 'pipe', 'inherit']
  if (process.env['LAB_ENCLOSED'] === 'yes') {
    const child = spawn(command[0] ?? '', command.slice(1), { stdio })
    onStart?.(child)
    return ended(child)
  }
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child=KILL', '--propagation', 'private', '--net']
  const allowed = await ask(['unshare', ...namespaces, 'mount', '-t', 'tmpfs', 'lab', '/dev/shm'])
  if (allowed.code !== 0) {
    throw new Error(
      `The lab cannot make namespaces and mounts of its own here (${allowed.stderr.trim()}): run it on a machine, or in a privileged container. \`npm run test:unit\` works without.`,
    )
  }
  const around = process.env['LAB_MARK'] // of the enclosure that this one is in: a process id means nothing outside of it
  const mark = [around ?? 'blue-green-lab', process.pid, lane].filter((part) => part !== undefined).join('-')
  const janitor = spawn('sh', [resolve(here, 'janitor.sh')], {
    detached: true, // so that what ends the run does not end the janitor
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, LAB_MARK: mark, LAB_AROUND: around ?? '' },
  })
  const swept = ended(janitor)
  const enclosure = spawn(
    'setpriv',
    [...['--pdeathsig', 'KILL', 'unshare', ...namespaces], ...['sh', resolve(here, 'enclosure.sh'), ...command]],
    {
      stdio,
      env: { ...labEnvironment(process.env), LAB_MARK: mark, LAB_CLONE: realpathSync(resolve(here, '../..')) },
    },
  )
  onStart?.(enclosure)
  const end = () => enclosure.kill('SIGKILL')
  endWithNpm(end)
  let interrupted: NodeJS.Signals | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = signal
      end()
    })
  }
  const code = await ended(enclosure)
  janitor.stdin?.end()
  await swept
  return interrupted === undefined ? code : 128 + constants.signals[interrupted]
}

/** npm that is killed leaves what it started to itself: directly, or with a shell between. */
function endWithNpm(end: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const child = [process.pid, process.ppid].find((pid) => commandName(parentOf(pid)).startsWith('npm'))
  if (child === undefined) return
  const npm = parentOf(child)
  setInterval(() => parentOf(child) === npm || end(), 250).unref()
}

function commandName(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
}

/** 0 where the process is gone. */
function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code, signal) => done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

if (import.meta.main) process.exitCode = await enclose(process.argv.slice(2))
