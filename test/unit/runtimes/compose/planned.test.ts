import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sentence } from '../../../../src/base/notice.ts'
import type { LedgerEntry } from '../../../../src/custody/ledger.ts'
import { Refused } from '../../../../src/release/conclusion.ts'
import type { Color } from '../../../../src/release/model.ts'
import { planSentence } from '../../../../src/release/plan.ts'
import { sentenceOf } from '../../../../src/release/reasons.ts'
import { container } from './fixtures.ts'
import {
  at,
  blue,
  blueAt,
  green,
  greenAt,
  lone,
  needy,
  open,
  planned,
  routeAt,
  type Scene,
  shared,
  single,
  stopping,
} from './planned.ts'

const plans: readonly {
  readonly title: string
  readonly scene: Scene
  readonly to: Color
  /** Version that is live; `none` where nothing is. */
  readonly previous: string
  /** Versions that `.env` is to have; absent where it is left alone. */
  readonly env?: readonly string[]
  readonly warnings?: readonly RegExp[]
  readonly notes?: readonly RegExp[]
}[] = [
  { title: 'blue is live', scene: {}, to: 'green', previous: 'v1', env: ['TAG_BLUE=v1', 'TAG_GREEN=v2', 'TAG=v2'] },
  {
    title: 'green is live, and blue still runs',
    scene: { live: 'green', containers: [blue, green], answers: { [blueAt]: 200, [greenAt]: 200, [routeAt]: 200 } },
    to: 'blue',
    previous: 'v1',
    env: ['TAG_GREEN=v1', 'TAG_BLUE=v2', 'TAG=v2'],
  },
  {
    title: 'nothing is live, and nothing ever was',
    scene: { containers: [], answers: {} },
    to: 'green',
    previous: 'none',
    env: ['TAG_GREEN=v2', 'TAG=v2'],
    notes: [/Nothing answers at blue \(127\.0\.0\.1:8080\)/],
  },
  {
    title: 'the live color is down: a hotfix must go out',
    scene: { answers: { [routeAt]: 502 } },
    to: 'green',
    previous: 'v1',
    env: ['TAG_BLUE=v1', 'TAG_GREEN=v2', 'TAG=v2'],
    warnings: [/The live color blue .* is not well/],
  },
  {
    title: 'a single service is adopted, and is not blue',
    scene: { containers: [single] },
    to: 'green',
    previous: 'v1',
    env: ['TAG_GREEN=v2', 'TAG=v2'],
    notes: [/ran as the container shop-web-1 until now.*docker stop shop-web-1 && docker rm shop-web-1/],
  },
  {
    title: 'a container of `docker run` is adopted',
    scene: { containers: [lone] },
    to: 'green',
    previous: 'v1',
    env: ['TAG_GREEN=v2', 'TAG=v2'],
    notes: [/docker stop web && docker rm web/],
  },
  {
    title: 'one variable for both colors: .env is left alone',
    scene: { project: shared },
    to: 'green',
    previous: 'v1',
    notes: [/`web_green` would be recreated \(TAG is v1 in `\.env`, and v2 runs\)/],
  },
  {
    title: 'the idle color is public',
    scene: { project: open },
    to: 'green',
    previous: 'v1',
    env: ['TAG_BLUE=v1', 'TAG_GREEN=v2', 'TAG=v2'],
    warnings: [/`web_green` publishes port 8081 on every interface.*`127\.0\.0\.1:8081:80`/],
  },
  {
    title: 'a dependency failed long ago',
    scene: {
      project: needy,
      containers: [blue, container({ service: 'db', name: 'shop-db-1' }, { status: 'exited', exitCode: 3 })],
    },
    to: 'green',
    previous: 'v1',
    env: ['TAG_BLUE=v1', 'TAG_GREEN=v2', 'TAG=v2'],
    warnings: [/`db` ended with 3 and is left as it is/],
  },
]

