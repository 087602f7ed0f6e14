import type { LedgerEntry } from '../../custody/ledger.ts'
import type { HostName } from '../../host/host.ts'
import { sh } from '../../host/quote.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../../release/assessment.ts'
import { type Color, otherThan, type Place } from '../../release/model.ts'
import type { Callee, Recorded, RuntimeAdapter, RuntimeFacts, RuntimeSeen, Said } from '../runtime.ts'
import { readSighting } from './answers.ts'
import { assessCompose, type ProjectFacts } from './assess/assessment.ts'
import { idleRuns, staysDown } from './assess/idle.ts'
import { assessColors, versionOf } from './assess/live.ts'
import { composeTarget } from './change/command.ts'
import { listContainers } from './change/scripts.ts'
import { explainFailure } from './failures.ts'
import { colorService } from './observe/address.ts'
import { type Container, colorContainer, fitsStill, occupantAt } from './observe/containers.ts'
import { type HostImages, imageNamed, imagesQuestion, readImages } from './observe/host-images.ts'
import { imageFor } from './observe/image.ts'
import { type ComposeObservation, observeCompose, parseObservation } from './observe/observation.ts'
import type { ComposeService } from './observe/project.ts'
import { planRuntime } from './plan.ts'
import { composeRefusals } from './refusals.ts'

/** The two colors as services of one docker compose project. */
export const compose: RuntimeAdapter = {
  name: 'compose',
  questions: (inputs) => ({
    compose: observeCompose(composeTarget(inputs)),
    // Only a rollback needs them.
    images: inputs.command === 'deploy' ? sh`:` : imagesQuestion(),
  }),
  longest: 'compose',
  read: (said, inputs, host) => composeSeen(readCompose(said, inputs, host), readImages(said['images']), inputs),
  readSighting,
  explain: explainFailure,
}

/** @throws Failure, or Error with a sentence, if the folder or what compose says of it cannot be read */
export function readCompose({ compose: said }: Said, { application }: Inputs, host: HostName): ComposeObservation {
  if (said?.stdout === '' && said.code !== 0) {
    throw composeRefusals['directory-closed'](host, said.stderr.replace(/; correct `directory`\.\s*$/, ''))
  }
  return parseObservation(said?.stdout ?? '', application.versionVariable)
}

/** A project as it was seen. */
export function composeSeen(observation: ComposeObservation, images: HostImages, inputs: Inputs): RuntimeSeen {
  return {
    assess(host): Assessment<RuntimeFacts> {
      const { value, refusals, notes } = assessCompose(observation, inputs.application, host)
      if (value === undefined) return refusal(...refusals)
      return { ...usable(composeFacts(value, observation, images, inputs), notes), refusals }
    },
  }
}

/** What a release is planned from. */
export function composeFacts(
  facts: ProjectFacts,
  observation: ComposeObservation,
  images: HostImages,
  { application: { service } }: Pick<Inputs, 'application'>,
): RuntimeFacts {
  const { project, services } = facts
  const of = (color: Color) => colorService(services[color])
  return {
    project: project.name,
    services: { blue: of('blue'), green: of('green') },
    callee: (at) => calleeAt(at, facts),
    at: (color, port) => placeOfPort(services[color], port),
    runs: (name) => sh`  [ -n "$(${listContainers(name)} --filter status=running 2>/dev/null)" ]`,
    sides: (seen) => assessColors(facts, { ...seen, service }),
    look: (color, ledger) => look(color, facts, ledger),
    recorded: (to, at) => recorded(to, at, facts, images),
    plan: (releasing) => planRuntime(facts, observation, releasing),
    idleRuns: (standing) => idleRuns(facts, standing),
    staysDown: (live) => staysDown(facts, live),
  }
}

function recorded(to: Color, at: Place, { containers, services }: ProjectFacts, images: HostImages): Recorded {
  const last = colorContainer(containers, services[to])?.container
  const { places } = colorService(services[to])
  const idle = last && fitsStill(last, at, images.networks, places) ? last : undefined
  const live = colorContainer(containers, services[otherThan(to)])?.container.image
  return {
    ...(live !== undefined && { live }),
    ...(idle && { idle: { id: idle.id, image: idle.image, running: idle.state.status === 'running' } }),
    has: (image) => images.ids.has(image),
    named: (version) => imageNamed(images, imageFor(services[to].image ?? '', version)),
  }
}

/** Where the host has a port of a container published; else the container itself. */
function placeOfPort(service: ComposeService, port: number): Place {
  const found = service.ports.find(({ target, protocol, published }) => {
    return target === port && protocol === 'tcp' && /^[1-9]\d*$/.test(published)
  })
  if (found === undefined)
    return { host: service.name, port, container: { project: service.project, service: service.name } }
  const { address, published } = found
  return {
    host: ['', '0.0.0.0'].includes(address) ? '127.0.0.1' : address === '::' ? '::1' : address,
    port: Number(published),
  }
}

function calleeAt(at: Place, { containers, services }: ProjectFacts): Callee {
  const occupant = occupantAt(at, containers, services)
  if (occupant.kind === 'no container') return { kind: 'nobody' }
  if (occupant.kind === 'host network') return { kind: 'uncounted' }
  return { kind: 'container', id: occupant.container.id }
}

function look(color: Color, facts: ProjectFacts, ledger: readonly LedgerEntry[]) {
  const container = colorContainer(facts.containers, facts.services[color])?.container
  const version = container && versionOf(container, facts, { ledger, live: color })
  return { state: stateOf(container), ...(version !== undefined && { version }) }
}

function stateOf(container: Container | undefined): string {
  if (container === undefined) return 'no container'
  const { status, startedAt, exitCode, restarts } = container.state
  if (status !== 'running') return `${status} with ${exitCode}`
  return `running since ${startedAt.slice(0, 19)}Z${restarts > 0 ? `, ${restarts} restarts` : ''}`
}
