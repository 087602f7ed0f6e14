import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readHeartbeat } from '../../../src/custody/heartbeat.ts'
import { holderSentence, readLease, takeLease } from '../../../src/custody/lease.ts'
import { readRefusal } from '../../../src/custody/on-host/fence.ts'

const holder = { run: 'https://x/1', actor: 'ann b', version: 'v3', command: 'deploy', since: '2026-01-01T00:00:00Z' }

describe('the line of a lease', () => {
  for (const [title, line, expected] of [
    ['free', '7 -   ', { number: 7, lease: 0 }],
    [
      'held',
      '8 abc 3000 https%3A%2F%2Fx%2F1 ann%20b v3 deploy 2026-01-01T00%3A00%3A00Z -',
      { number: 8, lease: 30_000, holder },
    ],
    [
      'held, with its color',
      '8 abc 300 https%3A%2F%2Fx%2F1 ann%20b v3 deploy 2026-01-01T00%3A00%3A00Z green  ',
      { number: 8, lease: 3000, holder: { ...holder, color: 'green' } },
    ],
    [
      'by nobody who is known',
      '8 abc 300 - - - - - -',
      { number: 8, lease: 3000, holder: { run: '', actor: '', version: '', command: '', since: '' } },
    ],
    ['torn', '', undefined],
    ['of something else', 'hello world', undefined],
  ] as const) {
    test(title, () => assert.deepEqual(readLease(line), expected))
  }
})

describe('who holds it, for people', () => {
  for (const [who, expected] of [
    [{ ...holder, color: 'green' }, 'the deploy of v3 to green by ann b since 2026-01-01T00:00:00Z (https://x/1)'],
    [{ run: '', actor: '', version: '', command: '', since: '' }, 'the run'],
  ] as const) {
    test(expected, () => assert.equal(holderSentence(who), expected))
  }
})

describe('what the host answers to a heartbeat', () => {
  for (const [line, expected] of [
    ['beat held none - -', { held: true, guard: 'none', decision: 'undecided', asked: false }],
    ['beat held alive - restore', { held: true, guard: 'alive', decision: 'undecided', asked: true }],
    ['beat held dead restored -', { held: true, guard: 'dead', decision: 'restored', asked: false }],
    ['beat lost none confirmed -', { held: false, guard: 'none', decision: 'confirmed', asked: false }],
    ['ended', undefined],
    ['beat maybe none - -', undefined],
  ] as const) {
    test(line, () => assert.deepEqual(readHeartbeat(line), expected))
  }
})

describe('why a fenced script did nothing', () => {
  for (const [printed, expected] of [
    [
      'x\nNothing was changed: lease 7 is over (restored), and this is lease 8 abc 3000 - - v4 deploy - -',
      { kind: 'lost', how: 'restored', by: '8 abc 3000 - - v4 deploy - -' },
    ],
    ['Nothing was changed: lease 7 is over (unknown), and this is lease  ', { kind: 'lost', how: 'unknown', by: ' ' }],
    [
      'Nothing was changed: the release is kept already, by the guard',
      { kind: 'decided', decision: 'kept', who: 'guard' },
    ],
    [
      'sh: 1: echo: echo: I/O error\nNothing was changed: /s/journal-7/changes cannot be written\n',
      { kind: 'unwritten', file: '/s/journal-7/changes' },
    ],
    ['Error response from daemon: no such image', undefined],
  ] as const) {
    test(printed.slice(0, 60), () => assert.deepEqual(readRefusal(printed), expected))
  }
})

describe('a lease that cannot be written', () => {
  for (const [program = '', ...rest] of [['dash'], ['busybox', 'sh']]) {
    test(`${program} says so`, () => {
      const directory = mkdtempSync(join(tmpdir(), 'lease-'))
      try {
        mkdirSync(join(directory, 'lock'), { mode: 0o700 })
        const script = takeLease({ directory, token: 'one', lease: 3000, holder })
        const { stdout } = spawnSync(program, [...rest, '-s'], { input: script.text, encoding: 'utf8' })
        assert.equal(stdout, 'unwritable lock\n')
      } finally {
        rmSync(directory, { recursive: true })
      }
    })
  }
})
