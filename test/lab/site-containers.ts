import { ask, must } from './command.ts'

export interface SiteContainer {
  readonly id: string
  readonly name: string
  readonly service: string
  readonly image: string
  readonly imageId: string
  /** Of the image, as the application says it. */
  readonly version: string
  readonly status: string
  readonly exitCode: number
  readonly restarts: number
  readonly startedAt: string
}

type Environment = Readonly<Record<string, string>>

/** All containers of a compose project, those that have ended too. `env` says on which engine. */
export async function containersOf(project: string, env: Environment = {}): Promise<SiteContainer[]> {
  const list = ['docker', 'ps', '--all', '--quiet', '--no-trunc', '--filter', filter(project)]
  const ids = (await must(list, { env })).split('\n')
  const found = ids.filter((id) => id !== '')
  if (found.length === 0) return []
  const format = [
    ...['.Id', '.Name', 'index .Config.Labels "com.docker.compose.service"', '.Config.Image', '.Image'],
    ...['.State.Status', '.State.ExitCode', '.RestartCount', '.State.StartedAt'],
  ]
  const environment = '{{range .Config.Env}}{{println .}}{{end}}'
  const template = `${format.map((field) => `{{${field}}}`).join('|')}|${environment}\u0001`
  const said = (await ask(['docker', 'inspect', '--format', template, ...found], { env })).stdout
  return said
    .split('\u0001')
    .filter((text) => text.includes('|'))
    .map(containerOf)
}

function containerOf(text: string): SiteContainer {
  const [
    id = '',
    name = '',
    service = '',
    image = '',
    imageId = '',
    status = '',
    exitCode,
    restarts,
    startedAt = '',
    env = '',
  ] = text.trim().split('|')
  const version = /^APP_VERSION=(.*)$/m.exec(env)?.[1] ?? ''
  return {
    ...{ id, name: name.replace(/^\//, ''), service, image, imageId, version, status, startedAt },
    exitCode: Number(exitCode),
    restarts: Number(restarts),
  }
}

/** Takes away containers and networks of a compose project. */
export async function removeContainers(project: string, env: Environment = {}): Promise<void> {
  const clean = `
    docker ps --all --quiet --filter "$0" | xargs -r docker rm --force --volumes
    docker network ls --quiet --filter "$0" | xargs -r docker network rm`
  await must(['sh', '-c', clean, filter(project)], { env })
}

function filter(project: string): string {
  return `label=com.docker.compose.project=${project}`
}
