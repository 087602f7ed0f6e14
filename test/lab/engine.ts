import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { ask, must, until } from './command.ts'

/** Folder of everything that the lab keeps; in memory, and gone with the enclosure. */
export const labFolder = '/run/lab'

const socket = '/run/engine/docker.sock'
const log = `${labFolder}/dockerd.log`

/**
 * Gives the Docker Engine of this enclosed run, started by whoever asks first. It is the lab's own, also where the
 * machine runs one.
 * @returns milliseconds until it answered
 * @throws Error with the end of its log where it does not answer within 30 seconds.
 */
export async function startEngine(): Promise<number> {
  const begin = performance.now()
  if (process.env['LAB_ENCLOSED'] !== 'yes') {
    throw new Error(
      'The lab runs in its enclosure only: use `npm test -- <file>` or `node test/lab/enclosure.ts <command>`.',
    )
  }
  if (await first('engine-started')) await start()
  await until(
    'the Docker Engine',
    30_000,
    async () => (await answers()) || undefined,
    () => 'nothing at its socket',
  ).catch(async (error: Error) => {
    const said = await readFile(log, 'utf8').catch(() => '')
    throw new Error(`${error.message}. Its log ends with:\n${said.slice(-2000)}`)
  })
  return performance.now() - begin
}

/** Whether the caller is the first of this enclosed run to ask for `what`. */
export async function first(what: string): Promise<boolean> {
  await mkdir(labFolder, { recursive: true })
  return mkdir(`${labFolder}/${what}`).then(
    () => true,
    () => false,
  )
}

async function start(): Promise<void> {
  const configuration = `${labFolder}/daemon.json`
  await writeFile(configuration, '{}')
  const daemon = await spawnDaemon(log, {
    host: `unix://${socket}`,
    group: 'docker',
    'config-file': configuration,
    'data-root': `${labFolder}/docker`,
    'exec-root': `${labFolder}/docker-run`,
    pidfile: `${labFolder}/dockerd.pid`,
  })
  daemon.unref()
}

/** An engine that one host has to itself, so that it can be stopped. */
export interface OwnEngine extends AsyncDisposable {
  /** Of the daemon's socket. */
  readonly path: string
  /** Ends the daemon as its service manager does: without live-restore all containers end with it. */
  stop(): Promise<void>
  /** Starts it again, and with it the containers that are to run. */
  start(): Promise<void>
}

/** Starts a further engine beside the one of the run, and leaves the rules of the firewall to that. */
export async function startOwnEngine(): Promise<OwnEngine> {
  const name = `own-${process.pid}-${Math.random().toString(36).slice(2, 8)}`
  const folder = `${labFolder}/${name}`
  const path = `/run/engine/${name}/docker.sock`
  await Promise.all([folder, `/run/engine/${name}`].map((each) => mkdir(each, { recursive: true })))
  await writeFile(`${folder}/daemon.json`, '{}')
  const bridge = await ownBridge()
  let daemon: ChildProcess | undefined
  const start = async (): Promise<void> => {
    daemon = await spawnDaemon(`${folder}/log`, {
      host: `unix://${path}`,
      group: 'docker',
      'config-file': `${folder}/daemon.json`,
      'data-root': `${folder}/data`,
      'exec-root': `${folder}/run`,
      pidfile: `${folder}/pid`,
      bridge,
      iptables: 'false',
    })
    const said = () => 'nothing at its socket'
    await until('an engine of its own', 30_000, async () => (await answers(path)) || undefined, said)
  }
  const stop = async (): Promise<void> => {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return
    const ended = once(daemon, 'exit')
    daemon.kill('SIGTERM')
    await ended
  }
  await start()
  return {
    path,
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop()
      await ask(['ip', 'link', 'delete', bridge])
      await rm(folder, { recursive: true, force: true }).catch(() => undefined) // what is still mounted goes with the run
    },
  }
}

/** Without one of its own an engine would take, or take away, the bridge of the other. */
async function ownBridge(): Promise<string> {
  for (let number = 100; number < 200; number++) {
    const name = `lab-own-${number}`
    if (!(await first(name))) continue
    await must(['ip', 'link', 'add', name, 'type', 'bridge'])
    await must(['ip', 'address', 'add', `10.99.${number}.1/24`, 'dev', name])
    await must(['ip', 'link', 'set', name, 'up'])
    return name
  }
  throw new Error('The lab has no further engine to give.')
}

async function spawnDaemon(output: string, flags: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const log = await open(output, 'a')
  const groups = { 'exec-opt': 'native.cgroupdriver=cgroupfs', 'cgroup-parent': `/${process.env['LAB_MARK']}` }
  const argv = Object.entries({ ...flags, ...groups }).map(([name, value]) => `--${name}=${value}`)
  const daemon = spawn('dockerd', argv, { detached: true, stdio: ['ignore', log.fd, log.fd] })
  await log.close()
  return daemon
}

function answers(socketPath = socket): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping' }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.on('error', () => resolve(false))
    ping.end()
  })
}
