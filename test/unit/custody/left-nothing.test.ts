import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerEntry } from '../../../src/custody/ledger.ts'
import { leftNothing } from '../../../src/custody/recovery.ts'

const entry = (version: string, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ version, color: 'green', image: 'sha256:1', container: 'c', digests: [], compose: 'x' },
  ...{ run: 'https://github.com/o/r/actions/runs/1', started: '2026-01-01T00:00:00.000Z', confirmed: 'later' },
  ...{ result: 'released' as const, ...more },
})
const own = entry('v2')
const rows: readonly (readonly [string, readonly LedgerEntry[], string, RegExp])[] = [
  ['an empty ledger', [], 'nothing', /changed nothing, or had undone it/],
  ['another run', [entry('v1', { run: 'https://github.com/o/r/actions/runs/2' })], 'nothing', /changed nothing/],
  ['another attempt of this run', [entry('v1', { started: '2025-12-31T00:00:00.000Z' })], 'nothing', /changed nothing/],
  ['its release', [entry('v1', { run: '' }), own], 'confirmed', /ended well by itself: v2 went live on green\./],
  [
    'its release, flipped back',
    [own, { ...entry('v1', { color: 'blue' }), result: 'restored' }],
    'flipped-back',
    /somebody else put traffic back to v1 on blue/,
  ],
]
for (const [title, ledger, how, said] of rows) {
  test(`a run that left nothing, and a ledger with ${title}: ${how}`, () => {
    const settled = leftNothing(own.run ?? '', own.started, ledger, {})
    assert.equal(settled.how, how)
    assert.match(settled.sentence, said)
  })
}
