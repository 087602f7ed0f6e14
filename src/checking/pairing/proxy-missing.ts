import { COLORS } from '../../release/model.ts'
import type { Read } from '../../routers/nginx/check/spots.ts'
import { inContainer } from '../../routers/nginx/observe/container.ts'
import { findSwitch } from '../../routers/nginx/switch/switch.ts'
import { type Colors, said } from '../../runtimes/compose/check/context.ts'
import { isRunning } from '../../runtimes/compose/observe/containers.ts'
import { liveIn } from './as-nginx.ts'
import type { Context } from './context.ts'
import { isInSubnet } from './subnet.ts'

/** What an Nginx in a container lacks for a switch. */
export interface Missing {
  /** Folder of the container where the state directory is to be. */
  readonly mount?: string
  /** The colors have no addresses of their own yet. */
  readonly addresses: boolean
  /** Nginx is not in the network of those addresses. */
  readonly network: boolean
  /** The container that serves, and the address by which Nginx is to reach it. */
  readonly serving?: { readonly container: string; readonly address: string }
}

/** Of what is there, and of what is written. */
export function missingOf(context: Context, nginx: Read, colors: Colors): Missing {
  const { inputs, compose, hostFacts } = context
  const { container, configuration } = nginx
  const { stateDirectory, upstream } = inputs.nginx
  const found = findSwitch(configuration, upstream)
  const wanted = found.kind === 'switch' ? found.green.replace(/\/[^/]*$/, '') : undefined
  const mounted = container && inContainer(container, stateDirectory)
  const mount =
    mounted === undefined || (wanted !== undefined && wanted !== mounted) ? (wanted ?? stateDirectory) : undefined
  const { apart } = colors
  const containers = said(compose?.containers) ?? []
  const proxy = containers.find(({ name }) => name === container?.name)
  const hosts = COLORS.flatMap((color) => colors.addresses[color]?.replace(/:\d+$/, '') ?? [])
  const subnets = hostFacts.subnets.filter(({ subnet }) => hosts.some((host) => isInSubnet(host, subnet)))
  const within = subnets.some(({ subnet }) => proxy?.addresses.some((address) => isInSubnet(address, subnet)))
  const live = liveIn(context)
  const host = live && colors.addresses[live]?.replace(/:\d+$/, '')
  const serving = containers.filter(isRunning).find(({ service, name, addresses }) => {
    const own = [inputs.application.service, live && colors.services[live]?.name, colors.single?.name]
    if (live === undefined || !own.includes(service)) return false
    return name !== proxy?.name && host !== undefined && !addresses.includes(host)
  })
  return {
    ...(mount !== undefined && { mount }),
    addresses: apart?.network !== undefined,
    network: apart !== undefined && hosts.length > 0 && !within,
    ...(apart && serving && host && { serving: { container: serving.name, address: host } }),
  }
}

/** What was seen of it; none where nothing lacks. */
export function missingSentences({ inputs }: Context, { container }: Read, missing: Missing): readonly string[] {
  const name = container?.name ?? ''
  return [
    ...(missing.mount === undefined
      ? []
      : [`The state directory ${inputs.nginx.stateDirectory} is not mounted in ${name}.`]),
    ...(missing.addresses ? ['The colors have no fixed addresses by which it could reach them.'] : []),
    ...(!missing.addresses && missing.network
      ? [`${name} is not in the network in which the colors have their addresses.`]
      : []),
    ...(!missing.addresses && missing.serving
      ? [`${missing.serving.container} serves, and is not at the address ${missing.serving.address} yet.`]
      : []),
  ]
}
