import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must, until } from './command.ts'
import { labFolder } from './engine.ts'
import { freePort } from './ports.ts'

/** A real image registry on loopback; docker trusts it without TLS, as all of 127.0.0.0/8. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string
  /** Puts an image of the engine there as `<address>/<name>`, and takes that name away from the engine. */
  push(image: string, name: string): Promise<void>
  /** Gives what has one tag another one, too. */
  tag(name: string, tag: string, other: string): Promise<void>
  /** Refuses connections from now on. */
  stop(): Promise<void>
  /** Serves again what it had. */
  start(): Promise<void>
}

/** A user of a registry; whoever else comes is refused. */
export interface RegistryUser {
  readonly name: string
  readonly password: string
}

/** Starts Debian's `docker-registry`, empty; it wants no login unless a user is given. */
export async function startRegistry({
  port: wanted,
  ...credentials
}: Partial<RegistryUser> & { readonly port?: number } = {}): Promise<Registry> {
  const { name, password } = credentials
  const user = name === undefined || password === undefined ? undefined : { name, password }
  const port = wanted ?? (await freePort())
  const address = `127.0.0.1:${port}`
  const folder = join(labFolder, `registry-${port}`)
  await mkdir(folder, { recursive: true })
  const configuration = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: address },
    ...(user && { auth: { htpasswd: { realm: 'lab', path: join(folder, 'htpasswd') } } }),
  }
  if (user !== undefined) await writeFile(join(folder, 'htpasswd'), await entryOf(user))
  await writeFile(join(folder, 'config.yml'), JSON.stringify(configuration)) // YAML too
  const serve = async () => {
    const server = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' })
    const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
    await until(`the registry at ${address}`, 20_000, async () =>
      fetch(`http://${address}/v2/`).then(
        (answer) => answer.ok || answer.status === 401 || undefined,
        () => undefined,
      ),
    )
    return async () => {
      server.kill('SIGKILL')
      await ended
    }
  }
  let end = await serve()
  const stop = () => end()
  if (user !== undefined) {
    await must(['docker', 'login', '--username', user.name, '--password-stdin', address], { input: user.password })
  }
  return {
    address,
    push: async (image, name) => {
      const reference = `${address}/${name}`
      await must(['docker', 'tag', image, reference])
      await must(['docker', 'push', '--quiet', reference])
      await must(['docker', 'rmi', reference])
    },
    tag: async (name, tag, other) => {
      const type = 'application/vnd.docker.distribution.manifest.v2+json'
      const manifest = await fetch(`http://${address}/v2/${name}/manifests/${tag}`, { headers: { Accept: type } })
      const put = await fetch(`http://${address}/v2/${name}/manifests/${other}`, {
        method: 'PUT',
        headers: { 'Content-Type': type },
        body: await manifest.text(),
      })
      if (!put.ok) throw new Error(`The registry answers ${put.status} to the tag ${name}:${other}.`)
    },
    stop,
    start: async () => {
      end = await serve()
    },
    [Symbol.asyncDispose]: async () => {
      await stop()
      if (user !== undefined) await must(['docker', 'logout', address])
      await rm(folder, { recursive: true })
    },
  }
}

/** Makes an image of another one with a layer that no other image has, so that a pull has something to bring. */
export async function withLayer(image: string, tag: string): Promise<void> {
  const container = (await must(['docker', 'create', image])).trim()
  const bytes = 'head -c 3000000 /dev/urandom >"$1/weight" && tar -C "$1" -c weight | docker cp - "$0:/tmp"'
  const folder = join(labFolder, `layer-${container.slice(0, 12)}`)
  await mkdir(folder, { recursive: true })
  await must(['sh', '-c', bytes, container, folder])
  await must(['docker', 'commit', container, tag])
  await must(['docker', 'rm', container])
  await rm(folder, { recursive: true })
}

async function entryOf({ name, password }: RegistryUser): Promise<string> {
  return must(['htpasswd', '-niB', name], { input: password })
}
