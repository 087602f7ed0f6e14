import { type Assessment, refusal, usable } from '../../release/assessment.ts'
import { COLORS, type Color, type Place } from '../../release/model.ts'
import type { Failure } from '../../release/reasons.ts'
import { sameAddress } from './config/address.ts'
import type { Configuration } from './config/configuration.ts'
import { assessUnread } from './config/unread.ts'
import { findUpstream, type Upstream } from './config/upstream.ts'
import { type Pass, serversUsing } from './config/usage.ts'
import type { NginxFacts, NginxPlace } from './facts.ts'
import { whereabouts } from './observe/container.ts'
import { ANY_HOST } from './observe/host-addresses.ts'
import type { NginxObservation } from './observe/observation.ts'
import { nginxNotices, nginxRefusals, reloadRefusals } from './refusals.ts'
import { assessBlock, assessPointers, inLayer, type ReloadPlace, resolvedOnce } from './reload/assessment.ts'
import type { ReloadFacts } from './reload/facts.ts'
import { reloadRouter } from './reload/router.ts'
import {
  colorAddresses,
  containerNames,
  isPlacedAt,
  nowhere,
  placeOf,
  stoppedNames,
  written,
} from './route/color-place.ts'
import { pairNames, targetNames } from './route/pair.ts'
import { findPointing, type Pointing, type Reachable } from './route/pointer.ts'
import type { PublishedPort } from './route/public-route.ts'
import { type Stranger, strangerFaults, strangers } from './route/stranger.ts'
import { assessSwitch, missingPart } from './switch/assessment.ts'
import { switchRefusals } from './switch/refusals.ts'
import { switchRouter } from './switch/router.ts'
import { type CompleteSwitch, findSwitch } from './switch/switch.ts'

/** Chooses the way to flip, and judges whether it can be trusted here. */
export function assessNginx(seen: NginxObservation, place: NginxPlace): Assessment<NginxFacts> {
  const { nginx } = place
  if (seen.kind !== 'read') return assessUnread(seen, place)
  const { configuration } = seen
  const stopped = seen.loaded.kind === 'not-running'
  if (stopped) return refusal(nginxRefusals['nginx-stopped'](place.proxy))
  const found = findSwitch(configuration, nginx.upstream)
  const way =
    nginx.flip === 'auto'
      ? chosenWay(found.kind, findUpstream(configuration, nginx.upstream) !== undefined)
      : nginx.flip
  if (way === 'reload') return assessByReload(seen, place)
  if (found.kind === 'switch') return assessBySwitch(seen, found, place)
  if (found.kind === 'none') return refusal(switchRefusals['switch-none'](nginx.upstream))
  return refusal(...found.missing.map(missingPart))
}

/** A switch that is there, even half, is meant; a plain block of the same name is only used where there is none. */
function chosenWay(found: 'none' | 'incomplete' | 'switch', plain: boolean): 'switch' | 'reload' {
  if (found === 'switch') return 'switch'
  return found === 'none' || plain ? 'reload' : 'switch'
}

type Seen = Extract<NginxObservation, { kind: 'read' }>

function assessBySwitch(seen: Seen, found: CompleteSwitch, place: NginxPlace): Assessment<NginxFacts> {
  const { configuration } = seen
  const published = publishedPorts(seen)
  const { refusals, notes, value } = assessSwitch(configuration, found, {
    upstream: place.nginx.upstream,
    stateDirectory: place.nginx.stateDirectory,
    state: place.state,
    proxy: place.proxy,
    disk: seen.container ?? (whereabouts(place.nginx.command).kind === 'host' ? 'of the host' : 'unknown'),
    ...(published && { publishedPorts: published }),
  })
  const wrong = COLORS.filter(
    (color) => !found.namedServers.some((name) => sameAddress(name, found.addresses[color])),
  ).flatMap((color) => misplaced(color, found.addresses[color], place, seen))
  const known = new Set(found.bypasses.map(({ position }) => position))
  const past = strangersOf(seen, place, found.addresses).filter(({ position }) => !known.has(position))
  const foreign = [...wrong, ...strangerFaults(past)]
  if (value === undefined || foreign.length > 0) return refusal(...refusals, ...foreign)
  const names = pairNames(place.nginx.upstream)
  return usable(
    {
      how: 'switch',
      router: (ask) => switchRouter(value, ask),
      addresses: placesOf(found.addresses, place, seen),
      servers: found.servers.map(({ server }) => server),
      upstreams: [names.blue, names.green, names.blueBacked, names.greenBacked],
      configuration,
      loaded: seen.loaded,
      seen: value,
      ...(published && { publishedPorts: published }),
    },
    notes,
  )
}

