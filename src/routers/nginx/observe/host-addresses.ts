import { lines, type Shell, sh } from '../../../host/quote.ts'
import { type Address, parseAddress } from '../config/address.ts'

/** What the host on which Nginx runs says of addresses. */
export interface HostAddresses {
  /** Its own, the loopback too; IPv6 in its shortest form. */
  readonly own: ReadonlySet<string>
  /** Where names of the configuration lead from there, in lower case. */
  readonly names: ReadonlyMap<string, readonly string[]>
}

/** A host of which nothing is known but what every host has. */
export const ANY_HOST: HostAddresses = {
  own: new Set(['127.0.0.1', '::1']),
  names: new Map([['localhost', ['127.0.0.1', '::1']]]),
}

/** A TCP port of the host at which an application is published. */
export interface PublishedAt {
  /** An IP address; empty, `0.0.0.0` or `::` where it is published on all. */
  readonly address: string
  readonly port: number
}

/** Whether a connection to an address ends at a port; `unknown` where only the request, or nobody, knows the address. */
export type Ends = 'there' | 'elsewhere' | 'unknown'

/** Names that are resolved together with a port, in the configuration of `$dump`. */
const NAMED = '[A-Za-z][A-Za-z0-9_-]*([.][A-Za-z0-9_-]+)*:[0-9]+'

/**
 * Prints what `readHostAddresses` reads: the host's own addresses, what its hosts file says of words of the configuration
 * in `$dump`, and where names with a port lead. It waits for no name server longer than two seconds.
 */
export const hostAddressesQuestion: Shell = lines(
  sh`awk '$1 == "|--" { address = $2 } /host LOCAL/ { print "own", address }' /proc/net/fib_trie 2>/dev/null | sort -u`,
  sh`awk '{ print "own6", $1 }' /proc/net/if_inet6 2>/dev/null`,
  sh`[ -z "$in_container" ] || exit 0`,
  sh`printf '%s\\n' "$dump" | awk ${`
    NR == FNR { count = split(tolower($0), all, /[^a-z0-9._-]+/); for (i = 1; i <= count; i++) words[all[i]]; next }
    { sub(/#.*/, ""); for (i = 2; i <= NF; i++) if (tolower($i) in words) print "name", $i, $1 }`} - /etc/hosts 2>/dev/null`,
  sh`for name in $(printf '%s\\n' "$dump" | sed 's/#.*//' | grep -oE ${NAMED} | sed 's/:[0-9]*$//' | sort -u | head -n 40); do`,
  sh`  timeout 2 getent ahosts "$name" 2>/dev/null | awk -v name="$name" '$2 == "STREAM" { print "name", name, $1 }' &`,
  sh`done; wait`,
)

/** Reads what the question printed; what is missing is as on any host. */
export function readHostAddresses(said: string): HostAddresses {
  const found = (key: string) =>
    said.split('\n').flatMap((line) => {
      const [first, ...words] = line.trim().split(/\s+/)
      return first === key ? [words] : []
    })
  const names = new Map<string, readonly string[]>(ANY_HOST.names)
  for (const [name = '', address = ''] of found('name')) {
    const key = name.toLowerCase()
    names.set(key, [...new Set([...(names.get(key) ?? []), shortest(address)])])
  }
  const six = found('own6').map(([hex = '']) => shortest((hex.match(/.{4}/g) ?? []).join(':')))
  return { own: new Set([...ANY_HOST.own, ...found('own').map(([address = '']) => address), ...six]), names }
}

/** The IP addresses to which a connection goes; undefined if that is not known. */
export function meantBy({ host, kind }: Exclude<Address, { kind: 'unix' }>, { names }: HostAddresses) {
  // Linux takes a connection to "all addresses" for one to the loopback.
  if (host === '0.0.0.0') return ['127.0.0.1']
  if (host === '::') return ['::1']
  return kind === 'ip' ? [mapped(host)] : names.get(host)
}

/** IPv4 within IPv6 (`::ffff:7f00:1`) as IPv4. */
function mapped(address: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? []
  if (high === undefined || low === undefined) return address
  return [high, low]
    .map((half) => Number.parseInt(half, 16))
    .flatMap((half) => [half >> 8, half & 255])
    .join('.')
}

/** Whether what connects to an address, as it is written, ends at a port of this host. */
export function endsAt(written: string, { address, port }: PublishedAt, host: HostAddresses): Ends {
  const parsed = parseAddress(written)
  if (parsed.kind === 'unix') return 'elsewhere'
  if (written.includes('$')) return new RegExp(`:${port}$`).test(written) ? 'unknown' : 'elsewhere'
  if (parsed.port !== port) return 'elsewhere'
  const meant = meantBy(parsed, host)
  if (meant === undefined) return 'unknown'
  return meant.some((each) => takes(address, each, host)) ? 'there' : 'elsewhere'
}

/** Whether an address of this host leads to what is published at `published`. */
function takes(published: string, address: string, { own }: HostAddresses): boolean {
  const six = address.includes(':')
  const isOwn = own.has(address) || /^127\./.test(address)
  if (published === '') return isOwn
  if (published === '0.0.0.0') return isOwn && !six
  if (published === '::') return isOwn && six
  return published === address
}

function shortest(address: string): string {
  const parsed = parseAddress(address.includes(':') ? `[${address}]` : address)
  return parsed.kind === 'unix' ? address : parsed.host
}
