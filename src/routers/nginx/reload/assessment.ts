import { sha256 } from '../../../base/hash.ts'
import type { Notice } from '../../../base/notice.ts'
import type { HostName } from '../../../host/host.ts'
import type { Shell } from '../../../host/quote.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import { COLORS, type Color, type Place } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import { parseAddress } from '../config/address.ts'
import { type Configuration, positionOf, walk } from '../config/configuration.ts'
import { errorLog, shortestKeepaliveMinTimeout } from '../config/settings.ts'
import type { ColorAddresses, Upstream } from '../config/upstream.ts'
import { type NginxContainer, onHost } from '../observe/container.ts'
import type { Loaded } from '../observe/loaded.ts'
import type { FileOnHost } from '../observe/observation.ts'
import { nginxNotices, reloadRefusals } from '../refusals.ts'
import type { LinkPointer, Pointer } from '../route/pointer.ts'
import type { ByPointers, ReloadFacts } from './facts.ts'
import { bothActive, isMarked, liveOf } from './sent.ts'

/** Where it is, as far as judging it needs to know. */
export interface ReloadPlace {
  readonly proxy: HostName
  readonly directory: string
  readonly stateDirectory: string
  readonly addresses: ColorAddresses
  /** The same as the proxy host can ask them. */
  readonly places: Readonly<Record<Color, Place>>
  /** Where the user named it: the file on the proxy host. */
  readonly file?: string
  readonly files: ReadonlyMap<string, FileOnHost>
  /** Who logs in. */
  readonly user: string
  readonly loaded: Loaded
  /** See `ReloadTarget.workers`. */
  readonly workers?: readonly string[]
  /** Defines `run_nginx`. */
  readonly nginx: Shell
  /** The container in which Nginx runs, where it does, and the command that reaches it. */
  readonly container?: NginxContainer & { readonly docker?: Shell }
  /** The previous color goes on running. */
  readonly keeps: boolean
  /** An earlier release left its mark. */
  readonly marked: boolean
}

/** Whether the server lines of a block can be rewritten, and what is read back is what Nginx reads. */
export function assessBlock(
  configuration: Configuration,
  upstream: Upstream,
  place: ReloadPlace,
): Assessment<ReloadFacts> {
  const found = fileAt(configuration, upstream.servers[0]?.file ?? upstream.file, place)
  const facts = factsOf(configuration, { kind: 'block', upstream, file: found.file }, place)
  const live = liveOf(facts)
  const refusals = [...found.faults, ...(live.kind === 'foreign' ? [live.refusal] : [])]
  if (refusals.length > 0) return refusal(...refusals)
  const note = bothActive(facts) ? 'both-active' : isMarked(facts) ? 'mark-left' : undefined
  const { file } = found.file.at
  return usable(facts, note === undefined ? [] : [nginxNotices[note](upstream.name, file, place.keeps)])
}

/** The same of pointers, wherever they stand. */
export function assessPointers(
  configuration: Configuration,
  { pointers, links }: Pick<ByPointers, 'pointers' | 'links'>,
  place: ReloadPlace,
): Assessment<ReloadFacts> {
  const paths = [...new Set(pointers.map(({ file }) => file))]
  const { file: _, ...anywhere } = place
  const found = paths.map((path) => fileAt(configuration, path, paths.length === 1 ? place : anywhere))
  const files = found.map(({ file }) => file)
  const facts = factsOf(configuration, { kind: 'pointers', pointers, links, files }, place)
  const live = liveOf(facts)
  const refusals = [
    ...found.flatMap(({ faults }) => faults),
    ...links.flatMap((link) => linkFaults(link, place)),
    ...(live.kind === 'foreign' ? [live.refusal] : []),
  ]
  if (refusals.length > 0) return refusal(...refusals)
  const positions = [...pointers.map(({ position }) => position), ...links.map(({ link }) => link)]
  const said = saying(configuration, pointers)
  return usable(facts, [
    nginxNotices['by-pointers'](positions),
    ...(said.length === 0 ? [] : [nginxNotices['color-said'](said)]),
  ])
}

/** Headers, answers and variables in the files of the pointers that have the color's word and stay as they are. */
function saying(configuration: Configuration, pointers: readonly Pointer[]): readonly string[] {
  const files = new Set(pointers.map(({ file }) => file))
  const colors = new Set<string>(pointers.map(({ color }) => color))
  const telling = ['add_header', 'proxy_set_header', 'return', 'set']
  return [...walk(configuration)].flatMap(({ directive }) => {
    const { name, args, file, range } = directive
    if (!files.has(file) || !telling.includes(name) || !args.some((arg) => colors.has(arg))) return []
    const own = pointers.some(
      (each) => each.file === file && each.range.start > range.start && each.range.end < range.end,
    )
    return own ? [] : [`\`${[name, ...args].join(' ')}\` in ${positionOf(configuration, directive)}`]
  })
}

