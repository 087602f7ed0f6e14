import assert from 'node:assert/strict'
import type { LedgerEntry } from '../../../src/custody/ledger.ts'
import { readCustody } from '../../../src/custody/standing.ts'
import type { StateDirectory } from '../../../src/custody/state-directory.ts'
import type { Inputs } from '../../../src/inputs/inputs.ts'
import { readInputs } from '../../../src/inputs/read.ts'
import type { Ask } from '../../../src/judges/question.ts'
import { type Planned, planRelease } from '../../../src/planning/release.ts'
import { type Status, statusOf } from '../../../src/planning/status.ts'
import type { OwnSurvey } from '../../../src/planning/survey.ts'
import { refusal, usable } from '../../../src/release/assessment.ts'
import { Failure } from '../../../src/release/reasons.ts'
import { fakeRouterFacts, fakeRuntimeFacts, type World } from '../../support/fakes.ts'

const host = 'deploy@example.org'
export const [blueAt, greenAt, routeAt] = [8080, 8081, 80]

/** What is found there; all is well, blue is live with v1, and nothing is idle unless said otherwise. */
export interface Scene extends Partial<Omit<World, 'addresses'>> {
  /** Status that is answered at a port; nothing answers at those that are not named. */
  readonly answers?: Readonly<Record<number, number>>
  readonly inputs?: Readonly<Record<string, string>>
  readonly ledger?: readonly LedgerEntry[]
  /** No public route is known. */
  readonly routeless?: true
  readonly state?: StateDirectory
  /** Neither the router nor the runtime can be used. */
  readonly unusable?: true
  /** A run was ended in the middle of something. */
  readonly abandoned?: true
}

/** A release that the ledger has. */
export function released(version: string, color: LedgerEntry['color'], more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    ...{ version, color, image: version, container: `of ${version}`, digests: [], compose: '' },
    ...{ started: '2026-01-01T00:00:00Z', confirmed: '2026-01-01T00:00:01Z', result: 'released', ...more },
  }
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

function seen(scene: Scene) {
  const world: World = {
    live: 'blue',
    runs: { blue: 'v1' },
    ...scene,
    addresses: { blue: { host: '127.0.0.1', port: blueAt }, green: { host: '127.0.0.1', port: greenAt } },
  }
  const answers = scene.answers ?? { [blueAt]: 200, [routeAt]: 200 }
  const ask: Ask = async ({ request }) => {
    const status = answers[request.port]
    if (status === undefined) throw new Error('connection refused')
    return { status, headers: { server: 'a server' }, body: 'v1', duration: 1 }
  }
  const own: OwnSurvey = {
    state: scene.state ?? {
      kind: 'usable',
      user: 'deploy',
      files: new Set(),
      target: { upstream: 'web', project: 'shop' },
      path: [],
    },
    ledger: scene.ledger ?? [],
    custody: { ...readCustody(undefined), ...(scene.abandoned && { abandoned: true }) },
  }
  const route = {
    title: 'the public route',
    from: host,
    request: { address: '127.0.0.1', port: routeAt, path: '/', host: 'shop.example.org' },
    expect: { status: [[200, 299]] as const },
  }
  const facts = {
    runtime: fakeRuntimeFacts(world),
    router: { ...fakeRouterFacts(world), ...(!scene.routeless && { route }) },
  }
  const rest = { host, ask, count: async () => new Map(), signal: new AbortController().signal }
  return { inputs: inputsOf(scene.inputs), own, facts, rest }
}

/** Plans a release there. */
export async function planned(scene: Scene): Promise<Planned> {
  const { inputs, own, facts, rest } = seen(scene)
  return planRelease({ inputs, survey: own, facts, ...rest })
}

/** Looks what is there. */
export async function looked(scene: Scene): Promise<Status> {
  const { inputs, own, facts, rest } = seen(scene)
  const unusable = refusal<never>(new Failure('drift', 'It cannot be used.'))
  const survey = {
    ...own,
    router: { changing: false, assess: () => (scene.unusable ? unusable : usable(facts.router)) },
    runtime: { assess: () => usable(facts.runtime) },
  }
  return statusOf({ inputs, survey, ...rest })
}
