import type { getOctokit } from '@actions/github'
import { type Redact, redactAll } from '../../front/redaction.ts'
import { type Fault, retrying } from './retrying.ts'

/** Milliseconds that one call may take. */
const PATIENCE = 25_000

type Octokit = ReturnType<typeof getOctokit>

export type Rest = Octokit['rest']

/** Repository and options that every call takes. */
export interface Common {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly signal: AbortSignal }
}

/** GitHub's REST interface: every call is bounded, redacted, and tried again where that can help. */
export interface GitHub {
  /** @throws GitHubError; where the reporting is ended, the reason for that */
  call<T>(work: (rest: Rest, common: Common, attempt: number) => Promise<{ readonly data: T }>): Promise<T>
}

export interface Access {
  /** Address of the REST interface: GitHub Enterprise Server has one of its own. */
  readonly api: string
  readonly token: string
  readonly owner: string
  readonly repo: string
  readonly redact: Redact
  /** Ends whatever goes on. */
  readonly signal: AbortSignal
}

/** Its client is loaded with the first call: most of what a start would load is that. */
export function openGitHub(access: Access): GitHub {
  const { owner, repo, signal } = access
  let loading: Promise<Rest> | undefined
  return {
    call: (work) =>
      retrying(
        async (attempt) => {
          const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
          const request = { signal: patience, log: silent }
          loading ??= restOf(access)
          const { data } = await work(await loading, { owner, repo, request }, attempt)
          return data
        },
        faultOf,
        signal,
      ),
  }
}

async function restOf({ api, token, redact }: Access): Promise<Rest> {
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token, { log: silent, baseUrl: api })
  octokit.hook.before('request', (options) => {
    const plain = options.request?.fetch ?? fetch
    options.request = { ...options.request, fetch: (...words: Parameters<typeof fetch>) => bounded(plain(...words)) }
    const own = new Set(['baseUrl', 'headers', 'mediaType', 'method', 'request', 'url'])
    for (const [name, value] of Object.entries(options)) if (!own.has(name)) options[name] = redactAll(value, redact)
  })
  return octokit.rest
}

/** An answer that says no carries its headers; without an answer there are none. */
function faultOf(cause: unknown): Fault {
  const message = cause instanceof Error ? cause.message : String(cause)
  const response = property(cause, 'response')
  const status = property(response, 'status')
  if (typeof status !== 'number') return { message, headers: {} }
  return { status, message, headers: Object(property(response, 'headers')) }
}

/** Bytes of an answer: what GitHub is asked here fills a small part of them. */
const MOST = 4 * 1024 * 1024

/** The same answer, read. @throws Error if it is larger */
async function bounded(answering: Promise<Response>): Promise<Response> {
  const answer = await answering
  if (answer.body === null) return answer
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop ends the connection.
    if (size > MOST) throw new Error(`an answer was larger than ${MOST / 1024 / 1024} MiB`)
  }
  const { status, statusText, headers } = answer
  const body = new Response(size === 0 ? null : Buffer.concat(chunks), { status, statusText, headers })
  return Object.defineProperty(body, 'url', { value: answer.url })
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function nothing(): void {}

const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
