import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must, until } from '../command.ts'
import { labFolder } from '../engine.ts'
import { freePort } from '../ports.ts'

/** Debian's `docker-registry` on loopback, behind a password; docker trusts it without TLS, as all of 127.0.0.0/8. */
export interface ClosedRegistry {
  /** `127.0.0.1:port` */
  readonly address: string
  /** The status that `user` gets for a path with this password. */
  status(path: string, password: string): Promise<number>
  stop(): Promise<void>
}

export const PASSWORD = 'a password, with "quotes"'

/** Starts it empty, for the user `user`. */
export async function startClosedRegistry(): Promise<ClosedRegistry> {
  const address = `127.0.0.1:${await freePort()}`
  const folder = join(labFolder, `registry-${address.slice(10)}`)
  await mkdir(folder, { recursive: true })
  const salt = '$2y$05$abcdefghijklmnopqrstuu'
  const hash = await must(['perl', '-e', 'print crypt($ARGV[0], $ARGV[1])', PASSWORD, salt])
  await writeFile(join(folder, 'users'), `user:${hash}\n`)
  const configuration = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: address },
    auth: { htpasswd: { realm: 'lab', path: join(folder, 'users') } },
  }
  await writeFile(join(folder, 'config.yml'), JSON.stringify(configuration)) // YAML too
  const server = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  const status = async (path: string, password: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`
    const answer = await fetch(`http://${address}${path}`, { headers: { authorization } })
    return answer.status
  }
  await until(`the registry at ${address}`, 20_000, () => status('/v2/', '').catch(() => undefined))
  return {
    address,
    status,
    stop: async () => {
      server.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
