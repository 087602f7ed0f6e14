import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ColorStatus, Situation } from '../../../src/planning/status.ts'
import { statusLines } from '../../../src/planning/status-lines.ts'

const refusal = 'GET http://127.0.0.1:8081/: connection refused'

function shown(...colors: readonly ColorStatus[]): readonly string[] {
  const custody: Situation['custody'] = { lease: 'free', journal: 'none', guard: 'none', busy: false, abandoned: false }
  const lines = statusLines({ colors, releases: [], custody })
  return lines.slice(0, lines.indexOf(''))
}

test('an idle color that is stopped need not answer, and a live one must', () => {
  assert.deepEqual(
    shown(
      { color: 'green', role: 'live', state: 'exited with 1', health: refusal },
      { color: 'blue', role: 'idle', version: 'v1', state: 'exited with 0', health: refusal },
    ),
    [
      '      color  version  container      health',
      `live  green  unknown  exited with 1  ${refusal}`,
      'idle  blue   v1       exited with 0  not running',
    ],
  )
  assert.deepEqual(
    shown(
      { color: 'blue', role: 'live', state: 'no container', health: refusal },
      { color: 'green', role: 'idle', version: 'v1', state: 'running since 2026-01-01T00:00:00Z', health: refusal },
    ).map((line) => line.split(/ {2,}/)),
    [
      ['', 'color', 'version', 'container', 'health'],
      ['live', 'blue', 'none', 'no container', refusal],
      ['idle', 'green', 'v1', 'running since 2026-01-01T00:00:00Z', refusal],
    ],
  )
})

test('colors that nobody could look at leave no empty table', () => {
  assert.deepEqual(shown(), ['The colors could not be looked at.'])
})
