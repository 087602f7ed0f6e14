import { lstat, mkdtemp, readdir, readFile, rmdir } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ask } from './command.ts'

/** What a run may not change on a machine, by kind: one entry a user, process, listener, link, mount, rule or file. */
export type Traces = ReadonlyMap<string, ReadonlySet<string>>

const clone = resolve(import.meta.dirname, '../..')

/** In an enclosure all that was written since it began, and nothing of what goes on around it. */
const written = ['/run/written', '/run', '/dev/shm']
const machine = ['/etc', '/run', '/tmp', '/var', '/home', '/root', '/dev/shm']

/** Of npm and of the packages, and what belongs to the engine and the logs of the machine itself. */
const foreign = [
  ...[clone, '/run/lab', '/run/docker', '/run/containerd', '/run/log'],
  join(tmpdir(), 'node-compile-cache'), // npm's own, since its version 11
  ...['/root/.npm', '/root/.cache', '/var/cache', '/var/lib/apt', '/var/lib/dpkg', '/var/log', '/var/lib/docker'],
]

/** Looks at this machine, or at this enclosure. */
export async function traces(): Promise<Traces> {
  const mark = process.env['LAB_MARK']
  // A folder counts as written once anything ever was in it: so let it be, before the first look.
  if (mark !== undefined) for (const folder of [tmpdir(), homedir()]) await rmdir(await mkdtemp(join(folder, 'look-')))
  const [users, running, listeners, links, mounts, rules, groups, engine, files] = await Promise.all([
    linesOf('/etc/passwd', '/etc/group', '/etc/shadow'),
    processes(),
    listening(),
    said(['ip', '-o', 'address'], /valid_lft.*/),
    linesOf('/proc/self/mounts'),
    said(['iptables-save'], /^[#:].*|\[\d+:\d+\]/),
    said(['find', '/sys/fs/cgroup', '-type', 'd', '-name', `${mark ?? 'blue-green-lab'}-*`]),
    inEngine(),
    filesIn(mark === undefined ? machine : written),
  ])
  return new Map(Object.entries({ users, processes: running, listeners, links, mounts, rules, groups, engine, files }))
}

/** What differs, in lines such as `files: + /tmp/left`. */
export function differences(before: Traces, after: Traces): readonly string[] {
  return [...before.keys()].flatMap((kind) => {
    const [old, now] = [before.get(kind) ?? new Set<string>(), after.get(kind) ?? new Set<string>()]
    const gone = [...old].filter((entry) => !now.has(entry)).map((entry) => `${kind}: - ${entry}`)
    return [...gone, ...[...now].filter((entry) => !old.has(entry)).map((entry) => `${kind}: + ${entry}`)]
  })
}

async function linesOf(...paths: readonly string[]): Promise<Set<string>> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return new Set(texts.flatMap((text) => text.split('\n')))
}

async function said(argv: readonly string[], without?: RegExp): Promise<Set<string>> {
  const lines = (await ask(argv)).stdout.split('\n')
  return new Set(without === undefined ? lines : lines.map((line) => line.replace(without, '').trim()))
}

/** Threads of the kernel, and whoever looks, are not among them. */
async function processes(): Promise<Set<string>> {
  const all = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid)
  const seen = await Promise.all(
    all.map(async (pid) => {
      try {
        const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
        const parent = Number(/^PPid:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])
        return args === '' || parent === process.pid ? '' : `${pid} ${args}`
      } catch {
        return '' // it ended meanwhile
      }
    }),
  )
  return new Set(seen)
}

async function listening(): Promise<Set<string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map(async (name) => {
      const rows = (await readFile(`/proc/net/${name}`, 'utf8').catch(() => '')).split('\n').slice(1)
      const fields = rows.map((row) => row.trim().split(/\s+/))
      return fields.filter(([, , , state]) => state === '0A' || state === '07').map(([, local]) => `${name} ${local}`)
    }),
  )
  const unix = (await readFile('/proc/net/unix', 'utf8')).split('\n').filter((row) => / 00010000 .* \//.test(row))
  return new Set([...tables.flat(), ...unix.map((row) => row.replace(/^.*? (?=\/)/, 'unix '))])
}

async function inEngine(): Promise<Set<string>> {
  const lists = await Promise.all([
    said(['docker', 'ps', '--all', '--format', 'container {{.ID}} {{.Names}}']),
    said(['docker', 'images', '--all', '--format', 'image {{.ID}} {{.Repository}}:{{.Tag}}']),
    said(['docker', 'network', 'ls', '--format', 'network {{.ID}} {{.Name}}']),
    said(['docker', 'volume', 'ls', '--format', 'volume {{.Name}}']),
  ])
  return new Set(lists.flatMap((list) => [...list]))
}

/** Each with its kind, mode and owner; files with size and time too, as a folder's time is that of its visitors. */
async function filesIn(paths: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  const visit = async (path: string): Promise<void> => {
    if (foreign.includes(path.replace(/^\/run\/written\/\d+\/upper/, '')) || /^\/run\/written\/\d+\/work$/.test(path))
      return
    try {
      const entry = await lstat(path)
      const content = entry.isFile() ? ` ${entry.size} ${entry.mtimeMs}` : ''
      found.add(`${path} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid}${content}`)
      if (entry.isDirectory()) await Promise.all((await readdir(path)).map((name) => visit(join(path, name))))
    } catch {
      // it went while it was looked at, or nobody may look
    }
  }
  await Promise.all(paths.map(visit))
  return found
}
