import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sentence } from '../../../../src/base/notice.ts'
import type { Accepted } from '../../../../src/host/accepted.ts'
import { type Judged, judgeReached } from '../../../../src/routers/nginx/confirm.ts'
import { type Counted, countedBetween, type Reached, reachedBy } from '../../../../src/routers/nginx/reached.ts'

const took = (accepted: number, connected = 0): Counted => ({ kind: 'container', accepted, connected })
const nobody: Counted = { kind: 'nobody' }
const hidden: Counted = { kind: 'uncounted', why: 'it has no network of its own' }
const round = (blue: Counted, green: Counted, answered = 4) => ({ answered, colors: { blue, green } })

describe('four requests through Nginx reach', () => {
  const blue: Reached = { kind: 'color', color: 'blue' }
  const cases: readonly (readonly [string, ReturnType<typeof round>[], Reached['kind'] | Reached])[] = [
    ['the color that accepted them', [round(took(4), took(0))], blue],
    ['the color that accepted them, with visitors', [round(took(900), took(0)), round(took(7), took(0))], blue],
    ['the color that accepted them, where the other has a health check inside', [round(took(4), took(1))], blue],
    [
      'the color that accepted them always, where the other was busy for a moment',
      [round(took(4), took(5)), round(took(4), took(0))],
      blue,
    ],
    ['the color that accepted them, where nobody is the other', [round(took(4), nobody)], blue],
    ['the color that accepted them all, where the other cannot be counted', [round(took(4), hidden)], blue],
    ['perhaps the one that cannot be counted', [round(took(0), hidden)], 'unclear'],
    ['perhaps both', [round(took(4), took(4)), round(took(5), took(4))], 'unclear'],
    ['neither', [round(took(0), took(0))], 'neither'],
    ['neither, where a health check inside is all', [round(took(1), took(1))], 'neither'],
    ['nobody', [round(nobody, nobody)], 'neither'],
    ['the only color that has callers, where Nginx keeps connections open', [round(took(0, 2), took(0))], blue],
    ['neither, where both have callers', [round(took(0, 2), took(0, 1))], 'neither'],
    ['neither, where none was answered', [round(took(9, 2), took(0), 0)], 'neither'],
  ]
  for (const [title, rounds, wanted] of cases) {
    test(title, () => {
      const reached = reachedBy(rounds)
      if (typeof wanted === 'string') assert.equal(reached.kind, wanted)
      else assert.deepEqual(reached, wanted)
    })
  }
})

test('a container that came or went meanwhile is not counted', () => {
  const counted = (accepted: number): Accepted => ({ kind: 'counted', accepted, connected: 1 })
  assert.deepEqual(countedBetween(counted(3), counted(7)), took(4, 1))
  const gone: Accepted = { kind: 'unknown', why: 'it does not run' }
  assert.deepEqual(countedBetween(counted(3), gone), { kind: 'uncounted', why: 'it does not run' })
  assert.equal(countedBetween(undefined, counted(3)).kind, 'uncounted')
})

describe('a release', () => {
  const changed = { kind: 'changed-since', master: 1, files: ['/etc/nginx/a.conf'] } as const
  const loaded = { kind: 'loaded', master: 1, touched: [] } as const
  const supposed = { kind: 'supposed', why: 'of something', master: 1 } as const
  const unknown = { kind: 'unknown', why: 'of something' } as const
  const to = (color: 'blue' | 'green') => ({ kind: 'color', color }) as const
  const neither = { kind: 'neither' } as const
  const unclear = { kind: 'unclear', why: 'both accepted' } as const
  const base: Judged = {
    ...{ live: 'blue', answering: { blue: 'well', green: 'silent' }, nothingLive: false, how: 'reload' },
    ...{ loaded, reached: undefined, host: 'deploy@host', command: 'nginx' },
  }
  const down = { nothingLive: true, answering: { blue: 'silent', green: 'silent' } } as const
  /** The wanted sentence; `no` before one that refuses. */
  const cases: readonly (readonly [string, Partial<Judged>, RegExp | 'silent' | readonly ['no', RegExp]])[] = [
    ['goes on where all is loaded', {}, 'silent'],
    [
      'names what was only touched',
      { loaded: { ...loaded, touched: ['/a'] } },
      /^\/a changed since Nginx was loaded, but says the same as before, and the reload of this release loads that\.$/,
    ],
    [
      'goes on where the connections agree',
      { loaded: changed, reached: to('blue') },
      /a\.conf changed since .*the reload of this release loads that\. Requests through Nginx reach blue/,
    ],
    [
      'of a switch reloads nothing',
      { loaded: changed, reached: to('blue'), how: 'switch' },
      /^(?!.*reload).*a\.conf changed since/,
    ],
    [
      'is refused where they contradict the disk',
      { loaded: changed, reached: to('green') },
      ['no', /a\.conf changed since; the disk says blue, and requests through Nginx reach green\. Put back/],
    ],
    [
      'is refused where they contradict what could not be told',
      { loaded: unknown, reached: to('green') },
      ['no', /loaded: The disk says blue, and/],
    ],
    [
      'is refused where nothing seems live, and the other color gets requests',
      { ...down, reached: to('green') },
      ['no', /reach green/],
    ],
    ['goes on where they prove what could not be told', { loaded: unknown, reached: to('blue') }, 'silent'],
    ['says what is not proven', { loaded: unknown, reached: unclear }, /^Not proven: .* since of something\.$/],
    ['says nothing of that where nothing is live', { ...down, loaded: supposed, reached: neither }, 'silent'],
    ['of a switch needs no more than what that says itself', { loaded: supposed, how: 'switch' }, 'silent'],
    [
      'by a reload says what is not proven',
      { loaded: supposed, reached: unclear },
      /^Not proven: .* since of something\.$/,
    ],
    [
      'is refused where they tell nothing of a change',
      { loaded: changed, reached: unclear },
      ['no', /cannot be told, since both accepted\. Run `nginx -t` and `nginx -s reload`/],
    ],
    [
      'is refused where none came to a live color',
      { loaded: changed, reached: neither },
      ['no', /neither accepted a connection/],
    ],
    [
      'goes on where nothing is live at either',
      { ...down, loaded: changed, reached: neither },
      /Neither color gets requests/,
    ],
    [
      'is refused where the other color answers',
      { ...down, answering: { blue: 'silent', green: 'well' }, loaded: changed, reached: neither },
      ['no', /neither accepted/],
    ],
    [
      'is refused where no time tells which file it was',
      { loaded: { ...changed, files: [] }, reached: unclear },
      ['no', /Something in it changed since/],
    ],
  ]
  for (const [title, changes, wanted] of cases) {
    test(title, () => {
      const { refusals, notes } = judgeReached({ ...base, ...changes })
      const said = [...refusals.map(({ message }) => message), ...notes.map(sentence)].join('\n')
      const refused = Array.isArray(wanted)
      assert.equal(refusals.length, refused ? 1 : 0, said)
      if (wanted === 'silent') assert.equal(said, '')
      else assert.match(said, refused ? wanted[1] : (wanted as RegExp))
    })
  }
})
