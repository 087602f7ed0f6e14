import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fault, forVersion } from '../../../src/judges/question.ts'
import type { Expectation, Match } from '../../../src/release/model.ts'

const ok: Expectation = {
  status: [
    [200, 299],
    [304, 304],
  ],
}
const text = (text: string): Match => ({ kind: 'text', text })
const pattern = (source: string, flags = ''): Match => ({ kind: 'pattern', source, flags })
const answer = (status: number, body = '', headers = {}) => ({ status, body, headers, duration: 1 })

const faults: readonly [string, Expectation, ReturnType<typeof answer>, RegExp | undefined][] = [
  ['a status in a range', ok, answer(204), undefined],
  ['the last status of a range', ok, answer(299), undefined],
  ['a single status', ok, answer(304), undefined],
  [
    'a status in none',
    ok,
    answer(503, 'warming up'),
    /^answered 503, wanted 200-299, 304; the body begins: warming up$/,
  ],
  ['a redirect', ok, answer(301, '', { location: 'https://x/' }), /redirect to https:\/\/x\/, which is not followed/],
  ['a text that is there', { ...ok, match: text('v2') }, answer(200, 'I am v2'), undefined],
  [
    'a text that is not',
    { ...ok, match: text('v2') },
    answer(200, 'I am v1'),
    /does not contain 'v2'; the body begins: I am v1/,
  ],
  ['a pattern that matches', { ...ok, match: pattern('^I', 'm') }, answer(200, 'x\nI'), undefined],
  ['a pattern that does not', { ...ok, match: pattern('^I$') }, answer(200, 'x'), /does not contain \/\^I\$\//],
  [
    'a pattern that backtracks',
    { ...ok, match: pattern('^(a+)+$') },
    answer(200, `${'a'.repeat(64)}!`),
    /^answered 200, but matching \/\^\(a\+\)\+\$\/ against the body took too long, and was ended: write it without/,
  ],
  [
    'a pattern with what a script could end at',
    { ...ok, match: pattern('\\u2028\n"', 'u') },
    answer(200, '\u2028\n"\\'),
    undefined,
  ],
]
for (const [title, expect, given, wanted] of faults) {
  test(`an answer with ${title}`, () => {
    const found = fault(expect, given)
    if (wanted === undefined) assert.equal(found, undefined)
    else assert.match(found ?? '', wanted)
  })
}

const versions: readonly [Match | undefined, string | undefined, Match | undefined][] = [
  [undefined, 'v1', undefined],
  [text('up'), undefined, text('up')],
  [text('is {version}!'), 'v1', text('is v1!')],
  [text('is {version}!'), undefined, undefined],
  [pattern('"{version}"'), '1.2', pattern('"1\\.2"')],
  [pattern('"{version}"'), undefined, undefined],
  [pattern('up'), undefined, pattern('up')],
]
for (const [match, version, wanted] of versions) {
  test(`${JSON.stringify(match)} for ${version}`, () => assert.deepEqual(forVersion(match, version), wanted))
}
