import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { journalLine, readJournal, scriptHash } from '../../../../src/custody/on-host/journal.ts'
import { sh } from '../../../../src/host/quote.ts'
import type { Change } from '../../../../src/release/model.ts'

const start: Change = {
  kind: 'change',
  phase: 'prepare',
  title: 'Start web_green',
  on: 'all apps',
  reason: 'start-failed',
  do: { shell: sh`echo ${'a secret'}`, deadline: 1000 },
  undo: { shell: sh`echo ${"it's\nundone"}`, deadline: 2000 },
}
const stop: Change = { ...start, phase: 'retire', title: 'Stop web_blue', do: { shell: sh`stop`, deadline: 1 } }

describe('a journal', () => {
  test('has the undo of a change, and of its doing the hash alone', () => {
    const line = journalLine(3, start)
    assert.doesNotMatch(line, /secret/)
    assert.match(line, new RegExp(scriptHash(start.do.shell)))
    const { entries } = readJournal(7, `\n\n12 345 ${line}\n`)
    assert.deepEqual(
      entries.map(({ index, session }) => ({ index, session })),
      [{ index: 3, session: { leader: 12, started: '345' } }],
    )
    assert.deepEqual(entries[0]?.change, { ...start, do: { shell: sh``, deadline: 0 } })
  })

  test('has what follows the confirmation whole', () => {
    const { entries } = readJournal(7, `\n1 2 ${journalLine(0, stop)}`)
    assert.deepEqual(entries[0]?.change, stop)
  })

  test('of version 0.1 has other names for the same', () => {
    const undo = JSON.stringify({ ...start.undo, shell: { text: 'undo' } })
    const line = `{"index":1,"hash":"x","change":{"kind":"change","phase":"prepare","title":"A hook","undo":${undo},"remains":true,"tolerated":true,"byHand":"undo"}}`
    const change = readJournal(7, `\n1 2 ${line}`).entries[0]?.change
    assert.deepEqual([change?.irreversible, change?.bestEffort, change?.manualUndo], [true, true, 'undo'])
    assert.equal(change?.undo?.deadline, 2000)
  })

  for (const [first, decision] of [
    ['', 'undecided'],
    ['confirmed run 1 2', 'confirmed'],
    ['restoring guard 1 2', 'restoring'],
    ['restored guard', 'restored'],
    ['kept guard', 'kept'],
    ['nonsense', 'undecided'],
  ] as const) {
    test(`says that the release is ${decision}: "${first}"`, () =>
      assert.equal(readJournal(1, `${first.padEnd(95)}\n`).decision, decision))
  }

  for (const torn of [
    journalLine(0, start).slice(0, 40),
    `1 2 ${journalLine(0, start).slice(0, 40)}`,
    '1 2 {}',
    '1 2 null',
    'x y z',
    '1 2 {"index":"0","change":{}}',
  ]) {
    test(`passes over what a crash has torn: ${torn.slice(0, 30)}`, () =>
      assert.deepEqual(
        readJournal(1, `\n${torn}\n1 2 ${journalLine(4, start)}`).entries.map(({ index }) => index),
        [4],
      ))
  }
})
