import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseConfiguration } from '../../../../../src/routers/nginx/config/configuration.ts'
import {
  errorLog,
  milliseconds,
  shortestKeepaliveMinTimeout,
  workerShutdownTimeout,
} from '../../../../../src/routers/nginx/config/settings.ts'

describe('a time', () => {
  const cases: readonly [string | undefined, number | undefined][] = [
    ['15', 15_000],
    ['15s', 15_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1h 5m', 3_900_000],
    ['2d', 172_800_000],
    ['0', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ]
  for (const [written, expected] of cases) {
    test(`${written}`, () => assert.equal(milliseconds(written), expected))
  }
})

function read(text: string) {
  const configuration = parseConfiguration([{ path: '/n/nginx.conf', text }])
  return [workerShutdownTimeout(configuration), shortestKeepaliveMinTimeout(configuration), errorLog(configuration)]
}

describe('settings', () => {
  const none = undefined
  const cases: readonly [string, string, readonly unknown[]][] = [
    ['none', 'http { server {} }', [none, none, none]],
    [
      'all',
      'worker_shutdown_timeout 3s; error_log /e.log warn; error_log stderr; http { keepalive_min_timeout 15s; server {} }',
      [3000, 15_000, '/e.log'],
    ],
    ['one server block without', 'http { server { keepalive_min_timeout 15s; } server {} }', [none, none, none]],
    [
      'the shortest',
      'http { keepalive_min_timeout 9s; server { keepalive_min_timeout 2s; } server {} }',
      [none, 2000, none],
    ],
    ['no server block', 'http { keepalive_min_timeout 9s; error_log /h.log; }', [none, none, none]],
  ]
  for (const [name, text, expected] of cases) test(name, () => assert.deepEqual(read(text), expected))
})
