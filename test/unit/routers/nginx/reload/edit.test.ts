import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { lines, type Shell, sh } from '../../../../../src/host/quote.ts'
import {
  backwards,
  defineEdited,
  definePut,
  defineTorn,
  type Rewrite,
  rewriteOf,
} from '../../../../../src/routers/nginx/reload/edit.ts'

const folder = mkdtempSync(join(tmpdir(), 'edit-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'app.conf')

function run(...parts: readonly Shell[]): { code: number | null; stdout: string } {
  const script = lines(sh`export LC_ALL=C; file=${file}`, ...parts)
  const ran = spawnSync('sh', ['-s'], { input: script.text, encoding: 'utf8' })
  return { code: ran.status, stdout: ran.stdout }
}

/** What a file with this text becomes; undefined where the edit is refused. */
function edited(text: string, rewrite: Rewrite): string | undefined {
  writeFileSync(file, text)
  const { code, stdout } = run(defineEdited(rewrite), sh`edited`)
  return code === 0 ? stdout : undefined
}

const blue =
  'upstream app {\n    server 127.0.0.1:8080 max_fails=3; # live\n}\nupstream admin { server 127.0.0.1:9000; }\n'
const green = blue.replace('8080', '18081')
const there = rewriteOf(blue, green)
const back = backwards(there)

describe('the edit of a file on the host', () => {
  const cases: readonly (readonly [string, string, Rewrite, string | undefined])[] = [
    ['goes there', blue, there, green],
    ['and back', green, back, blue],
    ['twice is once', green, there, green],
    ['back twice is once', blue, back, blue],
    ["keeps somebody else's change", blue.replace('9000', '9001'), there, green.replace('9000', '9001')],
    ["keeps somebody else's line", `# new\n${green}`, back, `# new\n${blue}`],
    ['refuses lines that are neither', blue.replace('8080', '8082'), there, undefined],
    ['keeps CRLF', blue.replaceAll('\n', '\r\n'), rewriteOf(...crlf(blue, green)), green.replaceAll('\n', '\r\n')],
    ['keeps a missing last line end', blue.trimEnd(), there, green.trimEnd()],
    ['keeps what the shell could mistake', `# '$(id)' \\n "%s" \\\n${blue}`, there, `# '$(id)' \\n "%s" \\\n${green}`],
  ]
  for (const [name, text, rewrite, wanted] of cases) {
    test(name, () => assert.equal(edited(text, rewrite), wanted))
  }

  test('tells equal lines apart', () => {
    const two = 'a {\nserver x;\n}\nb {\nserver x;\n}\n'
    const second = 'a {\nserver x;\n}\nb {\nserver y;\n}\n'
    assert.equal(edited(two, rewriteOf(two, second)), second)
    assert.equal(edited(second, backwards(rewriteOf(two, second))), two)
    const both = 'a {\nserver y;\n}\nb {\nserver y;\n}\n'
    assert.equal(edited(both, backwards(rewriteOf(second, both))), second)
  })

  test('refuses to change the number of lines', () => {
    assert.throws(() => rewriteOf('a\n', 'a\nb\n'), /number of lines/)
  })
})

describe('the write into a file on the host', () => {
  for (const [name, text] of [
    ['a longer one', green],
    ['a shorter one', 'x'],
    ['one of many blocks', blue.repeat(3000)],
  ] as const) {
    test(`puts ${name} into the same inode`, () => {
      writeFileSync(file, blue)
      const { ino } = statSync(file)
      assert.equal(
        run(sh`write() { dd "$@"; }; push() { :; }`, definePut, sh`text=${text.slice(0, 100_000)}; put`).code,
        0,
      )
      assert.equal(readFileSync(file, 'utf8'), text.slice(0, 100_000))
      assert.equal(statSync(file).ino, ino)
    })
  }

  test('is seen to have been cut off, at whatever byte, and nothing else is taken for that', () => {
    const [old, put] = [join(folder, 'old'), join(folder, 'put')]
    writeFileSync(old, blue)
    writeFileSync(put, green)
    const cut = (first: string, second: string, at: number): string => first.slice(0, at) + second.slice(at)
    const texts = [
      ...Array.from({ length: green.length + 1 }, (_, at) => [cut(green, blue, at), 'torn'] as const),
      ...Array.from({ length: green.length + 1 }, (_, at) => [cut(blue, green, at), 'torn'] as const),
      ...[`${green}more`, `${blue}more`, blue.replace('9000', '9001'), green.replace('9000', '9001'), ''].map(
        (text) => [text, 'whole'] as const,
      ),
    ]
    const files = texts.map(([text], i) => {
      const path = join(folder, `text-${i}`)
      writeFileSync(path, text)
      return path
    })
    const { stdout } = run(
      definePut,
      defineTorn,
      sh`for file in ${files}; do if torn ${put} ${old}; then echo torn; else echo whole; fi; done`,
    )
    assert.deepEqual(
      stdout.trim().split('\n'),
      texts.map(([, wanted]) => wanted),
    )
  })
})

function crlf(...texts: readonly [string, string]): [string, string] {
  return [texts[0].replaceAll('\n', '\r\n'), texts[1].replaceAll('\n', '\r\n')]
}
