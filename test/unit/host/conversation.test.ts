import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { listener } from '../../../src/host/conversation.ts'

function hear(chunks: readonly Buffer[]) {
  const lines: string[] = []
  const marks: string[] = []
  const ear = listener('MARK', {
    onMark: (words) => marks.push(words),
    onLine: (line) => lines.push(line),
    keeps: { head: 1000, tail: 0 },
  })
  for (const chunk of chunks) ear.hear(chunk)
  return { ...ear.end(), lines, marks }
}

describe('listener', () => {
  const cases: readonly (readonly [string, string, { text: string; lines: string[]; marks: string[] }])[] = [
    ['noise before the mark', 'hello\nworldMARK 42\nout\n', { text: 'out\n', lines: ['out'], marks: ['42'] }],
    ['an unfinished last line', 'MARK 1\na\r\n\né€😀', { text: 'a\r\n\né€😀', lines: ['a', '', 'é€😀'], marks: ['1'] }],
    ['the mark again', 'MARK 1\nMARK 2\n', { text: 'MARK 2\n', lines: ['MARK 2'], marks: ['1'] }],
    ['nothing after it', 'MARK 7\n', { text: '', lines: [], marks: ['7'] }],
    ['no mark: all of it', 'sh: Syntax error\n', { text: 'sh: Syntax error\n', lines: [], marks: [] }],
  ]
  for (const [title, text, expected] of cases) {
    test(`${title}, whole and byte by byte`, () => {
      const bytes = Buffer.from(text)
      for (const chunks of [[bytes], [...bytes].map((byte) => Buffer.from([byte]))]) {
        assert.deepEqual(hear(chunks), { ...expected, marked: expected.marks.length > 0 })
      }
    })
  }
})

describe('a login that never stops printing', () => {
  test('is noticed, and only its ends are kept', () => {
    let noticed = 0
    const ear = listener('MARK', { onMark: () => assert.fail(), onLine: () => assert.fail(), onNoise: () => noticed++ })
    for (let i = 0; i < 1000; i++) ear.hear(Buffer.from(`welcome ${i}\n`.repeat(100)))
    assert.ok(noticed > 0)
    assert.match(ear.noise(), /^welcome 0\n/)
    assert.ok(ear.noise().length < 100_000)
  })
})
