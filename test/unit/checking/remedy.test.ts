import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remedyIn } from '../../../src/checking/remedy.ts'

test('what is to be done is taken out of a sentence, and nothing where it says nothing', () => {
  for (const [message, expected] of [
    ['It is closed. Run on the host: sudo chmod o+x /srv', 'Run on the host: sudo chmod o+x /srv'],
    ['The folder x cannot be entered; correct `directory`.', 'Correct `directory`.'],
    ['Publish it on 127.0.0.1.', 'Publish it on 127.0.0.1.'],
    ['The release was started by the run. Nobody knows why.', undefined],
    ['Both write to `uploads`.', undefined],
  ] as const)
    assert.equal(remedyIn(message), expected, message)
})
