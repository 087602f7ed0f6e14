import { spawn } from 'node:child_process'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { until } from './command.ts'

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
  const output = await open(log, 'a')
  const flags = {
    host: `unix://${socket}`,
    group: 'docker',
    'config-file': configuration,
    'data-root': `${labFolder}/docker`,
    'exec-root': `${labFolder}/docker-run`,
    pidfile: `${labFolder}/dockerd.pid`,
    'exec-opt': 'native.cgroupdriver=cgroupfs',
    'cgroup-parent': `/${process.env['LAB_MARK']}`,
  }
  const argv = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  spawn('dockerd', argv, { detached: true, stdio: ['ignore', output.fd, output.fd] }).unref()
  await output.close()
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: socket, path: '/_ping' }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.on('error', () => resolve(false))
    ping.end()
  })
}
