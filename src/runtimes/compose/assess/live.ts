import type { Notice } from '../../../base/notice.ts'
import { type LedgerEntry, releaseOfImage } from '../../../custody/ledger.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import type { Failure } from '../../../release/reasons.ts'
import { type Color, otherThan, type Place } from '../../../release/model.ts'
import type { ComposeGround } from './assessment.ts'
import { type Container, colorContainer, type Sitter, sitterAt } from '../observe/containers.ts'
import { versionIn } from '../observe/image.ts'
import { serviceNamed } from '../observe/project.ts'
import { composeNotices, occupantRefusals } from '../refusals.ts'

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
  const refusals = [wrongLive, idleFault(atIdle, ground, seen, idle)].filter((fault) => fault !== undefined)
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
): Failure | undefined {
  const at = `${addresses[live].host}:${addresses[live].port}, where Nginx sends traffic as ${live},`
  switch (sitter.kind) {
    case 'color':
      if (sitter.color === live) return undefined
      return occupantRefusals['live-is-other-color'](at, sitter.container.name, sitter.color)
    case 'single':
      if (sitter.container.service === service) return undefined
      return occupantRefusals['live-is-other-service'](
        at,
        sitter.container.name,
        sitter.container.service,
        services[live].name,
      )
    case 'other project':
      return occupantRefusals['live-is-other-project'](at, sitter.container.name, sitter.project, project.name)
    case 'no project':
      if (sitter.container.name === service) return undefined
      return occupantRefusals['live-is-of-no-project'](at, sitter.container.name, service)
    case 'host network':
    case 'no container':
      return undefined
  }
}

function idleFault(sitter: Sitter, { services }: ComposeGround, seen: ColorsSeen, idle: Color): Failure | undefined {
  const { host, port } = seen.addresses[idle]
  const at = `${host}:${port}`
  switch (sitter.kind) {
    case 'color':
      if (sitter.color === idle) return undefined
      return occupantRefusals['idle-is-other-color'](at, idle, sitter.color, sitter.container.name)
    case 'single':
    case 'other project':
    case 'no project':
      return occupantRefusals['idle-taken'](at, idle, sitter.container.name, services[idle].name)
    case 'host network':
      return undefined
    case 'no container':
      if (seen.answering[idle] === 'silent') return undefined
      return occupantRefusals['idle-answers'](at, idle, services[idle].name)
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
): readonly Notice[] {
  if (sitter.kind !== 'single' && sitter.kind !== 'no project') return []
  const { name, service } = sitter.container
  const named = sitter.kind === 'single' && serviceNamed(project, service) !== undefined
  return [composeNotices.adopted(name, at.port, named ? service : undefined)]
}
