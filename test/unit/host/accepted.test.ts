import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAccepted } from '../../../src/host/accepted.ts'

test('what was counted is read by name, and why something was not', () => {
  const printed = '0 blue 4711 2\n1 green it does not run\nnoise\n0 other \n'
  assert.deepEqual(
    readAccepted(printed),
    new Map([
      ['blue', { kind: 'counted', accepted: 4711, connected: 2 }],
      ['green', { kind: 'unknown', why: 'it does not run' }],
      ['other', { kind: 'unknown', why: '' }],
    ]),
  )
})
