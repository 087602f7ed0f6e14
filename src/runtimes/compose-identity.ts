import { lines, type Shell, sh } from '../host/quote.ts'
import { type Occupant, occupies } from './compose-vigil.ts'

/**
 * Prints who the container that was started is, as members of a JSON object: `container`, `image`, `compose` and
 * `digests`, see `Identity`. Fails where it does not run any more, and says what became of it.
 */
export function identityMembers(occupant: Occupant): Shell {
  const own =
    '"container":{{json .Id}},"image":{{json .Image}},"compose":{{json (index .Config.Labels "com.docker.compose.config-hash")}}'
  return lines(
    occupies(occupant),
    sh`own=$(docker inspect --type container --format ${`{{.Image}} ${own}`} ${occupant.id}) || exit 1`,
    sh`printf '%s\\n' "\${own#* }"`,
    sh`docker image inspect --format ',"digests":{{if .RepoDigests}}{{json .RepoDigests}}{{else}}[]{{end}}' "\${own%% *}"`,
  )
}
