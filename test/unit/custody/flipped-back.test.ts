import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readLedger, recordFlippedBack } from '../../../src/custody/ledger.ts'
import { readJournal } from '../../../src/custody/on-host/journal.ts'
import { stateShell } from '../../../src/custody/on-host/state.ts'
import { endedElsewhere } from '../../../src/custody/refusals.ts'
import { lines, sh } from '../../../src/host/quote.ts'
import type { Change } from '../../../src/release/model.ts'
import { isBack } from '../../../src/release/spared.ts'
import { knowing } from '../../../src/release/started.ts'
import { composeRuntime } from '../../../src/runtimes/compose/runtime.ts'
import { BLUE, colorsOf, GREEN, projectOf } from '../runtimes/compose/fixtures.ts'

const runtime = composeRuntime({
  target: { directory: 'shop', files: [], variable: 'TAG' },
  services: colorsOf(projectOf({ web_blue: { image: BLUE }, web_green: { image: GREEN } })),
  pull: 'never',
  build: false,
  healthcheck: 'none',
  previous: 'stop',
  oldImages: [],
  dependencies: [],
  present: [],
  hashed: [],
  networked: false,
})

const started = 'b'.repeat(64)

/** Two containers, `blue` and the one that this release started; the last word of `inspect` is which one. */
const docker = sh`docker() {
  case "$*" in
  *service=web_blue*) echo blue ;;
  *service=web_green*) echo ${started} ;;
  'image inspect'*) echo ',"digests":[]' ;;
  *State.Status*) echo running ;;
  *) for id; do :; done; printf 'sha256:%.4s "container":"%s","image":"sha256:%.4s","compose":"c"\\n' "$id" "$id" "$id" ;;
  esac
}`

describe('somebody else put traffic back after the confirmation', () => {
  for (const [title, known] of [
    ['the run itself records it', started],
    ['whoever carries the run on records it', undefined],
  ] as const) {
    test(`${title}, with the container that serves and the image that it took the place of`, () => {
      const state = mkdtempSync(join(tmpdir(), 'ledger-'))
      try {
        const own = `"container":"${started}","image":"sha256:bbbb"`
        writeFileSync(
          join(state, 'ledger.jsonl'),
          `{"version":"v2","color":"green","result":"released","confirmed":"now",${own}}\n`,
        )
        const entry = { version: 'v1', color: 'blue', started: 'then', result: 'restored' } as const
        const record = recordFlippedBack({ ...entry, reason: 'flipped-by-others' }, runtime.identifyRunning('blue'))
        const script = lines(docker, stateShell(state, 1), knowing(known, record))
        const ran = spawnSync('sh', ['-s'], { input: script.text, encoding: 'utf8' })
        assert.deepEqual([ran.status, ran.stderr], [0, ''])
        const ledger = readLedger({ code: 0, stdout: readFileSync(join(state, 'ledger.jsonl'), 'utf8'), stderr: '' })
        const { version, color, container, image, refused } = ledger[1] ?? assert.fail('There is no second line.')
        const expected = ['v1', 'blue', 'blue', 'sha256:blue', 'sha256:bbbb']
        assert.deepEqual([version, color, container, image, refused], expected)
      } finally {
        rmSync(state, { recursive: true })
      }
    })
  }
})

describe('a run that was frozen while another one found traffic put back', () => {
  const spared = (color: 'blue' | 'green') => ({ color, holds: sh`:` })
  const flip: Change = {
    kind: 'change',
    phase: 'traffic',
    title: 'Flip',
    on: 'all proxies',
    reason: 'flip-without-effect',
    do: { shell: sh`:`, deadline: 1 },
    holds: { previous: spared('blue'), next: spared('green') },
  }
  test('hears that it was somebody else', () => {
    assert.ok(isBack(endedElsewhere({ kind: 'lost', how: 'flipped-back', by: '' }, flip)))
    assert.deepEqual(endedElsewhere({ kind: 'lost', how: 'restored', by: '' }, flip), [])
  })
})

describe('a journal says whether traffic was moved', () => {
  for (const [printed, moved] of [
    ['\n1 2 {}\n', undefined],
    ['\n1 2 {}\n\nmoved\n', true],
    ['restoring run\n1 2 {"torn\nmoved\n', true],
  ] as const) {
    test(JSON.stringify(printed), () => assert.equal(readJournal(1, printed).moved, moved))
  }
})
