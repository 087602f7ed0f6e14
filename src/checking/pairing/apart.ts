import { COLORS, type Color } from '../../release/model.ts'
import { parseAddress } from '../../routers/nginx/config/address.ts'
import { type Apart, projectOf, said } from '../../runtimes/compose/check/context.ts'
import { colorService } from '../../runtimes/compose/observe/address.ts'
import { type Container, isRunning } from '../../runtimes/compose/observe/containers.ts'
import type { ComposeProject, ComposeService } from '../../runtimes/compose/observe/project.ts'
import type { Seen } from './seen.ts'
import { freeSubnet } from './subnet.ts'

interface Half {
  readonly services: Readonly<Partial<Record<Color, ComposeService>>>
  readonly single: ComposeService | undefined
  readonly base: ComposeService
  /** On which it says that it listens. */
  readonly port: number | undefined
}

const KEY = 'blue_green'

/** Undefined where Nginx is in no container, or in the host's network, or reaches the colors at ports of the host. */
export function readApart(
  seen: Seen,
  { services, single, base, port }: Half,
  reached: readonly string[],
): (Apart & { readonly addresses: Readonly<Partial<Record<Color, string>>> }) | undefined {
  const { nginx, inputs, hostFacts } = seen
  const project = projectOf(seen)
  if (nginx?.kind !== 'read' || nginx.container === undefined || nginx.container.hostNetwork) return undefined
  if (project === undefined) return undefined
  const hostsOf = (color: Color) => {
    const service = single === undefined ? services[color] : color === 'blue' ? single : undefined
    return service === undefined ? [] : hosts(seen, project, service)
  }
  const before = fromBefore(seen, project)
  const adopted = before?.addresses.includes(fixedOf(services.green)) ? 'green' : 'blue'
  const beforeHosts = (color: Color) =>
    before === undefined || color !== adopted ? [] : [before.service, before.name, ...before.addresses]
  const known = {
    blue: distinct([...hostsOf('blue'), ...beforeHosts('blue')]),
    green: distinct([...hostsOf('green'), ...beforeHosts('green')]),
  }
  const ports = reached.flatMap((each) => {
    const address = parseAddress(each)
    return address.kind !== 'unix' && COLORS.some((color) => known[color].includes(address.host)) ? [address.port] : []
  })
  const inside = ports[0] ?? port ?? base.ports[0]?.target
  const fixed = (color: Color): string | undefined =>
    single === undefined ? services[color]?.fixedAddresses[0] : undefined
  const missing = COLORS.filter((color) => inputs.nginx.addresses[color] === undefined && fixed(color) === undefined)
  const subnet =
    missing.length === 0
      ? undefined
      : freeSubnet([...hostFacts.subnets.map((each) => each.subnet), ...hostFacts.routes])
  const address = (color: Color): string | undefined => {
    const given = inputs.nginx.addresses[color]
    if (given !== undefined || inside === undefined) return given
    const own = fixed(color)
    if (own !== undefined) return `${own}:${inside}`
    return subnet === undefined ? undefined : `${subnet.replace(/0\/24$/, color === 'blue' ? '10' : '11')}:${inside}`
  }
  const [blue, green] = [address('blue'), address('green')]
  const network =
    subnet === undefined ? undefined : { key: freeKey(project), subnet, range: subnet.replace(/0\/24$/, '128/25') }
  return {
    hosts: known,
    addresses: { ...(blue && { blue }), ...(green && { green }) },
    ...(network && { network }),
  }
}

/** In lower case, as Nginx takes no heed of it. */
function hosts(seen: Seen, project: ComposeProject, service: ComposeService): readonly string[] {
  const running = (said(seen.compose?.containers) ?? []).filter(
    (each) => each.project === project.name && each.service === service.name && !each.oneOff && isRunning(each),
  )
  const { names } = colorService(service)
  const all = [...names, ...running.flatMap(({ name, addresses }) => [name, ...addresses])]
  return distinct(all)
}

/** The container in which the application ran as a single service, where it still runs. */
function fromBefore({ inputs, compose }: Seen, project: ComposeProject): Container | undefined {
  const { service } = inputs.application
  return (said(compose?.containers) ?? []).find(
    (each) => each.project === project.name && each.service === service && !each.oneOff && isRunning(each),
  )
}

function fixedOf(service: ComposeService | undefined): string {
  return service?.fixedAddresses[0] ?? ''
}

function distinct(all: readonly string[]): readonly string[] {
  return [...new Set(all.map((each) => each.toLowerCase()).filter((each) => each !== ''))]
}

function freeKey({ networks }: ComposeProject): string {
  return networks.has(KEY) ? `${KEY}_release` : KEY
}
