import { closedFolder, type StateDirectory } from '../custody/state-directory.ts'
import type { HostName } from '../host/host.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import { Failure } from '../release/reasons.ts'
import { clientsOf } from './nginx-clients.ts'
import type { Configuration } from './nginx-config.ts'
import { type NginxContainer, onHost } from './nginx-container.ts'
import { pairNames } from './nginx-pair.ts'
import { markerRoutes, type PublishedPort, unusableSentence } from './nginx-public-route.ts'
import type { CompleteSwitch, Missing } from './nginx-switch.ts'
import type { Marker, SwitchFacts } from './nginx-switch-router.ts'
import { markerPath, type SwitchServer } from './nginx-switch-server.ts'

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
  const drift = [
    ...namedFaults(found),
    ...found.bypasses.map(
      ({ position, pass, server, location }) =>
        `\`${pass}\` in ${position} (server ${server}${location && `, location ${location}`}) goes round the switch. Pass to the variable that the switch sets, as the other locations do.`,
    ),
    ...found.servers.flatMap((server) => serverFaults(server, place.upstream)),
    ...folderFaults(configuration, found, place),
  ]
  // Where no location of it answers, that was said already.
  if (askable.length === 0 && found.servers.every(({ marker, hiddenBy }) => marker.kind !== 'absent' && !hiddenBy)) {
    const why = found.servers.flatMap(({ server }) =>
      markerRoutes(configuration, server, place.publishedPorts).unusable.map(unusableSentence),
    )
    drift.push(
      `No listener of a server block with the switch can be asked from the proxy host, so that no flip could be proven${why.length > 0 ? `: ${why.join('; ')}` : ''}. ${place.publishedPorts ? 'Publish its port on 127.0.0.1 of the host' : 'Add `listen 127.0.0.1:…` to it'}.`,
    )
  }
  if (drift.length > 0) return refusal(...drift.map((sentence) => new Failure('drift', sentence)))
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
export function missingSentence(missing: Missing): string {
  switch (missing.kind) {
    case 'upstream':
      return `The upstream \`${missing.name}\` of the switch is missing.`
    case 'one-server':
      return `The upstream \`${missing.upstream}\` of the switch needs exactly one server line, and has ${missing.addresses.join(', ') || 'none'}.`
    case 'two-addresses':
      return `Both colors' upstreams of the switch name ${missing.address}; give each its own.`
    case 'choice':
      return 'No server block passes requests to the upstream that the switch file chooses.'
    case 'blue-by-default':
      return `The server block ${missing.server} chooses green without a file, and blue by ${missing.file}; it must be the other way round.`
    case 'file-name':
      return `The server block ${missing.server} asks for ${missing.file}; the switch file must be called \`green\`.`
    case 'one-file':
      return `Server blocks ask for different switch files: ${missing.files.join(', ')}; all must ask for the same.`
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

function serverFaults({ title, marker, hiddenBy, openFileCache }: SwitchServer, upstream: string): readonly string[] {
  const variable = upstream.replace(/[^A-Za-z0-9_]/g, '_')
  const line = `location = ${markerPath} { default_type text/plain; return 200 "$${variable}_upstream\\n"; }`
  const faults: string[] = []
  if (marker.kind === 'absent')
    faults.push(
      `The server block ${title} uses the switch without \`${markerPath}\`, so that no flip of it could be proven. Add: ${line}`,
    )
  if (marker.kind === 'wrong')
    faults.push(
      `\`${markerPath}\` of the server block ${title} does not say which upstream it chooses (\`return ${marker.says}\`). Write: ${line}`,
    )
  if (hiddenBy !== undefined) {
    faults.push(
      `\`${[hiddenBy.name, ...hiddenBy.args].join(' ')}\` in the server block ${title} answers before \`${markerPath}\` can. Put it into a \`location / { … }\`.`,
    )
  }
  if (openFileCache !== undefined) {
    faults.push(
      `\`open_file_cache ${openFileCache.join(' ')}\` holds in the server block ${title}, so that Nginx would not notice a flip. Add \`open_file_cache off;\` to that server block.`,
    )
  }
  return faults
}

function namedFaults({ namedServers }: CompleteSwitch): readonly string[] {
  if (namedServers.length === 0) return []
  const names = namedServers.map((name) => `\`${name}\``).join(' and ')
  return [
    `The upstreams of the colors name ${names}, which Nginx resolves only when it loads: after a new start of the container somebody else may sit at the old address. Publish the port on 127.0.0.1 and name that address, or give the service an \`ipv4_address\`, or add \`resolve\` (Nginx 1.27.3 and later).`,
  ]
}

function folderFaults(configuration: Configuration, found: CompleteSwitch, place: SwitchPlace): readonly string[] {
  const { disk, stateDirectory } = place
  if (disk === 'unknown') return []
  const inNginx = found.green.slice(0, found.green.lastIndexOf('/'))
  const asked = disk === 'of the host' ? inNginx : onHost(disk, inNginx)
  if (asked === undefined && typeof disk === 'object') {
    return [
      `Nginx looks for the switch files in ${inNginx} of its container ${disk.name}, which is not mounted from the host. Mount the state directory there (\`volumes: ["${stateDirectory}:${inNginx}:ro"]\`), and recreate that container once.`,
    ]
  }
  if (asked !== stateDirectory) {
    return [
      `Nginx looks for the switch files in ${asked}, and the state directory is ${stateDirectory}. Set \`state-directory: ${asked}\`, or change the configuration.`,
    ]
  }
  const worker = configuration.main.find(({ name }) => name === 'user')?.args[0] ?? 'nobody'
  // Of what is above a mount the container has a folder of its own.
  const seen = (folder: string) => disk === 'of the host' || disk.mounts.some(({ source }) => isWithin(folder, source))
  const path = place.state.kind === 'usable' ? place.state.path.filter((folder) => seen(folder.path)) : []
  const closed = closedFolder(path, worker)
  if (closed === undefined) return []
  return [
    `The Nginx workers (user ${worker}) cannot pass through ${closed.path} (owner ${closed.owner}, mode ${closed.mode.toString(8).padStart(4, '0')}), so that they would never see the switch file. Run: sudo chmod o+x ${closed.path}`,
  ]
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function unasked(found: CompleteSwitch, markers: readonly (Marker | undefined)[]): readonly string[] {
  return found.servers
    .filter((_, i) => markers[i] === undefined)
    .map(({ title }) => `Not proven: the server block ${title} has no listener that can be asked from the proxy host.`)
}

function backedNotes({ backed, backedFaults }: CompleteSwitch): readonly string[] {
  if (backed !== undefined) return []
  if (backedFaults.length > 0)
    return [
      'The `backed` half of the switch is there but not complete, and is not used: while the new color is watched, its own crash would lose requests.',
    ]
  return ['The switch has no `backed` half: while the new color is watched, its own crash would lose requests.']
}
