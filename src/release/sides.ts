import { HostError, type HttpAnswer } from '../host/host.ts'
import { sentence } from '../judges/probe.ts'
import { type Ask, fault } from '../judges/question.ts'
import type { Question } from './model.ts'

/** How something answers: as wanted, otherwise, or not at all. */
export type Answering =
  | { readonly kind: 'well'; readonly server?: string }
  | { readonly kind: 'unwell'; readonly why: string; readonly status: number; readonly server?: string }
  | { readonly kind: 'silent'; readonly why: string; readonly server?: undefined }

/** Milliseconds for an application that is up. */
const TIMEOUT = 5000

/**
 * The answer, or why there is none, as a part of a sentence.
 * @throws HostError where there is no way to ask: a connection that breaks says nothing of what was to be asked.
 */
export async function answerOf(
  question: Question,
  ask: Ask,
  timeout: number,
  signal: AbortSignal,
): Promise<HttpAnswer | string> {
  try {
    return await ask(question, timeout, signal)
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof HostError) throw cause
    return sentence(cause)
  }
}

/** Asks once. */
export async function howItAnswers(question: Question, ask: Ask, signal: AbortSignal): Promise<Answering> {
  const answer = await answerOf(question, ask, TIMEOUT, signal)
  if (typeof answer === 'string') return { kind: 'silent', why: answer }
  const server = answer.headers['server']
  const why = fault(question.expect, answer)
  const told = server === undefined ? {} : { server }
  if (why === undefined) return { kind: 'well', ...told }
  return { kind: 'unwell', why: `${question.title} ${why}`, status: answer.status, ...told }
}
