import { readdir, readFile } from 'node:fs/promises'
import { pause, until } from './command.ts'
import type { Machine } from './machine.ts'

export interface NginxProcess {
  readonly pid: number
  readonly role: 'master' | 'worker' | 'worker shutting down'
  /** Start time in clock ticks since boot: with the pid, who it is. */
  readonly startTicks: number
}

/** A file of Nginx's configuration: path below /etc/nginx (or absolute) and content. */
export type NginxFiles = Readonly<Record<string, string>>

/** Starts the machine's Nginx with its default configuration path and waits for its workers. */
export async function startNginx(machine: Machine): Promise<void> {
  await nginx(machine, 'nginx')
  await until(
    'the workers of Nginx',
    5000,
    async () => (await nginxProcesses(machine)).some((process) => process.role === 'worker') || undefined,
  )
}

/**
 * Reloads and waits until only workers of the new configuration take connections.
 * @throws Error with what Nginx said where it refuses.
 */
export async function reloadNginx(machine: Machine): Promise<void> {
  const before = (await nginxProcesses(machine)).filter((process) => process.role === 'worker')
  // The times of what was written just now could not be told from those of the new workers.
  await pause(50)
  await nginx(machine, 'nginx -s reload')
  await until('the workers of the new configuration', 5000, async () => {
    const now = await nginxProcesses(machine)
    const workers = now.filter((process) => process.role === 'worker')
    return (workers.length > 0 && !workers.some((worker) => before.some((old) => old.pid === worker.pid))) || undefined
  })
}

/** Ends it at once, requests in flight included. */
export async function stopNginx(machine: Machine): Promise<void> {
  await nginx(machine, 'nginx -s stop')
  await until('the end of Nginx', 5000, async () => (await nginxProcesses(machine)).length === 0 || undefined)
}

export async function writeNginx(machine: Machine, files: NginxFiles): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = name.startsWith('/') ? name : `/etc/nginx/${name}`
    await machine.writeFile(path, content)
  }
}

/** The running Nginx of this machine: its master and all its workers. */
export async function nginxProcesses(machine: Machine): Promise<NginxProcess[]> {
  const master = Number.parseInt((await machine.exec('cat /run/nginx.pid 2>/dev/null')).stdout, 10)
  if (Number.isNaN(master)) return []
  const all = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const seen = await Promise.all(all.map((pid) => nginxProcess(pid, master)))
  return seen.filter((process) => process !== undefined)
}

async function nginxProcess(pid: number, master: number): Promise<NginxProcess | undefined> {
  try {
    const [stat, title] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (pid !== master && Number(fields[1]) !== master) return undefined
    if (!title.startsWith('nginx: ')) return undefined
    const worker = title.includes('is shutting down') ? 'worker shutting down' : 'worker'
    return { pid, role: pid === master ? 'master' : worker, startTicks: Number(fields[19]) }
  } catch {
    return undefined // it ended meanwhile
  }
}

async function nginx(machine: Machine, command: string): Promise<void> {
  const ended = await machine.exec(`exec ${command}`)
  if (ended.code !== 0) throw new Error(`\`${command}\` of the lab ended with ${ended.code}: ${ended.stderr.trim()}`)
}
