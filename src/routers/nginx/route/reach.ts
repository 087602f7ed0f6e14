import { type Configuration, childrenNamed, type ServerBlock } from '../config/configuration.ts'
import { arrival, namedLocation } from '../config/location.ts'
import type { Directive } from '../config/syntax.ts'
import { destinations, type Pass, passesIn, statesOf } from '../config/usage.ts'
import { beforeBreak, regularExpression } from '../config/variables.ts'

/** Whether a request gets where it is wanted. `unknown` where only the request itself would tell. */
export type Reach = 'upstream' | 'elsewhere' | 'unknown'

/** `try_files` may lead on from one location to another; Nginx itself gives up after ten, with a 500. */
const LONGEST = 10

/** Where requests are wanted to get: upstreams, or addresses. `host` is that of the request, if it is known. */
export interface Wanted {
  readonly upstreams: readonly string[]
  readonly host?: string
}

/** Whether a server block hands requests for a path to one of these upstreams. */
export function reachOf(
  configuration: Configuration,
  server: ServerBlock,
  path: string,
  wanted: Wanted,
  steps = LONGEST,
): Reach {
  const arrived = arrival(server, path)
  if (arrived.kind === 'unknown') return 'unknown'
  if (arrived.kind === 'hidden') return arrived.directive.name === 'return' ? 'elsewhere' : 'unknown'
  if (arrived.kind === 'none') return followFiles(configuration, server, server.directive, wanted, steps)
  if (redirectsToSlash(server.directive, path)) return 'elsewhere'
  return within(configuration, server, arrived.location, path, wanted, steps)
}

/** Whether the answer of a `return` is what a path gets. */
export function returnsAt(server: ServerBlock, path: string): Reach {
  const arrived = arrival(server, path)
  if (arrived.kind === 'unknown') return 'unknown'
  return arrived.kind === 'location' && returns(arrived.location) ? 'upstream' : 'elsewhere'
}

function within(
  configuration: Configuration,
  server: ServerBlock,
  location: Directive,
  path: string,
  wanted: Wanted,
  steps: number,
): Reach {
  if (returns(location)) return 'elsewhere'
  const rewritten = beforeBreak(location).some(({ name, args }) => {
    return (
      name === 'rewrite' && regularExpression(args[0] ?? '')?.test(path.replace(/\?.*$/s, '')) && args[2] !== 'break'
    )
  })
  if (rewritten) return 'unknown'
  const passes = passesIn(server).filter((pass) => pass.deciding.includes(location))
  const own = passes.find((pass) => location.block?.includes(pass.directive))
  if (own) return leads(configuration, own, wanted)
  if (passes.some((pass) => leads(configuration, pass, wanted) !== 'elsewhere')) return 'unknown'
  const followed = followFiles(configuration, server, location, wanted, steps)
  if (followed !== 'elsewhere') return followed
  // `error_page 404 = @app` hands on only what is not found.
  const pages = [location, server.directive].flatMap((block) => childrenNamed(block, 'error_page'))
  const fallbacks = pages.flatMap(({ args }) => namedLocation(server, args.at(-1) ?? '') ?? [])
  const caught = fallbacks.filter((fallback) => fallback !== location)
  return caught.some((fallback) => within(configuration, server, fallback, path, wanted, 1) !== 'elsewhere')
    ? 'unknown'
    : 'elsewhere'
}

function returns(location: Directive): boolean {
  return beforeBreak(location).some(({ name }) => name === 'return')
}

function leads(configuration: Configuration, pass: Pass, { upstreams, host }: Wanted): Reach {
  const wanted = upstreams.map((name) => name.toLowerCase())
  const found = statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state, host))
  if (found.some((to) => wanted.includes(to))) return 'upstream'
  return found.some((to) => to.includes('$')) ? 'unknown' : 'elsewhere'
}

/** The last argument of `try_files` is where a request goes for which there is no file. */
function followFiles(
  configuration: Configuration,
  server: ServerBlock,
  block: Directive,
  wanted: Wanted,
  steps: number,
): Reach {
  const last = childrenNamed(block, 'try_files')[0]?.args.at(-1)
  if (last === undefined || last.startsWith('=') || steps <= 1) return 'elsewhere'
  const named = namedLocation(server, last)
  if (named) return within(configuration, server, named, last, wanted, steps - 1)
  const path = last.replace(/\?.*$/s, '')
  return path.includes('$') ? 'unknown' : reachOf(configuration, server, path, wanted, steps - 1)
}

/** For `location /api/` with a `*_pass`, Nginx answers `/api` with a redirect. */
function redirectsToSlash(block: Directive, path: string): boolean {
  const plain = path.replace(/\?.*$/s, '')
  const locations = childrenNamed(block, 'location')
  const exact = locations.some(({ args }) => args.join('').replace(/^=/, '') === plain && args.join('').startsWith('='))
  const slashed = locations.find(({ args }) => args.join('').replace(/^\^~/, '') === `${plain}/`)
  return (
    !exact &&
    (slashed?.block?.some(({ name }) => /^(?:proxy|grpc|fastcgi|uwsgi|scgi|memcached)_pass$/.test(name)) ?? false)
  )
}
