import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pulse } from '../../../src/custody/pulse.ts'

/** What is heard at which time of a lease of 30 s, as [time, milliseconds since the last beat, number]. */
const heard: readonly (readonly [string, readonly (readonly [number, number, number])[], number])[] = [
  ['once', [[10_000, 4_000, 1]], 36_500],
  [
    'nothing more',
    [
      [10_000, 4_000, 1],
      [12_000, 6_000, 1],
      [30_000, 24_100, 1],
    ],
    36_500,
  ],
  [
    'nothing more, and the answer was late',
    [
      [10_000, 4_000, 1],
      [12_900, 6_000, 1],
    ],
    36_500,
  ],
  [
    'a beat',
    [
      [10_000, 4_000, 1],
      [12_000, 1_000, 1],
    ],
    0,
  ],
  [
    'a beat, and nothing more',
    [
      [10_000, 4_000, 1],
      [12_000, 1_000, 1],
      [14_000, 3_000, 1],
    ],
    0,
  ],
  [
    'a beat, and then another run',
    [
      [10_000, 4_000, 1],
      [12_000, 1_000, 1],
      [13_000, 100, 2],
    ],
    43_400,
  ],
]

describe('a lease that is held is waited for until it is stale, where there was heard', () => {
  for (const [title, times, until] of heard) {
    test(title, () => {
      const listen = pulse()
      const told = times.map(([now, age, number]) =>
        listen({ kind: 'busy', lease: { number, lease: 30_000 }, age, asked: false, ends: false }, now),
      )
      assert.equal(told.at(-1), until)
    })
  }
})
