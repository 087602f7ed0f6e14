import assert from 'node:assert/strict'
import type { Container } from '../../../../src/runtimes/compose/observe/containers.ts'
import { type ComposeProject, chooseColors, parseProject } from '../../../../src/runtimes/compose/observe/project.ts'

export const BLUE = 'app:bg-sentinel-blue-5d1f07'
export const GREEN = 'app:bg-sentinel-green-5d1f07'
export const ANY = 'app:bg-sentinel-any-5d1f07'

type Definition = Readonly<Record<string, unknown>>

/** A project as compose prints it, from what matters of its services. */
export function projectOf(services: Readonly<Record<string, Definition>>, rest: Definition = {}): ComposeProject {
  return parseProject(JSON.stringify({ name: 'shop', services, ...rest }))
}

export function colorsOf(project: ComposeProject) {
  const colors = chooseColors(project, 'web')
  assert.ok(colors.kind === 'colors', JSON.stringify(colors))
  return colors.services
}

export function port(published: string, address = '127.0.0.1', target = 80): Definition {
  return { mode: 'ingress', host_ip: address, target, published, protocol: 'tcp' }
}

/** A running container of the service `web_blue`, but for what is said. */
export function container(said: Partial<Container> = {}, state: Partial<Container['state']> = {}): Container {
  return {
    id: `id-of-${said.name ?? said.service ?? 'web_blue'}`,
    name: 'shop-web_blue-1',
    project: 'shop',
    service: 'web_blue',
    configHash: 'hash',
    workingDirectory: '/srv/shop',
    oneOff: false,
    image: 'sha256:1',
    imageName: 'app:v1',
    restartPolicy: 'no',
    networkMode: 'shop_default',
    bindings: [],
    published: [],
    networks: [],
    addresses: [],
    ...said,
    state: {
      status: 'running',
      exitCode: 0,
      startedAt: '2026-01-01T00:00:00Z',
      outOfMemory: false,
      restarts: 0,
      ...state,
    },
  }
}
