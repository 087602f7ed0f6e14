import { isIP } from 'node:net'

/** What a server line, a `listen` or a `*_pass` connects to. */
export type Address =
  | { readonly kind: 'ip' | 'name'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** Reads `host`, `host:port`, `[ipv6]:port` or `unix:path`. IPv6 comes without brackets, in its shortest form. */
export function parseAddress(written: string, defaultPort = 80): Address {
  if (/^unix:/i.test(written)) return { kind: 'unix', path: written.slice('unix:'.length) }
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(written)
  const plain = /^([^:]*)(?::(\d+))?$/.exec(written)
  const host = bracketed?.[1] ?? plain?.[1] ?? written
  const port = Number(bracketed?.[2] ?? plain?.[2] ?? defaultPort)
  if (isIP(host) === 6) return { kind: 'ip', host: shortest(host), port }
  return { kind: isIP(host) === 4 ? 'ip' : 'name', host: host.toLowerCase(), port }
}

/** One spelling for each address: with port, brackets around IPv6, lower case. */
export function normalizeAddress(written: string, defaultPort = 80): string {
  const address = parseAddress(written, defaultPort)
  if (address.kind === 'unix') return `unix:${address.path}`
  return isIP(address.host) === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/** Whether two spellings mean one address. Names are not resolved: `localhost` is not 127.0.0.1. */
export function sameAddress(one: string, other: string): boolean {
  return normalizeAddress(one) === normalizeAddress(other)
}

function shortest(address: string): string {
  // A zone (`fe80::1%eth0`) is nothing that a URL knows.
  const url = URL.parse(`http://[${address}]/`)
  return url ? url.hostname.slice(1, -1) : address.toLowerCase()
}
