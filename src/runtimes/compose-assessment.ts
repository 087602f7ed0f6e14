import type { HostName } from '../host/host.ts'
import type { ApplicationInputs } from '../inputs.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import { Failure, type Reason } from '../release/reasons.ts'
import type { Color } from '../release/words.ts'
import { type Container, matchProject } from './compose-containers.ts'
import type { ComposeObservation, Said } from './compose-observation.ts'
import { type ComposeProject, type ComposeService, chooseColors } from './compose-project.ts'
import { decideVersionOnHost, unchangeable, type VersionOnHost } from './compose-version.ts'
import { closedFile, dockerFault } from './docker-words.ts'

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
    complaint(seen.engine, 'docker-unavailable', `Docker does not answer on ${host}`, host),
    seen.compose.kind === 'failed' ? withoutCompose(host) : undefined,
    complaint(
      seen.project,
      'compose-invalid',
      `Compose cannot read the compose file in ${inputs.directory} on ${host}`,
      host,
    ),
    complaint(seen.containers, 'docker-unavailable', `The containers on ${host} cannot be listed`, host),
  ].find((failure) => failure !== undefined)
  if (failed !== undefined) return refusal(failed)
  if (seen.project.kind === 'failed' || seen.containers.kind === 'failed') return refusal()
  const [project, containers] = [seen.project.value, seen.containers.value]
  const chosen = chooseColors(project, inputs.service, inputs.services)
  if (chosen.kind !== 'colors') return refusal(new Failure('compose-invalid', chosen.sentence))
  const { services } = chosen
  const refusals = unchangeable(services, inputs.versionVariable, seen.writtenImages).map(
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

function complaint(said: Said<unknown>, reason: Reason, what: string, host: HostName): Failure | undefined {
  if (said.kind === 'said') return undefined
  const words =
    said.words
      .split('\n')
      .slice(-3)
      .join(' | ')
      .replace(/[.?]+$/, '') || `exit code ${said.code}`
  return new Failure(reason, [`${what}: ${words}.`, ...mendOf(said.words, host)].join(' '))
}

function mendOf(words: string, host: HostName): readonly string[] {
  const closed = closedFile(words)
  if (closed !== undefined) return [`Run on the host: sudo chown ${host.slice(0, host.lastIndexOf('@'))} ${closed}`]
  const fault = dockerFault(words)
  if (fault.kind === 'not allowed' && /docker/i.test(words)) {
    const user = host.slice(0, host.lastIndexOf('@'))
    return [`Run on the host: sudo usermod -aG docker ${user}`]
  }
  if (fault.kind === 'stopped') return ['Start it: sudo systemctl start docker']
  if (fault.kind === 'elsewhere' && /daemon|error during connect/i.test(words))
    return [
      `It is asked at ${fault.endpoint}: correct \`DOCKER_HOST\` or the context there (\`docker context use default\`).`,
    ]
  if (fault.kind === 'no context') return ['Run on the host: docker context use default']
  if (/no configuration file provided|no such file or directory/i.test(words))
    return ['Correct `directory` or `compose-file`.']
  return []
}
