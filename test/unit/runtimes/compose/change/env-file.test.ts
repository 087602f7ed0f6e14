import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Shell, sh } from '../../../../../src/host/quote.ts'
import {
  discardEnvFile,
  editEnvFile,
  restoreEnvFile,
  showEnvFile,
  underLock,
} from '../../../../../src/runtimes/compose/change/env-file.ts'

/** `busybox sh` prefers its own applets: awk, stat and cp are busybox's too. */
const shells = available([
  ['dash', ['dash', '-s']],
  ['busybox', ['busybox', 'sh', '-s']],
])

const EDITS: readonly (readonly [title: string, before: string, after: string])[] = [
  ['an empty file', '', 'TAG=v2\nTAG_GREEN=v2\n'],
  ['other lines stay', '# top\n\nA=1\nTAG=v1\nB=2\n', '# top\n\nA=1\nTAG=v2\nB=2\nTAG_GREEN=v2\n'],
  ['no final newline, lines added', 'A=1', 'A=1\nTAG=v2\nTAG_GREEN=v2\n'],
  ['no final newline, nothing added', 'TAG_GREEN=v1\nTAG=v1', 'TAG_GREEN=v2\nTAG=v2'],
  ['CRLF', 'A=1\r\nTAG=v1\r\n', 'A=1\r\nTAG=v2\r\nTAG_GREEN=v2\r\n'],
  ['CRLF without a final newline', 'A=1\r\nTAG=v1', 'A=1\r\nTAG=v2\r\nTAG_GREEN=v2\r\n'],
  ['export, spaces, colon', 'export  TAG = v1\n  TAG_GREEN: v1\n', 'export  TAG = v2\n  TAG_GREEN: v2\n'],
  ['quotes and comments', `TAG="v1" # a\nTAG_GREEN='v1'\n`, `TAG="v2" # a\nTAG_GREEN='v2'\n`],
  ['an unquoted comment', 'TAG=v1 # live\nTAG_GREEN=\n', 'TAG=v2 # live\nTAG_GREEN=v2\n'],
  ['duplicates', 'TAG=a\nTAG_GREEN=x\nTAG=b\n', 'TAG=v2\nTAG_GREEN=v2\nTAG=v2\n'],
  [
    'names that only begin alike',
    'TAG_X=1\nMY_TAG=2\n#TAG=3\nTAGS=4\n',
    'TAG_X=1\nMY_TAG=2\n#TAG=3\nTAGS=4\nTAG=v2\nTAG_GREEN=v2\n',
  ],
  [
    'lines within a quoted value',
    'KEY="a\nTAG=inside\n\\" TAG=too\nend"\nTAG=v1\nTAG_GREEN=v1\n',
    'KEY="a\nTAG=inside\n\\" TAG=too\nend"\nTAG=v2\nTAG_GREEN=v2\n',
  ],
  ['a quoted value of ours over lines', `TAG='v\n1' # c\nTAG_GREEN=v1\n`, `TAG='v2' # c\nTAG_GREEN=v2\n`],
  [
    'shell, awk and sed characters',
    "P=$(touch x)`id`&\\1\\n%s%d\nQ='a\"b'\nTAG=$OLD\nTAG_GREEN=$TAG\n",
    "P=$(touch x)`id`&\\1\\n%s%d\nQ='a\"b'\nTAG=v2\nTAG_GREEN=v2\n",
  ],
  ['an empty line at the end', 'A=1\n\n', 'A=1\n\nTAG=v2\nTAG_GREEN=v2\n'],
  ['only an empty line', '\n', '\nTAG=v2\nTAG_GREEN=v2\n'],
]

