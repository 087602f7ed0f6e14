import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'

/** How a call to GitHub failed. */
export interface Fault {
  /** Absent: there was no answer. */
  readonly status?: number
  readonly message: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/** What to make of it: the same again after so many milliseconds, or nothing more. */
export type Verdict =
  | { readonly kind: 'again'; readonly wait: number }
  | { readonly kind: 'not-allowed' | 'bad-token' | 'refused' | 'no-answer' }

/** A call to GitHub that failed for good. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly kind: Exclude<Verdict['kind'], 'again'>
  readonly status: number | undefined

  constructor(kind: GitHubError['kind'], status: number | undefined, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.status = status
  }
}

const TRIES = 5
/** Milliseconds before the second try; each further pause is twice as long. */
const FIRST_PAUSE = 500
/** Milliseconds: who is to wait longer is told so, and gives up. */
const LONGEST_PAUSE = 60_000

/**
 * Whether trying again can help, and when: the documented order is `Retry-After`, then the reset of the limit, then a
 * minute for a secondary rate limit.
 * @param attempt from 1 on
 * @param now milliseconds since 1970
 */
export function judge(fault: Fault, attempt: number, now: number): Verdict {
  const { status } = fault
  if (status === 401) return { kind: 'bad-token' }
  const limited = status === 429 || (status === 403 && isLimit(fault))
  if ((status === 403 || status === 404) && !limited) return { kind: 'not-allowed' }
  const passing = limited || status === undefined || status === 408 || status >= 500
  if (!passing) return { kind: 'refused' }
  const wait = askedPause(fault, limited, now) ?? FIRST_PAUSE * 2 ** (attempt - 1)
  return attempt >= TRIES || wait > LONGEST_PAUSE ? { kind: 'no-answer' } : { kind: 'again', wait }
}

/** Calls until it works, or nothing more can be done. @throws GitHubError, or the reason of the signal */
export function retrying<T>(
  call: (attempt: number) => Promise<T>,
  faultOf: (cause: unknown) => Fault,
  signal: AbortSignal,
): Promise<T> {
  const once = async (attempt: number): Promise<T> => {
    try {
      return await call(attempt)
    } catch (cause) {
      signal.throwIfAborted()
      // A call within this one has tried enough.
      if (cause instanceof GitHubError) throw cause
      const fault = faultOf(cause)
      const verdict = judge(fault, attempt, Date.now())
      if (verdict.kind !== 'again') throw new GitHubError(verdict.kind, fault.status, fault.message, { cause })
      await sleep(verdict.wait, undefined, { signal })
      throw cause
    }
  }
  return pRetry(once, {
    ...{ retries: TRIES, minTimeout: 0, signal },
    // What failed without a last word comes from here, and waited already.
    shouldRetry: ({ error }) => !(error instanceof GitHubError),
  })
}

function isLimit({ headers, message }: Fault): boolean {
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message)
}

function askedPause({ headers }: Fault, limited: boolean, now: number): number | undefined {
  const after = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return after * 1000
  const reset = Number(headers['x-ratelimit-reset'])
  if (headers['x-ratelimit-remaining'] === '0' && reset > 0) return Math.max(1000, reset * 1000 - now)
  return limited ? LONGEST_PAUSE : undefined
}
