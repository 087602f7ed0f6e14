import { HostError, type HttpAnswer } from '../host/host.ts'
import type { Expectation, Match, Question } from '../release/model.ts'
import { matching, matchText } from './matching.ts'

/** Asks one question. `timeout` is in milliseconds. Throws with a sentence where no answer comes. */
export type Ask = (question: Question, timeout: number, signal: AbortSignal) => Promise<HttpAnswer>

/** Milliseconds by which a question outlasts what was allowed for its answer. */
const GRACE = 500

/** Asks with an end: who keeps a deadline does not wait for a lost host that may come back. */
export async function askWithin(
  ask: Ask,
  question: Question,
  timeout: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const late = AbortSignal.timeout(timeout + GRACE)
  try {
    return await ask(question, timeout, AbortSignal.any([signal, late]))
  } catch (cause) {
    if (!late.aborted || signal.aborted || cause instanceof HostError) throw cause
    throw new Error(`could not be asked within ${timeout} ms: there is no connection to the host`, { cause })
  }
}

/** What is wrong with an answer, as the end of a sentence; undefined where it is what was wanted. */
export function fault(expect: Expectation, answer: HttpAnswer): string | undefined {
  if (!expect.status.some(([from, to]) => answer.status >= from && answer.status <= to)) {
    const location = answer.headers['location']
    const redirect = location === undefined ? '' : ` (a redirect to ${location}, which is not followed)`
    return `answered ${answer.status}${redirect}, wanted ${statusText(expect)}${excerpt(answer.body)}`
  }
  if (expect.match === undefined) return undefined
  switch (matching(expect.match, answer.body)) {
    case 'yes':
      return undefined
    case 'no':
      return `answered ${answer.status}, but the body does not contain ${matchText(expect.match)}${excerpt(answer.body)}`
    case 'endless':
      return `answered ${answer.status}, but matching ${matchText(expect.match)} against the body took too long, and was ended: write it without a repetition inside a repetition${excerpt(answer.body)}`
  }
}

/** The match with `{version}` replaced; undefined where it speaks of a version that nobody knows. */
export function forVersion(match: Match | undefined, version: string | undefined): Match | undefined {
  if (match === undefined) return undefined
  if (match.kind === 'text') {
    if (!match.text.includes('{version}')) return match
    return version === undefined ? undefined : { kind: 'text', text: match.text.replaceAll('{version}', version) }
  }
  if (!match.source.includes('{version}')) return match
  if (version === undefined) return undefined
  return { ...match, source: match.source.replaceAll('{version}', version.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) }
}

/** Whether what is wanted names the version. */
export function namesVersion(match: Match | undefined): boolean {
  if (match === undefined) return false
  return (match.kind === 'text' ? match.text : match.source).includes('{version}')
}

function statusText({ status }: Expectation): string {
  return status.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

function excerpt(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim()
  if (line === '') return ''
  return `; the body begins: ${line.length > 120 ? `${line.slice(0, 120)}…` : line}`
}
