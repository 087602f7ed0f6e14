import type { Context } from '../../../checking/context.ts'
import type { HostFacts } from '../../../checking/host/facts.ts'
import type { Color } from '../../../release/model.ts'
import type { ProjectFacts } from '../assess/assessment.ts'
import type { ComposeObservation, Said } from '../observe/observation.ts'
import type { ComposeProject, ComposeService } from '../observe/project.ts'
import type { ComposeFacts } from './facts.ts'
import type { ComposeText } from './text.ts'

/** What is found of a compose project is made from this. */
export interface ComposeContext extends Context {
  readonly hostFacts: HostFacts & ComposeFacts
  readonly compose?: ComposeObservation
  readonly texts: readonly ComposeText[]
  /** The colors as they are, or as they can be written. */
  readonly colors?: Colors
  readonly facts?: ProjectFacts
}

/** The two colors: as the compose file has them, or as they can be made from what it has. */
export interface Colors {
  readonly names: Readonly<Record<Color, string>>
  /** `host:port` where Nginx is to reach each; absent where nothing tells the port in the container. */
  readonly addresses: Readonly<Partial<Record<Color, string>>>
  /** Services that are there; the same one for both where a single service becomes the two. */
  readonly services: Readonly<Partial<Record<Color, ComposeService>>>
  /** A single service, without a color in its name, that becomes the two. */
  readonly single?: ComposeService
  /** Host ports for a color that is to be written, by those of the one that is there. */
  readonly ports: ReadonlyMap<string, number>
  /** Ports to publish on 127.0.0.1 where a color publishes none. */
  readonly published: Readonly<Partial<Record<Color, { readonly host: number; readonly container: number }>>>
  /** Given where Nginx is in a container with a network of its own. */
  readonly apart?: Apart
}

/** What is different for an Nginx in a container: it reaches the colors by their own addresses, or by names. */
export interface Apart {
  /** Names and addresses by which a container reaches each color now. */
  readonly hosts: Readonly<Record<Color, readonly string[]>>
  /** The network to write, where the colors have no fixed addresses. */
  readonly network?: ReleaseNetwork
}

/** A network in which the colors have addresses that no recreation changes. */
export interface ReleaseNetwork {
  /** In the compose file. */
  readonly key: string
  readonly subnet: string
  /** From which Docker gives addresses to all others. */
  readonly range: string
}

/** The color that has to be written. */
export function missingColor({ services }: Colors): Color | undefined {
  return services.blue === undefined ? 'blue' : services.green === undefined ? 'green' : undefined
}

/** The compose project, where compose could read it. */
export function projectOf({ compose }: Pick<ComposeContext, 'compose'>): ComposeProject | undefined {
  return said(compose?.project)
}

export function said<T>(answer: Said<T> | undefined): T | undefined {
  return answer?.kind === 'said' ? answer.value : undefined
}

/** The folder of compose, also for who has another home. */
export function projectDirectory({
  inputs,
  compose,
  texts,
}: Pick<ComposeContext, 'inputs' | 'compose' | 'texts'>): string {
  const { directory } = inputs.application
  if (directory.startsWith('/')) return directory
  const [seen] = compose?.directories ?? []
  return seen ?? texts[0]?.file.path.replace(/\/[^/]*$/, '') ?? directory
}
