import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sh } from '../../../src/host/quote.ts'
import type { Answered, Sight } from '../../../src/release/model.ts'
import { shownBy, verdictOf } from '../../../src/release/sight.ts'

const answer = (body: string, headers: Readonly<Record<string, string>> = {}): Answered => ({
  status: 200,
  headers: { server: 'nginx', ...headers },
  body,
})

describe('what the public route shows of v2', () => {
  for (const [title, before, after, kind] of [
    ['its body says it', [answer('version v1'), answer('version v1')], answer('version v2'), 'version'],
    ['a header says it', [answer('ok')], answer('ok', { 'x-version': 'v2' }), 'version'],
    ['it says it, and nothing was live before', [], answer('v2'), 'version'],
    ['it said so before as well', [answer('v2'), answer('v2')], answer('v2'), 'nothing'],
    ['it says another version that begins so', [answer('v1'), answer('v1')], answer('v1', { etag: 'x' }), 'nothing'],
    ['v20 is not v2', [], answer('v20 v2.1 xv2 v2-beta'), 'nothing'],
    ['the body is another', [answer('old'), answer('old')], answer('new'), 'changed'],
    [
      'a header is another',
      [answer('ok', { etag: '1' }), answer('ok', { etag: '1' })],
      answer('ok', { etag: '2' }),
      'changed',
    ],
    ['the body is another each time', [answer('1'), answer('2')], answer('3'), 'nothing'],
    [
      'only the clock went on',
      [answer('ok', { date: '1' }), answer('ok', { date: '1' })],
      answer('ok', { date: '2' }),
      'nothing',
    ],
    ['it was asked only once', [answer('old')], answer('new'), 'nothing'],
    ['it answers as before', [answer('ok'), answer('ok')], answer('ok'), 'nothing'],
  ] as const) {
    test(title, () => assert.equal(shownBy({ version: 'v2', before }, after).kind, kind))
  }
})

describe('what is said of it', () => {
  const accepted = { on: 'all apps', script: { shell: sh``, deadline: 1 } } as const
  const sight: Sight = { version: 'v2', color: 'green', before: [], accepted }
  for (const [shown, arrived, proven, note, doubt] of [
    [{ kind: 'version' }, undefined, true, /^the answer says v2$/, undefined],
    [{ kind: 'changed', what: 'the body' }, undefined, true, /^the body changed with the flip$/, undefined],
    [{ kind: 'nothing' }, 3, false, /not proven to be v2 by what it says; 3 connections arrived at green/, undefined],
    [
      { kind: 'nothing' },
      0,
      false,
      /not proven to be v2: no connection arrived at green/,
      /A cache or another server answers/,
    ],
    [{ kind: 'nothing' }, undefined, false, /^answered, not proven to be v2$/, /nothing proves that it was v2/],
  ] as const) {
    test(`${JSON.stringify(shown)}, ${arrived} connections`, () => {
      const verdict = verdictOf(sight, shown, arrived)
      assert.equal(verdict.proven, proven)
      assert.match(verdict.note, note)
      if (doubt === undefined) assert.equal(verdict.doubt, undefined)
      else assert.match(verdict.doubt ?? '', doubt)
    })
  }
})
