import { COLORS, type Color } from '../../../release/model.ts'
import { type Configuration, httpServers } from '../config/configuration.ts'
import { type ColorAddresses, findUpstream } from '../config/upstream.ts'
import { type Bypass, bypasses } from '../route/bypass.ts'
import { type Pair, pairNames, readPair } from '../route/pair.ts'
import { readSwitchServer, type SwitchServer } from './server.ts'

/** What a configuration has of the switch for one target. */
export type Switch =
  /** Neither of the two upstreams is there. */
  { readonly kind: 'none' } | { readonly kind: 'incomplete'; readonly missing: readonly Missing[] } | CompleteSwitch

/** The pair is there, and one file chooses for each request. */
export interface CompleteSwitch {
  readonly kind: 'switch'
  /** Path, as Nginx sees it, of the file whose presence chooses green. */
  readonly green: string
  /** Path of the file that brings in the `backed` pair, where every server block that uses the pair asks for it. */
  readonly backed: string | undefined
  /** Why the `backed` pair can't be used, though some of it is there. */
  readonly backedFaults: readonly BackedFault[]
  readonly addresses: ColorAddresses
  /** Addresses of the pair that are names, and resolved only when Nginx loads. */
  readonly namedServers: readonly string[]
  /** Each server block that chooses between the pair; never empty. */
  readonly servers: readonly SwitchServer[]
  /** What hands requests to a color, whatever the switch says. */
  readonly bypasses: readonly Bypass[]
}

/** What keeps half a switch from being one. */
export type Missing =
  | { readonly kind: 'upstream'; readonly name: string }
  /** A color's upstream must have one server line: one address, that is compared with docker's. */
  | { readonly kind: 'one-server'; readonly upstream: string; readonly addresses: readonly string[] }
  /** Both colors' upstreams name the same address. */
  | { readonly kind: 'two-addresses'; readonly address: string }
  /** No server block passes to a variable that chooses between the two. */
  | { readonly kind: 'choice' }
  /** Without a file green is chosen, and a file chooses blue: the wrong way round. */
  | { readonly kind: 'blue-by-default'; readonly file: string; readonly server: string }
  /** The file is there, but not named `green`. */
  | { readonly kind: 'file-name'; readonly file: string; readonly server: string }
  /** Server blocks ask for different files. */
  | { readonly kind: 'one-file'; readonly files: readonly string[] }

export type BackedFault =
  | { readonly kind: 'upstream'; readonly name: string }
  /** It must have the color's address, and the other's as `backup`. */
  | { readonly kind: 'servers'; readonly name: string }
  /** These server blocks don't ask for one file named `backed`. */
  | { readonly kind: 'choice'; readonly servers: readonly string[] }

/** Reads the switch of a target: the pair `<upstream>_blue`, `<upstream>_green`, who chooses by it, and what goes round it. */
export function findSwitch(configuration: Configuration, upstream: string): Switch {
  const names = pairNames(upstream)
  const absent = COLORS.filter((color) => !findUpstream(configuration, names[color]))
  if (absent.length === COLORS.length) return { kind: 'none' }
  const pair = readPair(configuration, upstream)
  const read = httpServers(configuration).map((server) => readSwitchServer(configuration, pair, server))
  const servers = read.flatMap((result) => (result.kind === 'switch' ? [result.server] : []))
  const inverted = read.flatMap((result): Missing[] => (result.kind === 'blue-by-default' ? [result] : []))
  const files = [...new Set(servers.map((server) => server.green))]
  const misnamed = servers.filter((server) => !server.green.endsWith('/green'))
  const missing: readonly Missing[] = [
    ...absent.map((color): Missing => ({ kind: 'upstream', name: names[color] })),
    ...addressFaults(pair),
    ...inverted,
    ...misnamed.map((server): Missing => ({ kind: 'file-name', file: server.green, server: server.title })),
    ...(files.length > 1 ? [{ kind: 'one-file', files } as const] : []),
    ...(servers.length + inverted.length === 0 ? [{ kind: 'choice' } as const] : []),
  ]
  const [green] = files
  const { blue, green: greenAddress } = pair.addresses
  if (missing.length > 0 || green === undefined || !blue[0] || !greenAddress[0]) return { kind: 'incomplete', missing }
  const backedFaults = faultsOfBacked(configuration, pair, servers)
  return {
    kind: 'switch',
    green,
    backed: backedFaults.length === 0 ? servers[0]?.backed : undefined,
    backedFaults,
    addresses: { blue: blue[0], green: greenAddress[0] },
    namedServers: COLORS.flatMap((color) => pair.named[color]),
    servers,
    bypasses: bypasses(configuration, pair, servers),
  }
}

function addressFaults(pair: Pair): readonly Missing[] {
  const several = COLORS.filter((color) => pair.present[color] && pair.addresses[color].length !== 1)
  const { blue, green } = pair.addresses
  const same = blue.length === 1 && green.length === 1 && blue[0] === green[0] ? blue[0] : undefined
  return [
    ...several.map((color: Color): Missing => {
      return { kind: 'one-server', upstream: pair.names[color], addresses: pair.addresses[color] }
    }),
    ...(same === undefined ? [] : [{ kind: 'two-addresses', address: same } as const]),
  ]
}

/** Nothing is at fault where nothing of the `backed` half is there. */
function faultsOfBacked(
  configuration: Configuration,
  pair: Pair,
  servers: readonly SwitchServer[],
): readonly BackedFault[] {
  const names = [pair.names.blueBacked, pair.names.greenBacked]
  const absent = names.filter((name) => !findUpstream(configuration, name))
  const asking = servers.filter((server) => server.backed?.endsWith('/backed') && server.backed === servers[0]?.backed)
  if (absent.length === names.length && asking.length === 0) return []
  const silent = servers.filter((server) => !asking.includes(server))
  const wrong = COLORS.filter((color) => pair.backed[color] === 'wrong')
  return [
    ...absent.map((name): BackedFault => ({ kind: 'upstream', name })),
    ...wrong.map((color): BackedFault => ({ kind: 'servers', name: pair.names[`${color}Backed`] })),
    ...(silent.length > 0 ? [{ kind: 'choice', servers: silent.map((server) => server.title) } as const] : []),
  ]
}