for (const [name, command] of shells) {
  describe(`.env under ${name}`, () => {
    for (const [title, before, after] of EDITS) {
      test(`${title}: edited, and restored`, () =>
        within((folder) => {
          const file = join(folder, '.env')
          writeFileSync(file, before)
          chmodSync(file, 0o640)
          utimesSync(file, 1_000_000, 1_000_000)
          run(command, edit(file))
          assert.equal(readFileSync(file, 'utf8'), after)
          assert.equal(mode(file), 0o640)
          assert.equal(mode(`${file}.blue-green-TAG`), 0o600)
          run(command, restore(file))
          run(command, restore(file))
          assert.equal(readFileSync(file, 'utf8'), before)
          assert.equal(mode(file), 0o640)
          assert.equal(statSync(file).mtimeMs, 1_000_000_000)
          assert.deepEqual(readdirSync(folder), ['.env'])
        }))
    }

    test('bytes that are no UTF-8 stay', () =>
      within((folder) => {
        const file = join(folder, '.env')
        writeFileSync(file, Buffer.from('41 3d ff fe 80 0a 54 41 47 3d 31 0a'.replaceAll(' ', ''), 'hex'))
        run(command, editEnvFile(of(file, { TAG: 'v2' })))
        assert.equal(readFileSync(file).toString('hex'), '413dfffe800a5441473d76320a')
      }))

    test('a long line stays', () =>
      within((folder) => {
        const file = join(folder, '.env')
        const long = `KEY=${'x'.repeat(200_000)}\n`
        writeFileSync(file, long)
        run(command, editEnvFile(of(file, { TAG: 'v2' })))
        assert.equal(readFileSync(file, 'utf8'), `${long}TAG=v2\n`)
      }))

    test('a missing file is made, and is gone again', () =>
      within((folder) => {
        const file = join(folder, '.env')
        run(command, edit(file))
        assert.equal(readFileSync(file, 'utf8'), 'TAG=v2\nTAG_GREEN=v2\n')
        assert.equal(mode(file), 0o644)
        run(command, restore(file))
        assert.deepEqual(readdirSync(folder), [])
      }))

    test('what a link leads to is edited, and the link stays', () =>
      within((folder) => {
        mkdirSync(join(folder, 'real'))
        mkdirSync(join(folder, 'app'))
        const [real, link] = [join(folder, 'real', 'a b.env'), join(folder, 'app', '.env')]
        writeFileSync(real, 'TAG=v1\n')
        symlinkSync('../real/a b.env', link)
        run(command, editEnvFile(of(link, { TAG: 'v2' })))
        assert.ok(lstatSync(link).isSymbolicLink())
        assert.equal(readFileSync(real, 'utf8'), 'TAG=v2\n')
        run(command, restore(link))
        assert.ok(lstatSync(link).isSymbolicLink())
        assert.equal(readFileSync(real, 'utf8'), 'TAG=v1\n')
      }))

    test('after a `do` that got only as far as its copy, nothing is lost', () =>
      within((folder) => {
        const file = join(folder, '.env')
        writeFileSync(file, 'TAG=v1\n')
        writeFileSync(`${file}.blue-green-TAG`, 'TAG=v1\n')
        writeFileSync(`${file}.blue-green-next-TAG`, 'TAG=v')
        run(command, restore(file))
        assert.equal(readFileSync(file, 'utf8'), 'TAG=v1\n')
        assert.deepEqual(readdirSync(folder), ['.env'])
      }))

    test('nothing is undone where nothing was done, nor after it was forgotten', () =>
      within((folder) => {
        const file = join(folder, '.env')
        writeFileSync(file, 'TAG=v1\n')
        run(command, restore(file))
        run(command, edit(file))
        run(command, discardEnvFile({ file, variable: 'TAG' }))
        run(command, restore(file))
        assert.equal(readFileSync(file, 'utf8'), 'TAG=v2\nTAG_GREEN=v2\n')
        assert.deepEqual(readdirSync(folder), ['.env'])
      }))

    for (const [title, before, after] of [
      [
        'lines that were there',
        'A=1\nTAG="v1" # c\nOTHER=w1\nTAG_GREEN=v0\n',
        'A=1\nTAG="v1" # c\nOTHER=w2\nTAG_GREEN=v0\n',
      ],
      ['lines that were added', 'OTHER=w1\n', 'OTHER=w2\n'],
      ['a file that was missing', undefined, 'OTHER=w2\n'],
      ['no final newline', 'TAG=v1\nOTHER=w1', 'TAG=v1\nOTHER=w2'],
    ] as const) {
      test(`another target writes meanwhile: ${title}`, () =>
        within((folder) => {
          const file = join(folder, '.env')
          const other = of(file, { OTHER: 'w2' }, 'OTHER')
          // Ours is undone while the other one goes on, and then after it was forgotten.
          for (const then of [
            [restore(file), discardEnvFile(other)],
            [discardEnvFile(other), restore(file)],
          ]) {
            rmSync(file, { force: true })
            if (before !== undefined) writeFileSync(file, before)
            if (before !== undefined) chmodSync(file, 0o640)
            run(command, edit(file))
            run(command, editEnvFile(other))
            for (const script of then) run(command, script)
            assert.equal(readFileSync(file, 'utf8').replace(/\n$/, ''), after.replace(/\n$/, ''))
            assert.equal(mode(file), before === undefined ? 0o644 : 0o640)
            assert.deepEqual(readdirSync(folder), ['.env'])
          }
          // Theirs is written last and undone last: ours stays.
          if (before !== undefined) writeFileSync(file, before)
          run(command, edit(file))
          const ours = readFileSync(file, 'utf8')
          run(command, editEnvFile(other))
          run(command, discardEnvFile({ file, variable: 'TAG' }))
          run(command, restoreEnvFile(other))
          assert.equal(readFileSync(file, 'utf8'), ours)
        }))
    }

    test('a quote that never ends and a NUL are refused, and the file stays', () =>
      within((folder) => {
        const file = join(folder, '.env')
        for (const [content, why] of [
          ['A="x\nTAG=v1\n', /quoted value in it never ends/],
          ['A=\0\nTAG=v1\n', /NUL byte/],
        ] as const) {
          writeFileSync(file, content)
          const ran = spawn(command, edit(file))
          assert.equal(ran.status, 1)
          assert.match(ran.stderr, why)
          assert.equal(readFileSync(file, 'utf8'), content)
        }
      }))

    test('only what was asked for is shown, and the last line counts', () =>
      within((folder) => {
        const file = join(folder, '.env')
        const names = ['TAG', 'TAG_BLUE', 'TAG_GREEN']
        assert.equal(run(command, showEnvFile(file, names, 'env')), '')
        writeFileSync(file, 'SECRET=x\nTAG=a\r\nexport TAG="b" # c\nTAG_BLUE=\nM="\nTAG_GREEN=no\n"\n')
        assert.equal(run(command, showEnvFile(file, names, 'env')), 'env TAG b\nenv TAG_BLUE \n')
      }))

    test('the lock excludes, and what the body leaves running does not keep it', () =>
      within((folder) => {
        const script = underLock(folder, sh`sleep 5 >/dev/null 2>&1 & echo $! >${join(folder, 'pid')}; exit 3`)
        assert.equal(spawn(command, script).status, 3)
        assert.equal(run(command, underLock(folder, sh`echo free`)), 'free\n')
        process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')))
        const held = sh`flock ${join(folder, '.blue-green/lock')} true && echo free`
        assert.equal(run(command, held), 'free\n')
        const inside = underLock(folder, sh`flock -n ${join(folder, '.blue-green/lock')} true || echo held`)
        assert.equal(run(command, inside), 'held\n')
        assert.equal(mode(join(folder, '.blue-green')), 0o700)
        assert.equal(mode(join(folder, '.blue-green/lock')), 0o600)
      }))
  })
}

