import { type IncomingMessage, request as send } from 'node:http'
import { connect as connectSocket, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { HostError, type HttpAnswer, type HttpRequest } from './host.ts'
import { unlessAborted } from './limited.ts'
import { shownPath, withPort } from './target.ts'

const bodyLimit = 64 * 1024

/**
 * One GET over a connection of its own, made by `connect` before `stop` aborts. `from` is who asks, for the sentences.
 * @throws Error that says what was asked, from where, and how it failed; what `connect` throws as HostError stays as it is.
 */
export async function httpGet(
  connect: (stop: AbortSignal) => Promise<Duplex>,
  request: HttpRequest,
  signal?: AbortSignal,
  from = 'the runner',
): Promise<HttpAnswer> {
  const started = performance.now()
  const late = AbortSignal.timeout(request.timeout)
  const stop = signal === undefined ? late : AbortSignal.any([late, signal])
  const seen: { step: string; answer?: IncomingMessage } = { step: 'connecting' }
  const open = new Set<Duplex>()
  const keep = <D extends Duplex>(stream: D): D => {
    // A stream that fails after the answer, or while it is replaced, must not end the process.
    stream.on('error', () => undefined)
    if (stop.aborted) stream.destroy()
    open.add(stream)
    return stream
  }
  try {
    const exchange = async (): Promise<HttpAnswer> => {
      const socket = keep(await connect(stop))
      seen.step = 'the TLS handshake'
      const secure = request.tls === undefined ? socket : keep(await handshake(socket, request, request.tls))
      seen.step = 'waiting for the answer'
      const answer = await answerTo(secure, request)
      seen.answer = answer
      const body = answer.statusCode === 101 ? '' : await bodyOf(answer)
      return { status: answer.statusCode ?? 0, headers: headersOf(answer), body, duration: performance.now() - started }
    }
    return await unlessAborted(exchange(), stop)
  } catch (error) {
    if (error instanceof HostError) throw error
    const asked = `${urlOf(request)} (Host: ${request.host}), asked from ${from}`
    if (signal?.aborted) throw new Error(`${asked}: cancelled.`, { cause: error })
    if (!stop.aborted) throw new Error(`${asked}: ${explain(error, seen.answer)}`, { cause: error })
    const last = seen.answer === undefined ? seen.step : `the end of its body, after status ${seen.answer.statusCode}`
    throw new Error(`${asked}: no answer within ${request.timeout} ms; it was still at ${last}.`, { cause: error })
  } finally {
    for (const stream of open) stream.destroy()
  }
}

/** One GET from this machine. */
export async function requestFromRunner(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
  const socket = async (): Promise<Duplex> => {
    const made = connectSocket({ host: request.address, port: request.port, noDelay: true })
    try {
      await settled(made, 'connect')
    } catch (error) {
      made.destroy()
      throw error
    }
    return made
  }
  return httpGet(socket, request, signal)
}

async function handshake(socket: Duplex, { address }: HttpRequest, tls: NonNullable<HttpRequest['tls']>) {
  const named = tls.serverName !== '' && isIP(tls.serverName) === 0
  const secure = connectTls({
    socket,
    // Without SNI the certificate must be good for the address.
    ...(named ? { servername: tls.serverName } : { host: tls.serverName === '' ? address : tls.serverName }),
    rejectUnauthorized: tls.verify,
    ALPNProtocols: ['http/1.1'],
  })
  await settled(secure, 'secureConnect')
  return secure
}

function answerTo(socket: Duplex, { path, host, scheme }: HttpRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const forwarded = scheme === undefined ? {} : { 'X-Forwarded-Proto': scheme }
  const headers = { Host: host, Accept: '*/*', 'User-Agent': 'blue-green-release', Connection: 'close', ...forwarded }
  const asked = send({ createConnection: () => socket, method: 'GET', path, headers, setHost: false })
  asked.on('response', resolve).on('upgrade', resolve).on('error', reject).end()
  return promise
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= bodyLimit) break
  }
  // As a stream, the decoder leaves out a character that the limit cuts in two.
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, bodyLimit), { stream: size > bodyLimit })
}

function headersOf(answer: IncomingMessage): Record<string, string> {
  const pairs = Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')])
  return Object.fromEntries(pairs)
}

function settled(socket: Duplex, event: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.once(event, () => resolve())
  socket.once('error', reject)
  socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  return promise
}

function explain(error: unknown, answer: IncomingMessage | undefined): string {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const message = first instanceof Error ? first.message : String(first)
  const code = String((first as { code?: unknown } | undefined)?.code ?? '')
  if (answer !== undefined)
    return `the connection broke in the middle of the answer, after status ${answer.statusCode}.`
  if (code === 'ECONNREFUSED') return 'connection refused: nothing listens there.'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was closed before an answer came.'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name was not found in DNS.'
  if (/^E(HOSTUNREACH|NETUNREACH|TIMEDOUT)$/.test(code)) return `there is no way to that address (${code}).`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `the certificate is for another name: ${message}.`
  if (code.startsWith('HPE_')) return `the answer is not HTTP: ${message}.`
  if (code === 'ERR_UNESCAPED_CHARACTERS')
    return 'the path has characters that a URL cannot have: encode them, as in %20.'
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'what listens there does not speak TLS.'
  return `${message}${code === '' ? '' : ` (${code})`}.`
}

function urlOf({ address, port, path, tls }: HttpRequest): string {
  return `GET ${tls === undefined ? 'http' : 'https'}://${withPort(address, port)}${shownPath(path)}`
}
