import assert from 'node:assert/strict'
import type { LedgerEntry } from '../../../../src/custody/ledger.ts'
import { readCustody } from '../../../../src/custody/standing.ts'
import { sh } from '../../../../src/host/quote.ts'
import type { Inputs } from '../../../../src/inputs/inputs.ts'
import { readInputs } from '../../../../src/inputs/read.ts'
import type { Ask } from '../../../../src/judges/question.ts'
import { type Planned, planRelease } from '../../../../src/planning/release.ts'
import type { OwnSurvey } from '../../../../src/planning/survey.ts'
import type { Color } from '../../../../src/release/model.ts'
import type { Router, RouterFacts } from '../../../../src/routers/router.ts'
import { composeFacts } from '../../../../src/runtimes/compose/adapter.ts'
import type { Container } from '../../../../src/runtimes/compose/observe/containers.ts'
import type { ComposeObservation } from '../../../../src/runtimes/compose/observe/observation.ts'
import type { ComposeProject } from '../../../../src/runtimes/compose/observe/project.ts'
import { decideVersionOnHost } from '../../../../src/runtimes/compose/observe/version.ts'
import { ANY, BLUE, colorsOf, container, GREEN, port, projectOf } from './fixtures.ts'

const host = 'deploy@example.org'
export const [blueAt, greenAt, routeAt] = [8080, 8081, 80]

const own = projectOf({
  web_blue: { image: BLUE, ports: [port('8080')] },
  web_green: { image: GREEN, ports: [port('8081')] },
})
export const shared = projectOf({
  web_blue: { image: ANY, ports: [port('8080')] },
  web_green: { image: ANY, ports: [port('8081')] },
})
export const open = projectOf({
  web_blue: { image: BLUE, ports: [port('8080')] },
  web_green: { image: GREEN, ports: [port('8081', '0.0.0.0')] },
})
/** The live color has so long to stop; none: the default of docker. */
export const stopping = (period: string | undefined) =>
  projectOf({
    web_blue: { image: BLUE, ports: [port('8080')], ...(period !== undefined && { stop_grace_period: period }) },
    web_green: { image: GREEN, ports: [port('8081')], stop_grace_period: '1s' },
  })
export const needy = projectOf({
  web_blue: { image: BLUE, ports: [port('8080')] },
  web_green: { image: GREEN, ports: [port('8081')], depends_on: { db: { condition: 'service_healthy' } } },
  db: { image: 'db:1' },
})

export const at = (local: number) => ({ bindings: [{ address: '127.0.0.1', port: local }] })
export const blue = container({ ...at(blueAt) })
export const green = container({ service: 'web_green', name: 'shop-web_green-1', ...at(greenAt) })
export const single = container({ service: 'web', name: 'shop-web-1', ...at(blueAt) })
export const lone = container({ service: '', project: '', name: 'web', ...at(blueAt) })

/** What is found on the host; all is well and blue is live unless said otherwise. */
export interface Scene {
  readonly project?: ComposeProject
  readonly containers?: readonly Container[]
  readonly live?: Color
  /** Status that is answered at a port; nothing answers at those that are not named. */
  readonly answers?: Readonly<Record<number, number>>
  readonly inputs?: Readonly<Record<string, string>>
  readonly ledger?: readonly LedgerEntry[]
}

function inputsOf(more: Readonly<Record<string, string>> = {}): Inputs {
  const given: Readonly<Record<string, string>> = {
    host,
    'known-hosts': 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
    service: 'web',
    version: 'v2',
    ...more,
  }
  const read = readInputs((name) => given[name] ?? '', undefined)
  assert.ok(read.kind === 'inputs', JSON.stringify(read))
  return read.inputs
}

/** Stands for the router: it only says which color is live. */
function routerOf(live: Color): Router {
  return {
    name: 'Nginx',
    how: 'switch',
    current: async () => ({ kind: 'color', color: live }),
    change: () => [],
    prepare: () => [],
    holds: () => sh`:`,
    finalize: () => [],
    retired: () => [],
    drain: () => [],
  }
}

/** Plans a deploy of v2 there. */
export async function planned(scene: Scene): Promise<Planned> {
  const { project = own, containers = [blue], live = 'blue' } = scene
  const answers = scene.answers ?? { [blueAt]: 200, [routeAt]: 200 }
  const inputs = inputsOf(scene.inputs)
  const ask: Ask = async ({ request }) => {
    const status = answers[request.port]
    if (status === undefined) throw new Error('connection refused')
    return { status, headers: {}, body: '', duration: 1 }
  }
  const services = colorsOf(project)
  const observation: ComposeObservation = {
    engine: { kind: 'said', value: '28.0.0' },
    compose: { kind: 'said', value: '2.40.0' },
    project: { kind: 'said', value: project },
    envFiles: { kind: 'said', value: new Map() },
    hashes: { kind: 'said', value: new Map([['web_green', ['hash']]]) },
    containers: { kind: 'said', value: containers },
    values: { any: 'v1' },
    readOnly: [],
    directories: ['/srv/shop'],
  }
  const survey: OwnSurvey = {
    state: {
      kind: 'usable',
      user: 'deploy',
      files: new Set(),
      target: { upstream: 'web', project: 'shop' },
      path: [],
    },
    ledger: scene.ledger ?? [],
    custody: readCustody(undefined),
  }
  const images = { ids: new Set<string>(), byName: new Map<string, string>(), networks: new Set<string>() }
  const versionOnHost = decideVersionOnHost(project, services, new Map(), [])
  const router: RouterFacts = {
    router: () => routerOf(live),
    addresses: { blue: { host: '127.0.0.1', port: blueAt }, green: { host: '127.0.0.1', port: greenAt } },
    route: {
      title: 'the public route',
      from: host,
      request: { address: '127.0.0.1', port: routeAt, path: '/', host: 'example.org' },
      expect: { status: [[200, 299]] },
    },
    sent: {},
    confirm: async () => ({ refusals: [], notes: [] }),
    notes: () => [],
  }
  const runtime = composeFacts({ project, services, containers, versionOnHost }, observation, images, inputs)
  const facts = { runtime, router }
  const count = async () => new Map()
  return planRelease({ inputs, survey, facts, host, ask, count, signal: new AbortController().signal })
}
