import type { Color } from '../../../release/model.ts'
import { type Container, isRunning, serviceContainers } from '../observe/containers.ts'
import { imageFor, type VersionVariable, variableName, versionIn } from '../observe/image.ts'
import type { ComposeProject, ComposeService } from '../observe/project.ts'
import { dependentIs } from './dependencies.ts'

/** What one service would suffer from a `docker compose up -d` by hand. */
export type ByHand =
  | { readonly kind: 'recreated'; readonly service: string; readonly why: string }
  | { readonly kind: 'restarted'; readonly service: string; readonly why: string }
  | { readonly kind: 'created' | 'started'; readonly service: string }

export interface HandRun {
  readonly project: ComposeProject
  readonly variable: string
  /** Version of compose, such as `2.26.1-4`. */
  readonly composeVersion: string
  /** The host's values of the three variables; absent where `.env` has none. */
  readonly values: Readonly<Partial<Record<VersionVariable, string>>>
  /** Hashes of each service as a hand-run would configure it now; services behind a profile are not among them. */
  readonly hashes: ReadonlyMap<string, readonly string[]>
  readonly containers: readonly Container[]
}

/** What is about to be released, or was: started with this version in the color's own variable and in the shared one. */
export interface Released {
  readonly color: Color
  readonly service: ComposeService
  readonly version: string
}

/**
 * What a `docker compose up -d` by hand would change with `.env` as it is: now, or once `released` runs.
 * Only services that would change are named.
 * @param settled services of which it is known that they would not change by themselves
 */
export function byHand(run: HandRun, released?: Released, settled: readonly string[] = []): readonly ByHand[] {
  const own = [...run.hashes].flatMap(([name, hashes]): readonly ByHand[] => {
    if (settled.includes(name)) return []
    if (released !== undefined && released.service.name === name) return releasedByHand(run, released)
    const containers = serviceContainers(run.containers, run.project.name, name)
    const [container] = containers
    if (container === undefined) return [{ kind: 'created', service: name }]
    const drifted = containers.find((each) => !hashes.includes(each.configHash))
    if (drifted !== undefined) return [{ kind: 'recreated', service: name, why: whyDrifted(run, name, drifted) }]
    return containers.some(isRunning) ? [] : [{ kind: 'started', service: name }]
  })
  return withDependents(run, own)
}

/** Compose draws in what depends on a service that it recreates. */
function withDependents({ project, hashes, composeVersion }: HandRun, own: readonly ByHand[]): readonly ByHand[] {
  const changes = new Map(own.map((change) => [change.service, change]))
  const recreated = own.flatMap((change) => (change.kind === 'recreated' ? [change.service] : []))
  for (const service of recreated) {
    for (const { name, dependsOn } of project.services) {
      const dependency = dependsOn.find((each) => each.service === service)
      const known = changes.get(name)?.kind
      if (dependency === undefined || !hashes.has(name) || known === 'recreated' || known === 'created') continue
      const kind = dependentIs(dependency, composeVersion)
      if (kind === 'left alone') continue
      changes.set(name, { kind, service: name, why: `it depends on \`${service}\`` })
      if (kind === 'recreated') recreated.push(name)
    }
  }
  return [...changes.values()]
}

/** One sentence, or none where a hand-run would change nothing. */
export function byHandSentence(changes: readonly ByHand[]): string | undefined {
  if (changes.length === 0) return undefined
  const told = changes.map((change) => {
    const why = 'why' in change ? ` (${change.why})` : ''
    return `\`${change.service}\` would be ${change.kind}${why}`
  })
  return `If you ran \`docker compose up -d\` by hand: ${told.join('; ')}.`
}

function releasedByHand(run: HandRun, { color, service, version }: Released): readonly ByHand[] {
  const differing = service.uses.filter((which) => {
    const started = which === 'any' || which === color ? version : run.values[which]
    return started !== run.values[which]
  })
  if (differing.length === 0) return []
  const told = differing.map((which) => `${variableName(run.variable, which)} is ${run.values[which] ?? 'not set'}`)
  return [{ kind: 'recreated', service: service.name, why: `${told.join(' and ')} in \`.env\`, and ${version} runs` }]
}

function whyDrifted(run: HandRun, name: string, container: Container): string {
  const service = run.project.services.find((each) => each.name === name)
  const [which] = service?.uses ?? []
  const runs = service?.image === undefined ? undefined : versionIn(service.image, container.imageName)
  const value = which === undefined ? undefined : run.values[which]
  if (
    service?.image !== undefined &&
    runs !== undefined &&
    which !== undefined &&
    value !== undefined &&
    runs !== value
  ) {
    return `${variableName(run.variable, which)} is ${value} in \`.env\`: ${imageFor(service.image, value)} in place of ${container.imageName}`
  }
  return 'its definition or its environment is not what it was started with'
}
