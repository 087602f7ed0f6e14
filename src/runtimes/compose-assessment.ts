import type { HostName } from '../host/host.ts'
import type { ApplicationInputs } from '../inputs.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import { Failure, type Reason } from '../release/reasons.ts'
import type { Color } from '../release/words.ts'
import { type Container, matchProject } from './compose-containers.ts'
import type { ComposeObservation, Said } from './compose-observation.ts'
import { type ComposeProject, type ComposeService, chooseColors } from './compose-project.ts'
import { decideVersionOnHost, unchangeable, type VersionOnHost } from './compose-version.ts'

/** A compose project that can be released to. */
export interface ComposeGround {
  readonly project: ComposeProject
  readonly services: Readonly<Record<Color, ComposeService>>
  readonly containers: readonly Container[]
  readonly versionOnHost: VersionOnHost
}

/** Whether Docker and Compose work, and the compose file has two colors whose version can be chosen. */
export function assessCompose(
  seen: ComposeObservation,
  inputs: ApplicationInputs,
  host: HostName,
): Assessment<ComposeGround> {
  const failed = [
    complaint(seen.engine, 'docker-unavailable', `Docker does not answer on ${host}`),
    seen.compose.kind === 'failed' ? withoutCompose(host) : undefined,
    complaint(
      seen.project,
      'compose-invalid',
      `Compose cannot read the compose file in ${inputs.directory} on ${host}`,
    ),
    complaint(seen.containers, 'docker-unavailable', `The containers on ${host} cannot be listed`),
  ].find((failure) => failure !== undefined)
  if (failed !== undefined) return refusal(failed)
  if (seen.project.kind === 'failed' || seen.containers.kind === 'failed') return refusal()
  const [project, containers] = [seen.project.value, seen.containers.value]
  const chosen = chooseColors(project, inputs.service, inputs.services)
  if (chosen.kind === 'problem') return refusal(new Failure('compose-invalid', chosen.sentence))
  const { services } = chosen
  const refusals = unchangeable(services, inputs.versionVariable).map(
    ({ sentence }) => new Failure('compose-invalid', sentence),
  )
  const matched = seen.directories.map((directory) => matchProject(containers, project, services, directory))
  const other = matched.find((match) => match.kind === 'other project')
  if (other !== undefined && !matched.some((match) => match.kind === 'ours'))
    refusals.push(new Failure('drift', other.sentence))
  if (refusals.length > 0) return refusal(...refusals)
  const envFiles = seen.envFiles.kind === 'said' ? seen.envFiles.value : { why: seen.envFiles.words }
  return usable({
    project,
    services,
    containers,
    versionOnHost: decideVersionOnHost(project, services, envFiles, seen.directories, seen.readOnly),
  })
}

/** Without the plugin docker takes the words of compose for its own, and its complaint misleads. */
function withoutCompose(host: HostName): Failure {
  return new Failure(
    'docker-unavailable',
    `Compose v2 (\`docker compose\`) is missing on ${host}; the older \`docker-compose\` (v1) is not enough. Install the package \`docker-compose-plugin\` (Docker's own), \`docker-compose-v2\` (Ubuntu) or \`docker-compose\` (Debian 13 and later).`,
  )
}

function complaint(said: Said<unknown>, reason: Reason, what: string): Failure | undefined {
  if (said.kind === 'said') return undefined
  const mend = /permission denied/i.test(said.words)
    ? ' Add the user to the group `docker`, and let it log in anew.'
    : ''
  return new Failure(
    reason,
    `${what}: ${said.words.split('\n').slice(-3).join(' | ') || `exit code ${said.code}`}.${mend}`,
  )
}
