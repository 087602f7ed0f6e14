import { isIP } from 'node:net'
import { isLoopback } from '../../../base/address.ts'
import { type Configuration, effective, type ServerBlock, serverTitle } from '../config/configuration.ts'
import { type Listener, listenersOf, literalNames, type PortListener, sameSocket, serverFor } from '../config/listen.ts'
import { tablesOf } from '../config/variables.ts'
import { markerPath } from '../switch/server.ts'
import { type Reach, reachOf, returnsAt } from './reach.ts'

/** A way to ask through Nginx, from the proxy host. */
export interface Route {
  readonly address: string
  readonly port: number
  /** For the `Host` header, and for SNI with TLS. */
  readonly host: string
  readonly tls: boolean
  readonly path: string
  /** For sentences: the first name of the server block, or where it stands. */
  readonly server: string
  readonly file: string
  readonly reaches: Reach
}

/** A listener that can't be asked by a plain HTTPS or HTTP request from the proxy host. */
export interface UnusableRoute {
  /** As `address:port` or `unix:path`. */
  readonly listener: string
  readonly server: string
  readonly file: string
  readonly reason:
    | 'unix-socket'
    | 'proxy-protocol'
    | 'client-certificate'
    | 'refuses-handshake'
    | 'http3'
    /** Nginx runs in a container that doesn't publish the port. */
    | 'not-published'
    /** Nginx listens on the container's own loopback. */
    | 'container-loopback'
}

export interface Routes {
  /** The best first: those that reach what is wanted, TLS before plain, IPv4 before IPv6. */
  readonly routes: readonly Route[]
  readonly unusable: readonly UnusableRoute[]
}

/** A port of the container in which Nginx runs, and where the host has it. */
export interface PublishedPort {
  readonly container: number
  readonly address: string
  readonly port: number
}

export interface RouteOptions {
  readonly healthPath: string
  /** The target's upstreams; whether the path leads to one of them is `reaches`. */
  readonly upstreams: readonly string[]
  /** Given where Nginx runs in a container with a network of its own. */
  readonly publishedPorts?: readonly PublishedPort[]
}

/** As a part of a sentence. */
export function unusableSentence({ listener, server, reason }: UnusableRoute): string {
  return `${listener} of ${server} ${REASONS[reason]}`
}

const REASONS: Readonly<Record<UnusableRoute['reason'], string>> = {
  'unix-socket': 'is a unix socket',
  'proxy-protocol': 'wants the PROXY protocol',
  'client-certificate': 'wants a client certificate',
  'refuses-handshake': 'refuses the TLS handshake',
  http3: 'speaks HTTP/3 only',
  'not-published': 'is not published by the container of Nginx',
  'container-loopback': "is the loopback of Nginx's own container",
}

/** The ways through Nginx to an upstream, by the server blocks that use it. */
export function publicRoutes(
  configuration: Configuration,
  servers: readonly ServerBlock[],
  { healthPath, upstreams, publishedPorts }: RouteOptions,
): Routes {
  const reach = (server: ServerBlock, host: string) => reachOf(configuration, server, healthPath, { upstreams, host })
  return routes(configuration, servers, healthPath, reach, publishedPorts)
}

/** The ways to ask `/.blue-green` of a server block: `reaches: 'upstream'` where that location answers. */
export function markerRoutes(
  configuration: Configuration,
  server: ServerBlock,
  publishedPorts?: readonly PublishedPort[],
): Routes {
  return routes(configuration, [server], markerPath, (block) => returnsAt(block, markerPath), publishedPorts)
}

