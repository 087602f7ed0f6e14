import type { Color } from './site-nginx.ts'

/**
 * How the compose file names its versions: `each` color its own variable; `one` for both; `env-file` one, and `.env`
 * read by both; `worker` one, a worker and a one-shot `migrate` too; `worker-each` each color its own, worker and
 * `migrate` on the common one; `depends` each its own, and a database-like dependency with a fixed image.
 */
export type ComposeShape = 'each' | 'one' | 'env-file' | 'worker' | 'worker-each' | 'depends'

export interface ComposeParts {
  readonly repository: string
  readonly services: Readonly<Record<Color, string>>
  /** Ports on 127.0.0.1. */
  readonly ports: Readonly<Record<Color, number>>
}

export interface ComposeWishes extends ComposeParts {
  readonly shape: ComposeShape
  /** Lines for each of the two services, e.g. `mem_limit: 128m`. */
  readonly extra: readonly string[]
}

export function composeFile(wishes: ComposeWishes): string {
  return `services:\n${color('blue', wishes)}${color('green', wishes)}${others(wishes)}`
}

function color(name: Color, { shape, repository, services, ports, extra }: ComposeWishes): string {
  const lines = [
    `image: ${repository}:${ownVariable(shape) ? `\${IMAGE_TAG_${name.toUpperCase()}:-v1}` : `\${IMAGE_TAG:-v1}`}`,
    'restart: unless-stopped',
    `ports: ["127.0.0.1:${ports[name]}:3000"]`,
    ...(shape === 'env-file' ? ['env_file: .env'] : []),
    ...(shape === 'depends' ? ['depends_on: [db]'] : []),
    ...(shape.startsWith('worker')
      ? ['depends_on:', '  migrate:', '    condition: service_completed_successfully']
      : []),
    ...extra,
  ]
  return service(services[name], lines)
}

function others({ shape, repository }: ComposeWishes): string {
  const common = `image: ${repository}:\${IMAGE_TAG:-v1}`
  if (shape === 'depends') return service('db', [`image: ${repository}:v1`])
  if (!shape.startsWith('worker')) return ''
  return (
    service('worker', [common, 'command: [node, /server.js, worker]']) +
    service('migrate', [common, 'command: [node, /server.js, migrate]'])
  )
}

function service(name: string, lines: readonly string[]): string {
  return `  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`
}

function ownVariable(shape: ComposeShape): boolean {
  return shape === 'each' || shape === 'depends' || shape === 'worker-each'
}
