import type { HttpRequest } from './host.ts'
import { lines, type Shell, sh } from './quote.ts'
import { withPort } from './target.ts'

/** As much as is read of an answer, in bytes: its head, and 64 KiB of its body. */
const MOST = 80 * 1024

/**
 * One GET by a program of the host: curl, or bash for what needs no TLS. Prints the answer as it came, its head first and
 * at most 80 KiB of it, and then, on standard error, `ended <exit code of the program>`. Ends with 127 and a sentence when
 * the host has neither.
 *
 * Address, path, query and Host go to the program on its standard input: its arguments can be read by anybody there.
 * @param body `as it came`: one in chunks is not put together, as bash never does
 */
export function getByShell(request: HttpRequest, body: 'as it came' | 'whole'): Shell {
  const seconds = Math.max(1, Math.ceil(request.timeout / 1000))
  const plain = request.tls === undefined
  return lines(
    sh`if command -v curl >/dev/null 2>&1; then`,
    limited(byCurl(request, seconds, body)),
    ...(plain ? [sh`elif command -v bash >/dev/null 2>&1; then`, limited(byBash(request, seconds))] : []),
    sh`else echo ${`there is no curl${plain ? ' or bash' : ''} to ask with`} >&2; (exit 127); fi`,
  )
}

function limited(asking: Shell): Shell {
  return sh`  { ${asking}; echo "ended $?" >&2; } | head -c ${MOST}`
}

function byCurl(
  { address, port, path, host, scheme, tls, timeout }: HttpRequest,
  seconds: number,
  body: string,
): Shell {
  const place = withPort(address, port)
  const name = tls === undefined || tls.serverName === '' ? place : `${tls.serverName}:${port}`
  const configuration = [
    `url = ${quoted(`${tls === undefined ? 'http' : 'https'}://${name}${path}`)}`,
    `header = ${quoted(`Host: ${host}`)}`,
    ...(scheme === undefined ? [] : [`header = ${quoted(`X-Forwarded-Proto: ${scheme}`)}`]),
    `connect-to = ${quoted(`${name}:${place}`)}`,
  ].join('\n')
  const flags = [
    // What the user's own .curlrc says is not meant for this.
    '--disable',
    ...['--config', '-', '--silent', '--show-error', '--include', '--http1.1', '--no-buffer', '--globoff'],
    ...['--path-as-is', '--noproxy', '*', '--max-time', String(Math.max(1, timeout / 1000))],
    ...['--header', 'Connection: close'],
    ...(body === 'as it came' ? ['--raw'] : []),
    ...(tls !== undefined && !tls.verify ? ['--insecure'] : []),
  ]
  return sh`printf '%s\n' ${configuration} | timeout ${seconds + 1} curl ${flags}`
}

/** As curl reads it between quotes. */
function quoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' }
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[\n\r\t\v]/g, (character) => escapes[character] ?? '')}"`
}

/** Its `/dev/tcp` needs no program at all. */
function byBash({ address, port, path, host, scheme }: HttpRequest, seconds: number): Shell {
  const forwarded = scheme === undefined ? '' : `X-Forwarded-Proto: ${scheme}\r\n`
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${forwarded}Connection: close\r\n\r\n`
  const script = 'read -r address port && exec 3<>"/dev/tcp/$address/$port" && cat >&3 && cat <&3'
  return sh`printf '%s\n%s' ${`${address} ${port}`} ${request} | timeout ${seconds + 1} bash -c ${script}`
}
