import { field, fields, integer, items, optionalText, parseJson, text } from '../../../base/json.ts'
import { COLORS, type Color, forColor } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import { composeRefusals } from '../refusals.ts'
import { type ImagePattern, type VersionVariable, variablesIn } from './image.ts'

/** What `docker compose config` says, run with the sentinels as versions. */
export interface ComposeProject {
  readonly name: string
  readonly services: readonly ComposeService[]
  /** Top-level parts beside the services that use a version variable: `networks`, `volumes`, `name`… */
  readonly elsewhere: readonly string[]
  /** What Docker calls each network, by its key. */
  readonly networks: ReadonlyMap<string, string>
  /** Given where each color is read by itself: the names of their projects. */
  readonly colors?: Readonly<Record<Color, string>>
}

export interface ComposeService {
  readonly name: string
  /** Name of the project that it is part of. */
  readonly project: string
  /** Absent: it is only built, and compose names the image. */
  readonly image?: ImagePattern
  /** What the compose file has in its place: compose is told the image by a document of ours. */
  readonly replaces?: string
  /** It is built where it runs. */
  readonly build: boolean
  /** Version variables anywhere in its definition, the image included. */
  readonly uses: readonly VersionVariable[]
  readonly ports: readonly ComposePort[]
  /** Container ports of `expose`, without ranges resolved. */
  readonly exposed: readonly string[]
  readonly fixedAddresses: readonly string[]
  /** Its fixed IPv4 address by the key of each network that it is in; empty where Docker chooses. */
  readonly networks: ReadonlyMap<string, string>
  /** Further names by which others in its networks reach it. */
  readonly aliases: readonly string[]
  /** Empty where compose chooses its own network. */
  readonly networkMode: string
  readonly dependsOn: readonly ComposeDependency[]
  readonly restart: string
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGracePeriod: number
  readonly hasHealthcheck: boolean
  readonly containerName?: string
  /** Named volumes and host paths that it may write. */
  readonly writes: readonly string[]
  /** Where its container has what is mounted. */
  readonly mounted: readonly string[]
  readonly replicas: number
}

export interface ComposePort {
  readonly address: string
  /** As written: one port, a range, or empty where Docker chooses. */
  readonly published: string
  readonly target: number
  readonly protocol: string
}

export interface ComposeDependency {
  readonly service: string
  readonly condition: string
  readonly required: boolean
  /** It is to be restarted whenever compose changes what it depends on. */
  readonly restart: boolean
}

export type ColorServices =
  | { readonly kind: 'colors'; readonly services: Readonly<Record<Color, ComposeService>> }
  /** Both are there, and cannot be released as they are. */
  | {
      readonly kind: 'unfit'
      readonly services: Readonly<Record<Color, ComposeService>>
      readonly refusals: readonly Failure[]
    }
  | { readonly kind: 'problem'; readonly refusals: readonly [Failure] }

/** Docker's own, where the compose file says nothing. */
const STOP_GRACE_PERIOD = 10_000

/**
 * Reads the JSON of `docker compose config` under `sentinelEnvironment`.
 * @throws Error where it is not JSON, or names no project.
 */
export function parseProject(json: string): ComposeProject {
  const model = parseJson(json, 'What `docker compose config --format json` printed')
  const name = text(field(model, 'name'))
  if (name === '')
    throw new Error('`docker compose config` names no project; set `name:` in the compose file, or `project-name`.')
  return {
    name,
    services: Object.entries(fields(field(model, 'services'))).map(([key, value]) => parseService(name, key, value)),
    elsewhere: Object.entries(fields(model))
      .filter(([key, value]) => key !== 'services' && !key.startsWith('x-') && usesOf(value).length > 0)
      .map(([key]) => key),
    networks: new Map(
      Object.entries(fields(field(model, 'networks'))).map(([key, network]) => [
        key,
        text(field(network, 'name')) || `${name}_${key}`,
      ]),
    ),
  }
}

/** Two projects, one for each color, as one. */
export function merged(projects: Readonly<Record<Color, ComposeProject>>): ComposeProject {
  const { blue, green } = projects
  return {
    name: blue.name === green.name ? blue.name : `${blue.name} and ${green.name}`,
    services: [...blue.services, ...green.services],
    elsewhere: [...new Set([...blue.elsewhere, ...green.elsewhere])],
    networks: new Map([...blue.networks, ...green.networks]),
    colors: { blue: blue.name, green: green.name },
  }
}

/** Of a project, the part that is also a service's. */
export function projectOf(project: ComposeProject, service: ComposeService): ComposeProject {
  return {
    ...project,
    name: service.project,
    services: project.services.filter((each) => each.project === service.project),
  }
}

/**
 * The two services of the colors: by their own names; with `{color}` replaced; else as `web_blue`, `web-blue`, `blue-web` or
 * `blue_web`.
 */
