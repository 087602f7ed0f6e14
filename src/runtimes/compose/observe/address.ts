import type { Notice } from '../../../base/notice.ts'
import { composeNotices } from '../refusals.ts'
import type { ComposePort, ComposeService } from './project.ts'

/** Where a color can be reached from its own host. */
export interface ColorAddress {
  /** An IP address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly by: 'published port' | 'fixed address' | 'input'
  /** Published on every interface, past most firewalls: the unproven color is public. */
  readonly public: boolean
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function writtenAddress(address: { readonly host: string; readonly port: number }): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/** Every place where the compose file lets a color be reached: published ports first, then fixed addresses. */
function placesOf(service: ComposeService): readonly ColorAddress[] {
  const published = service.ports.filter(isFixed).map((port): ColorAddress => {
    const everywhere = ['', '0.0.0.0', '::'].includes(port.address)
    return {
      host: everywhere ? '127.0.0.1' : port.address,
      port: Number(port.published),
      by: 'published port',
      public: everywhere,
    }
  })
  const fixed = service.fixedAddresses.flatMap((host) =>
    containerPorts(service).map((port): ColorAddress => ({ host, port, by: 'fixed address', public: false })),
  )
  return [...published, ...fixed]
}

/** The fixed TCP ports of the host, at the addresses that compose has for them. */
export function publishedBy({ ports }: ComposeService) {
  return ports.filter(isFixed).map(({ address, published }) => ({ address, port: Number(published) }))
}

/** All that tells an address of one color. Names are those by which compose lets other containers find it. */
export function colorService(service: ComposeService) {
  const { project } = service
  const first = [`${project}-${service.name}-1`, `${project}_${service.name}_1`]
  return {
    container: { project, service: service.name },
    places: placesOf(service),
    published: publishedBy(service),
    fixedAddresses: service.fixedAddresses,
    names: [
      service.name,
      ...(service.containerName === undefined ? first : [service.containerName]),
      ...service.aliases,
    ],
  }
}

/** A warning where the idle color can be reached from outside before it has proven itself. */
export function publicWarnings(service: ComposeService): readonly Notice[] {
  const ports = placesOf(service).flatMap((place) => (place.public ? [place.port] : []))
  if (ports.length === 0) return []
  const { published = '', target = '' } = service.ports.find((port) => Number(port.published) === ports[0]) ?? {}
  return [composeNotices['color-public'](service.name, ports, `127.0.0.1:${published}:${target}`)]
}

function isFixed(port: ComposePort): boolean {
  return port.protocol === 'tcp' && /^\d+$/.test(port.published) && port.published !== '0'
}

/** TCP ports that the container says it listens on. */
function containerPorts(service: ComposeService): readonly number[] {
  const exposed = service.exposed.flatMap((written) => {
    const [, port] = /^(\d+)(?:\/tcp)?$/.exec(written) ?? []
    return port === undefined ? [] : [Number(port)]
  })
  const targets = service.ports.filter((port) => port.protocol === 'tcp').map((port) => port.target)
  return [...new Set([...targets, ...exposed])].filter((port) => port > 0)
}
