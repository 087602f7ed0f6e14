import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { acts, faultsOf, type Seen } from '../../demo/acts.ts'
import { footnotes, results } from '../../demo/closing.ts'
import type { LoadResult } from '../../lab/load.ts'

const traffic: LoadResult = {
  requests: 5000,
  lost: 0,
  failures: [],
  lostBy: {},
  byVersion: { v1: 2500, v2: 2500 },
  firstSeen: {},
  lastSeen: {},
  slowest: 20,
  duration: 5000,
}
const lost = (lostBy: Record<string, number>): LoadResult => ({
  ...traffic,
  lost: Object.values(lostBy).reduce((sum, count) => sum + count, 0),
  lostBy,
})

function seen(version: string, more: Partial<Seen> = {}): Seen {
  const act = acts.find((candidate) => candidate.version === version)
  assert.ok(act)
  const exitCode = act.result === 'released' ? 0 : 1
  return { act, result: act.result, exitCode, duration: 5000, serves: act.serves, traffic, ...more }
}

describe('what the demo takes for wrong', () => {
  const v4 = { ...traffic.byVersion, 'v4-wears-out': 900 }
  for (const [title, one, wrong] of [
    ['a good release', seen('v2'), []],
    ['another result', seen('v2', { result: 'restored' }), [/should have ended released, and ended restored/]],
    ['no result', seen('v2', { result: '' }), [/ended without a result/]],
    ['a red step of a good release', seen('v2', { exitCode: 1 }), [/exit code 1/]],
    ['a green step of a bad one', seen('v3-never-healthy', { exitCode: 0 }), [/exit code 0/]],
    ['another version that serves', seen('v2', { serves: 'v1' }), [/v2 should serve, and v1 does/]],
    [
      'one request lost',
      seen('v2', { traffic: lost({ 'GET ECONNRESET': 1 }) }),
      [/lost during v2: 1 × GET ECONNRESET/],
    ],
    ['a POST that v2 answered with 500', seen('v2', { traffic: lost({ 'POST 500': 1 }) }), [/1 × POST 500/]],
    ['hardly any load', seen('v2', { traffic: { ...traffic, requests: 3 } }), [/Only 3 requests/]],
    ['a version that nobody saw', seen('v2', { traffic: { ...traffic, byVersion: { v1: 5000 } } }), [/ever saw v2/]],
    [
      'a refused one that somebody saw',
      seen('v3-never-healthy', { traffic: { ...traffic, byVersion: { 'v3-never-healthy': 1 } } }),
      [/Clients saw v3-never-healthy/],
    ],
    ["v4's own answers", seen('v4-wears-out', { traffic: { ...lost({ 'POST 500': 9 }), byVersion: v4 } }), []],
    [
      "what is not v4's own",
      seen('v4-wears-out', { traffic: { ...lost({ 'POST 500': 9, 'GET 500': 2 }), byVersion: v4 } }),
      [/: 2 × GET 500\./],
    ],
  ] as const) {
    test(title, () => {
      const faults = faultsOf(one)
      assert.equal(faults.length, wrong.length, faults.join('\n'))
      for (const [index, pattern] of wrong.entries()) assert.match(faults[index] ?? '', pattern)
    })
  }
})

test('the table marks, and explains, only what was the own doing of a version', () => {
  const all = [
    { act: seen('v1').act, result: 'released', exitCode: 0, duration: 4321, serves: 'v1' },
    seen('v2', { traffic: lost({ 'GET ECONNRESET': 3 }) }),
    seen('v4-wears-out', { traffic: lost({ 'POST 500': 11 }) }),
  ]
  assert.deepEqual(results(all), [
    'release        result      time   requests   requests lost',
    '──────────────────────────────────────────────────────────',
    'v1             released   4.3 s          –               –',
    'v2             released   5.0 s      5,000               3',
    'v4-wears-out   restored   5.0 s      5,000             11*',
  ])
  assert.deepEqual(
    footnotes(all).map((note) => note.slice(0, 42)),
    ['* 11 POSTs that v4-wears-out itself answer'],
  )
})
