import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Recovered, recoverySentence } from '../../../src/custody/recovery.ts'

const holder = { run: 'https://run', actor: 'octocat', version: 'v2', command: 'deploy', since: '' }

const told: readonly (readonly [string, Partial<Recovered>, RegExp | undefined])[] = [
  ['a deploy', { holder }, /^The deploy of v2 \(https:\/\/run\) was ended from outside in the middle: traffic was put/],
  [
    'a rollback to what was before',
    { holder: { ...holder, command: 'rollback', version: '' } },
    /^The rollback \(https:\/\/run\) was ended/,
  ],
  ['a run that nobody knows', {}, /^An earlier run was ended/],
  ['nothing', { holder, how: 'nothing' }, undefined],
]

describe('what was recovered is told of', () => {
  for (const [title, more, expected] of told) {
    test(title, () => {
      const sentence = recoverySentence({ number: 1, how: 'restored', left: [], ...more })
      if (expected === undefined) assert.equal(sentence, undefined)
      else assert.match(sentence ?? '', expected)
    })
  }
})
