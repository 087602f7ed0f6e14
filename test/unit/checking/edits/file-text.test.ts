import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { changeBlock } from '../../../../src/checking/edits/change-block.ts'
import { editedText, editingCommands } from '../../../../src/checking/edits/file-text.ts'
import type { Edit } from '../../../../src/checking/finding.ts'
import { sh } from '../../../../src/host/quote.ts'

const text = "one #1\n  two: a&b 'c' a&b\nthree é x\nfour"

const edits: Readonly<Record<string, { readonly edits: readonly Edit[]; readonly after: string }>> = {
  nothing: { edits: [], after: text },
  'a replacement with every special sign': {
    edits: [{ kind: 'replace', line: 2, column: 7, old: 'a&b', text: `\${X:-\\1&#|%~,}` }],
    after: `one #1\n  two: \${X:-\\1&#|%~,} 'c' a&b\nthree é x\nfour`,
  },
  'two in one line, the second of which is not the first of its kind': {
    edits: [
      { kind: 'replace', line: 2, column: 7, old: 'a&b', text: 'longer' },
      { kind: 'replace', line: 2, column: 15, old: 'a&b', text: '*' },
    ],
    after: "one #1\n  two: longer 'c' *\nthree é x\nfour",
  },
  'an insertion behind other bytes': {
    edits: [{ kind: 'replace', line: 3, column: 8, old: '', text: '$new ' }],
    after: "one #1\n  two: a&b 'c' a&b\nthree é $new x\nfour",
  },
  'lines at the beginning and the end': {
    edits: [
      { kind: 'insert', after: 0, text: "first 'line'\nEND\n" },
      { kind: 'insert', after: 4, text: 'last $line\n' },
    ],
    after: `first 'line'\nEND\n${text}\nlast $line\n`,
  },
  'a copy of lines that are changed too': {
    edits: [
      { kind: 'replace', line: 1, column: 0, old: 'one', text: 'ONE' },
      { kind: 'remove', line: 3 },
      {
        kind: 'copy',
        from: 1,
        to: 3,
        replacements: [{ kind: 'replace', line: 1, column: 0, old: 'one', text: 'again' }],
        without: [2],
        second: 'second\n',
      },
    ],
    after: "ONE #1\n  two: a&b 'c' a&b\nagain #1\nsecond\nthree é x\nfour",
  },
}

describe('edits of a file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'edit-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  for (const [title, { edits: list, after }] of Object.entries(edits)) {
    test(`${title}: what the commands print is what is said`, () => {
      assert.equal(editedText(text, list), after)
      const file = join(folder, 'file')
      writeFileSync(file, text)
      const script = `LC_ALL=C; export LC_ALL; set -- ${file}\n${editingCommands(text, list).text}`
      assert.equal(execFileSync('sh', ['-c', script], { encoding: 'utf8' }), after)
    })
  }

  test('a block changes all files once, keeps the originals and the modes, and refuses what it has not seen', () => {
    const paths = ['a', 'b'].map((name) => join(folder, name))
    for (const path of paths) writeFileSync(path, text, { mode: 0o640 })
    const list: readonly Edit[] = [{ kind: 'insert', after: 1, text: 'more\n' }]
    const changes = paths.map((path) => ({
      file: { path, text, kind: 'compose', writable: true } as const,
      edits: list,
    }))
    const run = (verify = sh`true`) => {
      const block = changeBlock(changes, { verify, load: sh`echo then` })
      assert.equal(block.where, 'host')
      return spawnSync('sh', ['-c', block.text], { encoding: 'utf8' })
    }
    const contents = () => paths.map((path) => readFileSync(path, 'utf8'))
    const inodes = () => paths.map((path) => statSync(path).ino)
    const before = inodes()

    const refused = run(sh`false`)
    assert.equal(refused.status, 1, refused.stderr)
    assert.match(refused.stderr, /Everything is as it was/)
    assert.deepEqual(contents(), [text, text])

    const done = run()
    assert.equal(done.status, 0, done.stderr)
    assert.match(done.stdout, /^then\nDone\./)
    assert.deepEqual(contents(), [editedText(text, list), editedText(text, list)])
    assert.deepEqual(inodes(), before)
    assert.equal(statSync(paths[0] ?? '').mode & 0o777, 0o640)
    const kept = readdirSync(folder).filter((name) => name.includes('before'))
    assert.equal(kept.length, 2)
    assert.ok(kept.every((name) => readFileSync(join(folder, name), 'utf8') === text))

    assert.match(run().stdout, /This is done already/)
    writeFileSync(paths[1] ?? '', 'another')
    const other = run()
    assert.equal(other.status, 1)
    assert.match(other.stderr, /Run the check again/)
    assert.equal(contents()[1], 'another')
  })
})
