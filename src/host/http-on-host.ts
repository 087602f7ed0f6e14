import type { HttpAnswer, HttpRequest, Ran, Script } from './host.ts'
import { lines, type Shell, sh } from './quote.ts'
import { withPort } from './target.ts'

/** As much as is read of an answer, in bytes: its head, and 64 KiB of its body. */
const MOST = 80 * 1024

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
  return sh`  timeout ${seconds + 1} curl ${flags} | head -c ${MOST}`
}

/** Its `/dev/tcp` needs no program at all. */
function byBash({ address, port, path, host }: HttpRequest, seconds: number): Shell {
  const script =
    'exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n" "$3" "$4" >&3 && cat <&3'
  return sh`  timeout ${seconds + 1} bash -c ${script} ask ${address} ${port} ${path} ${host} | head -c ${MOST}`
}

/** @throws Error with what the host's program said. */
export function readAnswer(ran: Ran, request: HttpRequest, from: string): HttpAnswer {
  const end = /\r?\n\r?\n/.exec(ran.stdout)
  const head = end === null ? '' : ran.stdout.slice(0, end.index)
  const [status = '', ...fields] = head.split(/\r?\n/)
  const code = /^HTTP\/\S+ (\d{3})/.exec(status)?.[1]
  if (end === null || code === undefined) {
    const why = ran.stderr.trim().split('\n').at(-1) || 'no HTTP answer came'
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
  const body = ran.stdout.slice(end.index + end[0].length)
  const whole = headers['transfer-encoding'] === 'chunked' ? unchunked(body) : body
  return { status: Number(code), headers, body: whole, duration: ran.duration }
}

/** What `bash` reads comes in chunks; curl has joined them already. */
function unchunked(body: string): string {
  if (!/^[0-9a-f]+\r\n/i.test(body)) return body
  return body.replace(/(?:^|\r\n)[0-9a-f]+(?:;[^\r\n]*)?\r\n/gi, '').replace(/\r\n$/, '')
}
