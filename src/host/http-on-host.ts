import type { HttpAnswer, HttpRequest, Ran, Script } from './host.ts'
import { getByShell } from './http-by-shell.ts'
import { shownPath, withPort } from './target.ts'

/** Bytes of a body that are kept. */
const BODY = 64 * 1024

/** The same request, asked by a program of the host: for servers that forbid forwarding. Costs a round trip each time. */
export function requestOnHost(request: HttpRequest): Script {
  return { shell: getByShell(request, 'as it came'), deadline: request.timeout + 5000 }
}

/** @throws Error with what the host's program said, also where the answer was not whole in time. */
export function readAnswer(ran: Ran, request: HttpRequest, from: string): HttpAnswer {
  const said = ran.stderr.trim().split('\n')
  const ended = /^ended (\d+)$/.exec(said.at(-1) ?? '')?.[1]
  const end = /\r?\n\r?\n/.exec(ran.stdout)
  const head = end === null ? '' : ran.stdout.slice(0, end.index)
  const [status = '', ...fields] = head.split(/\r?\n/)
  const code = /^HTTP\/\S+ (\d{3})/.exec(status)?.[1]
  if (end === null || code === undefined || !WHOLE.includes(Number(ended))) {
    const lines = said.slice(0, ended === undefined ? said.length : -1)
    // Of a certificate curl says more, and what it is last.
    const words = lines.find((line) => /^curl: \(\d+\)/.test(line)) ?? lines.at(-1)
    const why = words || `no whole HTTP answer came within ${request.timeout} ms`
    throw new Error(
      `${withPort(request.address, request.port)}${shownPath(request.path)} (Host: ${request.host}), asked on ${from}: ${why}`,
    )
  }
  const headers = Object.fromEntries(
    fields.flatMap((field) => {
      const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(field) ?? []
      return name === '' ? [] : [[name.toLowerCase(), value]]
    }),
  )
  const body = Buffer.from(ran.stdout.slice(end.index + end[0].length))
  const whole = headers['transfer-encoding']?.toLowerCase() === 'chunked' ? unchunked(body) : body
  return { status: Number(code), headers, body: whole.subarray(0, BODY).toString(), duration: ran.duration }
}

/** All was read; or enough of it: curl could not write on (23), the program had nobody to write to (SIGPIPE). */
const WHOLE: readonly number[] = [0, 23, 141]

/** The pieces of a chunked body, as far as they came. */
function unchunked(body: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const size = lineEnd < 0 ? 0 : Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) return Buffer.concat(pieces)
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
