import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sentence } from '../../../src/base/notice.ts'
import { Refused } from '../../../src/release/conclusion.ts'
import { planSentence } from '../../../src/release/plan.ts'
import { Failure, sentenceOf } from '../../../src/release/reasons.ts'
import { release } from '../../../src/release/release.ts'
import { blueAt, greenAt, planned, released, routeAt, type Scene } from './context.ts'

const all = { [blueAt]: 200, [greenAt]: 200, [routeAt]: 200 }

const plans: readonly {
  readonly title: string
  readonly scene: Scene
  readonly says: string
  readonly warnings?: readonly RegExp[]
  readonly notes?: readonly RegExp[]
}[] = [
  {
    title: 'blue is live',
    scene: {},
    says: 'v1 on blue is live. v2 goes to green; the flip is a word.',
  },
  {
    title: 'green is live',
    scene: { live: 'green', runs: { green: 'v1' }, answers: all },
    says: 'v1 on green is live. v2 goes to blue; the flip is a word.',
  },
  {
    title: 'nobody knows the version that is live',
    scene: { runs: {} },
    says: 'An unknown version on blue is live. v2 goes to green; the flip is a word.',
  },
  {
    title: 'nothing is live, and nothing ever was',
    scene: { runs: {}, answers: {} },
    says: 'Nothing is live: The router sends traffic to blue, where nothing answers. v2 goes to green; the flip is a word.',
    notes: [/Nothing answers at blue \(127\.0\.0\.1:8080\)/],
  },
  {
    title: 'nothing is live any more',
    scene: { runs: {}, answers: {}, ledger: [released('v1', 'blue')] },
    says: 'Nothing is live: The router sends traffic to blue, where nothing answers. v2 goes to green; the flip is a word.',
    warnings: [/Nothing answers at blue/],
  },
  {
    title: 'the live color is down: a hotfix must go out',
    scene: { answers: { [blueAt]: 500, [routeAt]: 502 } },
    says: 'v1 on blue is live. v2 goes to green; the flip is a word.',
    warnings: [/The live color blue .* is not well/],
  },
  {
    title: 'no public route is known',
    scene: { routeless: true },
    says: 'v1 on blue is live. v2 goes to green; the flip is a word.',
    warnings: [/public route/],
  },
  {
    title: 'a rollback',
    scene: {
      inputs: { command: 'rollback', version: '', upload: 'a-file' },
      runs: { blue: 'v2' },
      ledger: [released('v1', 'green', { commit: 'c1' }), released('v2', 'blue', { commit: 'c2' })],
    },
    says: 'v2 on blue is live. v1 comes back on green; the flip is a word.',
    notes: [/upload/],
  },
  {
    title: 'a rollback that is to fix the public route',
    scene: {
      inputs: { command: 'rollback', version: '' },
      runs: { blue: 'v2' },
      ledger: [released('v1', 'green'), released('v2', 'blue')],
      answers: { [blueAt]: 200, [routeAt]: 500 },
    },
    says: 'v2 on blue is live. v1 comes back on green; the flip is a word.',
    warnings: [/500/],
  },
]

