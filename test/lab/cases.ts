import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ask, until } from './command.ts'
import type { LabHost } from './host.ts'
import { loadImages, versions } from './image.ts'
import type { Newcomer } from './newcomer.ts'
import { freePort } from './ports.ts'
import { shareWithEngine } from './proxied-site.ts'
import { removeContainers } from './site-containers.ts'
import { get, type WebAnswer } from './web.ts'

const folder = join(import.meta.dirname, 'cases')

/** A host as the files of a case describe it, with ports, names and images that no other test has. */
export interface Case extends AsyncDisposable {
  readonly host: LabHost
  readonly project: string
  /** Of the compose file. */
  readonly directory: string
  readonly repository: string
  readonly newcomer: Newcomer
  /** As deploy, in the directory, by hand. */
  readonly compose: (...args: readonly string[]) => Promise<void>
  /** What a visitor of the site gets. */
  readonly visit: (path?: string) => Promise<WebAnswer>
  readonly serves: () => Promise<void>
}

/**
 * Puts the files of a case where their names say (`__` is `/`; `shop` is the directory), for the user `deploy`, who may
 * use Docker and Nginx. Nothing is started.
 * @param directory where `shop` is to lie; in the home directory unless given
 */
export async function openCase(host: LabHost, name: string, directory?: string): Promise<Case> {
  const project = `${process.env['LAB_MARK']}-${Math.random().toString(36).slice(2, 8)}`
  const shop = directory ?? `${host.home}/${project}`
  const repository = `${project}/app`
  const [port, second, publicPort] = [await freePort(), await freePort(), await freePort()]
  const known: readonly (readonly [RegExp, string])[] = [
    [/\b3000-3001\b/g, `${port}-${port + 1}`],
    [/\b3000\b/g, String(port)],
    [/\b3001\b/g, String(second)],
    [/\b8080\b/g, '3000'],
    [/listen 80;/g, `listen 127.0.0.1:${publicPort};`],
    [/lab\/app/g, repository],
    [/STACK=shop/g, `STACK=${project}`],
    [/container_name: shop/g, `container_name: ${project}`],
  ]
  await loadImages(repository, versions, host.docker)
  await mkdir(dirname(shop), { recursive: true })
  await host.exec(`mkdir -p ${shop} && chown deploy: ${shop}`)
  if (directory === undefined) await shareWithEngine(host, shop)
  for (const file of await readdir(join(folder, name))) {
    const text = await readFile(join(folder, name, file), 'utf8')
    const path = file.replaceAll('__', '/').replace(/(^|\/)dot\./, '$1.')
    const at = path.startsWith('shop/') ? `${shop}/${path.slice('shop/'.length)}` : `/${path}`
    const own = known.reduce((made, [pattern, value]) => made.replace(pattern, value), text)
    await host.writeFile(at, own, path.startsWith('etc/') ? 'root' : 'deploy')
  }
  await host.exec(`install -d -m 0711 -o deploy ${host.stateRoot}/web`)
  await host.reloadNginx()
  const inputs = {
    host: host.address,
    'private-key': host.privateKey,
    'known-hosts': host.knownHosts,
    ...{
      service: 'web',
      directory: shop,
      'health-path': '/health',
      pull: 'never',
      version: 'v1',
      'drain-timeout': '1s',
    },
  }
  const visit = (path = '/') => get(`http://127.0.0.1:${publicPort}${path}`, { Host: 'shop.example.test' })
  return {
    ...{ host, project, directory: shop, repository, visit },
    newcomer: { host, user: 'deploy', inputs, said: [] },
    async compose(...args) {
      const ended = await host.exec(`cd ${shop} && docker compose ${args.join(' ')}`, { user: 'deploy' })
      if (ended.code !== 0) throw new Error(ended.stderr)
    },
    serves: async () => {
      let seen = ''
      const answered = async () => {
        seen = await visit().then(
          ({ status }) => String(status),
          (error: Error) => error.message,
        )
        return seen === '200' || undefined
      }
      await until('the site', 30_000, answered, () => seen)
    },
    [Symbol.asyncDispose]: async () => {
      await removeContainers(project, host.docker)
      await ask(['docker', 'volume', 'rm', `${project}_appdata`])
      await host.dispose()
    },
  }
}
