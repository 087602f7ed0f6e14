import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createServer as createTls, type TLSSocket } from 'node:tls'
import { HostError } from '../../../src/host/host.ts'
import { httpGet, requestFromRunner } from '../../../src/host/http.ts'

/** Says something to each caller, once the request is there. */
async function answering(
  say: (socket: Socket, request: string) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  return serving(
    createServer((socket) => socket.on('error', () => undefined).once('data', (data) => say(socket, data.toString()))),
  )
}

async function serving(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  const open = new Set<Socket>()
  server.on('connection', (socket) => open.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: stop }
}

function to(port: number, path = '/up?x=1') {
  return { address: '127.0.0.1', port, path, host: 'app.example.com', timeout: 3000 }
}

test('what is sent, and what comes back', async () => {
  let request = ''
  await using server = await answering((socket, text) => {
    request = text
    socket.end('HTTP/1.1 302 Found\r\nLocation: /x\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 4\r\n\r\néab')
  })
  const answer = await requestFromRunner(to(server.port))
  assert.equal(answer.status, 302)
  assert.equal(answer.headers['location'], '/x')
  assert.equal(answer.headers['set-cookie'], 'a, b')
  assert.equal(answer.body, 'éab')
  assert.match(request, /^GET \/up\?x=1 HTTP\/1\.1\r\nHost: app\.example\.com\r\n/)
  assert.match(request, /Connection: close/)
  assert.equal(request.match(/host:/gi)?.length, 1)
})

test('a body is cut at 64 KiB, not in the middle of a character', async () => {
  await using server = await answering((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\nx${'é'.repeat(100_000)}`))
  assert.equal((await requestFromRunner(to(server.port))).body, `x${'é'.repeat(32_767)}`)
})

describe('failures are sentences', () => {
  const cases: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
    ['closed', (socket) => socket.end(), /closed before an answer came/],
    ['reset', (socket) => socket.resetAndDestroy(), /closed before an answer came/],
    ['not HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n'), /the answer is not HTTP/],
    [
      'half a body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'),
      /broke in the middle of the answer, after status 200/,
    ],
    ['silence', () => undefined, /no answer within 150 ms; it was still at waiting for the answer/],
    [
      'an endless body',
      (socket) => socket.write('HTTP/1.1 503 No\r\n\r\nx'),
      /still at the end of its body, after status 503/,
    ],
  ]
  for (const [title, say, words] of cases) {
    test(title, async () => {
      await using server = await answering(say)
      const asked = requestFromRunner({ ...to(server.port), timeout: 150 })
      await assert.rejects(asked, words)
      await assert.rejects(
        asked,
        new RegExp(
          `^Error: GET http://127.0.0.1:${server.port}/up\\?\\*\\*\\* \\(Host: app.example.com\\), asked from the runner: `,
        ),
      )
    })
  }

  test('refused, a bad path, cancelled, and an error of the connection itself', async () => {
    const { port } = await answering(() => undefined).then(async (server) => {
      await server[Symbol.asyncDispose]()
      return server
    })
    await assert.rejects(requestFromRunner(to(port)), /connection refused: nothing listens there/)
    await using server = await answering(() => undefined)
    await assert.rejects(requestFromRunner(to(server.port, '/a b')), /encode them/)
    await assert.rejects(requestFromRunner(to(server.port), AbortSignal.timeout(50)), /: cancelled\.$/)
    const forbidden = new HostError('forwarding-refused', 'a@b:22', 'No.')
    await assert.rejects(
      httpGet(() => Promise.reject(forbidden), to(1)),
      forbidden,
    )
  })
})

test('TLS: SNI, names, no verification', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'http-'))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const subject = ['-subj', '/CN=app.example.com', '-addext', 'subjectAltName=DNS:app.example.com']
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync('openssl', [...options, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const names: unknown[] = []
  const tls = createTls({ key: readFileSync(key), cert: readFileSync(cert) }, (socket: TLSSocket) => {
    names.push(socket.servername)
    socket.on('error', () => undefined).once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  })
  rmSync(folder, { recursive: true })
  await using server = await serving(tls.on('tlsClientError', () => undefined))
  const ask = (serverName: string, verify = false) =>
    requestFromRunner({ ...to(server.port), tls: { serverName, verify } })
  for (const name of ['app.example.com', '', '127.0.0.1']) assert.equal((await ask(name)).status, 204)
  assert.deepEqual(names, ['app.example.com', false, false])
  await assert.rejects(ask('app.example.com', true), /asked from the runner: self-signed certificate/)
  await using plain = await answering((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await assert.rejects(
    requestFromRunner({ ...to(plain.port), tls: { serverName: '', verify: false } }),
    /does not speak TLS/,
  )
})
