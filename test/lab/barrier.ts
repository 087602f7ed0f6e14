import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './command.ts'
import type { LabHost } from './host.ts'

/** Something that holds others back until it is opened. */
export interface Barrier {
  /** Waits until so many wait at it. */
  arrived(count: number): Promise<void>
  /** Lets all of them go in one moment. */
  open(): Promise<void>
}

/** Milliseconds for all to arrive, on a machine that has much to do. */
const PATIENCE = 30_000

/** What a process of Node does first: it says that it is there, and waits. */
const wait = `
import { existsSync, writeFileSync } from 'node:fs'
const at = process.env.LAB_BARRIER
const sleeper = new Int32Array(new SharedArrayBuffer(4))
if (!existsSync(at + '/open')) writeFileSync(at + '/' + process.pid, '')
while (existsSync(at) && !existsSync(at + '/open')) Atomics.wait(sleeper, 0, 0, 1)
`

/** Holds processes of Node back before they do anything: those that have this environment. */
export async function startBarrier(): Promise<Barrier & AsyncDisposable & { readonly env: Record<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'barrier-'))
  const there = async (count: number) => (await readdir(folder)).length >= count || undefined
  return {
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(wait)}`, LAB_BARRIER: folder },
    arrived: async (count) => void (await until(`${count} processes to begin`, PATIENCE, () => there(count))),
    open: () => writeFile(join(folder, 'open'), ''),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** Holds a lock of a host, so that all who want it come to wait for it. */
export async function holdLock(host: LabHost, file: string): Promise<Barrier> {
  const [command = '', ...rest] = host.machine.enter(['setpriv', '--reuid=deploy', '--regid=deploy', '--clear-groups'])
  const holder = spawn(command, [...rest, 'flock', file, 'sh', '-c', 'echo held; exec cat >/dev/null'])
  await once(holder.stdout, 'data')
  let waiting = 0
  const all = async (count: number) => {
    const pids = await host.machine.processes()
    const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
    waiting = names.filter((name) => /^flock -w \d+ 9 $/.test(name.replaceAll('\0', ' '))).length
    return waiting >= count || undefined
  }
  return {
    arrived: async (count) => {
      await until(
        `${count} runs to wait for ${file}`,
        PATIENCE,
        () => all(count),
        () => `${waiting} of them`,
      )
    },
    open: async () => {
      const ended = once(holder, 'exit')
      holder.stdin.end()
      await ended
    },
  }
}
