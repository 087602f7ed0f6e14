import type { Color } from '../release/words.ts'
import { type Container, isRunning, serviceContainers } from './compose-containers.ts'
import { imageFor, type VersionVariable, variableName, versionIn } from './compose-image.ts'
import type { ComposeProject, ComposeService } from './compose-project.ts'

/** What one service would suffer from a `docker compose up -d` by hand. */
export type ByHand =
  | { readonly kind: 'recreated'; readonly service: string; readonly why: string }
  | { readonly kind: 'created' | 'started'; readonly service: string }

export interface HandRun {
  readonly project: ComposeProject
  readonly variable: string
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
 */
export function byHand(run: HandRun, released?: Released): readonly ByHand[] {
  return [...run.hashes].flatMap(([name, hashes]): readonly ByHand[] => {
    if (released !== undefined && released.service.name === name) return releasedByHand(run, released)
    const containers = serviceContainers(run.containers, run.project.name, name)
    const [container] = containers
    if (container === undefined) return [{ kind: 'created', service: name }]
    const drifted = containers.find((each) => !hashes.includes(each.configHash))
    if (drifted !== undefined) return [{ kind: 'recreated', service: name, why: whyDrifted(run, name, drifted) }]
    return containers.some(isRunning) ? [] : [{ kind: 'started', service: name }]
  })
}

/** One sentence, or none where a hand-run would change nothing. */
export function byHandSentence(changes: readonly ByHand[]): string | undefined {
  if (changes.length === 0) return undefined
  const told = changes.map((change) => {
    const why = change.kind === 'recreated' ? ` (${change.why})` : ''
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
