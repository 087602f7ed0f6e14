import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { claimStateDirectory } from '../../../src/custody/state-directory.ts'
import { sh } from '../../../src/host/quote.ts'
import type { Ask } from '../../../src/judges/question.ts'
import { hooksOf } from '../../../src/planning/hooks.ts'
import { conclude } from '../../../src/release/conclusion.ts'
import type { Change, Item, Question } from '../../../src/release/model.ts'
import type { Plan } from '../../../src/release/plan.ts'
import { Failure } from '../../../src/release/reasons.ts'
import { release } from '../../../src/release/release.ts'
import type { Serving } from '../../../src/release/serving.ts'
import { findUpstream } from '../../../src/routers/nginx/config/upstream.ts'
import { reloadRouter } from '../../../src/routers/nginx/reload/router.ts'
import { switchRouter } from '../../../src/routers/nginx/switch/router.ts'
import type { Router } from '../../../src/routers/router.ts'
import { type ComposeFacts, composeRuntime } from '../../../src/runtimes/compose/runtime.ts'
import { configurationOf, inHttp } from '../routers/nginx/fixtures.ts'
import { BLUE, colorsOf, GREEN, projectOf } from '../runtimes/compose/fixtures.ts'

const state = '/var/lib/blue-green/app'
const project = projectOf({ web_blue: { image: BLUE }, web_green: { image: GREEN } })

function asked(title: string): Question {
  const request = { address: '127.0.0.1', port: 1, path: '/', host: title }
  return { title, from: 'deploy@host', request, expect: { status: [[200, 299]] } }
}

const nobody: Ask = async () => {
  throw new Error('A list of changes is made without asking anybody.')
}

function bySwitch(backed: boolean, ...present: readonly string[]): Router {
  const { request } = asked('/.blue-green')
  const files = { directory: state, backed, present: new Set(present) }
  const names = { blue: 'app_blue', green: 'app_green' }
  return switchRouter(
    {
      files,
      names,
      proxy: 'deploy@host',
      markers: [{ server: 'app', request }],
      clients: { kind: 'seen', ports: [{ port: 80, multiplexed: false }] },
    },
    nobody,
  )
}

const BOTH = 'server 127.0.0.1:8080; server 127.0.0.1:8081;'

