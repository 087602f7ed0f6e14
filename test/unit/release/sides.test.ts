import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HostError } from '../../../src/host/host.ts'
import type { Ask } from '../../../src/judges/question.ts'
import type { Question } from '../../../src/release/model.ts'
import { Failure } from '../../../src/release/reasons.ts'
import { howItAnswers } from '../../../src/release/sides.ts'

const question: Question = {
  title: 'blue itself',
  from: 'deploy@host:22',
  request: { address: '127.0.0.1', port: 8080, path: '/', host: 'localhost' },
  expect: { status: [[200, 299]] },
}
const answering =
  (status: number): Ask =>
  async () => ({ status, headers: { server: 'nginx' }, body: 'no', duration: 1 })
const failing =
  (cause: Error): Ask =>
  async () => {
    throw cause
  }
const never = new AbortController().signal

describe('how something answers', () => {
  test('well, otherwise, or not at all', async () => {
    assert.deepEqual(await howItAnswers(question, answering(204), never), { kind: 'well', server: 'nginx' })
    const why = 'blue itself answered 503, wanted 200-299; the body begins: no'
    assert.deepEqual(await howItAnswers(question, answering(503), never), {
      ...{ kind: 'unwell', why, status: 503, server: 'nginx' },
    })
    const silent = await howItAnswers(question, failing(new Error('connection refused.')), never)
    assert.deepEqual(silent, { kind: 'silent', why: 'connection refused' })
  })

  test('a connection that broke does not say that it is silent: who asks has to know', async () => {
    const lost = new HostError('connection-lost', 'deploy@host:22', 'The SSH connection was lost.')
    await assert.rejects(howItAnswers(question, failing(lost), never), lost)
  })

  test('nor does a run that was cancelled', async () => {
    const cancelled = new Failure('cancelled', 'The run was cancelled.')
    await assert.rejects(howItAnswers(question, failing(new Error('x')), AbortSignal.abort(cancelled)), cancelled)
  })
})
