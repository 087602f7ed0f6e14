import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { must, until } from './command.ts'
import { first, labFolder } from './engine.ts'

/** Ways in which a version misbehaves; `application/server.js` says how. */
export const faults = [
  'slow-boot',
  'never-healthy',
  'exits',
  'loops',
  'dies-later',
  'fails-later',
  'once-healthy',
  'slow',
  'memory',
  'closes-hang',
  'quits',
  'wears-out',
] as const

/** The fault of a version, by its name. */
export function faultOf(version: string): string | undefined {
  return faults.find((fault) => version === fault || version.endsWith(`-${fault}`))
}

/** The versions that every site's repository has from the start: `v1` … `v9`, and one for each fault. */
export const versions: readonly string[] = [...Array.from({ length: 9 }, (_, i) => `v${i + 1}`), ...faults]

const layer = join(labFolder, 'layer.tar')
const created = '2026-01-01T00:00:00Z'

/**
 * Puts images into the engine: one for each tag, all on one layer, each with an id of its own and with its tag as
 * `APP_VERSION`. No registry has part in it.
 * @param env of the docker command, where it is not the engine of all hosts
 */
export async function loadImages(
  repository: string,
  tags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const digest = await layerDigest()
  const folder = join(labFolder, `images-${repository.replaceAll('/', '-')}-${tags[0]}-${process.pid}`)
  await mkdir(folder, { recursive: true })
  await symlink(layer, join(folder, 'layer.tar'))
  const manifest = tags.map((tag) => ({
    Config: `${tag}.json`,
    RepoTags: [`${repository}:${tag}`],
    Layers: ['layer.tar'],
  }))
  await Promise.all(
    tags.map((tag) => writeFile(join(folder, `${tag}.json`), JSON.stringify(imageOf(repository, tag, digest)))),
  )
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  // An engine that has the layer does not ask for it again, except where containerd keeps the images.
  const own = env['DOCKER_HOST'] !== undefined
  const begins = !own && (await first('layer-loading'))
  const loaded = join(labFolder, 'layer-loaded')
  if (!own && !begins) await there(loaded, 'the first load of the layer')
  const known = !own && !begins && !(await keptByContainerd())
  const files = [...tags.map((tag) => `${tag}.json`), 'manifest.json', ...(known ? [] : ['layer.tar'])]
  await must(['sh', '-c', 'tar -C "$0" -chf - "$@" | docker load --quiet', folder, ...files], { env })
  if (begins) await writeFile(loaded, '')
  await rm(folder, { recursive: true })
}

function imageOf(repository: string, tag: string, digest: string): object {
  return {
    created,
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Env: ['PATH=/bin', `APP_VERSION=${tag}`],
      Cmd: ['node', '/server.js'],
      WorkingDir: '/',
      Labels: { 'blue-green-lab': process.env['LAB_MARK'], 'blue-green-lab.repository': repository },
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created, comment: 'the application of the lab' }],
  }
}

async function layerDigest(): Promise<string> {
  const done = join(labFolder, 'layer-done')
  if (await first('layer-begun')) {
    await makeLayer()
    await writeFile(done, '')
  }
  await there(done, 'the layer of the application image')
  digestOfLayer ??= digestOf(layer)
  return digestOfLayer
}

/** Waits for a file by which whoever was the first says that something is done. */
async function there(file: string, what: string): Promise<void> {
  await until(what, 60_000, () =>
    access(file).then(
      () => true,
      () => undefined,
    ),
  )
}

let digestOfLayer: Promise<string> | undefined

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** node, the libraries it is linked with, busybox and the application: all that the image holds. */
async function makeLayer(): Promise<void> {
  const root = join(labFolder, 'layer')
  await Promise.all(
    ['bin', 'tmp', 'etc', 'proc', 'sys', 'dev'].map((name) => mkdir(join(root, name), { recursive: true })),
  )
  await copyFile(process.execPath, join(root, 'bin/node'))
  await copyFile((await must(['sh', '-c', 'command -v busybox'])).trim(), join(root, 'bin/busybox'))
  await copyLibraries(process.execPath, root)
  for (const name of ['sh', 'ls', 'cat', 'echo', 'sleep', 'kill', 'ps', 'wget', 'true', 'false', 'env']) {
    await symlink('busybox', join(root, 'bin', name))
  }
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n')
  await copyFile(join(import.meta.dirname, 'application/server.js'), join(root, 'server.js'))
  await must(['tar', '-C', root, '--owner=0', '--group=0', '-cf', layer, '.'])
  await rm(root, { recursive: true })
}

/** What a program of this machine is linked with. */
export async function copyLibraries(program: string, root: string): Promise<void> {
  for (const [, library = ''] of (await must(['ldd', program])).matchAll(/(\/\S+) \(0x/g)) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await copyFile(library, join(root, library))
  }
}

let containerd: Promise<boolean> | undefined

function keptByContainerd(): Promise<boolean> {
  containerd ??= must(['docker', 'info', '--format', '{{.DriverStatus}}']).then((text) =>
    text.includes('containerd.snapshotter'),
  )
  return containerd
}