function byReload(
  servers = 'server 127.0.0.1:8080;',
  { keeps = false, marked = false }: { readonly keeps?: boolean; readonly marked?: boolean } = {},
): Router {
  const http = `upstream app { ${servers} }`
  const upstream = findUpstream(configurationOf(http), 'app')
  assert.ok(upstream)
  const file = '/etc/nginx/nginx.conf'
  const target = {
    stateDirectory: state,
    directory: 'shop',
    nginx: sh`run_nginx() { :; }`,
    master: 42,
  }
  const addresses = { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' }
  const places = { blue: { host: '127.0.0.1', port: 8080 }, green: { host: '127.0.0.1', port: 8081 } }
  const by = {
    kind: 'block',
    upstream,
    file: { at: { file, inNginx: file, sudo: false }, text: inHttp(http) },
  } as const
  return reloadRouter({ proxy: 'deploy@host', target, by, addresses, places, keeps, marked }, nobody)
}

const FACTS: ComposeFacts = {
  target: { directory: 'shop', files: [], variable: 'TAG' },
  services: colorsOf(project),
  pull: 'always',
  build: false,
  healthcheck: 'none',
  previous: 'stop',
  oldImages: [],
  dependencies: [],
  present: ['before'],
  hashed: [],
  networked: false,
  remembered: { others: { blue: 'v1' } },
}

function planOf(plan: Partial<Plan>, facts: Partial<ComposeFacts> = {}): Plan {
  return {
    command: 'deploy',
    version: 'v2',
    from: 'blue',
    to: 'green',
    previous: { version: 'v1' },
    runtime: composeRuntime({ ...FACTS, ...facts }),
    router: bySwitch(true, 'green.off', 'backed.off'),
    prepare: [],
    questions: {
      next: asked('green'),
      nextFromProxy: asked('green from the proxy'),
      previous: asked('blue'),
      route: asked('the route'),
      routeBefore: asked('the route before'),
    },
    health: { timeout: 60_000, interval: 1000 },
    watch: 15_000,
    drain: 30_000,
    idleRuns: false,
    hooks: hooksOf({}, FACTS.target.directory, 'deploy@host', {}, 1000),
    ...plan,
  }
}

/** One line each: phase, where, title, and whether it can be undone. */
function told(items: readonly Item[]): readonly string[] {
  return items.map((item) => {
    if (item.kind !== 'change') return `${item.kind}: ${item.title}`
    return `${item.phase}, ${item.on}: ${item.title}${item.undo ? ' (undo)' : ''}`
  })
}

const PULL = 'prepare, all apps: Pull app:v2 (undo)'
const START = 'prepare, all apps: Start web_green with v2 (undo)'
const HEALTHY = 'check: Wait until v2 on green is healthy'
const REMEMBER = 'prepare, all apps: Write v2 into shop/.env (undo)'
const REACHABLE = 'check: Ask green where Nginx reaches it'
const SPARE = 'prepare, all proxies: Let green finish what it has begun (undo)'
const SWITCH = 'traffic, all proxies: Flip the switch from blue to green (undo)'
const RELOAD = 'traffic, all proxies: Point the upstream from blue to green and reload Nginx (undo)'
const ROUTE = 'check: See v2 on the route'
const WATCH = 'check: Watch v2 on green for 15 s'
const CONFIRM = 'confirm: Confirm v2 on green'
const UNCOVER = 'retire, all proxies: Stop falling back to the previous color'
const FORGET = 'retire, all apps: Remove what was kept for undoing'
const DRAIN = 'check: Let blue finish what it has begun'
const STOP = 'retire, all apps: Stop web_blue'
const SEE = 'retire, all apps: See that no requests go to blue'
const READY = 'prepare, all proxies: Ready the switch files'

const SERVES = 'retire, all proxies: See that v2 on green still serves'

const WHOLE = [
  PULL,
  START,
  HEALTHY,
  REMEMBER,
  REACHABLE,
  SPARE,
  SWITCH,
  ROUTE,
  WATCH,
  CONFIRM,
  UNCOVER,
  FORGET,
  DRAIN,
  STOP,
  SERVES,
]
const without = (...lines: readonly string[]) => WHOLE.filter((line) => !lines.includes(line))

const noQuestions = { next: asked('green'), previous: asked('blue') }

describe('the list of a release', () => {
  for (const [title, plan, expected] of [
    ['by a switch', planOf({}), WHOLE],
    ['by a switch without its other half', planOf({ router: bySwitch(false, 'green.off') }), without(UNCOVER)],
    [
      'the first one',
      planOf({
        router: bySwitch(true),
        prepare: claimStateDirectory(
          state,
          { upstream: 'app', project: 'shop' },
          { kind: 'missing', user: 'deploy', creatable: true },
        ),
      }),
      [`prepare, all proxies: Make ${state} the state directory of app (undo)`, `${READY} (undo)`, ...WHOLE],
    ],
    [
      'after a run that was killed in its watch',
      planOf({ router: bySwitch(true, 'green', 'backed') }),
      [READY, ...WHOLE],
    ],
    ['without a watch', planOf({ watch: 0 }), without(WATCH)],
    ['without a pull', planOf({}, { pull: 'never' }), without(PULL)],
    ['with the image where it is missing', planOf({}, { pull: 'missing' }), WHOLE],
    ['where nothing but the colors can be asked', planOf({ questions: noQuestions }), without(ROUTE)],
    [
      'with a dependency that never ran',
      planOf({}, { dependencies: [{ kind: 'start', service: 'db', condition: 'service_healthy', hashed: [] }] }),
      [PULL, 'prepare, all apps: Start db, which never ran', ...WHOLE.slice(1)],
    ],
    [
      'back to blue',
      planOf(
        { from: 'green', to: 'blue', router: bySwitch(true, 'green', 'backed.off') },
        { remembered: { others: {} } },
      ),
      WHOLE.map((line) => line.replace('blue to green', 'green to blue').replace(/(on |Ask |web_)green/, '$1blue')).map(
        (line) =>
          line
            .replace(/Let (blue|green)/, (_, color) => `Let ${color === 'blue' ? 'green' : 'blue'}`)
            .replace('Stop web_blue', 'Stop web_green'),
      ),
    ],
    [
      'with a previous color that stays',
      planOf({}, { previous: 'keep' }),
      WHOLE.map((line) => (line === STOP ? SEE : line)),
    ],
    [
      'with a previous color that goes',
      planOf({}, { previous: 'remove' }),
      WHOLE.map((line) => line.replace('Stop web_blue', 'Remove web_blue')),
    ],
    ['without a drain', planOf({ drain: 0 }), without(DRAIN, SPARE)],
    [
      'onto a color that still runs',
      planOf({ idleRuns: true }),
      WHOLE.toSpliced(1, 0, 'check: Let green finish what it has begun'),
    ],
    [
      'with hooks and a smoke test',
      planOf({
        hooks: hooksOf(
          { beforeStart: 'a', beforeFlip: 'b', afterFlip: 'c', afterRestore: 'd' },
          FACTS.target.directory,
          'deploy@host',
          {},
          1000,
        ),
        smoke: { command: 'e', from: 'deploy@host', address: { host: 'x', port: 1 }, variables: {}, deadline: 1000 },
      }),
      [
        PULL,
        'prepare, deploy@host: Hook before-start',
        START,
        HEALTHY,
        'check: Run the smoke test against v2 on green',
        REMEMBER,
        'prepare, deploy@host: Hook before-flip',
        REACHABLE,
        SPARE,
        'prepare, deploy@host: Hook after-restore (undo)',
        SWITCH,
        ROUTE,
        'prepare, deploy@host: Hook after-flip',
        ...WHOLE.slice(8),
      ],
    ],
    [
      'where older releases left images',
      planOf({}, { oldImages: ['sha256:1'] }),
      [...without(SERVES), 'retire, all apps: Remove images that no rollback needs', SERVES],
    ],
  ] as const) {
    test(title, () => assert.deepEqual(told(release(plan)), expected))
  }

  test('that leaves .env alone', () => {
    const { remembered: _, ...facts } = FACTS
    const plan = planOf({ runtime: composeRuntime(facts) })
    assert.deepEqual(told(release(plan)), without(REMEMBER))
  })

  test('by a reload', () => {
    const [settled, ...more] = told(byReload().finalize())
    assert.deepEqual(more, [])
    const expected = WHOLE.map((line) => (line === SWITCH ? RELOAD : line === UNCOVER ? settled : line))
    assert.deepEqual(told(release(planOf({ router: byReload() }))), expected)
  })
})

describe('a block with both lines active', () => {
  const half = 'server 127.0.0.1:8080; server 127.0.0.1:8081 down;'
  const MARK = 'prepare, all proxies: Mark green as down in the upstream and reload Nginx (undo)'
  const UNMARK = 'retire, all proxies: Remove the mark of blue in the upstream and reload Nginx'
  const listed = (router: Router) => told(release(planOf({ router })))
  test('is marked before anything starts, and loses the mark once the previous color is stopped', () => {
    const lines = listed(byReload(BOTH))
    assert.equal(lines[0], MARK)
    assert.equal(lines.indexOf(UNMARK), lines.indexOf(STOP) + 1)
  })
  for (const [title, router, wanted] of [
    ['keeps its mark where the previous color is kept', byReload(BOTH, { keeps: true }), [MARK]],
    ['is not made of one that the owner marked', byReload(half), []],
    ['loses the mark that an earlier release left', byReload(half, { marked: true }), [UNMARK]],
    ['is not made of one line, whatever an earlier release left', byReload(undefined, { marked: true }), []],
  ] as const) {
    test(title, () =>
      assert.deepEqual(
        listed(router).filter((line) => / mark /i.test(line)),
        wanted,
      ),
    )
  }
})

describe('in every list', () => {
  const items = release(planOf({}))
  const changes = items.filter((item): item is Change => item.kind === 'change')
  const flip = changes.find(({ phase }) => phase === 'traffic')
  const lines = told(items)

  test('what touches traffic can be undone, and proves both ways', () => {
    assert.ok(flip?.undo)
    assert.ok(flip.proof)
    assert.equal(flip.undoProof?.kind, 'until')
    const questions = flip.undoProof?.kind === 'until' ? flip.undoProof.probe.questions : []
    assert.deepEqual(questions.map(({ title }) => title).at(-1), 'the route before')
  })

  test('traffic never goes back to a color that does not answer; where nothing was live there is none', () => {
    assert.deepEqual([flip?.endpoints?.previous.title, flip?.endpoints?.next.title], ['blue', 'green'])
    const { previous: _, ...first } = planOf({})
    const [only] = release(first).filter((item) => item.kind === 'change' && item.phase === 'traffic')
    assert.ok(only?.kind === 'change' && only.endpoints === undefined)
  })

  test('nothing that retires comes before the confirmation, and nothing else after it', () => {
    const confirmation = lines.indexOf(CONFIRM)
    assert.deepEqual(
      lines.map((line) => line.startsWith('retire') || line === DRAIN),
      lines.map((_, i) => i > confirmation),
    )
  })

  test('the last proof before the flip is asked where Nginx runs', () => {
    const { nextFromProxy: _, ...questions } = planOf({}).questions
    const proofs = [items, release(planOf({ questions }))].map((list) => {
      const proof = list.find(({ title }) => `check: ${title}` === REACHABLE)
      assert.ok(proof?.kind === 'check' && proof.test.kind === 'until')
      return proof.test.probe.questions.map(({ title }) => title)
    })
    assert.deepEqual(proofs, [['green from the proxy'], ['green']])
  })

  test('undoing goes on if what only waits could not be waited for', () => {
    const waits = changes.filter(({ phase, title }) => phase === 'prepare' && title.startsWith('Let green finish'))
    assert.ok(waits.length > 0)
    assert.ok(waits.every(({ bestEffort }) => bestEffort))
  })

  test('the previous color, stopped by then, is started again when somebody sends requests there at the end', () => {
    const last = changes.findLast(({ title }) => `retire, all proxies: ${title}` === SERVES)
    assert.equal(last?.spares?.color, 'blue')
    assert.match(last?.spares?.wakes?.text ?? '', /docker compose .*start' web_blue|docker compose .*start web_blue/)
  })

  test('a container that ends is noticed while it is waited for, and while it is watched', () => {
    const watched = items.filter((item) => item.kind === 'check' && 'exitWatch' in item.test)
    assert.deepEqual(told(watched), [HEALTHY, WATCH])
  })

  test('each change says what it comes to, and so does each undo', () => {
    const kept = [
      ...hooksOf({ beforeStart: 'a', afterRestore: 'b' }, FACTS.target.directory, 'deploy@host', {}, 1).beforeStart,
    ]
    const reload = byReload().change({ blue: 100, green: 0 }, { blue: 0, green: 100 }, { next: 'v2' })
    for (const change of [
      ...changes,
      ...kept,
      ...reload,
      ...bySwitch(true).prepare('green'),
      ...byReload(BOTH).prepare('green'),
      ...byReload(BOTH).retired('blue'),
    ]) {
      assert.ok(change.effect?.does, change.title)
      assert.equal(change.effect.undoes !== undefined, change.undo !== undefined, change.title)
    }
  })

  test('is plain data: it survives being written down', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(items)), items)
  })
})

