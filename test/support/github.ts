import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gitHubState, type State } from './github-state.ts'
import { answerMistakes, type Call, mistakesOf, operationOf } from './openapi.ts'

/** A call as the stand-in saw it. */
export interface SeenCall extends Call {
  /** `POST /repos/{owner}/{repo}/deployments` */
  readonly operation: string
  readonly token: string
  readonly status: number
  /** Milliseconds of the monotonic clock; the answer is absent where none was given. */
  readonly arrived: number
  readonly answered?: number
  /** As it was sent. */
  readonly text: string
}

/** What the stand-in does in place of answering well. */
export type Fault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** Does what was asked, and breaks the connection. */
  | { readonly kind: 'lost-answer' }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly message?: string
    }

export interface StandInOptions {
  /** What the token may write; everything unless said otherwise. */
  readonly permissions?: readonly Permission[]
  /** How the nth call of an operation (from 1 on) is answered; undefined: well. */
  readonly fault?: (operation: string, nth: number) => Fault | undefined
  /** Pull requests by commit. */
  readonly pulls?: Readonly<Record<string, readonly number[]>>
}

export type Permission = 'deployments' | 'pull-requests' | 'statuses' | 'contents'

/** GitHub, as far as this action knows it: what is called is checked against its published description, and so are the answers. */
export interface StandIn extends AsyncDisposable {
  readonly url: string
  readonly calls: readonly SeenCall[]
  readonly state: State
  /** @throws Error with every call that GitHub would not have understood */
  assertSound(): void
  close(): Promise<void>
}

export async function startGitHub(options: StandInOptions = {}): Promise<StandIn> {
  const calls: SeenCall[] = []
  const mistakes: string[] = []
  const counts = new Map<string, number>()
  const state = gitHubState(options.pulls ?? {})

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = performance.now()
    const text = await bodyOf(request)
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const path = url.pathname.split('/').map(decodeURIComponent).join('/')
    const call: Call = { method: request.method ?? '', path, query: Object.fromEntries(url.searchParams), body }
    mistakes.push(...mistakesOf(call))
    const operation = operationOf(call.method, url.pathname)
    const name = operation?.name ?? `${call.method} ${path}`
    const nth = (counts.get(name) ?? 0) + 1
    counts.set(name, nth)
    const token = request.headers.authorization ?? ''
    const seen = { ...call, operation: name, token, arrived, text }
    const place = calls.push({ ...seen, status: 0 }) - 1
    const send = (status: number, content: unknown, headers: Record<string, string> = {}): void => {
      calls[place] = { ...seen, status, answered: performance.now() }
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      response.end(JSON.stringify(content))
    }
    const fault = options.fault?.(name, nth)
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'late') await new Promise((done) => setTimeout(done, fault.milliseconds).unref())
    if (fault?.kind === 'status') return send(fault.status, { message: fault.message ?? 'No' }, fault.headers)
    if (operation === undefined) return send(404, { message: 'Not Found' })
    if (token === '') return send(401, { message: 'Bad credentials' })
    if (!isAllowed(operation.name, options.permissions)) {
      return send(403, { message: 'Resource not accessible by integration' })
    }
    const { status, content } = state.answer(operation, call)
    mistakes.push(...(status < 400 ? answerMistakes(operation, status, content) : []))
    if (fault?.kind === 'lost-answer') {
      request.socket.destroy()
      return
    }
    send(status, content)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      mistakes.push(`The stand-in itself failed: ${error}`)
      response.destroy()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    state,
    assertSound: () => {
      if (mistakes.length > 0) throw new Error(`GitHub would not have understood:\n${mistakes.join('\n')}`)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isAllowed(operation: string, permissions: StandInOptions['permissions']): boolean {
  if (permissions === undefined) return true
  const needed: Permission = /deployments/.test(operation)
    ? 'deployments'
    : /comments|pulls/.test(operation)
      ? 'pull-requests'
      : /statuses/.test(operation)
        ? 'statuses'
        : 'contents'
  return permissions.includes(needed)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  request.setEncoding('utf8')
  for await (const part of request) text += part
  return text
}