function linkFaults({ link, turned }: LinkPointer, { user }: ReloadPlace): readonly Failure[] {
  if (turned !== 'by nobody') return []
  return [reloadRefusals['link-closed'](link, link.slice(0, link.lastIndexOf('/')) || '/', user)]
}

function factsOf(configuration: Configuration, by: ReloadFacts['by'], place: ReloadPlace): ReloadFacts {
  const log = errorLog(configuration)
  const { proxy, addresses, places, keeps, marked, directory, stateDirectory, nginx, loaded, container } = place
  const target = {
    directory,
    stateDirectory,
    nginx,
    ...('master' in loaded && loaded.master !== undefined && { master: loaded.master }),
    ...(place.workers && { workers: place.workers }),
    ...(log?.startsWith('/') && container === undefined && { errorLog: log }),
    ...(container !== undefined && { container: container.name }),
  }
  return { proxy, target, by, addresses, places, keeps, marked }
}

/** A file of the configuration on the host, and what keeps it from being rewritten. */
function fileAt(configuration: Configuration, inNginx: string, place: ReloadPlace) {
  const found = place.files.get(place.file ?? inNginx)
  const text = configuration.files.find((each) => each.path === inNginx)?.text ?? ''
  const { container } = place
  if (found === undefined && place.file === undefined && container?.writes === true && container.docker !== undefined) {
    const at = { file: inNginx, inNginx, sudo: false, inside: { docker: container.docker, container: container.name } }
    const faults = text.includes('\uFFFD') ? [reloadRefusals['file-not-utf-8'](inNginx)] : []
    return { file: { at, text }, faults }
  }
  const file = found?.path ?? place.file ?? inNginx
  const at = { file, inNginx, sudo: found?.bySudo === true }
  return { file: { at, text }, faults: fileFaults(found, file, inNginx, text, place) }
}

/** The names of containers that Nginx resolves once: whoever has the address later gets the requests. */
export function resolvedOnce({ by, addresses }: ReloadFacts): readonly string[] {
  const once =
    by.kind === 'block'
      ? by.upstream.servers.every(({ resolve }) => !resolve)
      : by.pointers.some(({ resolved }) => resolved === 'when Nginx loads') || by.links.length > 0
  const named = COLORS.map((color) => addresses[color]).filter((address) => parseAddress(address).kind === 'name')
  return once ? named.filter((address) => !address.startsWith('host.docker.internal')) : []
}

/** The files that are gone when the container is made again: in no mount of it. */
export function inLayer({ by }: ReloadFacts, container: NginxContainer | undefined): readonly string[] {
  const files = by.kind === 'block' ? [by.file] : by.files
  return files.flatMap(({ at }) => {
    return at.inside !== undefined && container !== undefined && onHost(container, at.inNginx) === undefined
      ? [at.inNginx]
      : []
  })
}

/** What a reload cannot promise on this host. `server` is the `Server` header that Nginx answers with. */
export function reloadNote(configuration: Configuration, server: string | undefined): Notice {
  const timeout = shortestKeepaliveMinTimeout(configuration)
  if (timeout !== undefined) {
    return nginxNotices['reload-loses-late-requests'](timeout)
  }
  const version = /^nginx\/(\d+)\.(\d+)\.(\d+)/.exec(server ?? '')
  const told = version?.[0] ?? 'this Nginx, whose version is not known,'
  const newer = version !== null && atLeast(version.slice(1).map(Number), [1, 27, 4])
  return nginxNotices['reload-loses-requests'](told, newer)
}

function fileFaults(
  found: FileOnHost | undefined,
  file: string,
  fileInNginx: string,
  text: string,
  { user, container }: ReloadPlace,
): readonly Failure[] {
  if (found === undefined) {
    return container === undefined || file !== fileInNginx
      ? [reloadRefusals['file-missing'](fileInNginx, file)]
      : [reloadRefusals['file-in-container'](fileInNginx, container.name)]
  }
  if (text.includes('\uFFFD')) return [reloadRefusals['file-not-utf-8'](file)]
  if (found.sum !== undefined && found.sum !== sha256(text))
    return [reloadRefusals['file-behind-mount'](file, fileInNginx, container?.name)]
  if (found.sum === undefined || !(found.writable || found.bySudo)) return [reloadRefusals['file-closed'](file, user)]
  return []
}

function atLeast(version: readonly number[], wanted: readonly number[]): boolean {
  const at = version.findIndex((part, i) => part !== wanted[i])
  return at < 0 || (version[at] ?? 0) > (wanted[at] ?? 0)
}
