import { COLORS, type Color } from '../../release/model.ts'
import { normalizeAddress } from '../../routers/nginx/config/address.ts'
import { readPair } from '../../routers/nginx/route/pair.ts'
import { type Colors, projectOf } from '../../runtimes/compose/check/context.ts'
import { writtenAddress } from '../../runtimes/compose/observe/address.ts'
import {
  type ComposeProject,
  type ComposeService,
  chooseColors,
  serviceNamed,
} from '../../runtimes/compose/observe/project.ts'
import { readApart } from './apart.ts'
import type { Seen } from './seen.ts'

/** Undefined where compose shows no project, or neither color nor the single service. */
export function colorsOf(seen: Seen, reached: readonly string[]): Colors | undefined {
  const project = projectOf(seen)
  if (project === undefined) return undefined
  const { service: name, services: named } = seen.inputs.application
  const chosen = chooseColors(project, name, named)
  const found = chosen.kind === 'problem' ? halfOf(project, name, named) : { services: chosen.services }
  if (found === undefined) return undefined
  const single = 'single' in found ? found.single : undefined
  const services: Readonly<Partial<Record<Color, ComposeService>>> =
    single === undefined ? found.services : { blue: single }
  const base = services.blue ?? services.green
  if (base === undefined) return undefined
  const names = namesFor(found.services, single, name, named)
  const free = freePorts(seen, project)
  const written = COLORS.find((color) => services[color] === undefined)
  const ports = new Map<string, number>()
  // A switch that is there says where it looks for the color that is not.
  const known = written === undefined ? undefined : pairPort(seen, written)
  if (written !== undefined && known !== undefined && base.ports.length === 1) {
    ports.set(base.ports[0]?.published ?? '', known)
  } else if (written !== undefined) {
    for (const { published } of base.ports) if (/^\d+$/.test(published)) ports.set(published, free(Number(published)))
  }
  const apart = readApart(seen, { services, single, base, port: portInside(seen, base) }, reached)
  const added: Partial<Record<Color, { host: number; container: number }>> = {}
  if (apart !== undefined) {
    const { addresses, ...rest } = apart
    return { names, addresses, services, ports, published: added, apart: rest, ...(single && { single }) }
  }
  const addresses: Partial<Record<Color, string>> = {}
  for (const color of COLORS) {
    const address =
      seen.inputs.nginx.addresses[color] ??
      addressOf(services[color] ?? base, reached, services[color] ? undefined : ports)
    if (address !== undefined) {
      addresses[color] = address
      continue
    }
    const container = portInside(seen, services[color] ?? base)
    const own = services[color] ?? base
    if (container === undefined || own.networkMode === 'host' || own.ports.length > 0) continue
    added[color] = { host: free(color === 'blue' ? 8079 : 8080), container }
    addresses[color] = `127.0.0.1:${added[color].host}`
  }
  return { names, addresses, services, ports, published: added, ...(single && { single }) }
}

/** One color of a pair, or the service without color. */
function halfOf(
  project: ComposeProject,
  name: string,
  named: Readonly<Partial<Record<Color, string>>>,
): { readonly services: Partial<Record<Color, ComposeService>>; readonly single?: ComposeService } | undefined {
  for (const color of COLORS) {
    for (const each of [named[color], `${name}_${color}`, `${name}-${color}`]) {
      const service = each === undefined ? undefined : serviceNamed(project, each)
      if (service !== undefined) return { services: { [color]: service } }
    }
  }
  const single = serviceNamed(project, name)
  return single && { services: {}, single }
}

function namesFor(
  services: Readonly<Partial<Record<Color, ComposeService>>>,
  single: ComposeService | undefined,
  name: string,
  named: Readonly<Partial<Record<Color, string>>>,
): Readonly<Record<Color, string>> {
  const there = single === undefined ? (services.blue ?? services.green) : undefined
  const joint = there?.name.startsWith(`${name}-`) ? '-' : '_'
  const nameOf = (color: Color): string => services[color]?.name ?? named[color] ?? `${name}${joint}${color}`
  return { blue: nameOf('blue'), green: nameOf('green') }
}

/** Where a service can be reached from its host: where Nginx reaches it now, else its first published port. */
function addressOf(
  service: ComposeService,
  reached: readonly string[],
  moved: ReadonlyMap<string, number> | undefined,
): string | undefined {
  const places = service.ports
    .filter(({ protocol, published }) => protocol === 'tcp' && /^[1-9]\d*$/.test(published))
    .map(({ address, published }) => {
      const host = ['', '0.0.0.0', '::'].includes(address) ? '127.0.0.1' : address
      return { now: writtenAddress({ host, port: Number(published) }), host, published }
    })
  const best = places.find(({ now }) => reached.includes(normalizeAddress(now))) ?? places[0]
  if (best === undefined) return undefined
  return writtenAddress({ host: best.host, port: moved?.get(best.published) ?? Number(best.published) })
}

/** The only TCP port on which the service says it listens. */
function portInside({ hostFacts, compose }: Seen, service: ComposeService): number | undefined {
  const exposed = service.exposed.flatMap((written) =>
    /^\d+(\/tcp)?$/.test(written) ? [Number.parseInt(written, 10)] : [],
  )
  const containers = compose?.containers.kind === 'said' ? compose.containers.value : []
  const image = containers.find((each) => each.service === service.name)?.image
  const known = exposed.length > 0 ? exposed : (hostFacts.images.get(image ?? '')?.ports ?? [])
  return known.length === 1 ? known[0] : undefined
}

/** The port of this host that Nginx has for a color already. */
function pairPort({ nginx, inputs }: Seen, color: Color): number | undefined {
  if (nginx?.kind !== 'read') return undefined
  const [address, ...others] = readPair(nginx.configuration, inputs.nginx.upstream).addresses[color]
  const [, port] = /^127\.0\.0\.1:(\d+)$/.exec(address ?? '') ?? []
  return port === undefined || others.length > 0 ? undefined : Number(port)
}

/** Gives ports above a given one on which nothing listens, and that no service wants; none twice. */
function freePorts({ hostFacts }: Seen, project: ComposeProject): (above: number) => number {
  const wanted = project.services.flatMap(({ ports }) => ports.flatMap(({ published }) => rangeOf(published)))
  const taken = new Set([...hostFacts.listening, ...wanted])
  return (above) => {
    let port = above + 1
    while (taken.has(port)) port++
    taken.add(port)
    return port
  }
}

function rangeOf(published: string): readonly number[] {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(published) ?? []
  if (from === undefined) return []
  return Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, i) => Number(from) + i)
}
