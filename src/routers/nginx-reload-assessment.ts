import type { HostName } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import { Failure } from '../release/reasons.ts'
import type { Color, Place } from '../release/words.ts'
import type { Configuration } from './nginx-config.ts'
import type { Loaded } from './nginx-loaded.ts'
import type { FileOnHost } from './nginx-observation.ts'
import { targetNames } from './nginx-pair.ts'
import { sha256 } from './nginx-reload-edit.ts'
import { bothActive, isMarked, liveOf, type ReloadFacts } from './nginx-reload-router.ts'
import { errorLog, shortestKeepaliveMinTimeout } from './nginx-settings.ts'
import { type ColorAddresses, findUpstream } from './nginx-upstream.ts'

/** Where the block is, as far as judging it needs to know. */
export interface ReloadPlace {
  readonly proxy: HostName
  readonly upstream: string
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
  /** Name of the container in which Nginx runs, where it does. */
  readonly container?: string
  /** The previous color goes on running. */
  readonly keeps: boolean
  /** An earlier release left its mark. */
  readonly marked: boolean
}

/** Whether the server lines of the block can be rewritten, and what is read back is what Nginx reads. */
export function assessReload(configuration: Configuration, place: ReloadPlace): Assessment<ReloadFacts> {
  const upstream = findUpstream(configuration, place.upstream)
  if (upstream === undefined) {
    const names = targetNames(configuration)
    const known = names.length === 0 ? 'It has no upstream at all.' : `There is: ${names.join(', ')}.`
    return refusal(
      new Failure(
        'foreign-upstream',
        `Nginx has no upstream \`${place.upstream}\`, nor the pair \`${place.upstream}_blue\` and \`${place.upstream}_green\` of a switch. Set \`upstream\` to the name that the configuration has. ${known}`,
      ),
    )
  }
  const fileInNginx = upstream.servers[0]?.file ?? upstream.file
  const found = place.files.get(place.file ?? fileInNginx)
  const file = found?.path ?? place.file ?? fileInNginx
  const text = configuration.files.find((each) => each.path === fileInNginx)?.text ?? ''
  const live = liveOf({ upstream, addresses: place.addresses })
  const refusals: Failure[] = [...fileFaults(found, file, fileInNginx, text, place)]
  if (live.kind === 'foreign') refusals.push(new Failure('foreign-upstream', `${live.why}.`))
  if (refusals.length > 0) return refusal(...refusals)
  const log = errorLog(configuration)
  const target = {
    file,
    fileInNginx,
    directory: place.directory,
    stateDirectory: place.stateDirectory,
    upstream: upstream.name,
    nginx: place.nginx,
    ...('master' in place.loaded && place.loaded.master !== undefined && { master: place.loaded.master }),
    ...(place.workers && { workers: place.workers }),
    ...(log?.startsWith('/') && place.container === undefined && { errorLog: log }),
    ...(place.container !== undefined && { container: place.container }),
  }
  const { proxy, addresses, places, keeps, marked } = place
  const facts = { proxy, target, upstream, addresses, places, text, keeps, marked }
  return usable(facts, bothActive(facts) ? [marksNote(facts)] : isMarked(facts) ? [leftNote(facts)] : [])
}

function leftNote({ upstream, target, keeps }: ReloadFacts): string {
  const end = keeps ? 'It stays, by `previous: keep`.' : 'It is removed once the previous color is stopped.'
  return `An earlier release left the mark \`down\` at a server line of the upstream ${upstream.name}, in ${target.file}. ${end}`
}

function marksNote({ upstream, target, keeps }: ReloadFacts): string {
  const end = keeps
    ? `\`previous: keep\` leaves the mark at the line of the previous color, in ${target.file}: two reloads.`
    : 'Once the previous color is stopped the mark is removed: three reloads.'
  return `The upstream ${upstream.name} sends requests to both colors. The idle one is marked \`down\` before it is started, and the flip exchanges the marks; meanwhile Nginx falls back to no other color. ${end}`
}

/** What a reload cannot promise on this host. `server` is the `Server` header that Nginx answers with. */
export function reloadNote(configuration: Configuration, server: string | undefined): string {
  const timeout = shortestKeepaliveMinTimeout(configuration)
  if (timeout !== undefined) {
    return `A flip by reload: clients that idle for more than ${timeout / 1000} s on a keep-alive connection (\`keepalive_min_timeout\`), and HTTP/2 clients, may lose a request. The switch loses none.`
  }
  const version = /^nginx\/(\d+)\.(\d+)\.(\d+)/.exec(server ?? '')
  const told = version?.[0] ?? 'this Nginx, whose version is not known,'
  const newer = version !== null && atLeast(version.slice(1).map(Number), [1, 27, 4])
  const mend = newer
    ? 'Add `keepalive_min_timeout 15s;` to the server block, or use the switch.'
    : 'Before Nginx 1.27.4 there is no setting against that; the switch loses none.'
  return `A flip by reload: on ${told} a reload closes idle keep-alive connections, and clients that send on one just then lose a request. ${mend}`
}

function fileFaults(
  found: FileOnHost | undefined,
  file: string,
  fileInNginx: string,
  text: string,
  { user, container }: ReloadPlace,
): readonly Failure[] {
  if (found === undefined) {
    const mend =
      container === undefined || file !== fileInNginx
        ? `there is no ${file} on the proxy host. Set \`nginx-file\` to the file on the host.`
        : `the container ${container} does not have that from the host, so that a change would be gone with it. Mount the file, or its folder, from the host.`
    return [new Failure('nginx-file', `The upstream is in ${fileInNginx}, as Nginx sees it, and ${mend}`)]
  }
  if (text.includes('\uFFFD')) {
    return [
      new Failure(
        'nginx-file',
        `${file} holds bytes that are no UTF-8, most likely in a comment. Run on the host: iconv -f latin1 -t utf-8 ${file}; and put that in its place.`,
      ),
    ]
  }
  if (found.sum !== undefined && found.sum !== sha256(text)) {
    return [
      new Failure(
        'drift',
        `${file} on the proxy host is not what Nginx reads as ${fileInNginx}: a file that is mounted alone into a container stays the old one when it is replaced. ${container === undefined ? 'Restart that container once' : `Restart that container once (docker restart ${container})`}, or correct \`nginx-file\`.`,
      ),
    ]
  }
  if (found.sum === undefined || !found.writable) {
    return [
      new Failure(
        'nginx-file',
        `${user} may not read and write ${file}, which a flip by reload rewrites. Run on the host: sudo chown ${user} ${file}; or use the switch, which needs no such right.`,
      ),
    ]
  }
  return []
}

function atLeast(version: readonly number[], wanted: readonly number[]): boolean {
  const at = version.findIndex((part, i) => part !== wanted[i])
  return at < 0 || (version[at] ?? 0) > (wanted[at] ?? 0)
}
