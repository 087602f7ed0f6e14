import { parseAddress } from './address.ts'
import { type Configuration, childrenNamed, effective, httpServers, type ServerBlock } from './configuration.ts'
import { regularExpression } from './variables.ts'

/** One `listen` of a server block. */
export type Listener =
  | { readonly kind: 'unix'; readonly server: ServerBlock; readonly path: string }
  | {
      readonly kind: 'port'
      readonly server: ServerBlock
      /** `*`, an address (IPv6 without brackets, `::` for all), or a name. */
      readonly address: string
      readonly port: number
      readonly tls: boolean
      readonly proxyProtocol: boolean
      /** Clients may speak HTTP/2. */
      readonly http2: boolean
      /** HTTP/3, over UDP. */
      readonly quic: boolean
      readonly isDefault: boolean
    }

export type PortListener = Listener & { readonly kind: 'port' }

/** All listeners of `http`, in order. What one `listen` says of TLS or the PROXY protocol holds for all on that address. */
export function listenersOf(configuration: Configuration): readonly Listener[] {
  const written = httpServers(configuration).flatMap((server) => listensOf(configuration, server))
  return written.map((listener) => {
    if (listener.kind === 'unix') return listener
    const group = sameSocket(written, listener)
    return {
      ...listener,
      tls: group.some((one) => one.tls),
      proxyProtocol: group.some((one) => one.proxyProtocol),
    }
  })
}

/** The listeners that share an address and port with one. */
export function sameSocket(all: readonly Listener[], one: PortListener): readonly PortListener[] {
  return all.filter(
    (other): other is PortListener =>
      other.kind === 'port' && other.address === one.address && other.port === one.port && other.quic === one.quic,
  )
}

/** The server block that Nginx chooses for a host among the listeners of one socket. */
export function serverFor(group: readonly PortListener[], host: string): ServerBlock | undefined {
  const servers = group.map((listener) => listener.server)
  const fits = (test: (name: string) => boolean) => servers.find((server) => namesOf(server).some(test))
  const wildcards = servers.flatMap((server) => namesOf(server).map((name) => ({ name, server })))
  const longest = wildcards
    .filter(({ name }) => wildcardFits(name, host))
    .toSorted((one, other) => rank(other.name) - rank(one.name))[0]
  return (
    fits((name) => name === host) ??
    longest?.server ??
    fits((name) => name.startsWith('~') && (regularExpression(name.slice(1), 'i')?.test(host) ?? false)) ??
    group.find((listener) => listener.isDefault)?.server ??
    servers[0]
  )
}

/** The names of a server block that are one host: no wildcard, no expression, no variable, not `_`. */
export function literalNames(server: ServerBlock): readonly string[] {
  const names = namesOf(server).map((name) => (name.startsWith('.') ? name.slice(1) : name))
  return names.filter((name) => /^[^*~$_][^*$]*$/.test(name) && !name.startsWith('~'))
}

function listensOf(configuration: Configuration, server: ServerBlock): readonly Listener[] {
  const listens = childrenNamed(server.directive, 'listen').map(({ args }) => args)
  const on = (name: string) => effective(configuration, server, name)?.args[0] === 'on'
  const [old, http2] = [on('ssl'), on('http2')]
  return (listens.length > 0 ? listens : [['80']]).map(([written = '', ...parameters]): Listener => {
    const bare = /^\d+(-\d+)?$/.test(written)
    const address = parseAddress((bare ? `*:${written}` : written).replace(/(:\d+)-\d+$/, '$1'))
    if (address.kind === 'unix') return { kind: 'unix', server, path: address.path }
    return {
      kind: 'port',
      server,
      address: address.host === '0.0.0.0' ? '*' : address.host,
      port: address.port,
      tls: old || parameters.includes('ssl'),
      proxyProtocol: parameters.includes('proxy_protocol'),
      http2: http2 || parameters.includes('http2'),
      quic: parameters.includes('quic') || parameters.includes('http3'),
      isDefault: parameters.includes('default_server') || parameters.includes('default'),
    }
  })
}

function namesOf(server: ServerBlock): readonly string[] {
  const names = childrenNamed(server.directive, 'server_name').flatMap(({ args }) => args)
  return names.map((name) => (name.startsWith('~') ? name : name.toLowerCase()))
}

function wildcardFits(name: string, host: string): boolean {
  if (name.startsWith('.')) return host === name.slice(1) || host.endsWith(name)
  if (name.startsWith('*.')) return host.endsWith(name.slice(1)) && host.length >= name.length
  return name.endsWith('.*') && host.startsWith(name.slice(0, -1))
}

/** A longer name before a shorter one, and a leading wildcard before one at the end. */
function rank(name: string): number {
  return name.length + (name.endsWith('.*') ? 0 : 1000)
}
