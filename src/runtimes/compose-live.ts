import { type LedgerEntry, releaseOfImage } from '../custody/ledger.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import { Failure } from '../release/reasons.ts'
import { type Color, otherThan, type Place } from '../release/words.ts'
import type { ComposeGround } from './compose-assessment.ts'
import { type Container, colorContainer, type Sitter, sitterAt } from './compose-containers.ts'
import { versionIn } from './compose-image.ts'
import { serviceNamed } from './compose-project.ts'

/** How a color answers where Nginx reaches it. */
export type Answering = 'well' | 'unwell' | 'silent'

/** What is known of the two colors. */
export interface ColorsSeen {
  readonly live: Color
  /** Of the application, without color: `web`. */
  readonly service: string
  readonly addresses: Readonly<Record<Color, Place>>
  readonly answering: Readonly<Record<Color, Answering>>
  readonly ledger: readonly LedgerEntry[]
}

/** Who serves now. */
export interface LiveSide {
  /** Absent: nothing answers where Nginx sends traffic. */
  readonly previous?: { readonly version?: string }
  /** Id of the image that serves, where it is a container's. */
  readonly image?: string
  /** It is the live color's own container, so that its version may be written into `.env`. */
  readonly own: boolean
}

/**
 * Whether who answers at the live address is ours, and the idle address is free. Where only the latter is wrong, who serves
 * is known all the same.
 */
export function assessColors(ground: ComposeGround, seen: ColorsSeen): Assessment<LiveSide> {
  const { live, addresses, answering } = seen
  const idle = otherThan(live)
  const [atLive, atIdle] = [live, idle].map((color) =>
    sitterAt(addresses[color], ground.containers, ground.project, ground.services),
  )
  if (atLive === undefined || atIdle === undefined) return refusal()
  const wrongLive = liveFault(atLive, ground, seen)
  const refusals = [wrongLive, idleFault(atIdle, ground, seen, idle)].flatMap((sentence) =>
    sentence === undefined ? [] : [new Failure('drift', sentence)],
  )
  if (wrongLive !== undefined) return refusal(...refusals)

  const container = sittingContainer(atLive, ground, live)
  if (container === undefined && answering[live] === 'silent') return { ...usable({ own: false }), refusals }
  const version = container && versionOf(container, ground, seen)
  const own = container?.service === ground.services[live].name
  const side: LiveSide = {
    previous: version === undefined ? {} : { version },
    ...(container && { image: container.image }),
    own,
  }
  return { ...usable(side, adoptionNotes(atLive, ground, addresses[live])), refusals }
}

function liveFault(
  sitter: Sitter,
  { services, project }: ComposeGround,
  { live, service, addresses }: ColorsSeen,
): string | undefined {
  const at = `${addresses[live].host}:${addresses[live].port}, where Nginx sends traffic as ${live},`
  switch (sitter.kind) {
    case 'color':
      if (sitter.color === live) return undefined
      return `At ${at} sits ${sitter.container.name}, which is the container of ${sitter.color}. Correct the addresses in the Nginx configuration or the ports in the compose file.`
    case 'single':
      if (sitter.container.service === service) return undefined
      return `At ${at} sits ${sitter.container.name} of the service ${sitter.container.service}, which is not \`${services[live].name}\`. Stop it (docker stop ${sitter.container.name}) and give each an address of its own; or correct the one in the Nginx configuration, where a name means what it meant when Nginx loaded.`
    case 'other project':
      return `At ${at} sits ${sitter.container.name} of the compose project \`${sitter.project}\`, and compose calls this project \`${project.name}\`. Where it is the same application set \`project-name: ${sitter.project}\`; else name the right \`upstream\`.`
    case 'no project':
      if (sitter.container.name === service) return undefined
      return `At ${at} sits the container ${sitter.container.name}, which is of no compose project. Where it is this application under another name, rename it: docker rename ${sitter.container.name} ${service}`
    case 'host network':
    case 'no container':
      return undefined
  }
}

function idleFault(sitter: Sitter, { services }: ComposeGround, seen: ColorsSeen, idle: Color): string | undefined {
  const { host, port } = seen.addresses[idle]
  const blocks = `so that \`${services[idle].name}\` cannot be started there`
  switch (sitter.kind) {
    case 'color':
      if (sitter.color === idle) return undefined
      return `At ${host}:${port}, the address of ${idle}, sits the container of ${sitter.color}, ${sitter.container.name}. Give each color an address of its own.`
    case 'single':
    case 'other project':
    case 'no project':
      return `${host}:${port}, the address of ${idle}, is taken by the container ${sitter.container.name}, ${blocks}. If it is the application from before blue and green, remove it: ${removal(sitter.container.name)}`
    case 'host network':
      return undefined
    case 'no container':
      if (seen.answering[idle] === 'silent') return undefined
      return `Something that is no container answers at ${host}:${port}, the address of ${idle}, ${blocks}. \`ss -ltnp\` on the host names it.`
  }
}

/** In the host's network Docker does not know who listens: the color's own container, where it is among them. */
function sittingContainer(sitter: Sitter, { project, services }: ComposeGround, live: Color): Container | undefined {
  if (sitter.kind !== 'host network') return 'container' in sitter ? sitter.container : undefined
  return colorContainer(sitter.containers, project, services[live])?.container
}

/** As it was started with; else as it was recorded, of this very container or of its image. */
export function versionOf(
  container: Container,
  { services }: ComposeGround,
  { ledger, live }: Pick<ColorsSeen, 'ledger' | 'live'>,
): string | undefined {
  const recorded =
    ledger.findLast((entry) => entry.container === container.id) ?? releaseOfImage(ledger, container.image)
  return versionIn(services[live].image ?? '', container.imageName) ?? recorded?.version
}

function adoptionNotes(
  sitter: Sitter,
  { project }: ComposeGround,
  at: { readonly host: string; readonly port: number },
): readonly string[] {
  if (sitter.kind !== 'single' && sitter.kind !== 'no project') return []
  const { name, service } = sitter.container
  const named = sitter.kind === 'single' && serviceNamed(project, service) !== undefined
  const file = named ? ` Take \`${service}\` out of the compose file as well.` : ''
  return [
    `The application ran as the container ${name} until now. Remove it once this release stands (its port ${at.port} blocks the next release until then): ${removal(name)}${file}`,
  ]
}

function removal(name: string): string {
  return `docker stop ${name} && docker rm ${name}`
}
