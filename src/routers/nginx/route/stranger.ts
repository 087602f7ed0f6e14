import { isLoopback } from '../../../base/address.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import type { ColorService, ColorServices } from '../../../runtimes/runtime.ts'
import { parseAddress } from '../config/address.ts'
import {
  type Configuration,
  childrenNamed,
  positionOf,
  type ServerBlock,
  serverTitle,
} from '../config/configuration.ts'
import type { Directive } from '../config/syntax.ts'
import { readServer, sameName } from '../config/upstream.ts'
import { destinations, type Pass, passesOf, statesOf } from '../config/usage.ts'
import { type Ends, endsAt, type HostAddresses } from '../observe/host-addresses.ts'
import { nginxRefusals } from '../refusals.ts'
import { isPlacedAt } from './color-place.ts'

/** A directive of the loaded configuration that sends requests to a color, or may do so, whatever a flip changes. */
export interface Stranger {
  readonly pass: Pass
  /** `/etc/nginx/conf.d/api.conf:5`. */
  readonly position: string
  /** For sentences: the first name of the server block, or where it stands. */
  readonly server: string
  /** The address that leads there, as it is written. */
  readonly address: string
  readonly ends: 'there' | 'unknown'
}

/** Where each color can be reached, and from where. */
export interface Colored {
  readonly services: ColorServices
  /** Where Nginx reaches each color, if that is known. */
  readonly addresses: Readonly<Partial<Record<Color, string>>>
  readonly host: HostAddresses
  /** Nginx is in a container with a network of its own. */
  readonly apart: boolean
}

/**
 * Every pass, of `http` and `stream`, that leads to a color by an address, a name of this host or another upstream; and
 * every one of which only the port is known, and it is a color's.
 * @param own whether a flip changes where such a destination leads: an upstream's name
 */
export function strangers(
  configuration: Configuration,
  colored: Colored,
  own: (destination: string, pass: Pass) => boolean,
): readonly Stranger[] {
  return passesOf(configuration).flatMap((pass) => {
    const all = new Set(statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state)))
    const found = [...all]
      .filter((destination) => !own(destination, pass))
      .flatMap((destination) => {
        const upstream = upstreamFor(configuration, pass.server, destination)
        const lines = upstream && childrenNamed(upstream, 'server').map(readServer)
        const addresses = lines?.filter(({ down }) => !down).map(({ address }) => address) ?? [destination]
        return addresses.flatMap((address) => {
          const colors = COLORS.map((color) => ({ color, ends: reaches(address, color, colored) }))
          const there = colors.find(({ ends }) => ends === 'there')
          // What names a color for good (a preview of it) is no part of a flip.
          if (there && saysColor(pass, upstream && destination, there.color)) return []
          const ends = there?.ends ?? (colors.some((each) => each.ends === 'unknown') ? 'unknown' : undefined)
          return ends === undefined || ends === 'elsewhere' ? [] : [{ address, ends }]
        })
      })
    const [first] = found.toSorted((one, other) => one.ends.localeCompare(other.ends))
    if (first === undefined) return []
    const position = positionOf(configuration, pass.directive)
    return [{ ...first, pass, position, server: serverTitle(configuration, pass.server) }]
  })
}

/** Whether an address of Nginx leads to a color. */
function reaches(address: string, color: Color, { services, addresses, host, apart }: Colored): Ends {
  const service = services[color]
  const known = addresses[color]
  if (known !== undefined && endsAtKnown(address, known, host) === 'there') return 'there'
  if (apart && isPlacedAt(service, address, apart) === true) return 'there'
  const ends = publishedOf(service).map((published) => {
    const found = endsAt(address, published, host)
    // From within a container the loopback is its own, and its names are not the host's.
    if (!apart || found === 'elsewhere') return found
    return isLoopback(address.replace(/:\d+$/, '')) || parseAddress(address).kind === 'name' ? 'elsewhere' : found
  })
  return ends.includes('there') ? 'there' : ends.includes('unknown') ? 'unknown' : 'elsewhere'
}

/** Why a release is refused while they are there, each with its fix. */
export function strangerFaults(all: readonly Stranger[]): readonly Failure[] {
  return all.map(({ pass: { directive, location }, position, server, address, ends }) => {
    const written = `\`${[directive.name, ...directive.args].join(' ')}\` in ${position} (server ${server}${location && `, location ${location}`})`
    return nginxRefusals[ends === 'there' ? 'bypassed-to-color' : 'maybe-bypassed-to-color'](written, address)
  })
}

function endsAtKnown(address: string, known: string, host: HostAddresses): Ends {
  const parsed = parseAddress(known)
  return parsed.kind === 'unix' ? 'elsewhere' : endsAt(address, { address: parsed.host, port: parsed.port }, host)
}

function publishedOf({ published, places }: ColorService) {
  return published ?? places.map(({ host, port }) => ({ address: host, port }))
}

/** An upstream block of the same kind, `http` or `stream`. */
function upstreamFor(configuration: Configuration, server: ServerBlock, name: string): Directive | undefined {
  const around = server.ancestors[0] ?? { block: configuration.main }
  return (around.block ?? []).find((each) => each.name === 'upstream' && sameName(each.args[0] ?? '', name))
}

function saysColor(pass: Pass, upstream: string | undefined, color: Color): boolean {
  const names = childrenNamed(pass.server.directive, 'server_name').flatMap(({ args }) => args)
  const word = new RegExp(`(^|[^a-z])${color}([^a-z]|$)`, 'i')
  return [upstream ?? '', pass.location, ...names].some((each) => word.test(each))
}
