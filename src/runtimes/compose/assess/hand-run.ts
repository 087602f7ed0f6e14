import type { Notice } from '../../../base/notice.ts'
import type { ApplicationInputs } from '../../../inputs/inputs.ts'
import { type Color, otherThan } from '../../../release/model.ts'
import { type Container, colorContainer, serviceContainers } from '../observe/containers.ts'
import type { ComposeObservation } from '../observe/observation.ts'
import type { ComposeService } from '../observe/project.ts'
import { unsafeSentence } from '../observe/version.ts'
import { composeNotices } from '../refusals.ts'
import type { ProjectFacts } from './assessment.ts'
import { byHand, byHandSentence } from './by-hand.ts'

/**
 * What a `docker compose up -d` by hand would do after this release: where `.env` cannot be kept true, with the mend;
 * and where the compose file was changed since something was started.
 * @param asItIs the color is not recreated: its container is started as it was
 */
export function handRunNotes(
  { project, services, containers: present, versionOnHost }: ProjectFacts,
  { compose, values, hashes }: ComposeObservation,
  { version, versionVariable: variable }: ApplicationInputs,
  to: Color,
  previous: 'stop' | 'keep' | 'remove',
  asItIs = false,
): readonly Notice[] {
  // Who runs compose by hand names one color's file or project.
  if (project.colors !== undefined) return []
  const containers = afterwards(present, services[otherThan(to)], previous)
  const known = hashes.kind === 'said' ? hashes.value : new Map<string, readonly string[]>()
  const composeVersion = compose.kind === 'said' ? compose.value : ''
  const run = { project, variable, composeVersion, values, hashes: known, containers }
  const released = { color: to, service: services[to], version }
  if (versionOnHost.kind === 'kept in .env') {
    const from = otherThan(to)
    const { version: runs } = colorContainer(containers, services[from]) ?? {}
    // `.env` will say what is released; the hash of the other color can only be compared where it says that already.
    const fresh = !asItIs || values[to] !== version
    const settled = [...(fresh ? [services[to].name] : []), ...(runs === values[from] ? [] : [services[from].name])]
    const disturbed = byHand(run, fresh ? released : undefined, settled).filter((change) => 'why' in change)
    const told = byHandSentence(disturbed)
    return told === undefined ? [] : [composeNotices['by-hand'](told)]
  }
  const changes = byHand(run, released)
  const told = byHandSentence(changes) ?? 'A `docker compose up -d` by hand would change nothing.'
  const why = [...new Set(versionOnHost.reasons.map((reason) => unsafeSentence(reason, variable)))]
  const locked = versionOnHost.reasons.every(({ kind }) => kind === 'read-only')
  return [composeNotices['env-left-alone'](locked, told, why)]
}

/** The containers once the previous color was dealt with. */
function afterwards(
  containers: readonly Container[],
  service: ComposeService,
  previous: 'stop' | 'keep' | 'remove',
): readonly Container[] {
  const retired = serviceContainers(containers, service.project, service.name)
  if (previous === 'keep') return containers
  return containers.flatMap((each) => {
    if (!retired.includes(each)) return [each]
    return previous === 'remove' ? [] : [{ ...each, state: { ...each.state, status: 'exited' } }]
  })
}