function assessByReload(seen: Seen, place: NginxPlace): Assessment<NginxFacts> {
  const { configuration, files } = seen
  const named = findUpstream(configuration, place.nginx.upstream)
  // A link between the files of the colors is turned, and not written through.
  if (named !== undefined && files.get(named.file)?.link === undefined) return assessByBlock(seen, named, place)
  const pointing = findPointing(configuration, reachable(seen, place), files)
  switch (pointing.kind) {
    case 'none':
      return refusal(reloadRefusals['upstream-missing'](place.nginx.upstream, targetNames(configuration)))
    case 'block': {
      const found = findUpstream(configuration, pointing.upstream)
      if (found === undefined) throw new TypeError(`There is no upstream ${pointing.upstream}.`)
      return assessByBlock(seen, found, place)
    }
    case 'pointers':
      return assessByPointers(seen, chosen(seen, pointing, place), place)
  }
}

function assessByBlock(seen: Seen, upstream: Upstream, place: NginxPlace): Assessment<NginxFacts> {
  const { configuration } = seen
  const apart = publishedPorts(seen) !== undefined
  const lines = upstream.servers.map(({ address }) => address)
  const { blue, green } = colorAddresses(lines, place.services, place.nginx.addresses, apart, seen.addresses)
  if (blue === undefined || green === undefined) {
    const missing = COLORS.filter((color) => (color === 'blue' ? blue : green) === undefined)
    return refusal(...missing.map((color) => nowhere(color, apart)))
  }
  const stay = COLORS.every((color) => lines.some((line) => sameAddress(line, color === 'blue' ? blue : green)))
  const stopped = place.previous === 'keep' || !stay ? [] : stoppedNames(containerNames(lines, apart))
  const assessed = assessBlock(configuration, upstream, reloadPlace({ blue, green }, seen, place))
  const past = strangersOf(seen, place, { blue, green }, [upstream.name])
  return reloadFacts(seen, assessed, [upstream.name], [...stopped, ...strangerFaults(past)])
}

/** Only those in the file that the user names, if any is. */
function chosen({ files }: Seen, pointing: ByPlaces, { nginx }: NginxPlace): ByPlaces {
  const pointers = pointing.pointers.filter(
    ({ file }) => nginx.file !== undefined && (file === nginx.file || files.get(file)?.path === nginx.file),
  )
  return pointers.length === 0 ? pointing : { ...pointing, pointers, links: [] }
}

type ByPlaces = Extract<Pointing, { kind: 'pointers' }>

function assessByPointers(seen: Seen, pointing: ByPlaces, place: NginxPlace): Assessment<NginxFacts> {
  const { configuration } = seen
  const { pointers, links } = pointing
  const addresses = links[0]?.addresses ?? pointers[0]?.addresses ?? { blue: '', green: '' }
  const assessed = assessPointers(configuration, pointing, reloadPlace(addresses, seen, place))
  const names = [...new Set([...pointers, ...links].flatMap(({ leadsTo }) => leadsTo))]
  const past = strangersOf(seen, place, addresses, names, (pass) => goesAlong(configuration, pointing, pass))
  return reloadFacts(seen, assessed, names, strangerFaults(past))
}

