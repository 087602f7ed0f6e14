import assert from 'node:assert/strict'
import type { Notice } from '../../../src/base/notice.ts'
import { editedText } from '../../../src/checking/edits/file-text.ts'
import { findingsOf } from '../../../src/checking/edits/together.ts'
import type { Draft, Finding } from '../../../src/checking/finding.ts'
import { reachedIn } from '../../../src/checking/pairing/as-nginx.ts'
import { colorsOf } from '../../../src/checking/pairing/colors.ts'
import type { Context } from '../../../src/checking/pairing/context.ts'
import { carryingOn, draftsOf } from '../../../src/checking/pairing/drafts.ts'
import { placeOf, refusalOf } from '../../../src/checking/pairing/examine.ts'
import type { AllFacts } from '../../../src/checking/pairing/facts.ts'
import type { Seen } from '../../../src/checking/pairing/seen.ts'
import type { StateDirectory } from '../../../src/custody/state-directory.ts'
import type { Inputs } from '../../../src/inputs/inputs.ts'
import { readInputs } from '../../../src/inputs/read.ts'
import type { Failure } from '../../../src/release/reasons.ts'
import { parseConfiguration } from '../../../src/routers/nginx/config/configuration.ts'
import type { NginxPlace } from '../../../src/routers/nginx/facts.ts'
import type { NginxObservation } from '../../../src/routers/nginx/observe/observation.ts'
import { assessCompose } from '../../../src/runtimes/compose/assess/assessment.ts'
import type { Colors } from '../../../src/runtimes/compose/check/context.ts'
import { readComposeText } from '../../../src/runtimes/compose/check/text.ts'
import type { Container } from '../../../src/runtimes/compose/observe/containers.ts'
import type { ComposeObservation } from '../../../src/runtimes/compose/observe/observation.ts'
import type { ComposeProject } from '../../../src/runtimes/compose/observe/project.ts'
import { documented, inHttp } from '../routers/nginx/fixtures.ts'
import { BLUE, GREEN, port, projectOf } from '../runtimes/compose/fixtures.ts'

export const composePath = '/srv/shop/compose.yaml'

/** A project with which nothing is wrong. */
export const well = projectOf({
  app_blue: { image: BLUE, ports: [port('8080')], restart: 'always', stop_grace_period: '30s' },
  app_green: { image: GREEN, ports: [port('8081')], restart: 'always', stop_grace_period: '30s' },
})

/** What is seen of a host; nothing is wrong with it unless said otherwise. */
export interface Wish {
  readonly inputs?: Readonly<Record<string, string>>
  readonly project?: ComposeProject
  readonly containers?: readonly Container[]
  /** The compose file as it is written. */
  readonly text?: string
  readonly compose?: Partial<ComposeObservation>
  /** What stands in `http`, or what else is known of Nginx. */
  readonly nginx?: string | NginxObservation
  readonly state?: StateDirectory
  readonly facts?: Partial<AllFacts>
  readonly refusals?: readonly Failure[]
  readonly warnings?: readonly Notice[]
  readonly notes?: readonly Notice[]
  /** What a deploy would refuse of Nginx is found out too. */
  readonly placed?: true
}

const usable: StateDirectory = { kind: 'usable', user: 'deploy', files: new Set(), path: [] }

const facts: AllFacts = {
  user: 'deploy',
  groups: ['deploy', 'docker'],
  missingTools: [],
  nginx: { path: '/usr/sbin/nginx', version: '1.22.1' },
  listening: new Set(),
  security: { enforcing: false, label: '' },
  unit: {},
  login: {},
  memory: { uses: new Map() },
  images: new Map(),
  projects: [],
  callers: [],
  composeFiles: [],
  unreadable: [],
  home: '/home/deploy',
  engine: '',
  runs: [],
  subnets: [],
  routes: [],
  unwritable: [],
  layer: [],
}

export function inputsOf(more: Readonly<Record<string, string>> = {}): Inputs {
  const given: Readonly<Record<string, string>> = {
    host: 'deploy@example.org',
    service: 'app',
    version: 'v2',
    directory: '/srv/shop',
    ...more,
  }
  const read = readInputs((name) => given[name] ?? '', undefined)
  assert.ok(read.kind === 'inputs', JSON.stringify(read))
  return read.inputs
}

/** Nginx with this in `http`, as it has loaded it. */
export function nginxOf(http: string): Extract<NginxObservation, { kind: 'read' }> {
  const path = '/etc/nginx/nginx.conf'
  const configuration = parseConfiguration([{ path, text: `worker_shutdown_timeout 60s;\n${inHttp(http)}` }])
  const files = new Map([[path, { path, age: 1, writable: false }]])
  return { kind: 'read', configuration, loaded: { kind: 'loaded', master: 1, touched: [] }, workers: [], files }
}

export function sceneOf(wish: Wish): Context {
  const inputs = inputsOf(wish.inputs)
  const compose: ComposeObservation = {
    engine: { kind: 'said', value: '28.0.0' },
    compose: { kind: 'said', value: '2.40.0' },
    project: { kind: 'said', value: wish.project ?? well },
    envFiles: { kind: 'said', value: new Map() },
    hashes: { kind: 'said', value: new Map() },
    containers: { kind: 'said', value: wish.containers ?? [] },
    values: {},
    readOnly: [],
    directories: ['/srv/shop'],
    ...wish.compose,
  }
  const nginx = typeof wish.nginx === 'object' ? wish.nginx : nginxOf(wish.nginx ?? documented)
  const file = { path: composePath, text: wish.text ?? '', kind: 'compose', writable: true } as const
  const texts = wish.text === undefined ? [] : [readComposeText(file)].filter((text) => text !== undefined)
  const seen: Seen = {
    inputs,
    host: 'deploy@example.org',
    compose,
    nginx,
    state: wish.state ?? usable,
    ledger: [],
    custody: { lease: 'none', journal: 'none', guard: 'none', busy: false, abandoned: false },
    images: { ids: new Set(), byName: new Map(), networks: new Set() },
    hostFacts: { ...facts, ...wish.facts },
    texts,
  }
  const colors = colorsOf(seen, reachedIn(seen))
  const ground = assessCompose(compose, inputs.application, seen.host).value
  const refusals = (wish.refusals ?? []).map(refusalOf)
  return {
    ...seen,
    refusals,
    warnings: wish.warnings ?? [],
    notes: wish.notes ?? [],
    ...(colors && { colors }),
    ...(ground && { facts: ground }),
  }
}

/** What is found there. */
export function findings(wish: Wish): readonly Finding[] {
  const scene = sceneOf(wish)
  return judge(scene, wish.placed && scene.colors && placeOf(scene, scene.colors))
}

/** The same in a scene. */
export function judge(scene: Context, place: NginxPlace | undefined): readonly Finding[] {
  return findingsOf(draftsOf(scene, place), carryingOn(scene))
}

/** The colors as they are, or can be written. */
export function colorsIn(wish: Wish): Colors {
  const { colors } = sceneOf(wish)
  assert.ok(colors)
  return colors
}

/** The compose file once the only draft that changes it was followed. */
export function mended(drafts: readonly Draft[]): string {
  const changes = drafts.flatMap((draft) => draft.changes ?? [])
  const [first] = changes
  assert.ok(first, JSON.stringify(drafts))
  return editedText(
    first.file.text,
    changes.flatMap(({ edits }) => edits),
  )
}
