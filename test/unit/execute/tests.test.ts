import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HostError, type HttpAnswer } from '../../../src/host/host.ts'
import { until } from '../../../src/judges/probe.ts'
import type { Ask } from '../../../src/judges/question.ts'
import { hold } from '../../../src/judges/watch.ts'
import type { Question } from '../../../src/release/model.ts'
import { Failure } from '../../../src/release/reasons.ts'

const question: Question = {
  title: 'the application',
  from: 'runner',
  request: { address: '127.0.0.1', port: 1, path: '/', host: 'x' },
  expect: { status: [[200, 299]] },
}
const never = new AbortController().signal

/** Answers with these, one after another, and with the last one from then on; 0 is no answer. */
function answering(...statuses: readonly number[]): { ask: Ask; asked: () => number } {
  let asked = 0
  const ask: Ask = async () => {
    const status = statuses[Math.min(asked++, statuses.length - 1)] ?? 0
    if (status === 0) throw new Error('connection refused')
    const answer: HttpAnswer = { status, headers: {}, body: '', duration: 2 }
    return answer
  }
  return { ask, asked: () => asked }
}

/** Answers well after so many errors. */
function troubled(error: HostError, times: number): { ask: Ask; asked: () => number } {
  const { ask: well } = answering(200)
  let asked = 0
  const ask: Ask = async (...question) => {
    if (asked++ < times) throw error
    return well(...question)
  }
  return { ask, asked: () => asked }
}

const probe = { questions: [question], successes: 2, interval: 20, deadline: 300 }

describe('until', () => {
  for (const { statuses, tries } of [
    { statuses: [200], tries: 2 },
    { statuses: [0, 503, 200], tries: 4 },
    { statuses: [200, 503, 200, 200], tries: 4 },
  ]) {
    test(`${statuses} is healthy after ${tries} tries`, async () => {
      const { answers: _, ...told } = await until(probe, 'not-healthy', answering(...statuses).ask, never)
      assert.deepEqual(told, { tries, answered: 2 })
    })
  }
  for (const { statuses, last } of [
    { statuses: [503], last: /the application answered 503, wanted 200-299/ },
    { statuses: [0], last: /the application: connection refused/ },
    { statuses: Array.from({ length: 200 }, (_, i) => (i % 2 ? 500 : 200)), last: /2 times in a row within 0.3 s/ },
  ]) {
    test(`${statuses.slice(0, 3)}… never is, and says what was seen last`, async () => {
      await assert.rejects(until(probe, 'not-healthy', answering(...statuses).ask, never), (cause) => {
        assert.ok(cause instanceof Failure)
        assert.equal(cause.reason, 'not-healthy')
        assert.match(cause.message, last)
        return true
      })
    })
  }
  for (const [reason, tries] of [
    ['authentication-failed', 1],
    ['host-key-mismatch', 1],
    ['forwarding-refused', 1],
    ['login-shell-unusable', 1],
    ['connection-lost', 4],
    ['host-unreachable', 1],
    ['command-timed-out', 4],
  ] as const) {
    test(`${reason} ${tries === 1 ? 'ends it at once' : 'may pass'}`, async () => {
      const error = new HostError(reason, 'deploy@host', 'The host does not want to.')
      const { ask, asked } = troubled(error, 2)
      const outcome = await until(probe, 'not-healthy', ask, never).catch((cause: unknown) => cause)
      assert.equal(asked(), tries)
      if (tries === 1) assert.equal(outcome, error)
      else assert.deepEqual({ ...Object(outcome), answers: [] }, { tries, answered: 2, answers: [] })
    })
  }
  test('a connection that stays lost is not healthy in the end', async () => {
    const { ask } = troubled(new HostError('connection-lost', 'deploy@host', 'It was lost.'), Number.POSITIVE_INFINITY)
    await assert.rejects(until(probe, 'not-healthy', ask, never), { reason: 'not-healthy', message: /It was lost\./ })
  })
  test('ends at once when cancelled', async () => {
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(new Failure('cancelled', 'The run was cancelled.')), 20)
    await assert.rejects(until({ ...probe, deadline: 60_000 }, 'not-healthy', answering(503).ask, cancel.signal), {
      reason: 'cancelled',
    })
  })
})

const watch = {
  kind: 'hold',
  questions: [question],
  duration: 120,
  interval: 10,
  failures: 3,
  reason: 'watch-failed',
} as const

describe('hold', () => {
  test('passes where all answers are good, and counts them', async () => {
    const { ask, asked } = answering(200)
    const watched = await hold(watch, ask, never)
    assert.deepEqual(watched, { asked: asked(), failed: 0, slowest: 2 })
    assert.ok(watched.asked > 3)
  })
  test('forgives two failures in a row', async () => {
    assert.equal((await hold(watch, answering(200, 500, 0, 200).ask, never)).failed, 2)
  })
  test('ends at the third failure in a row', async () => {
    const { ask, asked } = answering(200, 500, 500, 500, 200)
    await assert.rejects(hold(watch, ask, never), {
      reason: 'watch-failed',
      message: /3 failures in a row.*answered 500/,
    })
    assert.equal(asked(), 4)
  })
  test('ends at once where the host lets nobody ask any more, and outlives a connection that is made anew', async () => {
    const refused = new HostError('authentication-failed', 'deploy@host', 'The host refuses the key.')
    const first = troubled(refused, 1)
    await assert.rejects(hold(watch, first.ask, never), refused)
    assert.equal(first.asked(), 1)
    const lost = troubled(new HostError('connection-lost', 'deploy@host', 'It was lost.'), 2)
    assert.equal((await hold(watch, lost.ask, never)).failed, 2)
  })
  test('never ends on a failure', async () => {
    const failing = answering(...Array.from({ length: 300 }, (_, i) => (i % 3 === 2 ? 200 : 500)))
    const watched = await hold({ ...watch, failures: 4 }, failing.ask, never)
    assert.equal(watched.asked % 3, 0)
  })
  test('of no length asks once', async () => {
    assert.equal((await hold({ ...watch, duration: 0 }, answering(200).ask, never)).asked, 1)
  })
})
