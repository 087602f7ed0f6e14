import { COLORS, type Color, type Place } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import { composeRefusals } from '../refusals.ts'
import { versionIn } from './image.ts'
import type { ComposeService } from './project.ts'

/** One container of the host, as Docker says. Its environment is never asked for. */
export interface Container {
  readonly id: string
  readonly name: string
  /** Labels of compose; empty where it did not make the container. */
  readonly project: string
  readonly service: string
  readonly configHash: string
  readonly workingDirectory: string
  readonly oneOff: boolean
  /** Id of the image, `sha256:…`. */
  readonly image: string
  /** As the container was started with: `registry/app:v1`. */
  readonly imageName: string
  readonly state: ContainerState
  /** Seconds that Docker gives it between SIGTERM and SIGKILL; absent: Docker's own 10. */
  readonly stopTimeout?: number
  readonly restartPolicy: string
  readonly networkMode: string
  readonly bindings: readonly Binding[]
  /** As it was made: what it has while it runs, and has again when it is started. */
  readonly published: readonly Binding[]
  /** Ids of the networks that it was made for, Docker's own aside; one that is gone keeps it from being started. */
  readonly networks: readonly string[]
  readonly addresses: readonly string[]
}

export interface ContainerState {
  readonly status: string
  readonly exitCode: number
  /** As Docker writes it; sorts as text. */
  readonly startedAt: string
  /** Absent: no health check. */
  readonly health?: string
  readonly outOfMemory: boolean
  readonly restarts: number
}

/** A TCP port of the host that leads to the container while it runs. */
export interface Binding {
  readonly address: string
  readonly port: number
}

/** Who answers at an address. */
export type Occupant =
  | { readonly kind: 'color'; readonly color: Color; readonly container: Container }
  /** Of this project, and no color: an application that runs as a single service, or something else in its place. */
  | { readonly kind: 'single'; readonly container: Container }
  | { readonly kind: 'other project'; readonly project: string; readonly container: Container }
  | { readonly kind: 'no project'; readonly container: Container }
  /** These share the host's network: which of them listens, Docker does not know. */
  | { readonly kind: 'host network'; readonly containers: readonly Container[] }
  | { readonly kind: 'no container' }

export interface ColorContainer {
  readonly container: Container
  /** Absent where the image was not named by the compose file as it is now. */
  readonly version?: string
}

export type ProjectMatch =
  | { readonly kind: 'ours' | 'nothing yet' }
  | { readonly kind: 'other project'; readonly project: string; readonly refusal: Failure }

/** The container of a color: the running one, else the one started last; absent where there is none. */
export function colorContainer(containers: readonly Container[], service: ComposeService): ColorContainer | undefined {
  const [container] = serviceContainers(containers, service.project, service.name).toSorted(runningFirst)
  if (container === undefined) return undefined
  const version = service.image === undefined ? undefined : versionIn(service.image, container.imageName)
  return { container, ...(version === undefined ? {} : { version }) }
}

/** All containers of one service, without those of `docker compose run`. */
export function serviceContainers(
  containers: readonly Container[],
  project: string,
  service: string,
): readonly Container[] {
  return containers.filter((each) => each.project === project && each.service === service && !each.oneOff)
}

export function isRunning(container: Container): boolean {
  return ['running', 'paused', 'restarting'].includes(container.state.status)
}

/**
 * Who answers at this address of the host.
 * @param at an IP address, IPv6 without brackets, `localhost`, or the container that a name means
 */
export function occupantAt(
  at: Place,
  containers: readonly Container[],
  services: Readonly<Record<Color, ComposeService>>,
): Occupant {
  const running = containers.filter(isRunning)
  const named = at.container && serviceContainers(running, at.container.project, at.container.service)[0]
  if (at.container) return named === undefined ? { kind: 'no container' } : occupant(named, services)
  const container =
    running.find((each) => publishes(each.bindings, at)) ?? running.find((each) => each.addresses.includes(at.host))
  if (container !== undefined) return occupant(container, services)
  const onHost = running.filter((each) => each.networkMode === 'host')
  return onHost.length > 0 ? { kind: 'host network', containers: onHost } : { kind: 'no container' }
}

/**
 * Whether the colors that are there belong to this project. A compose file that was started under another project name
 * (another folder, `-p`) would get its colors a second time, on the same ports.
 * @param directory the project's folder, as compose writes it into its labels
 */
export function matchProject(
  containers: readonly Container[],
  services: Readonly<Record<Color, ComposeService>>,
  directory: string,
): ProjectMatch {
  const names = COLORS.map((color) => services[color].name)
  const alike = containers.filter((each) => names.includes(each.service) && !each.oneOff)
  const own = new Set(COLORS.map((color) => services[color].project))
  if (alike.some((each) => own.has(each.project))) return { kind: 'ours' }
  const other = alike.find((each) => each.workingDirectory === directory)
  if (other === undefined) return { kind: 'nothing yet' }
  return {
    kind: 'other project',
    project: other.project,
    refusal: composeRefusals['other-project'](other.name, directory, other.project, services.blue.project),
  }
}

function occupant(container: Container, services: Readonly<Record<Color, ComposeService>>): Occupant {
  if (container.project === '') return { kind: 'no project', container }
  const own = COLORS.filter((each) => services[each].project === container.project)
  if (own.length === 0) return { kind: 'other project', project: container.project, container }
  const color = own.find((each) => services[each].name === container.service && !container.oneOff)
  return color === undefined ? { kind: 'single', container } : { kind: 'color', color, container }
}

/**
 * Whether a container that was made before can be started as it is, and is then where Nginx reaches its color now.
 * @param networks ids of those that are there
 * @param places where the compose file puts that color now
 */
export function fitsStill(
  container: Container,
  at: Place,
  networks: ReadonlySet<string>,
  places: readonly { readonly host: string; readonly port: number }[],
): boolean {
  if (['paused', 'removing', 'dead'].includes(container.state.status)) return false
  if (!container.networks.every((network) => networks.has(network))) return false
  // Recreating it helps only if the compose file says the address.
  const named = places.some(({ host, port }) => host === at.host && port === at.port)
  return !named || container.published.length === 0 || publishes(container.published, at)
}

function publishes(bindings: readonly Binding[], at: { readonly host: string; readonly port: number }): boolean {
  const host = at.host === 'localhost' ? '127.0.0.1' : at.host
  const everywhere = host.includes(':') ? ['', '::'] : ['', '0.0.0.0']
  return bindings.some(
    (binding) => binding.port === at.port && (binding.address === host || everywhere.includes(binding.address)),
  )
}

function runningFirst(one: Container, other: Container): number {
  const order = Number(isRunning(other)) - Number(isRunning(one))
  return order !== 0 ? order : other.state.startedAt.localeCompare(one.state.startedAt)
}
