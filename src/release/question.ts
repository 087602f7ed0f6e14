import type { HttpAnswer } from '../host/host.ts'
import type { Expectation, Match, Question } from './words.ts'

/** Asks one question. `timeout` is in milliseconds. Throws with a sentence where no answer comes. */
export type Ask = (question: Question, timeout: number, signal: AbortSignal) => Promise<HttpAnswer>

/** What is wrong with an answer, as the end of a sentence; undefined where it is what was wanted. */
export function fault(expect: Expectation, answer: HttpAnswer): string | undefined {
  if (!expect.status.some(([from, to]) => answer.status >= from && answer.status <= to)) {
    const location = answer.headers['location']
    const redirect = location === undefined ? '' : ` (a redirect to ${location}, which is not followed)`
    return `answered ${answer.status}${redirect}, wanted ${statusText(expect)}${excerpt(answer.body)}`
  }
  if (expect.match !== undefined && !matches(expect.match, answer.body)) {
    return `answered ${answer.status}, but the body does not contain ${matchText(expect.match)}${excerpt(answer.body)}`
  }
  return undefined
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

function matches(match: Match, body: string): boolean {
  return match.kind === 'text' ? body.includes(match.text) : new RegExp(match.source, match.flags).test(body)
}

function matchText(match: Match): string {
  return match.kind === 'text' ? `'${match.text}'` : `/${match.source}/${match.flags}`
}

function statusText({ status }: Expectation): string {
  return status.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

function excerpt(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim()
  if (line === '') return ''
  return `; the body begins: ${line.length > 120 ? `${line.slice(0, 120)}…` : line}`
}
