import { lines, type Shell, sh } from '../../../host/quote.ts'
import { occupies, type StartedContainer } from './exit-watch.ts'
import { listContainers, type ServiceName } from './scripts.ts'

/** The image, and behind it the members that docker knows of the container. */
const OWN =
  '{{.Image}} "container":{{json .Id}},"image":{{json .Image}},"compose":{{json (index .Config.Labels "com.docker.compose.config-hash")}}'

/**
 * Prints who the container that was started is, as members of a JSON object: `container`, `image`, `compose` and
 * `digests`, see `Identity`. Fails if it does not run any more, and says what became of it.
 */
export function identityMembers(occupant: StartedContainer): Shell {
  return lines(occupies(occupant, OWN), printMembers)
}

/** The same of the container of a service that runs, whoever started it. Fails when there is none. */
export function runningMembers(name: ServiceName): Shell {
  return lines(
    sh`running=$(${listContainers(name)} --filter status=running | head -n 1); [ -n "$running" ] || exit 1`,
    sh`told=$(docker inspect --type container --format ${OWN} "$running") || exit 1`,
    printMembers,
  )
}

const printMembers = lines(
  sh`printf '%s\n' "\${told#* }"`,
  sh`docker image inspect --format ',"digests":{{if .RepoDigests}}{{json .RepoDigests}}{{else}}[]{{end}}' "\${told%% *}"`,
)
