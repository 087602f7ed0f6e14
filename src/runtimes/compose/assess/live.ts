import type { Notice } from '../../../base/notice.ts'
import { releaseOfImage } from '../../../custody/ledger.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import { type Color, otherThan } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import type { ColorsSeen, LiveSide } from '../../runtime.ts'
import { type Container, colorContainer, type Occupant, occupantAt } from '../observe/containers.ts'
import { versionIn } from '../observe/image.ts'
import { serviceNamed } from '../observe/project.ts'
import { composeNotices, occupantRefusals } from '../refusals.ts'
import type { ProjectFacts } from './assessment.ts'

/** What is known of the two colors of a service. */
export interface ServiceSeen extends ColorsSeen {
  /** Of the application, without color: `web`. */
  readonly service: string
}

/**
 * Whether who answers at the live address is ours, and the idle address is free. Where only the latter is wrong, who serves
 * is known all the same.
 */
export function assessColors(facts: ProjectFacts, seen: ServiceSeen): Assessment<LiveSide> {
  const { live, addresses, answering } = seen
  const idle = otherThan(live)
  const [atLive, atIdle] = [live, idle].map((color) => occupantAt(addresses[color], facts.containers, facts.services))
  if (atLive === undefined || atIdle === undefined) return refusal()
  const wrongLive = liveFault(atLive, facts, seen)
  const refusals = [wrongLive, idleFault(atIdle, facts, seen, idle)].filter((fault) => fault !== undefined)
  if (wrongLive !== undefined) return refusal(...refusals)

  const container = sittingContainer(atLive, facts, live)
  if (container === undefined && answering[live] === 'silent') return { ...usable({ own: false }), refusals }
  const version = container && versionOf(container, facts, seen)
  const own = container?.service === facts.services[live].name
  const side: LiveSide = {
    previous: version === undefined ? {} : { version },
    ...(container && { image: container.image, container: container.id }),
    own,
  }
  return { ...usable(side, adoptionNotes(atLive, facts, addresses[live])), refusals }
}

function liveFault(
  occupant: Occupant,
  { services, project }: ProjectFacts,
  { live, service, addresses }: ServiceSeen,
): Failure | undefined {
  const at = `${addresses[live].host}:${addresses[live].port}, where Nginx sends traffic as ${live},`
  switch (occupant.kind) {
    case 'color':
      if (occupant.color === live) return undefined
      return occupantRefusals['live-is-other-color'](at, occupant.container.name, occupant.color)
    case 'single':
      if (occupant.container.service === service) return undefined
      return occupantRefusals['live-is-other-service'](
        at,
        occupant.container.name,
        occupant.container.service,
        services[live].name,
      )
    case 'other project':
      return occupantRefusals['live-is-other-project'](at, occupant.container.name, occupant.project, project.name)
    case 'no project':
      if (occupant.container.name === service) return undefined
      return occupantRefusals['live-is-of-no-project'](at, occupant.container.name, service)
    case 'host network':
    case 'no container':
      return undefined
  }
}

function idleFault(occupant: Occupant, { services }: ProjectFacts, seen: ColorsSeen, idle: Color): Failure | undefined {
  const { host, port } = seen.addresses[idle]
  const at = `${host}:${port}`
  switch (occupant.kind) {
    case 'color':
      if (occupant.color === idle) return undefined
      return occupantRefusals['idle-is-other-color'](at, idle, occupant.color, occupant.container.name)
    case 'single':
    case 'other project':
    case 'no project':
      return occupantRefusals['idle-taken'](at, idle, occupant.container.name, services[idle].name)
    case 'host network':
      return undefined
    case 'no container':
      if (seen.answering[idle] === 'silent') return undefined
      return occupantRefusals['idle-answers'](at, idle, services[idle].name)
  }
}

/** In the host's network Docker does not know who listens: the color's own container, where it is among them. */
function sittingContainer(occupant: Occupant, { services }: ProjectFacts, live: Color): Container | undefined {
  if (occupant.kind !== 'host network') return 'container' in occupant ? occupant.container : undefined
  return colorContainer(occupant.containers, services[live])?.container
}

/** As it was started with; else as it was recorded, of this very container or of its image. */
export function versionOf(
  container: Container,
  { services }: ProjectFacts,
  { ledger, live }: Pick<ColorsSeen, 'ledger' | 'live'>,
): string | undefined {
  const recorded =
    ledger.findLast((entry) => entry.container === container.id) ?? releaseOfImage(ledger, container.image)
  const { image = '', replaces } = services[live]
  const named = container.imageName === replaces ? 'latest' : versionIn(image, container.imageName)
  // What `app:latest` was when the container was started, only a record can tell.
  return replaces === undefined ? (named ?? recorded?.version) : (recorded?.version ?? named)
}

function adoptionNotes(
  occupant: Occupant,
  { project }: ProjectFacts,
  at: { readonly host: string; readonly port: number },
): readonly Notice[] {
  if (occupant.kind !== 'single' && occupant.kind !== 'no project') return []
  const { name, service } = occupant.container
  const named = occupant.kind === 'single' && serviceNamed(project, service) !== undefined
  return [composeNotices.adopted(name, at.port, named ? service : undefined)]
}
