import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure, sentenceOf } from '../../../src/release/reasons.ts'
import { blueAt, looked, released, routeAt, type Scene } from './context.ts'

const scenes: readonly {
  readonly title: string
  readonly scene: Scene
  readonly live: object
  readonly problems?: readonly RegExp[]
  readonly rollback?: RegExp
}[] = [
  { title: 'all is well', scene: {}, live: { color: 'blue', version: 'v1' }, rollback: /ledger/ },
  {
    title: 'there is something to go back to',
    scene: {
      inputs: { command: 'status', version: '' },
      runs: { blue: 'v2' },
      ledger: [released('v1', 'green'), released('v2', 'blue')],
    },
    live: { color: 'blue', version: 'v2' },
    rollback: /^v1, released 2026/,
  },
  {
    title: 'the live color is down',
    scene: { answers: { [blueAt]: 503, [routeAt]: 503 } },
    live: { color: 'blue', version: 'v1' },
    problems: [/The live color blue is not well.*503/],
  },
  {
    title: 'the live color is well, and the public route is not',
    scene: { answers: { [blueAt]: 200, [routeAt]: 503 } },
    live: { color: 'blue', version: 'v1' },
    problems: [/through .* it is not.*503/],
  },
  {
    title: 'nothing answers',
    scene: { answers: {} },
    live: {},
    problems: [/The live color blue is not well/],
  },
  {
    title: 'somebody else sits at the live address',
    scene: { fault: 'blue' },
    live: { color: 'blue' },
    problems: [/sits at blue/],
  },
  {
    title: 'requests reach the other color',
    scene: { confirmed: { refusals: [new Failure('drift', 'They reach green.')], notes: [], reaches: 'green' } },
    live: { color: 'green' },
    problems: [/They reach green/],
  },
  {
    title: 'what serves is not what was released last',
    scene: { ledger: [released('v9', 'green')] },
    live: { color: 'blue', version: 'v1' },
    problems: [/v9 on green/],
  },
  {
    title: 'an idle color runs that should not',
    scene: { stray: true },
    live: { color: 'blue', version: 'v1' },
    problems: [/The idle color runs/],
  },
  {
    title: 'a run was ended in the middle',
    scene: { abandoned: true },
    live: { color: 'blue', version: 'v1' },
    problems: [/not recovered yet/],
  },
  { title: 'the router is silent', scene: { silent: true }, live: {}, problems: [/The router is silent/] },
  { title: 'the router cannot be used', scene: { unusable: true }, live: {}, problems: [/It cannot be used/] },
  {
    title: 'there is no state directory, and none can be made',
    scene: { state: { kind: 'missing', user: 'deploy', creatable: false } as NonNullable<Scene['state']> },
    live: {},
    problems: [/./],
  },
  {
    title: 'the state directory is of another target',
    scene: {
      state: {
        ...{ kind: 'usable', user: 'deploy', files: new Set<string>(), path: [] },
        target: { upstream: 'other', project: 'shop' },
      } as NonNullable<Scene['state']>,
    },
    live: {},
    problems: [/other/],
  },
]

describe('a target is looked at', () => {
  for (const { title, scene, live, problems = [], rollback } of scenes) {
    test(title, async () => {
      const found = await looked(scene)
      assert.deepEqual(found.live, live)
      const told = found.problems.map(sentenceOf)
      assert.equal(told.length, problems.length, told.join('\n'))
      for (const [i, pattern] of problems.entries()) assert.match(told[i] ?? '', pattern)
      if (rollback !== undefined) assert.match(found.rollback ?? '', rollback)
    })
  }
})
