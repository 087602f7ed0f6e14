import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endedEarly } from '../../src/ended.ts'
import { Failure } from '../../src/release/reasons.ts'

describe('a run that is refused before its first change', () => {
  for (const [command, result] of [
    ['deploy', 'unchanged'],
    ['rollback', 'unchanged'],
    ['status', 'problems'],
    ['check', 'problems'],
    ['unlock', 'problems'],
  ] as const) {
    test(`${command}: ${result}`, () => {
      const { conclusion } = endedEarly(command, 'Read the inputs', [
        new Failure('invalid-inputs', '`host` is missing.'),
      ])
      assert.deepEqual([conclusion.result, conclusion.reason], [result, 'invalid-inputs'])
    })
  }
})
