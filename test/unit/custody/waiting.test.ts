import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beginWaiting, noticed, waitsUntil } from '../../../src/custody/waiting.ts'

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
      const last = times.reduce(
        (before, [now, age, number]) =>
          noticed(before, { kind: 'busy', lease: { number, lease: 30_000 }, age, asked: false, ends: false }, now),
        beginWaiting(0, 0),
      )
      assert.equal(waitsUntil(last, true), until)
      assert.equal(waitsUntil(last, false), 0, 'A deploy waits for nothing but its own patience.')
    })
  }
})

describe('a lease that is held is waited for', () => {
  const holder = { run: '', actor: 'octocat', version: 'v2', command: 'deploy', since: '' }
  const busy = { kind: 'busy', lease: { number: 1, lease: 90_000, holder }, age: 0, asked: false, ends: false } as const

  test('as long as the user allows, where it would be stale only after a minute', () =>
    assert.equal(waitsUntil(noticed(beginWaiting(0, 5000), busy, 0), true), 5000))

  test('for a minute where it was asked to restore, from when it was asked first', () => {
    const once = noticed(beginWaiting(0, 0), { ...busy, asked: true }, 1000)
    assert.equal(waitsUntil(once, true), 61_000)
    assert.equal(once.asked, holder)
    assert.equal(waitsUntil(noticed(once, { ...busy, asked: true }, 9000), true), 61_000)
  })

  test('for two where it is confirmed and only cleans up, also after it was asked to restore', () => {
    const asked = noticed(beginWaiting(0, 0), { ...busy, asked: true }, 1000)
    const ends = noticed(asked, { ...busy, ends: true }, 5000)
    assert.equal(waitsUntil(ends, true), 125_000)
    assert.equal(waitsUntil(noticed(ends, { ...busy, ends: true }, 9000), true), 125_000)
  })

  test('for as long as the user allows where that is longer', () =>
    assert.equal(waitsUntil(noticed(beginWaiting(0, 600_000), { ...busy, asked: true }, 0), true), 600_000))
})
