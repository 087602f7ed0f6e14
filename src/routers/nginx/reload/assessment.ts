import { sha256 } from '../../../base/hash.ts'
import type { Notice } from '../../../base/notice.ts'
import type { HostName } from '../../../host/host.ts'
import type { Shell } from '../../../host/quote.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import type { Color, Place } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import type { Configuration } from '../config/configuration.ts'
import { errorLog, shortestKeepaliveMinTimeout } from '../config/settings.ts'
import { type ColorAddresses, findUpstream } from '../config/upstream.ts'
import type { Loaded } from '../observe/loaded.ts'
import type { FileOnHost } from '../observe/observation.ts'
import { nginxNotices, reloadRefusals } from '../refusals.ts'
import { targetNames } from '../route/pair.ts'
import type { ReloadFacts } from './facts.ts'
import { bothActive, isMarked } from './holds.ts'
import { liveOf } from './router.ts'

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
    return refusal(reloadRefusals['upstream-missing'](place.upstream, targetNames(configuration)))
  }
  const fileInNginx = upstream.servers[0]?.file ?? upstream.file
  const found = place.files.get(place.file ?? fileInNginx)
  const file = found?.path ?? place.file ?? fileInNginx
  const text = configuration.files.find((each) => each.path === fileInNginx)?.text ?? ''
  const live = liveOf({ upstream, addresses: place.addresses })
  const refusals = [...fileFaults(found, file, fileInNginx, text, place)]
  if (live.kind === 'foreign') refusals.push(live.refusal)
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
  const note = bothActive(facts) ? 'both-active' : isMarked(facts) ? 'mark-left' : undefined
  return usable(facts, note === undefined ? [] : [nginxNotices[note](upstream.name, target.file, keeps)])
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
      : [reloadRefusals['file-in-container'](fileInNginx, container)]
  }
  if (text.includes('\uFFFD')) return [reloadRefusals['file-not-utf-8'](file)]
  if (found.sum !== undefined && found.sum !== sha256(text))
    return [reloadRefusals['file-behind-mount'](file, fileInNginx, container)]
  if (found.sum === undefined || !found.writable) return [reloadRefusals['file-closed'](file, user)]
  return []
}

function atLeast(version: readonly number[], wanted: readonly number[]): boolean {
  const at = version.findIndex((part, i) => part !== wanted[i])
  return at < 0 || (version[at] ?? 0) > (wanted[at] ?? 0)
}
