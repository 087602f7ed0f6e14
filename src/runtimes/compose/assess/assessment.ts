import type { Remedy } from '../../../base/notice.ts'
import type { HostName } from '../../../host/host.ts'
import type { ApplicationInputs } from '../../../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import { type Container, matchProject } from '../observe/containers.ts'
import { closedFile, dockerFault } from '../observe/docker-words.ts'
import type { ImagePattern } from '../observe/image.ts'
import type { ComposeObservation, Said } from '../observe/observation.ts'
import { type ComposeProject, type ComposeService, chooseColors } from '../observe/project.ts'
import { decideVersionOnHost, unchangeable, type VersionOnHost, withImages } from '../observe/version.ts'
import { composeRefusals } from '../refusals.ts'

/** A compose project that can be released to. */
export interface ProjectFacts {
  readonly project: ComposeProject
  readonly services: Readonly<Record<Color, ComposeService>>
  readonly containers: readonly Container[]
  readonly versionOnHost: VersionOnHost
  /** See `ComposeTarget.whole`. */
  readonly whole?: ImagePattern
}

/** Whether Docker and Compose work, and the compose file has two colors whose version can be chosen. */
export function assessCompose(
  seen: ComposeObservation,
  inputs: ApplicationInputs,
  host: HostName,
): Assessment<ProjectFacts> {
  const failed = [
    complaint(seen.engine, (words) => composeRefusals['docker-silent'](host, words, remedyFor(words, host))),
    // Without the plugin docker takes the words of compose for its own, and its complaint misleads.
    complaint(seen.compose, () => composeRefusals['compose-missing'](host)),
    complaint(seen.project, (words) => {
      const code = NO_FILE.test(words) ? 'compose-file-missing' : 'compose-file-unread'
      return composeRefusals[code](host, inputs.directory, words, remedyFor(words, host))
    }),
    complaint(seen.containers, (words) => composeRefusals['containers-unlisted'](host, words, remedyFor(words, host))),
  ].find((failure) => failure !== undefined)
  if (failed !== undefined) return refusal(failed)
  if (seen.project.kind === 'failed' || seen.containers.kind === 'failed') return refusal()
  const [project, containers] = [seen.project.value, seen.containers.value]
  const chosen = chooseColors(project, inputs.service, inputs.services)
  if (chosen.kind !== 'colors') return refusal(...chosen.refusals)
  const services = withImages(chosen.services, inputs)
  const whole = COLORS.map((color) => services[color].image).find(
    (image, i) =>
      image !== chosen.services[COLORS[i] ?? 'blue'].image && services[COLORS[i] ?? 'blue'].replaces === undefined,
  )
  const refusals = unchangeable(services, inputs.versionVariable, seen.writtenImages).map(({ refusal: each }) => each)
  const matched = seen.directories.map((directory) => matchProject(containers, services, directory))
  const other = matched.find((match) => match.kind === 'other project')
  if (other !== undefined && !matched.some((match) => match.kind === 'ours')) refusals.push(other.refusal)
  if (refusals.length > 0) return refusal(...refusals)
  const envFiles = seen.envFiles.kind === 'said' ? seen.envFiles.value : { why: seen.envFiles.words }
  return usable({
    project,
    services,
    containers,
    ...(whole !== undefined && { whole }),
    versionOnHost: decideVersionOnHost(project, services, envFiles, seen.directories, seen.readOnly),
  })
}

/** What docker complained of, as what it means; its last lines say it. */
function complaint(said: Said<unknown>, told: (words: string) => Failure): Failure | undefined {
  if (said.kind === 'said') return undefined
  const last = said.words.split('\n').slice(-3).join(' | ')
  return told(last.replace(/[.?]+$/, '') || `exit code ${said.code}`)
}

const NO_FILE = /no configuration file provided|no such file or directory/i

function remedyFor(words: string, host: HostName): Remedy | undefined {
  const user = host.slice(0, host.lastIndexOf('@'))
  const closed = closedFile(words)
  if (closed !== undefined) return { text: ON_HOST, command: `sudo chown ${user} ${closed}` }
  const fault = dockerFault(words)
  if (fault.kind === 'not allowed' && /docker/i.test(words))
    return { text: ON_HOST, command: `sudo usermod -aG docker ${user}` }
  if (fault.kind === 'stopped') return { text: 'Start it:', command: 'sudo systemctl start docker' }
  if (fault.kind === 'elsewhere' && /daemon|error during connect/i.test(words))
    return {
      text: `It is asked at ${fault.endpoint}: correct \`DOCKER_HOST\` or the context there (\`docker context use default\`).`,
    }
  if (fault.kind === 'no context') return { text: ON_HOST, command: 'docker context use default' }
  return NO_FILE.test(words) ? { text: 'Correct `directory` or `compose-file`.' } : undefined
}

const ON_HOST = 'Run on the host:'
