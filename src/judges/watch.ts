import { setTimeout as sleep } from 'node:timers/promises'
import { mayPass } from '../host/host.ts'
import type { Question, Test } from '../release/model.ts'
import { Failure } from '../release/reasons.ts'
import { sentence } from './probe.ts'
import { type Ask, askWithin, fault } from './question.ts'

export interface Watched {
  readonly asked: number
  readonly failed: number
  /** Milliseconds: the slowest good answer. */
  readonly slowest: number
}

/**
 * Asks every question again and again until the time is over. Single failures are counted; so many in a row of one
 * question end the watch. A last round at the end must pass: a watch never ends on a failure.
 * @throws Failure with what failed, how often, and the last thing seen; HostError at once where the host lets nobody ask.
 */
export async function hold(test: Extract<Test, { kind: 'hold' }>, ask: Ask, signal: AbortSignal): Promise<Watched> {
  const end = performance.now() + test.duration
  const watched = { asked: 0, failed: 0, slowest: 0 }
  const inARow = new Map<Question, number>()

  const round = async (question: Question): Promise<void> => {
    const wrong = await askWithin(ask, question, Math.max(2000, test.interval), signal).then(
      (answer) => {
        const wrong = fault(question.expect, answer)
        if (wrong === undefined) watched.slowest = Math.max(watched.slowest, answer.duration)
        return wrong
      },
      (cause: unknown) => {
        if (!mayPass(cause)) throw cause
        return `gave no answer: ${sentence(cause)}`
      },
    )
    signal.throwIfAborted()
    watched.asked++
    if (wrong !== undefined) watched.failed++
    const failures = wrong === undefined ? 0 : (inARow.get(question) ?? 0) + 1
    inARow.set(question, failures)
    if (failures >= test.failures) {
      throw new Failure(test.reason, `${failures} failures in a row in the watch: ${question.title} ${wrong}.`)
    }
  }
  const troubled = (): boolean => [...inARow.values()].some((failures) => failures > 0)

  do {
    const began = performance.now()
    await Promise.all(test.questions.map(round))
    const pause = Math.min(test.interval, end - began) - (performance.now() - began)
    if (pause > 0) await sleep(pause, undefined, { signal })
  } while (performance.now() < end || troubled())
  return watched
}
