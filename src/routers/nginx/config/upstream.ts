import type { Color } from '../../../release/model.ts'
import { parseAddress, sameAddress } from './address.ts'
import { type Configuration, childrenNamed, httpDirectives } from './configuration.ts'
import type { Directive, Range } from './syntax.ts'

/** `host:port` where Nginx reaches each color. */
export type ColorAddresses = Readonly<Record<Color, string>>

/** One `server` line of an upstream block. */
export interface UpstreamServer {
  /** As written, without quotes. */
  readonly address: string
  /** A name is resolved when Nginx loads, unless `resolve` is given. */
  readonly kind: 'ip' | 'name' | 'unix'
  /** All that follows the address, in order. */
  readonly parameters: readonly string[]
  readonly down: boolean
  readonly backup: boolean
  readonly resolve: boolean
  readonly file: string
  readonly range: Range
}

/** An `upstream` block of `http`. */
export interface Upstream {
  readonly name: string
  readonly file: string
  readonly range: Range
  readonly servers: readonly UpstreamServer[]
  /** `keepalive`, `zone`, `least_conn` and whatever else is in the block. */
  readonly others: readonly Directive[]
}

/** What an upstream block of both, or of one color, sends traffic to. */
export type LiveUpstream =
  /** Traffic goes to this color alone (the other may be a `backup`). */
  | { readonly kind: 'live'; readonly color: Color }
  | { readonly kind: 'both' }
  /** The block has lines of a color, and each is `down`. */
  | { readonly kind: 'none-active' }
  /** None of the addresses is a color's: the block is somebody else's. */
  | { readonly kind: 'neither'; readonly active: readonly string[] }
  /** Traffic goes to a color, and to other addresses too. */
  | { readonly kind: 'mixed'; readonly foreign: readonly string[] }

/** All upstream blocks of `http`, in the order in which Nginx reads them. Those of `stream` are not among them. */
export function findUpstreams(configuration: Configuration): readonly Upstream[] {
  return httpDirectives(configuration)
    .filter((directive) => directive.name === 'upstream')
    .map(readUpstream)
}

/** The upstream of this name. Nginx refuses a second one, and takes no heed of case. */
export function findUpstream(configuration: Configuration, name: string): Upstream | undefined {
  return findUpstreams(configuration).find((upstream) => sameName(upstream.name, name))
}

/** Reads one `upstream` block. */
function readUpstream(directive: Directive): Upstream {
  return {
    name: directive.args[0] ?? '',
    file: directive.file,
    range: directive.range,
    servers: childrenNamed(directive, 'server').map(readServer),
    others: (directive.block ?? []).filter((child) => child.name !== 'server'),
  }
}

/** Whether two names mean one upstream. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Which color an upstream block sends traffic to, by its lines alone. */
export function liveFromUpstream(upstream: Upstream, addresses: ColorAddresses): LiveUpstream {
  const working = upstream.servers.filter((server) => !server.down)
  // Backups are asked only where no other server is left.
  const primary = working.filter((server) => !server.backup)
  const active = primary.length > 0 ? primary : working
  const foreign = working.filter((server) => !colorOf(server, addresses)).map((server) => server.address)
  const colors = new Set(active.flatMap((server) => colorOf(server, addresses) ?? []))
  const owned = upstream.servers.some((server) => colorOf(server, addresses))
  if (!owned || (colors.size === 0 && foreign.length > 0)) {
    return { kind: 'neither', active: active.map((server) => server.address) }
  }
  if (foreign.length > 0) return { kind: 'mixed', foreign }
  const [color] = colors
  if (!color) return { kind: 'none-active' }
  return colors.size === 2 ? { kind: 'both' } : { kind: 'live', color }
}

/** The color whose address a server line has. */
export function colorOf(server: UpstreamServer, addresses: ColorAddresses): Color | undefined {
  if (sameAddress(server.address, addresses.blue)) return 'blue'
  if (sameAddress(server.address, addresses.green)) return 'green'
  return undefined
}

/** Reads one `server` line. */
export function readServer(directive: Directive): UpstreamServer {
  const [address = '', ...parameters] = directive.args
  return {
    address,
    kind: parseAddress(address).kind,
    parameters,
    down: parameters.includes('down'),
    backup: parameters.includes('backup'),
    resolve: parameters.includes('resolve'),
    file: directive.file,
    range: directive.range,
  }
}
