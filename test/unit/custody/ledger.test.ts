import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import {
  imagesOfOlder,
  type LedgerEntry,
  ledgerQuestion,
  prepareLedger,
  publishLedger,
  readLedger,
  releaseOfImage,
} from '../../../src/custody/ledger.ts'
import { lines, type Shell, sh } from '../../../src/host/quote.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "led'ger "))
})
afterEach(() => rmSync(directory, { recursive: true }))

const entry = (version: string): LedgerEntry => ({
  version,
  color: 'green',
  image: `sha256:${version}`,
  container: 'c',
  digests: [],
  compose: 'd',
  actor: "o'neil $(id)",
  started: '2026-01-01T00:00:00Z',
  confirmed: '2026-01-01T00:00:01Z',
  result: 'released',
})

function run(shell: Shell) {
  const { status, stdout, stderr } = spawnSync('sh', ['-s'], { input: shell.text, encoding: 'utf8' })
  return { code: status ?? -1, stdout, stderr }
}

/** As the confirmation does it. */
function recordRelease(directory: string, entry: LedgerEntry): Shell {
  const { container, image, compose, digests, ...rest } = entry
  const identity = JSON.stringify({ container, image, compose, digests }).slice(1, -1)
  return lines(sh`state=${directory} identity=${identity}; safe() { :; }`, prepareLedger(rest), publishLedger)
}

test('what was recorded is read again', () => {
  assert.deepEqual(readLedger(run(ledgerQuestion(directory))), [])
  for (const version of ['v1', 'v2']) assert.equal(run(recordRelease(directory, entry(version))).code, 0)
  assert.deepEqual(readLedger(run(ledgerQuestion(directory))), [entry('v1'), entry('v2')])
  assert.equal(statSync(join(directory, 'ledger.jsonl')).mode & 0o777, 0o600)
})

test('what a release found live, and nobody had recorded, can be gone back to', () => {
  const found = { version: 'v0', color: 'blue', image: 'sha256:v0', container: 'by hand' } as const
  run(recordRelease(directory, { ...entry('v1'), found }))
  const [first, second] = readLedger(run(ledgerQuestion(directory)))
  assert.deepEqual(
    [first?.version, first?.container, first?.result, first?.confirmed],
    ['v0', 'by hand', 'found', entry('v1').started],
  )
  assert.deepEqual(second, { ...entry('v1'), found })
  // Its image is not a release's to remove.
  assert.deepEqual(imagesOfOlder([first ?? entry('v0'), entry('v1'), entry('v2')], 2), ['sha256:v1'])
})

test('the last hundred are kept', () => {
  const many = Array.from({ length: 130 }, (_, i) => `${JSON.stringify(entry(`v${i}`))}\n`)
  writeFileSync(join(directory, 'ledger.jsonl'), many.join(''))
  run(recordRelease(directory, entry('last')))
  const kept = readFileSync(join(directory, 'ledger.jsonl'), 'utf8').trim().split('\n')
  assert.equal(kept.length, 100)
  assert.match(kept.at(-1) ?? '', /"last"/)
})

test('lines that are none are passed over', () => {
  const stdout = `torn {"version\n{"version":"v0"}\nnull\n${JSON.stringify(entry('v1'))}\n`
  assert.deepEqual(readLedger({ code: 0, stdout, stderr: '' }), [entry('v1')])
})

for (const [title, last, read] of [
  ['the end of its line', JSON.stringify(entry('v1')), ['v1', 'v2']],
  ['half of its line', '{"version":"v1","col', ['v2']],
] as const) {
  test(`a release is recorded behind one that lacks ${title}`, () => {
    writeFileSync(join(directory, 'ledger.jsonl'), last)
    assert.equal(run(recordRelease(directory, entry('v2'))).code, 0)
    assert.deepEqual(
      readLedger(run(ledgerQuestion(directory))).map(({ version }) => version),
      read,
    )
  })
}

test('a ledger that cannot be read is never written over', () => {
  mkdirSync(join(directory, 'ledger.jsonl'))
  assert.notEqual(run(recordRelease(directory, entry('v1'))).code, 0)
})

test('what a hand has written is read as far as it can be', () => {
  const { image, container, confirmed } = entry('v1')
  const least = { version: 'v1', color: 'green', image, container, confirmed }
  const lines = [
    least,
    { ...least, digests: 'app@sha256:1', run: 7 },
    { ...least, color: 'purple' },
    { ...least, image: 7 },
  ]
  const stdout = lines.map((line) => JSON.stringify(line)).join('\n')
  const known = { ...least, digests: [], compose: '', started: confirmed, result: 'released' }
  assert.deepEqual(readLedger({ code: 0, stdout, stderr: '' }), [known, known])
})

test('the newest release of an image is found', () => {
  const ledger = [entry('v1'), { ...entry('v2'), image: 'sha256:v1' }, entry('v3')]
  assert.equal(releaseOfImage(ledger, 'sha256:v1')?.version, 'v2')
  assert.equal(releaseOfImage(ledger, 'sha256:v9'), undefined)
})

test('a directory that is not there fails', () => {
  assert.notEqual(run(recordRelease(`${directory}/missing`, entry('v1'))).code, 0)
})
