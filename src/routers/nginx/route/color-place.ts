import { isLoopback } from '../../../base/address.ts'
import { COLORS, type Color, otherThan, type Place } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import type { ColorService, ColorServices } from '../../../runtimes/runtime.ts'
import { placeRefusals } from '../../refusals.ts'
import { parseAddress } from '../config/address.ts'
import { ANY_HOST, endsAt, type HostAddresses, type PublishedAt } from '../observe/host-addresses.ts'
import { reloadRefusals } from '../refusals.ts'

/** One way in which a server line may name a color. The same `way` names the other color. */
interface Spelling {
  readonly way: string
  readonly host: string
  /** Absent: whichever port the line has. */
  readonly port?: number
}

/**
 * The address of each color in Nginx: as given; as one of the server lines has it; in the manner in which a line has the
 * other color's; else the only place that the compose file names.
 * @param apart Nginx is in a container with a network of its own
 */
export function colorAddresses(
  lines: readonly string[],
  services: ColorServices,
  given: Readonly<Partial<Record<Color, string>>>,
  apart: boolean,
  host: HostAddresses = ANY_HOST,
): Readonly<Partial<Record<Color, string>>> {
  const spellings = (color: Color): readonly Spelling[] => spellingsOf(services[color], apart)
  const line = (color: Color) => {
    for (const address of lines) {
      const spelling = spellings(color).find((each) => fits(each, address))
      if (spelling) return { address, spelling }
    }
    for (const address of lines) {
      const at = publishedAt(services[color], address, apart, host)
      if (at >= 0) return { address, spelling: { way: `published ${at}`, host: '' } }
    }
    return undefined
  }
  const likeTheOther = (color: Color): string | undefined => {
    const other = line(otherThan(color))
    if (other === undefined) return undefined
    const [, index] = /^published (\d+)$/.exec(other.spelling.way) ?? []
    if (index !== undefined) return portOfOther(other.address, Number(index), services, otherThan(color))
    const same = spellings(color).find(({ way }) => way === other.spelling.way)
    if (!same) return undefined
    const { port } = portOf(other.address)
    return written({ host: same.host, port: same.port ?? port })
  }
  const onlyPlace = (color: Color): string | undefined => {
    const [only, ...others] = spellings(color).filter(({ port }) => port !== undefined)
    return only?.port !== undefined && others.length === 0 ? written({ host: only.host, port: only.port }) : undefined
  }
  return Object.fromEntries(
    COLORS.flatMap((color) => {
      const address = given[color] ?? line(color)?.address ?? likeTheOther(color) ?? onlyPlace(color)
      return address === undefined ? [] : [[color, address]]
    }),
  )
}

/** Whether the compose file puts a color at an address of Nginx; undefined where it says nothing at all. */
export function isPlacedAt(
  service: ColorService,
  address: string,
  apart: boolean,
  host: HostAddresses = ANY_HOST,
): boolean | undefined {
  const spellings = spellingsOf(service, apart)
  if (publishedAt(service, address, apart, host) >= 0) return true
  return spellings.length === 0 ? undefined : spellings.some((each) => fits(each, address))
}

/** Where a published port is asked on its host. */
export function loopbackOf({ address, port }: PublishedAt): Place {
  if (address === '::') return { host: '::1', port }
  return { host: ['', '0.0.0.0'].includes(address) ? '127.0.0.1' : address, port }
}

/** Which of its published ports an address of Nginx leads to; -1 if none. */
function publishedAt({ published = [] }: ColorService, address: string, apart: boolean, host: HostAddresses): number {
  const there = (at: PublishedAt) =>
    apart ? endsAtFromContainer(address, at, host) : endsAt(address, at, host) === 'there'
  return published.findIndex(there)
}

/** The name by which Docker lets a container reach its host, where `extra_hosts` says so. */
const HOST_NAME = 'host.docker.internal'

/** The host's ports are reached there by its name or by its addresses, the loopback aside. */
function endsAtFromContainer(address: string, at: PublishedAt, host: HostAddresses): boolean {
  const parsed = parseAddress(address)
  if (parsed.kind === 'unix' || parsed.port !== at.port || isLoopback(at.address)) return false
  if (parsed.host === HOST_NAME) return true
  return !isLoopback(parsed.host) && endsAt(address, at, host) === 'there'
}

/** The same address with the port of the other color: the one that stands at the same place in `ports`. */
function portOfOther(address: string, index: number, services: ColorServices, color: Color): string | undefined {
  const [own, other] = [services[color].published?.[index], services[otherThan(color)].published?.[index]]
  if (own === undefined || other === undefined) return undefined
  return own.address === other.address ? address.replace(/(:\d+)?$/, `:${other.port}`) : written(loopbackOf(other))
}

/** Where the same color is asked from the proxy host: a name that only containers know stands for its container. */
export function placeOf(address: string, service: ColorService, apart: boolean, host: HostAddresses = ANY_HOST): Place {
  const published = apart ? undefined : service.published?.find((each) => endsAt(address, each, host) === 'there')
  if (published !== undefined) return loopbackOf(published)
  const parsed = parseAddress(address)
  if (parsed.kind === 'unix') return { host: parsed.path, port: 0 }
  const place = { host: parsed.host, port: parsed.port }
  if (parsed.kind === 'ip' || !apart) return place
  if (parsed.host === HOST_NAME) return { ...place, host: '127.0.0.1' }
  return { ...place, container: service.container }
}

/** The names of containers among server lines: unlike others they are gone when the container is. */
export function containerNames(lines: readonly string[], apart: boolean): readonly string[] {
  return apart ? lines.filter((line) => parseAddress(line).kind === 'name') : []
}

/** Why a release is refused where no address of a color is found, with the mend. */
export function nowhere(color: Color, apart: boolean): Failure {
  return placeRefusals[apart ? 'color-nowhere-in-container' : 'color-nowhere'](color)
}

/** A name that is gone with its container keeps Nginx from being reloaded, and from starting at all. */
export function stoppedNames(names: readonly string[]): readonly Failure[] {
  return names.length === 0 ? [] : [reloadRefusals['upstream-names-containers'](names)]
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function written({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** In the order of the compose file. The host's loopback leads nowhere from within a container. */
function spellingsOf({ places, fixedAddresses, names }: ColorService, apart: boolean): readonly Spelling[] {
  const numbered = (kind: string, all: readonly Omit<Spelling, 'way'>[]): readonly Spelling[] =>
    all.map((each, i) => ({ ...each, way: `${kind} ${i}` }))
  if (!apart) return numbered('place', places)
  const published = places.filter(({ host }) => !isLoopback(host) && !fixedAddresses.includes(host))
  return [
    ...numbered('place', published),
    ...numbered(
      'address',
      fixedAddresses.map((host) => ({ host, ...onlyPort(places, host) })),
    ),
    ...numbered(
      'name',
      names.map((host) => ({ host })),
    ),
  ]
}

function onlyPort(places: readonly Place[], host: string): { port?: number } {
  const [port, ...others] = places.flatMap((place) => (place.host === host ? [place.port] : []))
  return port === undefined || others.length > 0 ? {} : { port }
}

function fits(spelling: Spelling, address: string): boolean {
  const { host, port } = portOf(address)
  return host === spelling.host.toLowerCase() && (spelling.port === undefined || spelling.port === port)
}

function portOf(address: string): Place {
  const parsed = parseAddress(address)
  return parsed.kind === 'unix' ? { host: parsed.path, port: 0 } : parsed
}
