import type { Notice } from '../../../base/notice.ts'
import { closedFolder, type StateDirectory } from '../../../custody/state-directory.ts'
import type { HostName } from '../../../host/host.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import type { Failure } from '../../../release/reasons.ts'
import type { Configuration } from '../config/configuration.ts'
import { clientsOf } from '../observe/clients.ts'
import { type NginxContainer, onHost } from '../observe/container.ts'
import { nginxNotices } from '../refusals.ts'
import { pairNames } from '../route/pair.ts'
import { markerRoutes, type PublishedPort, unusableSentence } from '../route/public-route.ts'
import type { Marker, SwitchFacts } from './holds.ts'
import { switchRefusals } from './refusals.ts'
import { markerPath, type SwitchServer } from './server.ts'
import type { CompleteSwitch, Missing } from './switch.ts'

/** Where a switch is, as far as judging it needs to know. */
export interface SwitchPlace {
  readonly upstream: string
  readonly stateDirectory: string
  readonly state: StateDirectory
  readonly proxy: HostName
  /** Which disk Nginx sees: its container's, where it is in one. */
  readonly disk: NginxContainer | 'of the host' | 'unknown'
  /** Given where it has a network of its own. */
  readonly publishedPorts?: readonly PublishedPort[]
}

/** Whether a switch can be trusted: everything that would make a flip lie is refused by name, with its mend. */
export function assessSwitch(
  configuration: Configuration,
  found: CompleteSwitch,
  place: SwitchPlace,
): Assessment<SwitchFacts> {
  const markers = found.servers.map((server) => markerOf(configuration, server, place.publishedPorts))
  const askable = markers.filter((marker) => marker !== undefined)
  const faults = [
    ...namedFaults(found),
    ...found.bypasses.map(({ position, pass, server, location }) =>
      switchRefusals['switch-bypassed'](
        `\`${pass}\` in ${position} (server ${server}${location && `, location ${location}`})`,
      ),
    ),
    ...found.servers.flatMap((server) => serverFaults(server, place.upstream)),
    ...folderFaults(configuration, found, place),
  ]
  // Where no location of it answers, that was said already.
  if (askable.length === 0 && found.servers.every(({ marker, hiddenBy }) => marker.kind !== 'absent' && !hiddenBy)) {
    const why = found.servers.flatMap(({ server }) =>
      markerRoutes(configuration, server, place.publishedPorts).unusable.map(unusableSentence),
    )
    faults.push(switchRefusals['marker-unreachable'](why, place.publishedPorts !== undefined))
  }
  if (faults.length > 0) return refusal(...faults)
  const names = pairNames(place.upstream)
  const present = place.state.kind === 'usable' ? place.state.files : new Set<string>()
  const facts: SwitchFacts = {
    files: { directory: place.stateDirectory, backed: found.backed !== undefined, present },
    names: { blue: names.blue, green: names.green },
    proxy: place.proxy,
    markers: askable,
    clients: place.publishedPorts
      ? { kind: 'hidden', whose: 'clients of a container' }
      : clientsOf(
          configuration,
          found.servers.map(({ server }) => server),
        ),
  }
  return usable(facts, [...unasked(found, markers), ...backedNotes(found)])
}

/** What keeps half a switch from being one, each with its mend. */
export function missingPart(missing: Missing): Failure {
  switch (missing.kind) {
    case 'upstream':
      return switchRefusals['switch-without-upstream'](missing.name)
    case 'one-server':
      return switchRefusals['switch-with-several-servers'](missing.upstream, missing.addresses)
    case 'two-addresses':
      return switchRefusals['switch-with-one-address'](missing.address)
    case 'choice':
      return switchRefusals['switch-unused']()
    case 'blue-by-default':
      return switchRefusals['switch-inverted'](missing.server, missing.file)
    case 'file-name':
      return switchRefusals['switch-file-misnamed'](missing.server, missing.file)
    case 'one-file':
      return switchRefusals['switch-files-differ'](missing.files)
  }
}

function markerOf(
  configuration: Configuration,
  server: SwitchServer,
  ports: readonly PublishedPort[] | undefined,
): Marker | undefined {
  const route = markerRoutes(configuration, server.server, ports).routes.find(({ reaches }) => reaches === 'upstream')
  if (route === undefined) return undefined
  const { address, port, host, tls } = route
  return {
    server: server.title,
    request: { address, port, path: markerPath, host, ...(tls && { tls: { serverName: host, verify: false } }) },
  }
}

function serverFaults({ title, marker, hiddenBy, openFileCache }: SwitchServer, upstream: string): readonly Failure[] {
  const variable = upstream.replace(/[^A-Za-z0-9_]/g, '_')
  const line = `location = ${markerPath} { default_type text/plain; return 200 "$${variable}_upstream\\n"; }`
  return [
    ...(marker.kind === 'absent' ? [switchRefusals['marker-missing'](title, line)] : []),
    ...(marker.kind === 'wrong' ? [switchRefusals['marker-wrong'](title, marker.says, line)] : []),
    ...(hiddenBy ? [switchRefusals['marker-hidden'](title, [hiddenBy.name, ...hiddenBy.args].join(' '))] : []),
    ...(openFileCache ? [switchRefusals['switch-cached'](title, openFileCache.join(' '))] : []),
  ]
}

function namedFaults({ namedServers }: CompleteSwitch): readonly Failure[] {
  return namedServers.length === 0 ? [] : [switchRefusals['switch-resolved-once'](namedServers)]
}

function folderFaults(configuration: Configuration, found: CompleteSwitch, place: SwitchPlace): readonly Failure[] {
  const { disk, stateDirectory } = place
  if (disk === 'unknown') return []
  const inNginx = found.green.slice(0, found.green.lastIndexOf('/'))
  const asked = disk === 'of the host' ? inNginx : onHost(disk, inNginx)
  if (asked === undefined && typeof disk === 'object') {
    return [switchRefusals['switch-folder-unmounted'](inNginx, disk.name, stateDirectory)]
  }
  if (asked !== stateDirectory) return [switchRefusals['switch-folder-differs'](`${asked}`, stateDirectory)]
  const worker = configuration.main.find(({ name }) => name === 'user')?.args[0] ?? 'nobody'
  // Of what is above a mount the container has a folder of its own.
  const seen = (folder: string) => disk === 'of the host' || disk.mounts.some(({ source }) => isWithin(folder, source))
  const path = place.state.kind === 'usable' ? place.state.path.filter((folder) => seen(folder.path)) : []
  const closed = closedFolder(path, worker)
  if (closed === undefined) return []
  const mode = closed.mode.toString(8).padStart(4, '0')
  return [switchRefusals['switch-folder-closed'](worker, closed.path, closed.owner, mode)]
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function unasked(found: CompleteSwitch, markers: readonly (Marker | undefined)[]): readonly Notice[] {
  return found.servers
    .filter((_, i) => markers[i] === undefined)
    .map(({ title }) => nginxNotices['not-proven-listener'](title))
}

function backedNotes({ backed, backedFaults }: CompleteSwitch): readonly Notice[] {
  if (backed !== undefined) return []
  return [nginxNotices[backedFaults.length > 0 ? 'backed-incomplete' : 'backed-missing']()]
}
