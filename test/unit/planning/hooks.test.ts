import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Script } from '../../../src/host/host.ts'
import { hooksOf } from '../../../src/planning/hooks.ts'
import { NOOP } from '../../../src/release/model.ts'

const directory = mkdtempSync(join(tmpdir(), "hooks it's "))
after(() => rmSync(directory, { recursive: true }))
const variables = { COLOR: 'green', VERSION: "v2 'quoted' $HOME `x`\nsecond line", IMAGE_TAG: '' }
const hooks = (commands: Parameters<typeof hooksOf>[0]) => hooksOf(commands, directory, 'deploy@host', variables, 5000)

/** As a host runs it: on the standard input of a shell. */
function run({ shell }: Script) {
  return spawnSync('sh', ['-s'], { input: `( ${shell.text}\n) </dev/null`, encoding: 'utf8' })
}

function runOf(command: string) {
  const [change] = hooks({ beforeFlip: command }).beforeFlip
  assert.ok(change)
  return run(change.do)
}

describe('hooks', () => {
  test('that are not given do nothing', () => {
    assert.deepEqual(hooks({}), { beforeStart: [], beforeFlip: [], afterFlip: [], afterRestore: [] })
  })

  test('stay done, and have no undo', () => {
    const { beforeStart, beforeFlip, afterFlip } = hooks({ beforeStart: 'a', beforeFlip: 'b', afterFlip: 'c' })
    for (const [change, name] of [
      [beforeStart[0], 'before-start'],
      [beforeFlip[0], 'before-flip'],
      [afterFlip[0], 'after-flip'],
    ] as const) {
      const { do: script, effect, ...rest } = change ?? assert.fail()
      assert.match(effect?.does ?? '', new RegExp(`\`${name}\``))
      const named = { kind: 'change', phase: 'prepare', title: `Hook ${name}`, on: 'deploy@host' }
      assert.deepEqual(rest, { ...named, reason: 'hook-failed', irreversible: true })
      assert.equal(script.deadline, 5000)
    }
  })

  test('after-restore is the undo of nothing, and its failure ends no undoing', () => {
    const [change] = hooks({ afterRestore: 'touch restored' }).afterRestore
    assert.ok(change?.undo)
    assert.deepEqual([change.do, change.bestEffort, change.irreversible], [NOOP, true, undefined])
    assert.equal(run(change.undo).status, 0)
    assert.equal(readFileSync(join(directory, 'restored'), 'utf8'), '')
  })

  for (const [title, command, code, said] of [
    ['run in the directory', 'pwd', 0, `${directory}\n`],
    [
      'have their variables as they are',
      'printf "%s|" "$COLOR" "$VERSION" "$IMAGE_TAG"',
      0,
      `green|${variables.VERSION}||`,
    ],
    ['keep what they set to themselves', 'cd() { echo mine; }; trap "echo bye" EXIT', 0, 'bye\n'],
    ['end at the first line that fails', 'echo one\nfalse\necho two', 1, 'one\n'],
    ['give their exit code', 'exit 9', 9, ''],
    ['have no input to wait for', 'cat; echo after', 0, 'after\n'],
    ['may be written over lines, and with quotes', `if true; then\n  echo "it's"  'so'\nfi`, 0, "it's so\n"],
    ['that cannot be parsed fail', 'if', 2, ''],
  ] as const) {
    test(title, () => {
      const ran = runOf(command)
      assert.deepEqual([ran.status, ran.stdout], [code, said], ran.stderr)
    })
  }

  for (const shell of ['dash', 'bash', 'busybox sh'] as const) {
    test(`are in the arguments of no process, by ${shell}`, () => {
      const [change] = hooks({
        beforeFlip:
          'grep -alE "secret[-]of" /proc/[0-9]*/cmdline || env | grep "secret[-]of" || echo "$((6 * 7))" # secret-of-the-hook',
      }).beforeFlip
      const script = change?.do ?? assert.fail()
      const folder = mkdtempSync(join(tmpdir(), 'shell-'))
      try {
        writeFileSync(join(folder, 'sh'), `#!/bin/sh\nexec ${shell} "$@"\n`, { mode: 0o755 })
        const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
        const ran = spawnSync('sh', ['-s'], { input: `( ${script.shell.text}\n) </dev/null`, encoding: 'utf8', env })
        assert.deepEqual([ran.status, ran.stdout], [0, '42\n'], ran.stderr)
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  }

  test('are not run where the directory is gone', () => {
    const [change] = hooksOf({ beforeFlip: 'echo ran' }, '/srv/nowhere', 'h', {}, 1).beforeFlip
    const ran = run(change?.do ?? assert.fail())
    assert.deepEqual([ran.status, ran.stdout], [1, ''])
    assert.match(ran.stderr, /The folder \/srv\/nowhere cannot be entered; correct `directory`/)
  })
})