describe('a release is planned', () => {
  for (const { title, scene, says, warnings = [], notes = [] } of plans) {
    test(title, async () => {
      const found = await planned(scene)
      assert.equal(planSentence(found.plan), says)
      const warned = found.warnings.map(sentence)
      assert.equal(warned.length, warnings.length, warned.join('\n'))
      for (const [i, pattern] of warnings.entries()) assert.match(warned[i] ?? '', pattern)
      for (const pattern of notes) assert.match(found.notes.map(sentence).join('\n'), pattern)
    })
  }

  test('its parts stand in their order', async () => {
    const { plan } = await planned({ inputs: { 'after-flip': './warm-up', 'smoke-test': './smoke' } })
    assert.deepEqual(
      release(plan).map(({ title }) => title),
      [
        'Pull v2 for green',
        'Start green with v2',
        'Wait until v2 on green is healthy',
        'Run the smoke test against v2 on green',
        'Ask green where The router reaches it',
        'Send requests from blue to green',
        'See v2 on the public route',
        'Hook after-flip',
        'Watch v2 on green for 15 s',
        'Confirm v2 on green',
        'Stop blue',
        'See that v2 on green still serves',
      ],
    )
  })

  test('the color is asked as the router would', async () => {
    const { plan } = await planned({})
    assert.deepEqual(plan.questions.next.request, {
      ...{ address: '127.0.0.1', port: greenAt, path: '/', host: 'shop.example.org', scheme: 'https' },
    })
    const own = await planned({ inputs: { 'health-host': 'own.example.org', 'health-match': 'is {version}' } })
    assert.equal(own.plan.questions.next.request.host, 'own.example.org')
    assert.deepEqual(own.plan.questions.next.expect.match, { kind: 'text', text: 'is v2' })
    assert.deepEqual(own.plan.questions.previous.expect.match, { kind: 'text', text: 'is v1' })
  })

  test('what proves that traffic is back is only asked where it held before', async () => {
    assert.ok((await planned({})).plan.questions.routeBefore)
    assert.equal((await planned({ answers: {} })).plan.questions.routeBefore, undefined)
  })

  test('the public route is seen before only where the version is not in its answer', async () => {
    assert.deepEqual(
      (await planned({})).plan.questions.routeSeen?.map(({ body }) => body),
      ['v1', 'v1'],
    )
    const named = await planned({ inputs: { 'verify-match': 'v1' } })
    assert.ok(named.plan.questions.routeSeen)
    const told = await planned({ inputs: { 'verify-match': '{version}' } })
    assert.equal(told.plan.questions.routeSeen, undefined)
  })

  test('an idle color that runs is drained before it is recreated', async () => {
    assert.equal((await planned({ runs: { blue: 'v1', green: 'v0' }, answers: all })).plan.idleRuns, true)
    assert.equal((await planned({})).plan.idleRuns, false)
  })

  test('commits of what is live and of what comes back are told', async () => {
    const ledger = [released('v1', 'green', { commit: 'c1' }), released('v2', 'blue', { commit: 'c2' })]
    const inputs = { command: 'rollback', version: '' }
    const { commits, plan } = await planned({ runs: { blue: 'v2' }, ledger, inputs })
    assert.deepEqual(commits, { live: 'c2', next: 'c1' })
    assert.deepEqual([plan.commit, plan.refused], ['c1', 'v2'])
  })
})

const refusals: readonly (readonly [title: string, scene: Scene, reason: string, said: RegExp, live: object])[] = [
  [
    'the public route fails while the live color is well',
    { answers: { [blueAt]: 200, [routeAt]: 404 } },
    'verify-unusable',
    /answered 404.*Set `verify-url`/,
    { color: 'blue', version: 'v1' },
  ],
  [
    'the public route is broken while the live color is well',
    { answers: { [blueAt]: 200, [routeAt]: 500 } },
    'verify-unusable',
    /answered 500/,
    { color: 'blue', version: 'v1' },
  ],
  ['the router does not answer', { silent: true }, 'drift', /The router is silent/, {}],
  ['somebody else sits at the live address', { fault: 'blue' }, 'drift', /sits at blue/, { color: 'blue' }],
  [
    'somebody else sits at the idle address',
    { fault: 'green' },
    'drift',
    /sits at green/,
    { color: 'blue', version: 'v1' },
  ],
  [
    'requests reach the other color',
    {
      runs: { blue: 'v1', green: 'v0' },
      confirmed: { refusals: [new Failure('drift', 'They reach green.')], notes: [], reaches: 'green' },
    },
    'drift',
    /They reach green/,
    { color: 'green', version: 'v0' },
  ],
  [
    'where requests go cannot be said',
    { confirmed: { refusals: [new Failure('drift', 'Nobody knows.')], notes: [] } },
    'drift',
    /Nobody knows/,
    {},
  ],
  [
    'there is nothing to go back to',
    { inputs: { command: 'rollback', version: '' } },
    'rollback-impossible',
    /./,
    { color: 'blue', version: 'v1' },
  ],
]

describe('a release is refused while it is planned', () => {
  for (const [title, scene, reason, said, live] of refusals) {
    test(title, async () => {
      const cause: unknown = await planned(scene).then(
        () => undefined,
        (refused: unknown) => refused,
      )
      assert.match(sentenceOf(cause), said)
      const [first] = cause instanceof Refused ? cause.errors : [cause]
      assert.equal(first.reason, reason)
      if (cause instanceof Refused) assert.deepEqual(cause.live, live)
    })
  }
})
