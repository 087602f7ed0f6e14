import { isIPv6 } from 'node:net'
import type { HostName } from './host.ts'

/** Where to log in, and as whom. */
export interface SshTarget {
  readonly user: string
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
}

/** A sentence that says what is wrong with a value, and the mend. */
export interface Mistake {
  readonly mistake: string
}

/** Reads `user@name[:port]`; an IPv6 address stands in brackets. */
export function parseTarget(text: string): SshTarget | Mistake {
  const trimmed = text.trim()
  if (trimmed === '') return mistake(text, 'is empty')
  if (/^[a-z]+:\/\//i.test(trimmed)) return mistake(text, 'is a URL')
  const at = trimmed.lastIndexOf('@')
  if (at < 1) return mistake(text, 'names no user')
  const user = trimmed.slice(0, at)
  if (/[\s:]/.test(user) || user.startsWith('-')) return mistake(text, `has a user that is none, "${user}"`)

  const place = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(trimmed.slice(at + 1))
  if (place === null) return mistake(text, 'has an address that cannot be told from its port')
  const [, bracketed, plain = '', digits] = place
  const host = bracketed ?? plain
  if (host === '') return mistake(text, 'names no host')
  const valid = bracketed === undefined ? /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(host) : isIPv6(host)
  if (!valid) return mistake(text, `has a host that is neither a name nor an address, "${host}"`)
  const port = digits === undefined ? 22 : /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (port < 1 || port > 65535) return mistake(text, `has a port that is none, "${digits}"`)
  return { user, host, port }
}

/** `user@name:port`: what reports and sentences call the machine. */
export function hostName({ user, host, port }: SshTarget): HostName {
  return `${user}@${withPort(host, port)}`
}

/** `name:port`, with brackets around an IPv6 address. */
export function withPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A path as it may be kept. */
export function withoutQuery(path: string): string {
  return path.replace(/\?.*$/s, '')
}

/** A path as sentences have it: its query may be a secret. */
export function shownPath(path: string): string {
  return path.replace(/\?.+$/s, '?***')
}

function mistake(text: string, what: string): Mistake {
  return {
    mistake: `The host "${text.trim()}" ${what}. Write it as user@name or user@name:port, an IPv6 address as user@[::1]:22.`,
  }
}
