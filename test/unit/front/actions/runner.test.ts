import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commitOfRun } from '../../../../src/front/actions/origin.ts'
import { readRunner } from '../../../../src/front/actions/runner.ts'

const SHA = 'b'.repeat(40)
const reading = (event: string | Error, more: Readonly<Record<string, string>> = {}) =>
  readRunner({ GITHUB_EVENT_PATH: '/event', GITHUB_EVENT_NAME: 'push', GITHUB_SHA: SHA, ...more }, (path) => {
    assert.equal(path, '/event')
    if (event instanceof Error) throw event
    return event
  })

describe('what the runner says', () => {
  const events: readonly (readonly [string, string | Error, RegExp | undefined])[] = [
    ['an object', '{"pull_request":{"head":{"sha":"a"}}}', undefined],
    [
      'a file that is not there',
      new Error("ENOENT: no such file or directory, open '/event'"),
      /cannot be read \(ENOENT: no such file or directory\)\.$/,
    ],
    ['not JSON', '{"a":', /GITHUB_EVENT_PATH names, is not JSON\.$/],
    ['empty', '', /is not JSON/],
    ...['null', '[]', '"text"', '7'].map((text) => [text, text, /holds no object/] as const),
  ]
  for (const [title, event, said] of events) {
    test(`of an event: ${title}`, () => {
      const { payload, unusable } = reading(event)
      const sentence = unusable.get('GITHUB_EVENT_PATH')
      if (said === undefined) assert.equal(sentence, undefined)
      else assert.match(sentence ?? '', said)
      assert.deepEqual(Object.keys(payload), said === undefined ? ['pull_request'] : [])
    })
  }

  for (const shape of [
    '{"pull_request":7}',
    '{"pull_request":{"head":"x"}}',
    '{"pull_request":{"head":{"sha":7}}}',
    '{}',
  ]) {
    test(`the commit of an event of another shape: ${shape}`, () => {
      const about = commitOfRun(reading(shape))
      const commit = about.kind === 'commit' ? about.commit : undefined
      assert.ok(commit === SHA || commit === undefined)
    })
  }

  test('an event that cannot be read does not turn a merge commit into what is released', () => {
    assert.equal(commitOfRun(reading('no', { GITHUB_EVENT_NAME: 'pull_request' })).kind, 'unclear')
    assert.deepEqual(commitOfRun(reading('no')), { kind: 'commit', commit: SHA })
  })

  for (const [api, usable] of [
    ['https://api.github.com', true],
    ['http://ghe.example.com/api/v3', true],
    ['nonsense', false],
    ['file:///etc/passwd', false],
    ['http://', false],
  ] as const) {
    test(`of an API at ${api}: ${usable ? 'used' : 'a sentence'}`, () => {
      const { apiUrl, unusable } = reading('{}', { GITHUB_API_URL: api })
      assert.equal(apiUrl, usable ? api : undefined)
      assert.equal(unusable.has('GITHUB_API_URL'), !usable)
    })
  }
})
