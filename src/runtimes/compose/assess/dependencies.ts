import type { Notice } from '../../../base/notice.ts'
import { type Container, isRunning, serviceContainers } from '../observe/containers.ts'
import { type ComposeDependency, type ComposeProject, type ComposeService, dependenciesOf } from '../observe/project.ts'
import { composeNotices } from '../refusals.ts'

/** What becomes of a service that the idle color depends on. */
export type Dependency =
  /** `condition` is the strictest that is asked of it; for `hashed` see `hashedDependencies`. */
  | {
      readonly kind: 'start'
      readonly service: string
      readonly condition: string
      readonly hashed: readonly string[]
    }
  | { readonly kind: 'runs'; readonly service: string }
  /** Ended with 0 (a one-shot), or stopped: it ran before, and is left as it is. */
  | { readonly kind: 'ended'; readonly service: string; readonly exitCode: number; readonly notice?: Notice }
  /** Never started, because it would run another version than what is live. */
  | { readonly kind: 'uses the version'; readonly service: string; readonly notice: Notice }

/**
 * What the idle color depends on, in the order of starting. Only what never ran is started; what runs is not touched;
 * what ended is not started again; the colors are no dependencies of each other.
 */
export function dependencyPlan(
  project: ComposeProject,
  idle: ComposeService,
  live: ComposeService,
  containers: readonly Container[],
  composeVersion: string,
): readonly Dependency[] {
  const dependencies = dependenciesOf(project, idle).filter((service) => service.name !== live.name)
  const asked = [idle, ...dependencies].flatMap((service) => service.dependsOn)
  return dependencies.map((service) => {
    const conditions = asked.filter((each) => each.service === service.name).map((each) => each.condition)
    const condition = STRICTEST_FIRST.find((each) => conditions.includes(each)) ?? 'service_started'
    const start = { kind: 'start', condition, hashed: hashedDependencies(service, composeVersion) } as const
    return decide(service, start, serviceContainers(containers, project.name, service.name))
  })
}

/**
 * The dependencies that compose before 2.30 makes part of a container's hash, and leaves out under `--no-deps`: a color
 * started so would be recreated by the next `docker compose up -d` by hand. Empty for later versions.
 * @param composeVersion such as `2.26.1-4`
 */
export function hashedDependencies(service: ComposeService, composeVersion: string): readonly string[] {
  return isBefore(composeVersion, 30) ? service.dependsOn.map((dependency) => dependency.service) : []
}

/** What `docker compose up` does to a service when it recreates one that the service depends on. */
export function dependentIs(
  dependency: ComposeDependency,
  composeVersion: string,
): 'recreated' | 'restarted' | 'left alone' {
  if (isBefore(composeVersion, 30)) return 'recreated'
  return dependency.restart || isBefore(composeVersion, 36) ? 'restarted' : 'left alone'
}

/** Whether it is a compose 2 from before this minor version. */
function isBefore(composeVersion: string, wanted: number): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(composeVersion) ?? []
  return Number(major) === 2 && Number(minor) < wanted
}

const STRICTEST_FIRST: readonly string[] = ['service_completed_successfully', 'service_healthy', 'service_started']

function decide(
  service: ComposeService,
  start: Omit<Extract<Dependency, { kind: 'start' }>, 'service'>,
  containers: readonly Container[],
): Dependency {
  const { name } = service
  if (containers.some(isRunning)) return { kind: 'runs', service: name }
  if (service.uses.length > 0) {
    return { kind: 'uses the version', service: name, notice: composeNotices['dependency-uses-version'](name) }
  }
  const ran = containers.find((container) => container.state.status !== 'created')
  if (ran === undefined) return { ...start, service: name }
  const { exitCode } = ran.state
  if (exitCode === 0) return { kind: 'ended', service: name, exitCode }
  return {
    kind: 'ended',
    service: name,
    exitCode,
    notice: composeNotices['dependency-ended'](name, exitCode, ran.name),
  }
}
