import type { SiteQuestion } from '../../../checking/edits/live-change.ts'
import { type Configuration, httpServers, type ServerBlock } from '../config/configuration.ts'
import type { Directive } from '../config/syntax.ts'
import { hostsOf, publicRoutes } from '../route/public-route.ts'
import type { Read } from './spots.ts'

/** More questions than this prove nothing that the first ones did not. */
const MOST = 24

/**
 * Every site that this Nginx serves and that its host can ask, at `/` and each of these paths.
 * @param servers those alone, if they are given
 */
export function sitesOf(
  { configuration, container }: Read,
  paths: readonly string[],
  servers?: readonly Directive[],
): readonly SiteQuestion[] {
  const ports = container === undefined || container.hostNetwork ? undefined : container.ports
  const plain = [...new Set(['/', ...paths.map((path) => path.replace(/[?#].*$/s, ''))])]
  const wanted = httpServers(configuration).filter(({ directive }) => servers?.includes(directive) ?? true)
  const all = plain.flatMap((path) => routesAt(configuration, wanted, path, ports))
  return all.slice(0, MOST)
}

function routesAt(
  configuration: Configuration,
  servers: readonly ServerBlock[],
  healthPath: string,
  ports: Parameters<typeof publicRoutes>[2]['publishedPorts'],
): readonly SiteQuestion[] {
  return servers.flatMap((server) => {
    const options = { healthPath, upstreams: [], ...(ports && { publishedPorts: ports }) }
    const { routes } = publicRoutes(configuration, [server], options)
    const hosts = hostsOf(configuration, server)
    return routes.flatMap(({ address, port, tls, path }) => hosts.map((host) => ({ address, port, tls, host, path })))
  })
}
