import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { heartbeatAgain, takeLease, type Wanted } from '../../../src/custody/lease.ts'
import { closeJournal, type Held } from '../../../src/custody/on-host/fence.ts'
import { lines, type Shell, sh } from '../../../src/host/quote.ts'

const holder = { run: '', actor: '', version: 'v2', command: 'deploy', since: '' }

const shells = [
  ['dash', ['dash', '-c']],
  ['busybox', ['busybox', 'sh', '-c']],
] as const

/** The machine stops after a folder has lost its first file. */
const crash = sh`rm() { command rm -f "$2/decision"; kill -9 $$; }`

for (const [name, command] of shells.filter(([name]) =>
  ['/bin', '/usr/bin'].some((folder) => existsSync(join(folder, name))),
)) {
  describe(`a crash while a journal is removed, under ${name}`, () => {
    const run = (script: Shell, input = ''): string =>
      spawnSync(command[0], [...command.slice(1), script.text], { input, encoding: 'utf8' }).stdout

    /** A release that was confirmed: nobody may undo it. */
    const confirmed = (state: string, number: number): void => {
      const journal = join(state, `journal-${number}`)
      mkdirSync(journal, { recursive: true })
      writeFileSync(join(journal, 'decision'), 'confirmed run\n')
      writeFileSync(join(journal, 'changes'), '')
      writeFileSync(join(journal, 'guard.sh'), `touch '${state}/undone'\n`)
    }

    /** Takes it over, gives what it found, and gives it back. */
    const next = (wanted: Wanted): string => run(takeLease({ ...wanted, token: 'next', over: 'any' }), 'end\n')

    const within = (work: (state: string, wanted: Wanted) => void): void => {
      const state = mkdtempSync(join(tmpdir(), 'state-'))
      try {
        work(state, { directory: state, token: 'one', lease: 30_000, holder })
        assert.ok(!existsSync(join(state, 'undone')), 'A confirmed release was undone.')
        assert.deepEqual(
          readdirSync(state).filter((name) => !['ended', 'lease', 'lock'].includes(name)),
          [],
        )
      } finally {
        rmSync(state, { recursive: true })
      }
    }

    test('by its own run', () =>
      within((state, wanted) => {
        assert.match(run(takeLease(wanted)), /^held 1$/m)
        confirmed(state, 1)
        run(lines(crash, heartbeatAgain(wanted, 1)), 'end\n')
        assert.doesNotMatch(next(wanted), /^left 1 -$/m)
      }))

    test('on a full disk nothing of it is left, which another run would recover', () =>
      within((_, wanted) => {
        const full = sh`trap '' XFSZ; ulimit -f 0`
        assert.match(run(lines(full, takeLease(wanted))), /^unwritable (journal|lease)$/m)
      }))

    for (const garbage of ['what is this\n', '\n', '7\n', '7 owner\n', 'x one 3000 - - v2 deploy - -\n']) {
      test(`a lease that reads ${JSON.stringify(garbage)} is taken by what stands beside the journals`, () =>
        within((state, wanted) => {
          assert.match(run(takeLease(wanted)), /^held 1$/m)
          writeFileSync(join(state, 'lease'), garbage)
          const other = { ...wanted, token: 'other' }
          assert.match(run(takeLease(other)), /^busy \d+ - 1 unreadable 3000 - - v2 deploy - -$/m)
          writeFileSync(join(state, 'journal-1', 'heartbeat'), '1 another-boot\n')
          assert.match(run(takeLease(other), 'end\n'), /^held 2\n(.*\n)*left 1 -$/m)
          rmSync(join(state, 'journal-1'), { recursive: true })
          writeFileSync(join(state, 'lease'), garbage)
          assert.match(run(takeLease(other), 'end\n'), /^held 3$/m)
        }))
    }

    test('by a run that recovered it', () =>
      within((state, wanted) => {
        assert.match(run(takeLease(wanted)), /^held 1$/m)
        const held: Held = { directory: state, number: 1, token: 'one', lease: 30_000 }
        confirmed(state, 7)
        run(lines(crash, closeJournal(held, 7, 'confirmed')))
        run(heartbeatAgain(wanted, 1), 'end\n')
        assert.doesNotMatch(next(wanted), /^left 7 -$/m)
      }))
  })
}
