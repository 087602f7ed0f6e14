import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { annotationOf } from '../../../../src/front/actions/publish.ts'
import { reportOf } from '../../../../src/front/report.ts'

const MORE = 'The rest, with the commands to run, is in the log of this step and in its summary.'
const shown = (...sentences: readonly string[]) =>
  annotationOf(
    reportOf(
      { result: 'unchanged', sentences, evidence: [], live: {}, previous: {} },
      { command: 'deploy', version: 'v2', duration: 1, roundTrips: 1, requests: 1, notes: [] },
      { steps: [], warnings: [] },
    ),
  ).slice(1)

describe('the annotation of an error', () => {
  const long = 'x'.repeat(700)
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['a few sentences as they are', ['One.', 'Two.'], ['One.', 'Two.']],
    ['no commands: they have lines and an indentation', ['One.', 'By hand, on the host:\n    mv a b'], ['One.', MORE]],
    ['the beginning of a long one', [long], [`${'x'.repeat(600)}…`, MORE]],
    ['the first ones of many', [...'abcdefgh'], [...'abcdef', MORE]],
  ]
  for (const [title, sentences, expected] of cases)
    test(`shows ${title}`, () => assert.deepEqual(shown(...sentences), expected))
})
