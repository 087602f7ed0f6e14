import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { lines, sh, userCommand } from '../../../src/host/quote.ts'

const nasty = [
  '',
  ' ',
  "it's",
  "''",
  '"',
  '$HOME',
  '$(id)',
  '`id`',
  '\\',
  '\\n',
  'a\nb',
  '\n',
  '*',
  '~',
  '#x',
  '!x',
  '{a,b}',
  '-n',
  'a;b',
  'a&&b',
  '<x>',
  '|',
  'x=y',
  'é😀',
  '\t',
  "'; exit 9; '",
  'a\\',
  '=ls',
  '%s',
  'EOF',
]
const shells = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '', ...rest]) => spawnSync(program, [...rest, '-c', ':']).status === 0,
)

describe('sh', () => {
  for (const [program = '', ...rest] of shells) {
    const run = (text: string): string => execFileSync(program, [...rest, '-s'], { input: text, encoding: 'utf8' })
    test(`each value is one word of ${[program, ...rest].join(' ')}`, () => {
      for (const word of nasty) assert.equal(run(sh`printf '<%s>' ${word}`.text), `<${word}>`)
      assert.equal(run(sh`printf '<%s>' ${nasty}`.text), nasty.map((word) => `<${word}>`).join(''))
    })
    test(`a piece stands as it is in ${[program, ...rest].join(' ')}`, () => {
      const inner = sh`printf %s ${'a b'}`
      assert.equal(run(lines(sh`${inner} | tr a-z A-Z`, userCommand('echo $((1 + 1))')).text), 'A B2\n')
    })
  }

  test('numbers, and an empty list', () => assert.equal(sh`head -n ${3} ${[]}`.text, 'head -n 3 '))
  test('plain words stay readable', () => assert.equal(sh`cat ${'/var/lib/x-1.conf'}`.text, 'cat /var/lib/x-1.conf'))
  test('a NUL is refused', () => assert.throws(() => sh`echo ${'a\0b'}`, /NUL/))
})
