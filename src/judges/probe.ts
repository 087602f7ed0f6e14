import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import { type HttpAnswer, mayPass } from '../host/host.ts'
import type { CheckReason, Probe } from '../release/model.ts'
import { Failure, sentenceOf } from '../release/reasons.ts'
import { type Ask, askWithin, fault } from './question.ts'

/** The first pauses between tries, in ms: a container that boots in a tenth of a second should not wait for a whole interval. */
const FIRST_PAUSE = 50
/** Milliseconds for one request: longer than a slow page takes, short enough to be asked again. */
const REQUEST_TIMEOUT = 5000
/** Milliseconds under which a try only says how little time was left: what was seen before it says more. */
const TOO_SHORT = 1000

export interface Tries {
  readonly tries: number
  /** Milliseconds of the last good answer. */
  readonly answered: number
  /** The last answer of each question, in their order. */
  readonly answers: readonly HttpAnswer[]
}

/**
 * Waits until every question was answered well, so often in a row as the probe wants.
 * @throws Failure with the number of tries and the last thing seen, when the deadline passes; HostError at once where
 * the host lets nobody ask.
 */
export async function until(probe: Probe, reason: CheckReason, ask: Ask, signal: AbortSignal): Promise<Tries> {
  const end = performance.now() + probe.deadline
  const pause = Math.min(FIRST_PAUSE, probe.interval)
  let tries = 0
  let last: string | undefined

  let answers: HttpAnswer[] = []
  const inARow = async (): Promise<number> => {
    let answered = 0
    for (let success = 0; success < probe.successes; success++) {
      if (success > 0) await sleep(probe.spacing ?? pause, undefined, { signal })
      answers = []
      for (const question of probe.questions) {
        tries++
        const left = end - performance.now()
        if (left <= 0) throw new Error(last)
        const answer = await askWithin(ask, question, Math.ceil(Math.min(REQUEST_TIMEOUT, left)), signal).catch(
          (cause) => {
            if (left > TOO_SHORT || last === undefined) last = `${question.title}: ${sentence(cause)}`
            throw cause
          },
        )
        const wrong = fault(question.expect, answer)
        last = `${question.title} ${wrong ?? `answered ${answer.status}`}`
        if (wrong !== undefined) throw new Error(last)
        answered = answer.duration
        answers.push(answer)
      }
    }
    return answered
  }
  try {
    const answered = await pRetry(inARow, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: pause,
      maxTimeout: probe.interval,
      factor: 1.5,
      maxRetryTime: probe.deadline,
      shouldRetry: ({ error }) => mayPass(error),
      signal,
    })
    return { tries, answered, answers }
  } catch (cause) {
    signal.throwIfAborted()
    if (!mayPass(cause)) throw cause
    const wanted = probe.successes > 1 ? ` ${probe.successes} times in a row` : ''
    const message = `No good answer${wanted} within ${probe.deadline / 1000} s (${tries} tries). The last one: ${last ?? 'none'}.`
    throw new Failure(reason, message, { cause })
  }
}

/** As a part of a sentence, without its full stop. */
export function sentence(cause: unknown): string {
  return sentenceOf(cause).replace(/\.$/, '')
}