describe('a release that was confirmed, and then could not be seen any more', () => {
  const [at] = release(planOf({})).filter(({ title }) => title === 'Stop web_blue')
  assert.ok(at)
  const doubt = { at, cause: new Failure('drift', "It can't be told whether requests go to blue.") }
  const serves = (color: 'blue' | 'green', version: string): Serving => ({ kind: 'serves', live: { color, version } })
  const ends: readonly (readonly [Serving, string, string | undefined, string | undefined])[] = [
    [serves('green', 'v2'), 'released', undefined, 'green'],
    [serves('blue', 'v1'), 'stranded', 'flipped-by-others', 'blue'],
    [{ kind: 'silent', color: 'green', why: 'nobody' }, 'stranded', 'drift', undefined],
    [{ kind: 'unknown', why: 'nobody says.' }, 'stranded', 'drift', undefined],
  ]
  for (const [now, result, reason, color] of ends) {
    test(`${now.kind}: ${result}`, () => {
      const ended = conclude(planOf({}), { kind: 'done', doubt }, now)
      assert.deepEqual([ended.result, ended.reason, ended.live.color], [result, reason, color])
      if (result === 'stranded')
        assert.match(
          ended.sentences.join(' '),
          /can't be told .* had been confirmed .* (Requests go|Where requests go)/,
        )
    })
  }
})
