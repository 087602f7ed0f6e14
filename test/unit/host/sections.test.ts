import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sh } from '../../../src/host/quote.ts'
import { sections } from '../../../src/host/sections.ts'

for (const shell of ['sh', 'bash']) {
  test(`sections keep apart what each part printed, under ${shell}`, () => {
    const { shell: script, read } = sections(
      {
        good: sh`printf 'no line end'; echo to stderr >&2`,
        bad: sh`echo "$shared"; exit 3`,
        deep: sh`false`,
        reads: sh`cat; printf 'two\n\nlines\n'`,
      },
      sh`shared='from before'`,
    )
    const { stdout } = spawnSync(shell, ['-s'], { input: script.text, encoding: 'utf8' })
    assert.deepEqual(read(stdout), {
      good: { code: 0, stdout: 'no line end', stderr: 'to stderr' },
      bad: { code: 3, stdout: 'from before\n', stderr: '' },
      deep: { code: 1, stdout: '', stderr: '' },
      reads: { code: 0, stdout: 'two\n\nlines\n', stderr: '' },
    })
  })
}

for (const shell of ['sh', 'bash', 'busybox sh']) {
  test(`a part runs alongside the others, under ${shell}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sections-'))
    const { shell: script, read } = sections(
      {
        long: sh`until [ -e ${folder}/short ]; do sleep 0.02; done; echo "$shared"`,
        short: sh`: > ${folder}/short; echo "$shared"; exit 2`,
      },
      sh`shared='from before'`,
      'long',
    )
    const [command = '', ...words] = shell.split(' ')
    const { stdout } = spawnSync(command, [...words, '-s'], { input: script.text, encoding: 'utf8', timeout: 60_000 })
    await rm(folder, { recursive: true })
    assert.deepEqual(read(stdout), {
      long: { code: 0, stdout: '\n', stderr: '' },
      short: { code: 2, stdout: 'from before\n', stderr: '' },
    })
  })
}

test('a part that never ran is undefined', () => {
  const { read } = sections({ one: sh`true` })
  assert.deepEqual(read('whatever'), { one: undefined })
})