function routes(
  configuration: Configuration,
  servers: readonly ServerBlock[],
  path: string,
  reach: (server: ServerBlock, host: string) => Reach,
  ports: readonly PublishedPort[] | undefined,
): Routes {
  const all = listenersOf(configuration)
  const wanted = new Set(servers.map((server) => server.directive))
  const results = all
    .filter((listener) => wanted.has(listener.server.directive))
    .flatMap((listener): readonly (Route | UnusableRoute)[] => {
      const { server } = listener
      const about = { server: serverTitle(configuration, server), file: server.directive.file }
      const reason = whyUnusable(configuration, listener, ports)
      if (reason) return [{ ...about, listener: spelling(listener), reason }]
      if (listener.kind === 'unix') return []
      const hosts = hostsOf(configuration, server)
      return doors(listener, ports).map(({ address, port }) => {
        const group = answering(all, listener, address, ports !== undefined)
        const tls = group.some((one) => one.tls)
        const answers = hosts.map((host) => {
          const chosen = serverFor(group, host)?.directive === server.directive
          return { host, reaches: chosen ? reach(server, host) : 'elsewhere' } as const
        })
        const best = answers.toSorted((one, other) => byReach[one.reaches] - byReach[other.reaches])[0]
        const { host = 'localhost', reaches = 'elsewhere' } = best ?? {}
        return { ...about, address, port, host, tls, path, reaches }
      })
    })
  const usable = results.filter((result): result is Route => 'address' in result)
  const distinct = new Map(usable.map((route) => [`${route.address} ${route.port} ${route.host}`, route]))
  return {
    routes: [...distinct.values()].toSorted((one, other) => cost(one) - cost(other)),
    unusable: results.filter((result): result is UnusableRoute => 'reason' in result),
  }
}

/** For which hosts a server block may be asked: its own names, then those for which a `map` chooses. */
export function hostsOf(configuration: Configuration, server: ServerBlock): readonly string[] {
  const mapped = [...tablesOf(configuration).values()]
    .filter(({ name, args }) => name === 'map' && /^\$\{?(host|http_host)\}?$/.test(args[0] ?? ''))
    .flatMap(({ block = [] }) => block.filter(({ args }) => args.length > 0).map(({ name }) => name))
    .filter((name) => name !== 'default')
    .map((name) => name.replace(/^\\?(\*?\.)?/, ''))
    .filter((name) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name))
  const own = literalNames(server)
  return own.length > 0 || mapped.length > 0 ? [...new Set([...own, ...mapped])] : ['localhost']
}

function whyUnusable(
  configuration: Configuration,
  listener: Listener,
  ports: readonly PublishedPort[] | undefined,
): UnusableRoute['reason'] | undefined {
  if (listener.kind === 'unix') return 'unix-socket'
  if (listener.quic) return 'http3'
  if (listener.proxyProtocol) return 'proxy-protocol'
  const setting = (name: string) => effective(configuration, listener.server, name)?.args[0]
  if (listener.tls && setting('ssl_verify_client') === 'on') return 'client-certificate'
  if (listener.tls && setting('ssl_reject_handshake') === 'on') return 'refuses-handshake'
  if (!ports) return undefined
  if (isLoopback(listener.address)) return 'container-loopback'
  return ports.some((port) => port.container === listener.port) ? undefined : 'not-published'
}

/** Where the proxy host reaches a listener. */
function doors(
  listener: PortListener,
  ports: readonly PublishedPort[] | undefined,
): readonly { readonly address: string; readonly port: number }[] {
  if (!ports) return [{ address: reachable(listener.address), port: listener.port }]
  const published = ports.filter((port) => port.container === listener.port)
  return published.map(({ address, port }) => ({ address: reachable(address), port }))
}

/** An address of its own is preferred by the kernel to one for all. */
function answering(
  all: readonly Listener[],
  listener: PortListener,
  address: string,
  inContainer: boolean,
): readonly PortListener[] {
  const exact = inContainer ? [] : sameSocket(all, { ...listener, address })
  return exact.length > 0 ? exact : sameSocket(all, listener)
}

function reachable(address: string): string {
  const bare = address.replace(/^\[(.*)\]$/, '$1')
  if (bare === '*' || bare === '' || bare === '0.0.0.0') return '127.0.0.1'
  return bare === '::' ? '::1' : bare
}

function spelling(listener: Listener): string {
  if (listener.kind === 'unix') return `unix:${listener.path}`
  return isIP(listener.address) === 6
    ? `[${listener.address}]:${listener.port}`
    : `${listener.address}:${listener.port}`
}

const byReach: Readonly<Record<Reach, number>> = { upstream: 0, unknown: 4, elsewhere: 8 }

function cost(route: Route): number {
  return byReach[route.reaches] + (route.tls ? 0 : 2) + (isIP(route.address) === 6 ? 1 : 0)
}
