import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judge } from '../../../../src/github/api/retrying.ts'

const NOW = 1_000_000_000
describe('whether to try again', () => {
  const rows: readonly [string, number | undefined, Record<string, string>, string, number, unknown][] = [
    ['no answer', undefined, {}, 'fetch failed', 1, { kind: 'again', wait: 500 }],
    ['no answer, the third time', undefined, {}, 'fetch failed', 3, { kind: 'again', wait: 2000 }],
    ['no answer, the last time', undefined, {}, 'fetch failed', 5, { kind: 'no-answer' }],
    ['500', 500, {}, '', 1, { kind: 'again', wait: 500 }],
    ['502', 502, {}, '', 2, { kind: 'again', wait: 1000 }],
    ['503 that says when', 503, { 'retry-after': '7' }, '', 1, { kind: 'again', wait: 7000 }],
    ['408', 408, {}, '', 1, { kind: 'again', wait: 500 }],
    ['429 that says when', 429, { 'retry-after': '3' }, '', 1, { kind: 'again', wait: 3000 }],
    ['429 that says nothing', 429, {}, '', 1, { kind: 'again', wait: 60_000 }],
    ['a secondary limit', 403, { 'retry-after': '2' }, 'secondary rate limit', 1, { kind: 'again', wait: 2000 }],
    [
      'a secondary limit without a time',
      403,
      {},
      'You have exceeded a secondary rate limit',
      1,
      { kind: 'again', wait: 60_000 },
    ],
    [
      'the limit of the hour, over soon',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 30) },
      'API rate limit exceeded',
      1,
      { kind: 'again', wait: 30_000 },
    ],
    [
      'the limit of the hour, over late',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 1800) },
      'API rate limit exceeded',
      1,
      { kind: 'no-answer' },
    ],
    ['too long a wait', 503, { 'retry-after': '3600' }, '', 1, { kind: 'no-answer' }],
    ['a missing permission', 403, {}, 'Resource not accessible by integration', 1, { kind: 'not-allowed' }],
    ['a repository that the token does not see', 404, {}, 'Not Found', 1, { kind: 'not-allowed' }],
    ['a bad token', 401, {}, 'Bad credentials', 1, { kind: 'bad-token' }],
    ['a conflict', 409, {}, 'Conflict', 1, { kind: 'refused' }],
    ['what GitHub does not understand', 422, {}, 'Validation Failed', 1, { kind: 'refused' }],
  ]
  for (const [name, status, headers, message, attempt, expected] of rows) {
    test(name, () =>
      assert.deepEqual(judge({ ...(status !== undefined && { status }), headers, message }, attempt, NOW), expected),
    )
  }
})
