import type { HttpAnswer, HttpRequest, Ran, Script } from './host.ts'
import { lines, type Shell, sh } from './quote.ts'
import { withPort } from './target.ts'

/** As much as is read of an answer, in bytes: its head, and 64 KiB of its body. */
const MOST = 80 * 1024
/** Bytes of a body that are kept. */
const BODY = 64 * 1024

/**
 * The same request, asked by a program of the host: for servers that forbid forwarding. By `curl`, else, without TLS, by
 * `bash`. Costs a round trip each time.
 */
export function requestOnHost(request: HttpRequest): Script {
  const seconds = Math.max(1, Math.ceil(request.timeout / 1000))
  return {
    shell: lines(
      sh`if command -v curl >/dev/null 2>&1; then`,
      byCurl(request, seconds),
      request.tls === undefined
        ? lines(sh`elif command -v bash >/dev/null 2>&1; then`, byBash(request, seconds))
        : sh``,
      sh`else echo 'there is no curl to ask with' >&2; exit 127; fi`,
    ),
    deadline: request.timeout + 5000,
  }
}

function byCurl({ address, port, path, host, tls, timeout }: HttpRequest, seconds: number): Shell {
  const place = withPort(address, port)
  const name = tls === undefined || tls.serverName === '' ? place : `${tls.serverName}:${port}`
  const url = `${tls === undefined ? 'http' : 'https'}://${name}${path}`
  const insecure = tls !== undefined && !tls.verify ? ['--insecure'] : []
  const flags = [
    ...[
      '--silent',
      '--show-error',
      '--include',
      '--http1.1',
      '--raw',
      '--no-buffer',
      '--globoff',
      '--path-as-is',
      '--noproxy',
      '*',
    ],
    ...[
      '--max-time',
      String(Math.max(1, timeout / 1000)),
      '--header',
      `Host: ${host}`,
      '--header',
      'Connection: close',
    ],
    ...['--connect-to', `${name}:${place}`, ...insecure, url],
  ]
  return sh`  { timeout ${seconds + 1} curl ${flags}; echo "ended $?" >&2; } | head -c ${MOST}`
}

/** Its `/dev/tcp` needs no program at all. */
function byBash({ address, port, path, host }: HttpRequest, seconds: number): Shell {
  const script =
    'exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n" "$3" "$4" >&3 && cat <&3'
  return sh`  { timeout ${seconds + 1} bash -c ${script} ask ${address} ${port} ${path} ${host}; echo "ended $?" >&2; } | head -c ${MOST}`
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
      `${withPort(request.address, request.port)}${request.path} (Host: ${request.host}), asked on ${from}: ${why}`,
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
