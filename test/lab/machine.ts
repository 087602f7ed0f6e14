import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { ask, type Ended, must, pause } from './command.ts'
import { labFolder } from './engine.ts'

/** A view of the disk of its own: what a host of the lab is, before anything runs on it. */
export interface Machine {
  readonly id: string
  /** Runs there and gives how it ended. */
  exec(command: string, options?: ExecOptions): Promise<Ended>
  /** Writes a file there, its folder made where it is missing; what exists keeps its inode, mode and owner. */
  writeFile(path: string, content: string, owner?: 'root' | 'deploy'): Promise<void>
  /** @throws Error where it cannot be read. */
  readFile(path: string): Promise<string>
  /** The argv that runs another argv there as root. */
  enter(argv: readonly string[]): readonly string[]
  /** Processes there, containers not among them. */
  processes(): Promise<number[]>
  /** Ends all of them and takes the folder away. */
  remove(): Promise<void>
}

export interface ExecOptions {
  readonly user?: 'root' | 'deploy'
  readonly input?: string
  /** Milliseconds, none unless given: after it the command is killed, and the code is 137. */
  readonly timeout?: number
}

/** Own folders of a host, with what they begin with: nothing, or a copy of what this machine has there. */
const folders = {
  '/etc/nginx': 'copy',
  '/etc/ssh': 'empty',
  '/var/log/nginx': 'empty',
  '/var/lib/nginx': 'copy',
  '/var/lib/blue-green': 'empty',
  '/home/deploy': 'empty',
  '/tmp': 'empty',
  '/run': 'empty',
} as const

const birth = `
cd "$1"
shift
for entry in "$@"; do
  folder=\${entry#*:}
  mkdir -p ".$folder"
  [ "\${entry%%:*}" = empty ] || cp -a "$folder/." ".$folder/"
done
rm -f ./etc/nginx/sites-enabled/* ./etc/nginx/conf.d/*
chmod 1777 tmp
chown deploy:deploy home/deploy
mkdir -p run/engine run/sshd run/lock run/sudo
ln -s engine/docker.sock run/docker.sock
mount --rbind /run/engine run/engine
for entry in "$@"; do
  folder=\${entry#*:}
  mount --rbind ".$folder" "$folder"
done
echo ready
exec cat`

/** Opens a new view of the disk. It is held by a process that waits; where the caller dies, it ends. */
export async function openMachine(): Promise<Machine> {
  const id = `host-${process.pid}-${Math.random().toString(36).slice(2, 8)}`
  const folder = join(labFolder, id)
  await ask(['mkdir', '-p', folder])
  const entries = Object.entries(folders).map(([path, content]) => `${content}:${path}`)
  const holder = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-ec', birth, 'sh', folder, ...entries],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  await ready(holder)
  holder.unref()
  const pid = String(holder.pid)
  const enter = (argv: readonly string[]) => ['nsenter', '--target', pid, '--mount', '--', ...argv]
  const processes = async () => (await processesOf(pid)).filter((other) => String(other) !== pid)
  const exec = (command: string, options: ExecOptions = {}) =>
    ask(enter(asUser(command, options)), { input: options.input ?? '' })
  const remove = async () => {
    for (let left = await processes(); left.length > 0; left = await processes()) {
      left.forEach(killProcess)
      await pause(5)
    }
    holder.kill('SIGKILL')
    await ask(['rm', '-rf', folder])
  }
  let removed: Promise<void> | undefined
  return {
    id,
    enter,
    processes,
    exec,
    writeFile: async (path, content, user = 'root') => {
      await must(enter(['setpriv', ...identity(user), 'sh', '-c', 'mkdir -p "$(dirname "$0")" && cat >"$0"', path]), {
        input: content,
      })
    },
    readFile: (path) => must(enter(['cat', path])),
    remove: () => {
      removed ??= remove()
      return removed
    },
  }
}

function asUser(command: string, { user = 'root', timeout }: ExecOptions): string[] {
  const limit = timeout === undefined ? [] : ['timeout', '--signal=KILL', `${timeout / 1000}`]
  return [...limit, 'setpriv', ...identity(user), 'sh', '-c', user === 'root' ? command : `cd && ${command}`]
}

function identity(user: 'root' | 'deploy'): string[] {
  return user === 'root'
    ? ['--reuid=0', '--regid=0', '--clear-groups']
    : ['--reuid=deploy', '--regid=deploy', '--init-groups', '--reset-env']
}

async function ready(holder: ChildProcess): Promise<void> {
  if (holder.stdout === null) throw new Error('The holder of a host has no output.')
  const died = once(holder, 'exit').then(() => {
    throw new Error('A host of the lab could not be made: its holder ended; see what it printed above.')
  })
  await Promise.race([once(holder.stdout, 'data'), died])
  holder.stdout.destroy()
  if (holder.stdin instanceof Socket) holder.stdin.unref()
}

async function processesOf(pid: string): Promise<number[]> {
  const own = await readlink(`/proc/${pid}/ns/mnt`)
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const spaces = await Promise.all(all.map((other) => readlink(`/proc/${other}/ns/mnt`).catch(() => '')))
  return all.filter((_, i) => spaces[i] === own).map(Number)
}

/** Sends SIGKILL; a process that is gone already is no error. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it is gone already
  }
}
