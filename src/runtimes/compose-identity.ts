import { lines, type Shell, sh } from '../host/quote.ts'
import type { ServiceName } from './compose-scripts.ts'
import type { Identity } from './runtime.ts'

/** Asks who the newest container of a service is. */
export function identityQuestion({ project, service }: ServiceName): Shell {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    '--filter',
    `label=com.docker.compose.${label}`,
  ])
  return lines(
    sh`id=$(docker ps --quiet --no-trunc ${filters} | head -n 1)`,
    sh`docker inspect --type container --format '{{.Id}} {{.Image}} {{index .Config.Labels "com.docker.compose.config-hash"}}' "$id" || exit 1`,
    sh`docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$(docker inspect --type container --format '{{.Image}}' "$id")"`,
  )
}

/** @throws Error where there was no container. */
export function readIdentity(stdout: string): Identity {
  const [first = '', ...digests] = stdout.split('\n').map((line) => line.trim())
  const [container = '', image = '', compose = ''] = first.split(' ')
  if (image === '') throw new Error('Docker does not know the container of the new color.')
  return { container, image, compose, digests: digests.filter((digest) => digest !== '') }
}
