import { COLORS, type Color, otherThan } from '../../../release/model.ts'
import { normalizeAddress } from '../config/address.ts'
import type { Configuration } from '../config/configuration.ts'
import { findUpstream, findUpstreams, sameName } from '../config/upstream.ts'

/** Names of the upstreams of a switch. */
export interface PairNames {
  readonly blue: string
  readonly green: string
  readonly blueBacked: string
  readonly greenBacked: string
}

/** The upstreams of a switch, as the configuration has them. */
export interface Pair {
  readonly names: PairNames
  readonly present: Readonly<Record<Color, boolean>>
  /** Of all server lines that are not `down`, in one spelling. */
  readonly addresses: Readonly<Record<Color, readonly string[]>>
  /** Server lines whose name is resolved only when Nginx loads. */
  readonly named: Readonly<Record<Color, readonly string[]>>
  /** Whether the `backed` upstream has the color's address, and the other's as `backup`. */
  readonly backed: Readonly<Record<Color, 'absent' | 'right' | 'wrong'>>
}

/** The four names that a target's upstream gives. */
export function pairNames(upstream: string): PairNames {
  return {
    blue: `${upstream}_blue`,
    green: `${upstream}_green`,
    blueBacked: `${upstream}_blue_backed`,
    greenBacked: `${upstream}_green_backed`,
  }
}

/** Reads the upstreams of a target's pair; what is absent comes as empty. */
export function readPair(configuration: Configuration, upstream: string): Pair {
  const names = pairNames(upstream)
  const serversOf = (name: string) => {
    return (findUpstream(configuration, name)?.servers ?? []).filter((server) => !server.down)
  }
  const byColor = <Value>(read: (color: Color) => Value) => ({ blue: read('blue'), green: read('green') })
  const addresses = byColor((color) => serversOf(names[color]).map((server) => normalizeAddress(server.address)))
  return {
    names,
    addresses,
    present: byColor((color) => findUpstream(configuration, names[color]) !== undefined),
    named: byColor((color) => {
      const named = serversOf(names[color]).filter((server) => server.kind === 'name' && !server.resolve)
      return named.map((server) => server.address)
    }),
    backed: byColor((color) => {
      const servers = serversOf(names[`${color}Backed`])
      if (servers.length === 0) return 'absent'
      const lines = servers.map((server) => `${normalizeAddress(server.address)}${server.backup ? ' backup' : ''}`)
      const wanted = [addresses[color], addresses[otherThan(color)].map((address) => `${address} backup`)].flat()
      return lines.length === wanted.length && wanted.every((line) => lines.includes(line)) ? 'right' : 'wrong'
    }),
  }
}

/** What `upstream` can name, for sentences: a block, or the pair of a switch. */
export function targetNames(configuration: Configuration): readonly string[] {
  const all = findUpstreams(configuration).map(({ name }) => name)
  const pairs = all.flatMap((name) => {
    const base = name.replace(/_blue$/i, '')
    return base !== name && all.some((other) => sameName(other, pairNames(base).green)) ? [base] : []
  })
  const ofPairs = pairs.flatMap((base) => Object.values(pairNames(base)))
  const plain = all.filter((name) => !ofPairs.some((other) => sameName(name, other)))
  return [...plain.map((name) => `\`${name}\``), ...pairs.map((base) => `\`${base}\` (a switch)`)]
}

/** The color whose upstream this is, its `backed` one too. */
export function colorOfName(pair: Pair, name: string): Color | undefined {
  return COLORS.find((color) => sameName(name, pair.names[color]) || sameName(name, pair.names[`${color}Backed`]))
}

/** What a destination reaches of the pair, and by what: its own names, an address, or another upstream with one. */
export function reachedThrough(configuration: Configuration, pair: Pair, destination: string): Reached | undefined {
  const own = colorOfName(pair, destination)
  if (own) return { through: 'pair', colors: [own] }
  const upstream = findUpstreams(configuration).find(({ name }) => sameName(name, destination))
  const found = upstream
    ? upstream.servers.filter((server) => !server.down).map((server) => normalizeAddress(server.address))
    : [destination]
  const colors = COLORS.filter((color) => pair.addresses[color].some((address) => found.includes(address)))
  if (colors.length === 0) return undefined
  return { through: upstream ? 'other upstream' : 'address', colors }
}

export interface Reached {
  readonly through: 'pair' | 'address' | 'other upstream'
  readonly colors: readonly Color[]
}
