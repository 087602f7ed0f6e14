import { sentence } from './health.ts'
import { type Ask, fault } from './question.ts'
import type { Question } from './words.ts'

/** How something answers: as wanted, otherwise, or not at all. */
export type Answering =
  | { readonly kind: 'well'; readonly server?: string }
  | { readonly kind: 'unwell' | 'silent'; readonly why: string; readonly server?: string }

/** Milliseconds for an application that is up. */
const TIMEOUT = 5000

/** Asks once. */
export async function howItAnswers(question: Question, ask: Ask, signal: AbortSignal): Promise<Answering> {
  const answer = await ask(question, TIMEOUT, signal).catch((cause: unknown) => sentence(cause))
  if (typeof answer === 'string') {
    signal.throwIfAborted()
    return { kind: 'silent', why: answer }
  }
  const server = answer.headers['server']
  const why = fault(question.expect, answer)
  const told = server === undefined ? {} : { server }
  return why === undefined ? { kind: 'well', ...told } : { kind: 'unwell', why: `${question.title} ${why}`, ...told }
}
