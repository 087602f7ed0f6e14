import { normalizeAddress } from './address.ts'
import { type Configuration, httpServers, type Placed, type ServerBlock, walk, walkInside } from './configuration.ts'
import type { Directive } from './syntax.ts'
import {
  beforeBreak,
  conditionOf,
  type Present,
  regularExpression,
  scopesAfter,
  tablesOf,
  valuesOf,
} from './variables.ts'

const passes = ['proxy_pass', 'grpc_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'memcached_pass']

/** A directive that hands requests on, and where. */
export interface Pass {
  readonly directive: Directive
  /** The server block around it, of `http` or of `stream`. */
  readonly server: ServerBlock
  /** The location around it, for sentences: `/api/`, `~ \.php$`; empty where there is none. */
  readonly location: string
  /** Blocks whose `set` and `if` decide: the server's, and the innermost location's. */
  readonly deciding: readonly Directive[]
  /** What follows the address: undefined where the request's own URI is handed on. */
  readonly uri: string | undefined
}

/** Every `*_pass` of the configuration; those directly in a `stream` server too. */
export function passesOf(configuration: Configuration): readonly Pass[] {
  return [...walk(configuration)].filter(isPass).flatMap((placed) => toPass(placed) ?? [])
}

/** Every `*_pass` inside one server block. */
export function passesIn(server: ServerBlock): readonly Pass[] {
  return [...walkInside(server)].filter(isPass).flatMap((placed) => toPass(placed) ?? [])
}

/**
 * Where a pass can lead while these files are there: names of upstreams in lower case, or addresses in one spelling.
 * Several, where the request decides.
 * @param host that of the request, if it is known
 */
export function destinations(
  configuration: Configuration,
  pass: Pass,
  present: Present,
  host?: string,
): readonly string[] {
  const tables = tablesOf(configuration)
  const request = new Map(host === undefined ? [] : [['host', host] as const, ['http_host', host] as const])
  const scopes = scopesAfter(pass.deciding, present, tables, request)
  const values = scopes.flatMap((scope) => valuesOf(pass.directive.args[0] ?? '', scope, tables))
  return [...new Set(values.map(destination))]
}

/** The files that the `if` conditions of a server block ask for, in order. */
export function filesAskedFor(server: ServerBlock): readonly string[] {
  const conditions = [...walkInside(server)].filter(({ directive }) => directive.name === 'if')
  const words = conditions.map(({ directive }) => conditionOf(directive))
  return [...new Set(words.flatMap(([test = '', path]) => (/^!?-[fe]$/.test(test) && path ? [path] : [])))]
}

/** Which files can be there together, as far as it matters: none, each one alone, each two. */
export function statesOf(server: ServerBlock): readonly Present[] {
  const files = filesAskedFor(server).slice(0, 12)
  const pairs = files.flatMap((one, i) => files.slice(i + 1).map((other) => new Set([one, other])))
  return [new Set<string>(), ...files.map((file) => new Set([file])), ...pairs]
}

/** The server blocks of `http` that can hand requests to one of these destinations, by a variable too. */
export function serversUsing(configuration: Configuration, wanted: readonly string[]): readonly ServerBlock[] {
  const names = wanted.map((name) => name.toLowerCase())
  return httpServers(configuration).filter((server) => {
    const states = statesOf(server)
    if (hiddenBy(server, undefined)) return false
    return passesIn(server).some((pass) =>
      states.some((state) => destinations(configuration, pass, state).some((each) => names.includes(each))),
    )
  })
}

/**
 * The directive of a server block that answers before any location is looked for: a `return` outside of any `if`,
 * or, where a path is given, a `rewrite` that changes it.
 */
export function hiddenBy(server: ServerBlock, path: string | undefined): Directive | undefined {
  return beforeBreak(server.directive).find((directive) => {
    if (directive.name === 'return') return true
    if (directive.name !== 'rewrite' || path === undefined) return false
    return regularExpression(directive.args[0] ?? '')?.test(path) ?? false
  })
}

export function isPass({ directive }: Placed): boolean {
  return passes.includes(directive.name)
}

function toPass({ directive, ancestors }: Placed): Pass | undefined {
  const at = ancestors.findLastIndex((block) => block.name === 'server')
  const around = ancestors[at]
  if (!around) return undefined
  const location = ancestors.findLast((block) => block.name === 'location')
  return {
    directive,
    server: { directive: around, ancestors: ancestors.slice(0, at) },
    location: location?.args.join(' ') ?? '',
    deciding: location ? [around, location] : [around],
    uri: uriOf(directive),
  }
}

/** `http://app/api` hands on `/api`, and `http://app$request_uri` that variable. */
function uriOf(directive: Directive): string | undefined {
  const target = (directive.args[0] ?? '').replace(/^[^/]*:\/\//, '')
  if (directive.name !== 'proxy_pass') return undefined
  const unix = /^unix:[^:]*:(.+)$/.exec(target)
  if (unix || target.startsWith('unix:')) return unix?.[1]
  return /(?:\/|\$\{?(?:request_uri|uri|document_uri|is_args|args)\b).*$/.exec(target)?.[0]
}

function destination(target: string): string {
  const [, scheme, rest = target] = /^([^/]*):\/\/(.*)$/.exec(target) ?? []
  if (rest.startsWith('unix:')) return /^unix:[^:]*/.exec(rest)?.[0] ?? rest
  const authority = /^[^/?]*?(?=\/|\?|\$\{?(?:request_uri|uri|document_uri|is_args|args)\b|$)/.exec(rest)?.[0] ?? rest
  const address = /^\[|:\d+$|^[\d.]+$/.test(authority)
  return address ? normalizeAddress(authority, /s$/.test(scheme ?? '') ? 443 : 80) : authority.toLowerCase()
}
