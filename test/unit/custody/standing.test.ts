import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readCustody } from '../../../src/custody/standing.ts'

const HELD = 'lease 7 secret 3000 - octocat v2 deploy 2026-01-01T00:00:00Z green'
const FREE = 'lease 7 - 0'

/** The lines that the host prints, and what is made of them. */
const rows: readonly (readonly [
  string,
  readonly string[],
  readonly [string, string, string, ('busy' | 'abandoned')?],
])[] = [
  ['nothing was ever held', [], ['none', 'none', 'none']],
  ['nobody holds it', [FREE], ['free (the last one was number 7)', 'none', 'none']],
  [
    'somebody holds it',
    ['journal 7 undecided alive 240 5', HELD],
    [
      'number 7, held: the deploy of v2 to green by octocat since 2026-01-01T00:00:00Z; its heart beat 2 s ago',
      'number 7, undecided, 5 changes',
      'alive',
      'busy',
    ],
  ],
  [
    'its heart has stopped',
    ['journal 7 restored dead 9100 1', HELD],
    [
      'number 7, stale: the deploy of v2 to green by octocat since 2026-01-01T00:00:00Z; its heart beat 91 s ago',
      'number 7, restored, 1 change',
      'dead',
      'abandoned',
    ],
  ],
  [
    'the host was started since',
    ['journal 7 undecided dead - 2', HELD],
    [
      'number 7, stale: the deploy of v2 to green by octocat since 2026-01-01T00:00:00Z; its heart has not beaten since the host was started',
      'number 7, undecided, 2 changes',
      'dead',
      'abandoned',
    ],
  ],
  [
    'nobody holds it, and something is left',
    ['journal 6 undecided dead 100 2', FREE],
    ['free (the last one was number 7)', 'number 6, undecided, 2 changes', 'none', 'abandoned'],
  ],
]

describe('custody in words, where', () => {
  for (const [title, lines, [lease, journal, guard, how]] of rows) {
    test(title, () => {
      const stdout = `${lines.join('\n')}\n`
      assert.deepEqual(readCustody({ code: 0, stdout, stderr: '' }), {
        ...{ lease, journal, guard },
        ...{ busy: how === 'busy', abandoned: how === 'abandoned' },
      })
    })
  }

  test('no answer is none', () => assert.equal(readCustody(undefined).lease, 'none'))
})
