import type { Configuration, ServerBlock } from '../config/configuration.ts'
import { listenersOf } from '../config/listen.ts'

/** Whether it can be seen on the proxy host what clients have in flight. */
export type Clients =
  | { readonly kind: 'seen'; readonly ports: readonly ClientPort[] }
  /** `whose` ends the sentence: what … have in flight cannot be told. */
  | { readonly kind: 'hidden'; readonly whose: string }

/** A port on which Nginx listens. */
export interface ClientPort {
  readonly port: number
  /** HTTP/2: many requests share a connection, and Nginx says something on it whatever becomes of one of them. */
  readonly multiplexed: boolean
}

/** Those of all ports of these server blocks. What any server block says of a port holds for all on it. */
export function clientsOf(configuration: Configuration, servers: readonly ServerBlock[]): Clients {
  const blocks = servers.map(({ directive }) => directive)
  const all = listenersOf(configuration).filter((listener) => listener.kind === 'port')
  const own = all.filter(({ server }) => blocks.includes(server.directive))
  if (own.some(({ quic }) => quic)) return { kind: 'hidden', whose: 'clients of HTTP/3' }
  const ports = [...new Set(own.map(({ port }) => port))]
  const multiplexed = (port: number) => all.some((listener) => listener.port === port && listener.http2)
  return { kind: 'seen', ports: ports.map((port) => ({ port, multiplexed: multiplexed(port) })) }
}
