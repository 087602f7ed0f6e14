import { lines, type Shell, sh } from '../host/quote.ts'
import type { ServiceName } from './compose-scripts.ts'

/**
 * Prints who the newest container of a service is, as members of a JSON object: `container`, `image`, `compose` and
 * `digests`, see `Identity`. Fails where there is none.
 */
export function identityMembers({ project, service }: ServiceName): Shell {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    '--filter',
    `label=com.docker.compose.${label}`,
  ])
  const own =
    '"container":{{json .Id}},"image":{{json .Image}},"compose":{{json (index .Config.Labels "com.docker.compose.config-hash")}}'
  return lines(
    sh`id=$(docker ps --quiet --no-trunc ${filters} | head -n 1)`,
    sh`own=$(docker inspect --type container --format ${`{{.Image}} ${own}`} "$id") || exit 1`,
    sh`printf '%s\\n' "\${own#* }"`,
    sh`docker image inspect --format ',"digests":{{if .RepoDigests}}{{json .RepoDigests}}{{else}}[]{{end}}' "\${own%% *}"`,
  )
}
