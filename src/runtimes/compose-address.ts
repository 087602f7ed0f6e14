import { COLORS, type Color } from '../release/words.ts'
import type { ComposePort, ComposeService } from './compose-project.ts'

/** Where a color can be reached from its own host. */
export interface ColorAddress {
  /** An IP address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly by: 'published port' | 'fixed address' | 'input'
  /** Published on every interface, past most firewalls: the unproven color is public. */
  readonly public: boolean
}

export type AddressFound =
  | { readonly kind: 'address'; readonly address: ColorAddress }
  | { readonly kind: 'problem'; readonly sentence: string }

export type ColorAddresses =
  | { readonly kind: 'addresses'; readonly addresses: Readonly<Record<Color, ColorAddress>> }
  | { readonly kind: 'problem'; readonly sentence: string }

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
export function colorService(service: ComposeService, project: string) {
  const first = [`${project}-${service.name}-1`, `${project}_${service.name}_1`]
  return {
    container: { project, service: service.name },
    places: placesOf(service),
    published: publishedBy(service),
    fixedAddresses: service.fixedAddresses,
    names: [service.name, ...(service.containerName === undefined ? first : [service.containerName])],
  }
}

/** The one place where Nginx reaches a color: a published port, else a fixed address; or why there is no one such place. */
export function addressOf(service: ComposeService, color: Color): AddressFound {
  const places = placesOf(service)
  const published = places.filter((place) => place.by === 'published port')
  const [address, ...others] = published.length > 0 ? published : places
  if (address !== undefined && others.length === 0) return { kind: 'address', address }
  return {
    kind: 'problem',
    sentence: address === undefined ? nowhere(service, color) : several(service, color, [address, ...others]),
  }
}

/** The addresses of both colors: what the user gave, else what the compose file says. Both at one place is a problem. */
export function addressesOf(
  services: Readonly<Record<Color, ComposeService>>,
  given: Readonly<Partial<Record<Color, { readonly host: string; readonly port: number }>>> = {},
): ColorAddresses {
  const find = (color: Color): AddressFound => {
    const input = given[color]
    if (input === undefined) return addressOf(services[color], color)
    return { kind: 'address', address: { host: input.host, port: input.port, by: 'input', public: false } }
  }
  const [blue, green] = [find('blue'), find('green')]
  if (blue.kind === 'problem' || green.kind === 'problem') {
    return {
      kind: 'problem',
      sentence: [blue, green].flatMap((found) => (found.kind === 'problem' ? [found.sentence] : [])).join(' '),
    }
  }
  if (writtenAddress(blue.address) === writtenAddress(green.address)) {
    const names = COLORS.map((color) => `\`${services[color].name}\``).join(' and ')
    return {
      kind: 'problem',
      sentence: `${names} are both at ${writtenAddress(blue.address)}, so that only one of them can run; give each color an address of its own.`,
    }
  }
  return { kind: 'addresses', addresses: { blue: blue.address, green: green.address } }
}

/** A warning where the idle color can be reached from outside before it has proven itself. */
export function publicWarnings(service: ComposeService): readonly string[] {
  const ports = placesOf(service).flatMap((place) => (place.public ? [place.port] : []))
  if (ports.length === 0) return []
  const { published = '', target = '' } = service.ports.find((port) => Number(port.published) === ports[0]) ?? {}
  return [
    `\`${service.name}\` publishes port ${ports.join(', ')} on every interface, past most firewalls: the new version is public before it has proven itself. Write \`127.0.0.1:${published}:${target}\` in the compose file.`,
  ]
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

function several(service: ComposeService, color: Color, places: readonly ColorAddress[]): string {
  const listed = places.map(writtenAddress).join(', ')
  return `\`${service.name}\` can be reached at several places (${listed}); say which one Nginx uses by \`${color}-address\`.`
}

function nowhere(service: ComposeService, color: Color): string {
  const example = `\`ports: ["127.0.0.1:${color === 'blue' ? 8080 : 8081}:<container port>"]\``
  const mend = `add ${example}, or say where Nginx reaches it by \`${color}-address\`.`
  if (service.networkMode === 'host')
    return `\`${service.name}\` is in the host's network, where compose does not say its port; ${mend}`
  if (service.fixedAddresses.length > 0) {
    return `\`${service.name}\` has the fixed address ${service.fixedAddresses.join(', ')}, but neither \`expose\` nor \`ports\` says its port; add \`expose\`, or say where Nginx reaches it by \`${color}-address\`.`
  }
  if (service.ports.length > 0) return `\`${service.name}\` publishes no single fixed TCP port; ${mend}`
  return `\`${service.name}\` has neither a published port nor a fixed \`ipv4_address\`, so that no address stays its own; ${mend}`
}
