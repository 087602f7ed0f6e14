import { childrenNamed, type ServerBlock } from './configuration.ts'
import type { Directive } from './syntax.ts'
import { hiddenBy } from './usage.ts'
import { regularExpression } from './variables.ts'

/** What a server block does with a request for a path. */
export type Arrival =
  | { readonly kind: 'location'; readonly location: Directive }
  /** A `return` or `rewrite` of the server block answers first. */
  | { readonly kind: 'hidden'; readonly directive: Directive }
  /** No location fits: the server block itself serves it. */
  | { readonly kind: 'none' }
  /** A regular expression that can't be read here could fit. */
  | { readonly kind: 'unknown'; readonly location: Directive }

type Found = { readonly kind: 'final' | 'prefix' | 'unknown'; readonly location: Directive } | { readonly kind: 'none' }

/** The location that Nginx chooses for a path, nested ones too. */
export function arrival(server: ServerBlock, path: string): Arrival {
  const plain = path.replace(/[?#].*$/s, '')
  const hidden = hiddenBy(server, plain)
  if (hidden) return { kind: 'hidden', directive: hidden }
  const found = find(server.directive, plain)
  if (found.kind === 'none') return found
  return { kind: found.kind === 'unknown' ? 'unknown' : 'location', location: found.location }
}

/** The location of this name, `@app`. */
export function namedLocation(server: ServerBlock, name: string): Directive | undefined {
  return childrenNamed(server.directive, 'location').find((location) => location.args[0] === name)
}

/** As ngx_http_core_find_location: exact, longest prefix and what is nested in it, then regular expressions in order. */
function find(block: Directive, path: string): Found {
  const locations = childrenNamed(block, 'location').map(readLocation)
  const exact = locations.find(({ how, pattern }) => how === '=' && pattern === path)
  if (exact) return { kind: 'final', location: exact.location }
  const prefix = locations
    .filter(({ how, pattern }) => (how === '' || how === '^~') && path.startsWith(pattern))
    .toSorted((one, other) => other.pattern.length - one.pattern.length)[0]
  const nested = prefix ? find(prefix.location, path) : ({ kind: 'none' } as const)
  if (nested.kind === 'final' || nested.kind === 'unknown') return nested
  const best: Found =
    nested.kind === 'prefix' ? nested : (prefix && { kind: 'prefix', location: prefix.location }) || nested
  if (prefix?.how === '^~') return best
  for (const { how, pattern, location } of locations) {
    if (how !== '~' && how !== '~*') continue
    const expression = regularExpression(pattern, how === '~*' ? 'i' : '')
    if (!expression) return { kind: 'unknown', location }
    if (!expression.test(path)) continue
    const inside = find(location, path)
    return inside.kind === 'none' ? { kind: 'final', location } : { kind: 'final', location: inside.location }
  }
  return best
}

/** The modifier may stand apart from the path or not: `=/x`, `= /x`. */
function readLocation(location: Directive): { how: string; pattern: string; location: Directive } {
  const written = location.args.length > 1 ? location.args.slice(0, 2).join(' ') : (location.args[0] ?? '')
  const [, how = '', pattern = ''] = /^(\^~|~\*|=|~|)\s*([\s\S]*)$/.exec(written) ?? []
  return { how, pattern, location }
}
