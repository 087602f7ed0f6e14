import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keeping, lineSplitter } from '../../../src/host/kept.ts'

describe('what is kept of a text', () => {
  const cases: readonly (readonly [string, { head: number; tail: number }, readonly string[], string, number])[] = [
    ['all of a short one', { head: 4, tail: 4 }, ['abc', 'de'], 'abcde', 0],
    ['all that just fits', { head: 4, tail: 4 }, ['abcdefgh'], 'abcdefgh', 0],
    ['both ends', { head: 2, tail: 3 }, ['abcdefgh'], 'ab\n… 3 characters were left out …\nfgh', 3],
    ['both ends of pieces', { head: 2, tail: 3 }, [...'abcdefgh'], 'ab\n… 3 characters were left out …\nfgh', 3],
    ['only the beginning', { head: 2, tail: 0 }, ['abc', 'def'], 'ab\n… 4 characters were left out …\n', 4],
    ['nothing', { head: 0, tail: 0 }, [], '', 0],
  ]
  for (const [title, ends, pieces, text, leftOut] of cases) {
    test(title, () => {
      const kept = keeping(ends)
      for (const piece of pieces) kept.add(piece)
      assert.deepEqual([kept.text(), kept.leftOut()], [text, leftOut])
    })
  }

  test('the memory does not grow with it', () => {
    const kept = keeping({ head: 100, tail: 100 })
    for (let i = 0; i < 10_000; i++) kept.add('x'.repeat(1000))
    assert.equal(kept.leftOut(), 10_000_000 - 200)
    assert.ok(kept.text().length < 300)
  })
})

describe('lines', () => {
  const hear = (...pieces: readonly string[]) => {
    const lines: string[] = []
    const splitter = lineSplitter((line) => lines.push(line))
    for (const piece of pieces) splitter.hear(piece)
    splitter.end()
    return lines
  }
  test('come in pieces, with any line end, the last one without', () =>
    assert.deepEqual(hear('a', 'b\r\n\nc', 'd\ne'), ['ab', '', 'cd', 'e']))
  test('without an end are cut, and say so', () => {
    const [line = '', ...others] = hear(...Array.from({ length: 100 }, () => 'x'.repeat(1000)))
    assert.match(line, /^x{4000}… \(96,000 more characters\)$/)
    assert.deepEqual(others, [])
  })
})
