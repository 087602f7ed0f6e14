import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { boundedReport, reportOf } from '../../../src/front/report.ts'

const report = (sentences: readonly string[], evidence: readonly string[]) =>
  reportOf(
    { result: 'unchanged', sentences, evidence, live: {}, previous: {} },
    { command: 'deploy', version: 'v2', duration: 1, roundTrips: 1, requests: 1, notes: sentences, shown: evidence },
    { steps: [], warnings: sentences },
  )

describe('the report', () => {
  test('is what it is where the runner takes it', () => {
    const small = report(['a'.repeat(100_000)], ['b'])
    assert.equal(boundedReport(small), small)
  })

  for (const [title, sentences, evidence] of [
    ['texts that are too long', ['a'.repeat(1_000_000)], ['ü'.repeat(500_000)]],
    ['lists that are too long', Array.from({ length: 5000 }, () => 'é'.repeat(1000)), []],
    [
      'both',
      Array.from({ length: 1000 }, () => 'x'.repeat(10_000)),
      Array.from({ length: 1000 }, () => 'x'.repeat(10_000)),
    ],
  ] as const) {
    test(`is cut where it has ${title}`, () => {
      const bounded = boundedReport(report(sentences, evidence))
      assert.ok(Buffer.byteLength(JSON.stringify(bounded)) < 1_000_000)
      assert.equal(bounded.result, 'unchanged')
      assert.match(bounded.failure[0] ?? '', /^.+… \([\d,]+ more characters\)$/)
    })
  }
})
