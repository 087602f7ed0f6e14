import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseUpload } from '../../src/upload.ts'

describe('a line of upload', () => {
  for (const [line, expected] of [
    ['compose.yaml', { local: 'compose.yaml', remote: 'compose.yaml' }],
    ['deploy/compose.yaml => compose.yaml', { local: 'deploy/compose.yaml', remote: 'compose.yaml' }],
    ['a b.ini=>c d.ini', { local: 'a b.ini', remote: 'c d.ini' }],
    ['./a//b/../c', { local: './a//b/../c', remote: 'a/c' }],
    ['.', { local: '.', remote: '.' }],
    ['..a => ...', { local: '..a', remote: '...' }],
    ['a => ..', undefined],
    ['../secrets', undefined],
    ['a/../../b => c', undefined],
    ['/etc/passwd => x', undefined],
    ['a => /etc/x', undefined],
    ['a => ../x', undefined],
    ['a => b => c', undefined],
    ['=> x', undefined],
    ['a =>', undefined],
  ] as const) {
    test(`${line} ${expected === undefined ? 'is a mistake' : `goes to ${expected.remote}`}`, () => {
      const parsed = parseUpload(line)
      if (expected !== undefined) assert.deepEqual(parsed, expected)
      else assert.ok('mistake' in parsed && parsed.mistake.includes(`has the line \`${line}\`; write \`local\``))
    })
  }
})
