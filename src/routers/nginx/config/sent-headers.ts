import type { SentHeaders } from '../../router.ts'
import { publicRoutes, type Route, type RouteOptions } from '../route/public-route.ts'
import { type Configuration, type Placed, type ServerBlock, serverTitle, walkInside } from './configuration.ts'
import { arrival } from './location.ts'
import { type Pass, passesIn } from './usage.ts'

/** What Nginx sends along with a request on the public route of these server blocks. */
export function sentHeaders(
  configuration: Configuration,
  servers: readonly ServerBlock[],
  options: RouteOptions,
): SentHeaders {
  const { routes } = publicRoutes(configuration, servers, options)
  const route = routes.find(({ reaches }) => reaches !== 'elsewhere')
  const server =
    route &&
    servers.find((each) => each.directive.file === route.file && serverTitle(configuration, each) === route.server)
  if (route === undefined || server === undefined) return {}
  const pass = passFor(server, route.path)
  if (pass?.directive.name !== 'proxy_pass') return {}
  const value = (name: string): string | undefined => headerValue(configuration, server, pass, name)
  const host = hostOf(value('host'), route)
  const scheme = schemeOf(value('x-forwarded-proto'), route)
  return { ...(host !== undefined && { host }), ...(scheme !== undefined && { scheme }) }
}

function passFor(server: ServerBlock, path: string): Pass | undefined {
  const arrived = arrival(server, path)
  const all = passesIn(server)
  const own = arrived.kind === 'location' ? all.find((pass) => pass.deciding.includes(arrived.location)) : undefined
  return own ?? all[0]
}

/** As written; undefined if no such header is set. The nearest block with any `proxy_set_header` is what holds. */
function headerValue(configuration: Configuration, server: ServerBlock, { directive }: Pass, name: string) {
  const placed: Placed | undefined = [...walkInside(server)].find((each) => each.directive === directive)
  const blocks = [...(placed?.ancestors ?? [])].reverse().map(({ block = [] }) => block)
  const nearest = [...blocks, configuration.main].find((block) =>
    block.some((each) => each.name === 'proxy_set_header'),
  )
  const headers = nearest?.filter((each) => each.name === 'proxy_set_header') ?? []
  return headers.find(({ args }) => args[0]?.toLowerCase() === name)?.args[1]
}

function hostOf(value: string | undefined, { host, port }: Route): string | undefined {
  if (value === undefined || value === '') return undefined
  const known = value
    .replace(/\$\{?(http_host|host|server_name)\b\}?/g, host)
    .replace(/\$\{?server_port\b\}?/g, String(port))
  return /^[^\s$/]+$/.test(known) ? known : undefined
}

function schemeOf(value: string | undefined, { tls }: Route): 'http' | 'https' | undefined {
  const own = tls ? 'https' : 'http'
  if (value === undefined) return tls ? 'https' : undefined
  if (value === 'http' || value === 'https') return value
  if (/^\$\{?scheme\}?$/.test(value)) return own
  // What comes from a proxy in front of it was asked by a visitor of that, who has TLS.
  return /x_forwarded_proto|forwarded_scheme|proto/i.test(value) ? 'https' : tls ? 'https' : undefined
}
