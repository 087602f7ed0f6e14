import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must, until } from './command.ts'
import { labFolder } from './engine.ts'
import type { LabSite } from './site.ts'

/** What happened to a site, as the kernel and Docker tell it; nothing that a release wrote down is asked. */
export interface Deeds {
  /**
   * In the kernel's one order: `create <version>` of a container, `.env` put in its place, and `flip` of the switch. A
   * container is seen by the folder that Docker makes for it.
   */
  readonly files: readonly string[]
  /** In Docker's order: what it did with containers of the site, and the version that each is of, `start v3`. */
  readonly containers: readonly string[]
}

export interface DeedsWatch extends AsyncDisposable {
  /** All that has happened since this was asked last, or since the beginning. */
  since(): Promise<Deeds>
}

interface DockerEvent {
  readonly Type: string
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
}

/** Docker's folder with one folder for each container. */
const containers = `${labFolder}/docker/containers`
/** Milliseconds until an event that was caused must have been told. */
const PATIENCE = 20_000

let marks = 0

/** Begins to listen to what happens to a site that is switched. */
export async function watchDeeds(site: LabSite): Promise<DeedsWatch> {
  const disk = join(labFolder, site.host.machine.id)
  const folders = [containers, join(disk, site.directory), join(disk, site.stateDirectory)] as const
  const events = ['create', 'moved_to'].flatMap((event) => ['--event', event])
  const files = listen('inotifywait', ['--monitor', ...events, '--format', '%e:%w:%f', ...folders])
  const types = ['container', 'volume'].flatMap((type) => ['--filter', `type=${type}`])
  const docker = listen('docker', ['events', ...types, '--format', '{{json .}}'])
  await until(
    'inotifywait',
    PATIENCE,
    async () => /Watches established/.test(files.errors()) || undefined,
    files.errors,
  )
  let versions: ReadonlyMap<string, string> = new Map()

  const deed = (line: string): readonly string[] => {
    const [event = '', folder = '', name = ''] = line.split(':')
    if (folder === `${containers}/`) return versions.has(name) ? [`create ${versions.get(name)}`] : []
    if (event !== 'MOVED_TO') return []
    if (folder === `${folders[1]}/`) return name === '.env' ? ['.env'] : []
    return name === 'green' || name === 'green.off' ? ['flip'] : []
  }
  /** What was caused now is told last. */
  const mark = async (): Promise<readonly [readonly string[], readonly DockerEvent[]]> => {
    const name = `mark-${marks++}`
    await Promise.all([writeFile(join(disk, site.directory, name), ''), must(['docker', 'volume', 'create', name])])
    const heard = (stream: Stream, last: string) => until(name, PATIENCE, async () => stream.takeTo(last))
    const heardFiles = await heard(files, `:${name}`)
    const heardEvents = await heard(docker, `"${name}"`)
    await Promise.all([rm(join(disk, site.directory, name)), must(['docker', 'volume', 'rm', name])])
    return [heardFiles, heardEvents.map((line): DockerEvent => JSON.parse(line))]
  }
  const since = async (): Promise<Deeds> => {
    const [lines, all] = await mark()
    const own = all.filter(({ Actor }) => Actor.Attributes['com.docker.compose.project'] === site.project)
    const named = own.map(({ Action, Actor }) => {
      const version = Actor.Attributes['image']?.replace(/^.*:/, '') ?? ''
      return { action: Action, id: Actor.ID, version }
    })
    versions = new Map([...versions, ...named.map(({ id, version }) => [id, version] as const)])
    return {
      files: lines.flatMap(deed),
      containers: named
        .filter(({ action }) => ['create', 'start', 'die', 'destroy'].includes(action))
        .map(({ action, version }) => `${action} ${version}`),
    }
  }
  await mark()
  return {
    since,
    async [Symbol.asyncDispose]() {
      await Promise.all([files.end(), docker.end()])
    },
  }
}

interface Stream {
  errors(): string
  /** The lines up to the one with this text, without it; undefined where that has not come yet. */
  takeTo(text: string): readonly string[] | undefined
  end(): Promise<void>
}

function listen(command: string, args: readonly string[]): Stream {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  let rest = ''
  const lines: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const [last = '', ...whole] = `${rest}${text}`.split('\n').reverse()
    rest = last
    lines.push(...whole.reverse())
  })
  return {
    errors: () => errors,
    takeTo(text) {
      const at = lines.findIndex((line) => line.includes(text))
      return at < 0 ? undefined : lines.splice(0, at + 1).slice(0, -1)
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}