export function chooseColors(
  project: ComposeProject,
  service: string,
  named: Readonly<Partial<Record<Color, string>>> = {},
): ColorServices {
  const forms = service.includes('{color}')
    ? [service]
    : [
        ...(project.colors === undefined ? [] : [service]),
        ...[`${service}_{color}`, `${service}-{color}`, `{color}-${service}`, `{color}_${service}`],
      ]
  const pairs = forms.map((form) => ({
    blue: named.blue ?? forColor(form, 'blue'),
    green: named.green ?? forColor(form, 'green'),
  }))
  const serviceOf = (color: Color, name: string) => {
    const own = project.colors?.[color]
    return project.services.find((each) => each.name === name && (own === undefined || each.project === own))
  }
  const found = pairs.filter((pair) => COLORS.every((color) => serviceOf(color, pair[color]) !== undefined))
  const [pair, second] = found
  const problem = (refusal: Failure): ColorServices => ({ kind: 'problem', refusals: [refusal] })
  if (pair === undefined) return problem(missingColors(project, pairs))
  if (second !== undefined && (second.blue !== pair.blue || second.green !== pair.green)) {
    return problem(composeRefusals['colors-ambiguous'](project.name, pair.blue, second.blue))
  }
  const [blue, green] = [serviceOf('blue', pair.blue), serviceOf('green', pair.green)]
  if (blue === undefined || green === undefined) return problem(missingColors(project, pairs))
  if (blue === green) return problem(composeRefusals['colors-the-same'](blue.name))
  if (blue.containerName !== undefined && blue.containerName === green.containerName) {
    return problem(composeRefusals['colors-share-name'](blue.name, green.name, blue.containerName))
  }
  const services = { blue, green }
  const unfit = COLORS.flatMap((color) => unfitness(services[color]) ?? [])
  return unfit.length > 0 ? { kind: 'unfit', services, refusals: unfit } : { kind: 'colors', services }
}

/** Why a service cannot be a color; undefined if it can. */
export function unfitness({ name, replicas }: ComposeService): Failure | undefined {
  if (replicas === 1) return undefined
  return composeRefusals['color-replicated'](name, replicas)
}

export function serviceNamed(project: ComposeProject, name: string): ComposeService | undefined {
  return project.services.find((service) => service.name === name)
}

/** What a service depends on, at whatever distance, each once, in the order in which they must start. */
export function dependenciesOf(project: ComposeProject, service: ComposeService): readonly ComposeService[] {
  const found = new Set<ComposeService>()
  const seen = new Set([service.name])
  const visit = (each: ComposeService): void => {
    for (const dependency of each.dependsOn) {
      const next = serviceNamed(project, dependency.service)
      if (next === undefined || seen.has(next.name)) continue
      seen.add(next.name)
      visit(next)
      found.add(next)
    }
  }
  visit(service)
  return [...found]
}

/** Volumes and host paths that both write: while both colors run, two versions write there at once. */
export function sharedWrites(one: ComposeService, other: ComposeService): readonly string[] {
  return one.writes.filter((source) => other.writes.includes(source))
}

/** Milliseconds of a duration as compose prints it, such as `1m30s`; absent where it is none. */
export function parseComposeDuration(written: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(written)) return undefined
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  const parts = written.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g)
  return Math.ceil([...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0))
}

function missingColors(project: ComposeProject, pairs: readonly Readonly<Record<Color, string>>[]): Failure {
  // The other forms of a name are told by the documentation.
  const wanted = [...new Set(pairs.slice(0, 2).map((pair) => `\`${pair.blue}\` and \`${pair.green}\``))].join(', or ')
  const there = project.services.map((service) => `\`${service.name}\``).join(', ') || 'none'
  return composeRefusals['colors-missing'](project.name, wanted, there)
}

function usesOf(value: unknown): readonly VersionVariable[] {
  return variablesIn(JSON.stringify(value) ?? '')
}

function parseService(project: string, name: string, service: unknown): ComposeService {
  const image = optionalText(field(service, 'image'))
  const containerName = optionalText(field(service, 'container_name'))
  const healthcheck = field(service, 'healthcheck')
  const networks = new Map(
    Object.entries(fields(field(service, 'networks'))).map(([key, network]) => [
      key,
      text(field(network, 'ipv4_address')),
    ]),
  )
  const policy = field(field(service, 'deploy'), 'restart_policy')
  return {
    name,
    project,
    ...(image === undefined ? {} : { image }),
    build: field(service, 'build') !== undefined,
    uses: usesOf(service),
    ports: items(field(service, 'ports')).map(parsePort),
    exposed: items(field(service, 'expose')).map(text),
    fixedAddresses: [...networks.values()].filter((address) => address !== ''),
    networks,
    aliases: Object.values(fields(field(service, 'networks'))).flatMap((network) =>
      items(field(network, 'aliases')).map(text),
    ),
    networkMode: text(field(service, 'network_mode')),
    dependsOn: Object.entries(fields(field(service, 'depends_on'))).map(([key, value]) => ({
      service: key,
      condition: text(field(value, 'condition')) || 'service_started',
      required: field(value, 'required') !== false,
      restart: field(value, 'restart') === true,
    })),
    restart: text(field(service, 'restart')) || text(field(policy, 'condition')) || 'no',
    stopGracePeriod: parseComposeDuration(text(field(service, 'stop_grace_period'))) ?? STOP_GRACE_PERIOD,
    hasHealthcheck: Object.keys(fields(healthcheck)).length > 0 && field(healthcheck, 'disable') !== true,
    ...(containerName === undefined ? {} : { containerName }),
    writes: items(field(service, 'volumes'))
      .filter((volume) => field(volume, 'read_only') !== true && text(field(volume, 'source')) !== '')
      .map((volume) => text(field(volume, 'source'))),
    mounted: items(field(service, 'volumes')).map((volume) => text(field(volume, 'target'))),
    replicas: replicasOf(field(field(service, 'deploy'), 'replicas')) ?? replicasOf(field(service, 'scale')) ?? 1,
  }
}

function replicasOf(written: unknown): number | undefined {
  return typeof written === 'number' && Number.isSafeInteger(written) ? written : undefined
}

function parsePort(port: unknown): ComposePort {
  return {
    address: text(field(port, 'host_ip')),
    published: text(field(port, 'published')),
    target: integer(field(port, 'target')),
    protocol: text(field(port, 'protocol')) || 'tcp',
  }
}
