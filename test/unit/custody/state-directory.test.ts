import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import {
  claimStateDirectory,
  readStateDirectory,
  type StateDirectory,
  stateDirectoryQuestion,
} from '../../../src/custody/state-directory.ts'
import type { Change } from '../../../src/release/model.ts'
import { prepareSwitch } from '../../../src/routers/nginx/switch/changes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function shell(text: string): string {
  return execFileSync('sh', ['-c', text], { encoding: 'utf8' })
}

function seen(directory: string): StateDirectory {
  return readStateDirectory({ code: 0, stdout: shell(stateDirectoryQuestion(directory).text), stderr: '' })
}

/** All that the first release makes, begun as far as is said, and undone from the last to the first. */
function doAndUndo(directory: string, begun: number): void {
  const state = seen(directory)
  const present = state.kind === 'usable' ? state.files : new Set<string>()
  const changes: readonly Change[] = [
    ...claimStateDirectory(directory, { upstream: 'app', project: 'shop' }, state),
    ...prepareSwitch({ directory, backed: true, present }),
  ]
  for (const change of changes.slice(0, begun)) shell(change.do.shell.text)
  for (const change of changes.toReversed()) shell(change.undo?.shell.text ?? '')
}

describe('undoing what a first release makes', () => {
  for (const begun of [0, 1, 2]) {
    test(`takes its files away, after ${begun} of its changes`, () => {
      mkdirSync(join(folder, 'app'))
      doAndUndo(join(folder, 'app'), begun)
      assert.deepEqual(readdirSync(folder, { recursive: true }), ['app'])
    })

    test(`leaves what was there, after ${begun} of its changes`, () => {
      mkdirSync(join(folder, 'app'))
      writeFileSync(join(folder, 'app/green.off'), '')
      writeFileSync(join(folder, 'app/mine'), '')
      doAndUndo(join(folder, 'app'), begun)
      assert.deepEqual(readdirSync(folder, { recursive: true }).map(String).sort(), [
        'app',
        'app/green.off',
        'app/mine',
      ])
    })
  }
})