/** Whether a pass that leads to a pointer's address goes along with the flip: by a name or a variable, or as a pointer itself. */
function goesAlong(configuration: Configuration, { pointers, links }: ByPlaces, { directive, server }: Pass): boolean {
  const [target = ''] = directive.args
  if (server.ancestors[0]?.name === 'stream') return false
  if (target.includes('$') || links.some(({ inNginx }) => inNginx === directive.file)) return true
  const named = findUpstream(configuration, target.replace(/^[^/]*:\/\//, '').replace(/[/?].*$/s, ''))
  const { start, end } = directive.range
  const itself = pointers.some(({ file, range }) => file === directive.file && range.start >= start && range.end <= end)
  return named !== undefined || itself
}

function reloadPlace(addresses: Readonly<Record<Color, string>>, seen: Seen, place: NginxPlace): ReloadPlace {
  const { proxy, directory, nginx, previous, run, state } = place
  const { files, loaded, container, workers } = seen
  const where = whereabouts(nginx.command)
  return {
    proxy,
    directory,
    stateDirectory: nginx.stateDirectory,
    addresses,
    places: placesOf(addresses, place, seen),
    ...(nginx.file !== undefined && { file: nginx.file }),
    files,
    user: state.user,
    loaded,
    keeps: previous === 'keep',
    marked: state.kind === 'usable' && state.files.has('nginx-marked'),
    nginx: run,
    workers,
    ...(container && { container: { ...container, ...(where.kind === 'container' && { docker: where.docker }) } }),
  }
}

/** What a flip by reload needs, if nothing leads to a color past the places that it changes. */
function reloadFacts(
  seen: Seen,
  { value, refusals, notes }: Assessment<ReloadFacts>,
  names: readonly string[],
  faults: readonly Failure[],
): Assessment<NginxFacts> {
  const { configuration, loaded } = seen
  const published = publishedPorts(seen)
  if (value === undefined || faults.length > 0) return refusal(...refusals, ...faults)
  const { places: addresses } = value
  const [layer, once] = [inLayer(value, seen.container), resolvedOnce(value)]
  return usable(
    {
      how: 'reload',
      router: (ask) => reloadRouter(value, ask),
      addresses,
      servers: serversUsing(configuration, names),
      upstreams: names,
      configuration,
      loaded,
      ...(published && { publishedPorts: published }),
      ...(layer.length > 0 && { keeps: true as const }),
    },
    [
      ...notes,
      ...(published !== undefined && once.length > 0 ? [nginxNotices['names-resolved-once'](once)] : []),
      ...(layer.length > 0 ? [nginxNotices['file-in-layer'](layer, seen.container?.name ?? '')] : []),
    ],
  )
}

function reachable(seen: Seen, { services, nginx }: NginxPlace): Reachable {
  return {
    services,
    given: nginx.addresses,
    apart: publishedPorts(seen) !== undefined,
    host: seen.addresses ?? ANY_HOST,
  }
}

/** The address that Nginx has for a color must be one where the compose file puts it. */
function misplaced(color: Color, address: string, place: NginxPlace, seen: Seen): readonly Failure[] {
  const { services, nginx } = place
  const apart = publishedPorts(seen) !== undefined
  const given = nginx.addresses[color]
  const placed = isPlacedAt(services[color], address, apart, seen.addresses)
  if (given === undefined ? placed !== false : sameAddress(given, address)) return []
  const { places, fixedAddresses, names } = services[color]
  const known = apart
    ? `in the network of its container that is ${[...fixedAddresses, ...names].join(', ')}`
    : `the compose file puts ${color} at ${places.map(written).join(', ')}`
  const where = given === undefined ? known : `\`${color}-address\` says ${given}`
  return [nginxRefusals['color-misplaced'](color, address, where)]
}

/** All that leads to a color past the upstreams of this target. */
function strangersOf(
  seen: Seen,
  { services, nginx }: NginxPlace,
  addresses: Readonly<Partial<Record<Color, string>>>,
  own: readonly string[] = [nginx.upstream],
  along: (pass: Pass) => boolean = () => true,
): readonly Stranger[] {
  const names = [...own, ...Object.values(pairNames(nginx.upstream))].map((name) => name.toLowerCase())
  const apart = publishedPorts(seen) !== undefined
  const colored = { services, addresses, host: seen.addresses ?? ANY_HOST, apart }
  return strangers(
    seen.configuration,
    colored,
    (destination, pass) => names.includes(destination.toLowerCase()) && along(pass),
  )
}

function placesOf(
  addresses: Readonly<Record<Color, string>>,
  { services }: NginxPlace,
  seen: Seen,
): Readonly<Record<Color, Place>> {
  const apart = publishedPorts(seen) !== undefined
  const of = (color: Color) => placeOf(addresses[color], services[color], apart, seen.addresses)
  return { blue: of('blue'), green: of('green') }
}

/** Absent where the listeners of Nginx are the host's own. */
function publishedPorts({ container }: Seen): readonly PublishedPort[] | undefined {
  return container === undefined || container.hostNetwork ? undefined : container.ports
}
