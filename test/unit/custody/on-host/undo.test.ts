import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { undoOnHost } from '../../../../src/custody/on-host/undo.ts'
import { sh } from '../../../../src/host/quote.ts'
import type { Change, Question } from '../../../../src/release/model.ts'

const flip = (path: string): Change => {
  const question: Question = {
    title: 'blue',
    from: 'deploy@host:22',
    request: { address: '127.0.0.1', port: 8081, path, host: 'app' },
    expect: { status: [[200, 299]] },
  }
  return {
    kind: 'change',
    phase: 'traffic',
    title: 'Flip',
    on: 'all proxies',
    reason: 'flip-without-effect',
    do: { shell: sh`:`, deadline: 1000 },
    undo: { shell: sh`:`, deadline: 1000 },
    endpoints: { previous: question, next: question },
  }
}

describe('the undo on the host', () => {
  test('wget is asked for an address without a query alone', () => {
    assert.match(undoOnHost(flip('/health')).text, /\bwget .*\/health/)
    assert.doesNotMatch(undoOnHost(flip('/health?token=secret')).text, /\bwget /)
  })
})