describe('a deploy is planned', () => {
  for (const { title, scene, to, previous, env, warnings = [], notes = [] } of plans) {
    test(title, async () => {
      const found = await planned({ ...scene, inputs: { 'version-variable': 'TAG', ...scene.inputs } })
      const { plan } = found
      assert.deepEqual([plan.from, plan.to], to === 'green' ? ['blue', 'green'] : ['green', 'blue'])
      assert.equal(plan.previous === undefined ? 'none' : plan.previous.version, previous)
      const [remembered] = plan.runtime.recordVersion(to, plan.version)
      assert.deepEqual(
        env ?? [],
        (remembered?.do.shell.text.match(/TAG\w* v\d/g) ?? []).map((set) => set.replace(' ', '=')),
      )
      const warned = found.warnings.map(sentence)
      assert.equal(warned.length, warnings.length, warned.join('\n'))
      for (const [i, pattern] of warnings.entries()) assert.match(warned[i] ?? '', pattern)
      for (const pattern of notes) assert.match(found.notes.map(sentence).join('\n'), pattern)
    })
  }

  const periods: readonly (readonly [period: string | undefined, inputs: Scene['inputs'], told: string | undefined])[] =
    [
      [undefined, {}, 'is killed 10 s after it is told to stop (`stop_grace_period`), and `drain-timeout` is 30 s'],
      ['29s', {}, 'Write `stop_grace_period: 30s` in the compose file.'],
      ['1500ms', { 'drain-timeout': '2s' }, 'is killed 1.5 s after'],
      ['1500ms', { 'drain-timeout': '2s', previous: 'remove' }, 'is killed 1.5 s after'],
      ['30s', {}, undefined],
      ['1m30s', {}, undefined],
      [undefined, { 'drain-timeout': '10s' }, undefined],
      [undefined, { 'drain-timeout': '0s' }, undefined],
      [undefined, { previous: 'keep' }, undefined],
    ]
  for (const [period, inputs, told] of periods) {
    test(`stop_grace_period ${period}, with ${JSON.stringify(inputs)}, is ${told === undefined ? 'no' : 'a'} note`, async () => {
      const found = await planned({ project: stopping(period), ...(inputs && { inputs }) })
      const notes = found.notes.filter(({ code }) => code === 'grace-short').map(sentence)
      assert.equal(notes.length, told === undefined ? 0 : 1)
      if (told !== undefined) assert.ok(notes[0]?.startsWith('`web_blue` ') && notes[0].includes(told), notes[0])
    })
  }

  test('what proves that traffic is back is only asked where it held before', async () => {
    assert.ok((await planned({})).plan.questions.routeBefore)
    assert.equal((await planned({ answers: {} })).plan.questions.routeBefore, undefined)
  })

  test('the idle color is known to run, so that it is drained before it is made anew', async () => {
    const answers = { [blueAt]: 200, [greenAt]: 200, [routeAt]: 200 }
    assert.equal((await planned({ containers: [blue, green], answers })).plan.idleRuns, true)
    assert.equal((await planned({})).plan.idleRuns, false)
  })
})

const refusals: readonly (readonly [title: string, scene: Scene, reason: string, sentence: RegExp])[] = [
  [
    'the public route fails while the live color is well',
    { answers: { [blueAt]: 200, [routeAt]: 404 } },
    'verify-unusable',
    /The public route cannot judge a release.*answered 404.*Set `verify-url`/,
  ],
  [
    'the other color sits at the live address',
    { containers: [container({ service: 'web_green', ...at(blueAt) })] },
    'drift',
    /which is the container of green/,
  ],
  [
    'another project sits at the live address',
    { containers: [container({ project: 'other', ...at(blueAt) })] },
    'drift',
    /of the compose project `other`.*`project-name: other`/,
  ],
  [
    'the old container sits at the idle address',
    { containers: [blue, container({ service: 'web', name: 'shop-web-1', ...at(greenAt) })] },
    'drift',
    /127\.0\.0\.1:8081, the address of green, is taken.*docker stop shop-web-1 && docker rm shop-web-1/,
  ],
  [
    'something that is no container listens at the idle address',
    { answers: { [blueAt]: 200, [greenAt]: 200, [routeAt]: 200 } },
    'drift',
    /Something that is no container answers at 127\.0\.0\.1:8081/,
  ],
]

describe('a version that the ledger knows is told', () => {
  const entry: LedgerEntry = {
    ...{ version: 'v1', color: 'blue', image: 'sha256:1', container: blue.id, digests: [], compose: 'hash' },
    ...{ started: '2026-01-01T00:00:00Z', confirmed: '2026-01-01T00:00:01Z', result: 'released' },
  }
  const renamed = { ...blue, imageName: 'elsewhere/app' }
  for (const [title, container, ledger] of [
    ['by the name of its image', blue, []],
    ['by the id of its image', { ...renamed, id: 'another' }, [entry]],
    ['by its container, whatever the image is by now', { ...renamed, image: 'sha256:2' }, [entry]],
  ] as const) {
    test(title, async () => {
      const { plan } = await planned({ containers: [container], ledger })
      assert.equal(plan.previous?.version, 'v1')
      assert.match(planSentence(plan), /^v1 on blue is live\./)
    })

    test(`${title}, when the deploy is refused for the idle color alone`, async () => {
      const old = green.bindings
      const scene = { containers: [container, { ...single, bindings: old }], ledger }
      const cause: unknown = await planned(scene).catch((refused: unknown) => refused)
      assert.ok(cause instanceof Refused)
      assert.deepEqual(cause.live, { color: 'blue', version: 'v1' })
    })
  }

  test('and none where nobody knows it', async () => {
    const { plan } = await planned({ containers: [renamed], ledger: [{ ...entry, image: 'sha256:9', container: 'x' }] })
    assert.deepEqual(plan.previous, {})
    assert.match(planSentence(plan), /^An unknown version on blue is live\./)
  })
})

describe('a deploy is refused while it is planned', () => {
  for (const [title, scene, reason, sentence] of refusals) {
    test(title, async () => {
      const cause: unknown = await planned(scene).then(
        () => undefined,
        (refused: unknown) => refused,
      )
      assert.match(sentenceOf(cause), sentence)
      const [first] = cause instanceof Refused ? cause.errors : [cause]
      assert.equal(first.reason, reason)
    })
  }
})
