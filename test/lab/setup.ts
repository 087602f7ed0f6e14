import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import { type ActionRun, runAction } from './action.ts'
import { must, until } from './command.ts'
import type { LabHost } from './host.ts'
import { loadImages } from './image.ts'
import type { Lab } from './lab.ts'
import { shareWithEngine } from './proxied-site.ts'
import { makeProxyImage } from './proxy-image.ts'
import { type Registry, startRegistry } from './registry.ts'
import { get } from './web.ts'

/** The port of the application in its container, and where visitors come in. */
const APPLICATION = 8080
const PUBLIC = 'http://127.0.0.1:80'
const DIRECTORY = '/home/deploy/shop'
/** Versions that a registry of the field has. */
const VERSIONS = ['v1', 'v2', 'v3', 'v4'] as const

type Version = (typeof VERSIONS)[number]

/** A set-up as somebody has it: the files of `setups/<name>`, and what its owner runs. */
export interface Setup extends AsyncDisposable {
  readonly host: LabHost
  /** The inputs of the workflow. */
  inputs(more?: Readonly<Record<string, string>>): Record<string, string>
  /** Runs the owner's own script. */
  byOwner(color: 'blue' | 'green', version: Version): Promise<void>
  /** Makes a version the latest of the registry, as a build does. */
  built(version: Version): Promise<void>
  /** What a visitor gets: status and version. */
  visited(): Promise<string>
  /** Every link of the configuration, and where it leads. */
  links(): Promise<string>
  /** Name and content of every file of the owner. */
  files(): Promise<ReadonlyMap<string, string>>
}

/** A registry as the set-ups name it, and the images that their Dockerfiles begin with. */
export async function openField(): Promise<Registry> {
  const registry = await startRegistry({ port: 5000 })
  await loadImages('field/app', VERSIONS)
  const proxy = await makeProxyImage('tools')
  await must(['docker', 'tag', proxy, 'nginx:stable-alpine'])
  const base = (await must(['docker', 'create', 'field/app:v1'])).trim()
  await must([
    'sh',
    '-c',
    'mkdir -p /tmp/base/app && docker cp "$1:/server.js" /tmp/base/app/ && docker cp /tmp/base/app "$1:/"',
    'sh',
    base,
  ])
  await must(['docker', 'commit', '--change', `ENV PORT=${APPLICATION}`, base, 'lab/node:base'])
  await must(['docker', 'rm', base])
  for (const version of VERSIONS) {
    const image = `field/shop:${version}`
    await variant(`field/app:${version}`, image, [`ENV PORT=${APPLICATION}`])
    await registry.push(image, `acme/shop:${version}`)
  }
  return registry
}

async function variant(image: string, tag: string, changes: readonly string[]): Promise<void> {
  const container = (await must(['docker', 'create', image])).trim()
  await must(['docker', 'commit', ...changes.flatMap((change) => ['--change', change]), container, tag])
  await must(['docker', 'rm', container])
}

/** Stands a set-up up, with `v1` on blue by its owner's script. */
export async function openSetup(lab: Lab, registry: Registry, name: string): Promise<Setup> {
  await must(['sh', '-c', `rm -f ${DIRECTORY}; ids=$(docker ps -aq); [ -z "$ids" ] || docker rm -f $ids >/dev/null`])
  const folder = join(import.meta.dirname, 'setups', name)
  const host = await lab.host({ nginx: 'stopped' })
  // Users and rights of its own: this owner may do everything.
  const rights = "echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deploy; chmod 0440 /etc/sudoers.d/deploy"
  const made = await host.exec(`cp -a /etc /run/etc && mount --bind /run/etc /etc && ${rights}`)
  assert.equal(made.code, 0, made.stderr)
  for (const file of await readdir(join(folder, 'host'), { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    const at = `/${relative(join(folder, 'host'), path)}`
    await host.writeFile(at, await readFile(path, 'utf8'), at.startsWith('/home/') ? 'deploy' : 'root')
  }
  await host.exec('rm -f /etc/nginx/sites-enabled/default /etc/nginx/conf.d/default.conf.orig')
  const inContainer = (await readdir(folder)).includes('proxy.sh')
  const stop = async () => {
    await must(['sh', '-c', 'ids=$(docker ps -aq); [ -z "$ids" ] || docker rm -f $ids >/dev/null'])
    if (inContainer) await must(['rm', '-f', DIRECTORY])
    await host.dispose()
  }
  const attempt = async (script: string, ...args: readonly string[]) => {
    const text = await readFile(join(folder, script), 'utf8')
    // The lab's application needs no three seconds to begin, and Debian's docker has no quiet copy.
    const input = text.replaceAll('sleep 3', 'sleep 0.5').replaceAll('docker cp -q', 'docker cp')
    return host.exec(`bash -s ${args.join(' ')}`, { user: 'deploy', input })
  }
  const run = async (script: string, ...args: readonly string[]) => {
    const ended = await attempt(script, ...args)
    assert.equal(ended.code, 0, `${script} ${args.join(' ')}: ${ended.stdout}${ended.stderr}`)
  }
  if (inContainer) {
    await shareWithEngine(host, DIRECTORY)
    await must(['sh', '-c', 'docker network create shop-net >/dev/null 2>&1 || :'])
  }
  const built = async (version: Version) => {
    await host.writeFile(`${DIRECTORY}/VERSION`, `${version}\n`, 'deploy')
    await registry.tag('acme/shop', version, 'latest')
  }
  await built('v1')
  // Nginx starts once what it names is there, and the owner reloads it at the end.
  await attempt('owner.sh', 'blue', 'v1')
  if (inContainer) await run('proxy.sh')
  else await host.startNginx()
  await run('owner.sh', 'blue', 'v1')
  const written = parse(await readFile(join(folder, 'inputs.yml'), 'utf8')) as Readonly<Record<string, string>>
  const answer = () => get(`${PUBLIC}/`, { Host: 'shop.example.com' })
  await until('the application', 30_000, async () =>
    answer().then(
      ({ status }) => status === 200 || undefined,
      () => undefined,
    ),
  )
  return {
    host,
    inputs: (more = {}) => ({
      host: host.address,
      'private-key': host.privateKey,
      'known-hosts': host.knownHosts,
      directory: 'shop',
      'health-path': '/health',
      'state-directory': '~/.blue-green/shop',
      watch: '500ms',
      'drain-timeout': '1s',
      ...written,
      ...more,
    }),
    byOwner: (color, version) => run('owner.sh', color, version),
    built,
    visited: async () => {
      const { status, version } = await answer()
      return `${status} ${version}`
    },
    files: async () => {
      const { stdout } = await host.exec(
        "find /etc/nginx /home/deploy/shop -type f ! -path '*/.blue-green/*' ! -name VERSION -exec sha256sum {} +",
      )
      return new Map(
        stdout
          .trim()
          .split('\n')
          .map((line) => [line.slice(66), line.slice(0, 64)]),
      )
    },
    links: async () => (await host.exec("find /etc/nginx -type l -exec stat -c '%N' {} +")).stdout,
    [Symbol.asyncDispose]: stop,
  }
}

/** Releases a version, or rolls back, as it must go. */
export async function released(
  setup: Setup,
  version: Version,
  more: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  await setup.built(version)
  const run = await runAction(setup.inputs({ version, ...more }))
  assert.equal(run.outputs['result'], more['command'] === 'rollback' ? 'rolled-back' : 'released', run.stdout)
  return run
}

export async function serves(setup: Setup, version: Version): Promise<void> {
  assert.equal(await setup.visited(), `200 ${version}`)
}
