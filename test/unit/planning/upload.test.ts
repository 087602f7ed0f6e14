import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Host, Script } from '../../../src/host/host.ts'
import { parseUpload, planUpload } from '../../../src/planning/upload.ts'

describe('a line of upload', () => {
  for (const [line, expected] of [
    ['shop.yaml', { local: 'shop.yaml', remote: 'shop.yaml' }],
    ['deploy/shop.yaml => shop.yaml', { local: 'deploy/shop.yaml', remote: 'shop.yaml' }],
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

/** Runs scripts here, as a host would. */
const here = {
  name: 'deploy@host:22',
  run: async ({ shell }: Script) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-s'], { input: shell.text, encoding: 'utf8' })
    return { code: status ?? -1, stdout, stderr, duration: 1 }
  },
} as Host

test('a file whose name looks like an option is put there, and taken away again', async () => {
  const folders = await Promise.all(['workspace-', 'host-'].map((name) => mkdtemp(join(tmpdir(), name))))
  const [workspace = '', directory = ''] = folders
  try {
    const names = ['--help', '-rf', '-n']
    for (const name of names) await writeFile(join(workspace, name), `content of ${name}\n`)
    await writeFile(join(directory, '-rf'), 'before\n')
    const lines = names.map((name) => parseUpload(name)).flatMap((line) => ('mistake' in line ? [] : [line]))
    assert.equal(lines.length, names.length)
    const { changes, forget } = await planUpload(lines, workspace, directory, here, new AbortController().signal)
    const [change] = changes
    assert.ok(change?.undo)
    const done = await here.run(change.do)
    assert.equal(done.code, 0, done.stderr)
    for (const name of names) assert.equal(await readFile(join(directory, name), 'utf8'), `content of ${name}\n`)
    const undone = await here.run(change.undo)
    assert.equal(undone.code, 0, undone.stderr)
    assert.equal(await readFile(join(directory, '-rf'), 'utf8'), 'before\n')
    for (const each of forget) assert.equal((await here.run(each.do)).code, 0)
    assert.deepEqual(await readdir(directory), ['-rf'])
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true })
  }
})