test('what is no tag and no variable is never written', () => {
  assert.throws(() => editEnvFile(of('.env', { TAG: 'a b' })), /`a b`, meant for TAG, cannot be an image tag/)
  assert.throws(() => editEnvFile(of('.env', { 'A-B': 'v1' })), /`A-B` cannot be the name/)
})

test('there is a shell to test with', () => assert.ok(shells.length > 0))

const NEW = { TAG: 'v2', TAG_GREEN: 'v2' }

function of(file: string, values: Readonly<Record<string, string>> = NEW, variable = 'TAG') {
  return { file, variable, values }
}

function edit(file: string): Shell {
  return editEnvFile(of(file))
}

function restore(file: string): Shell {
  return restoreEnvFile(of(file))
}

function mode(file: string): number {
  return statSync(file).mode & 0o777
}

function spawn(command: readonly string[], script: Shell) {
  const [file = '', ...rest] = command
  return spawnSync(file, rest, { input: script.text, encoding: 'utf8' })
}

function run(command: readonly string[], script: Shell): string {
  const ran = spawn(command, script)
  assert.equal(ran.status, 0, ran.stderr)
  assert.equal(ran.stderr, '')
  return ran.stdout
}

function within(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "it's a folder-"))
  try {
    body(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function available(candidates: readonly (readonly [string, readonly string[]])[]) {
  return candidates.filter(([name]) => ['/bin', '/usr/bin'].some((folder) => existsSync(join(folder, name))))
}
