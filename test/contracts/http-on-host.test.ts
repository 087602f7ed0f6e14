import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer as createPlain, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import type { HttpAnswer, HttpRequest } from '../../src/host/host.ts'
import { readAnswer, requestOnHost } from '../../src/host/http-on-host.ts'
import { ask, must, until } from '../lab/command.ts'

/** Programs that a host may have, in a folder that is all of its path. */
const programs = {
  curl: ['curl', 'timeout', 'head', 'sh'],
  bash: ['bash', 'timeout', 'head', 'sh', 'cat'],
  neither: ['timeout', 'head', 'sh'],
}
type Way = keyof typeof programs

const LARGE = 'é'.repeat(100_000)
let folder: string
const servers: Server[] = []
let [plain, secure, silent, other, refusing] = [0, 0, 0, 0, 0]

const answers: RequestListener = (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://x')
  switch (pathname) {
    case '/moved':
      return response.writeHead(302, { location: '/elsewhere' }).end('moved')
    case '/sick':
      return response.writeHead(503, 'Out of order: really').end()
    case '/pieces':
      for (const piece of ['caf', 'é\r\n\r\n', '0\r\n', 'end']) response.write(piece)
      return response.end()
    case '/large':
      return response.setHeader('content-length', Buffer.byteLength(LARGE)).end(LARGE)
    case '/large-pieces':
      response.write(LARGE)
      return response.end(LARGE)
    case '/half':
      return response.writeHead(200, { 'content-length': 100 }).write('half')
    default: {
      const name = 'servername' in request.socket ? (request.socket as TLSSocket).servername : ''
      return response.end(JSON.stringify([request.method, request.url, request.headers.host, name]))
    }
  }
}

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'http-on-host-'))
  for (const [way, names] of Object.entries(programs)) {
    await must(['mkdir', join(folder, way)])
    for (const name of names)
      await symlink((await must(['sh', '-c', `command -v ${name}`])).trim(), join(folder, way, name))
  }
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const subject = ['-subj', '/CN=example.test', '-addext', 'subjectAltName=DNS:example.test']
  const pair = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert]
  await must(['openssl', 'req', '-x509', '-days', '2', ...pair, ...subject])
  plain = await listen(createServer(answers))
  secure = await listen(createSecure({ key: await readFile(key), cert: await readFile(cert) }, answers))
  other = await listen(createPlain((socket) => socket.end('220 ready\r\n')))
  silent = await listen(createPlain(() => undefined))
  const closed = createPlain()
  refusing = await listen(closed)
  await new Promise((resolve) => closed.close(resolve))
})
after(async () => {
  for (const server of servers) {
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections()
    server.close()
  }
  await rm(folder, { recursive: true })
})

/** What a host with these programs is told. */
async function answerBy(way: Way, more: Partial<HttpRequest>): Promise<HttpAnswer> {
  const request = { address: '127.0.0.1', port: plain, path: '/', host: 'app', timeout: 5000, ...more }
  const { shell } = requestOnHost(request)
  const ended = await ask([join(folder, way, 'sh')], { input: shell.text, env: { PATH: join(folder, way) } })
  return readAnswer({ ...ended, duration: 7 }, request, 'deploy@host')
}

/** What any user of this machine can read of its processes. */
async function argumentsOfAll(): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
}

const tls = { serverName: 'example.test', verify: false }
const untouched = `/a'b"c;d|e&f$(g)\`h\`/%20/../x?q=[1-2]{a,b}&$HOME`

describe('asking by a program of the host', { timeout: 120_000 }, () => {
  for (const way of ['curl', 'bash'] as const) {
    const good: readonly (readonly [string, Partial<HttpRequest>, number, string | (() => string)])[] = [
      [
        'sends path and Host as they are',
        { path: untouched, host: 'my.app:81' },
        200,
        JSON.stringify(['GET', untouched, 'my.app:81', '']),
      ],
      ['follows no redirect', { path: '/moved' }, 302, 'moved'],
      ['reads another status than 200', { path: '/sick' }, 503, ''],
      ['puts pieces together', { path: '/pieces' }, 200, 'café\r\n\r\n0\r\nend'],
      ['reads the first 64 KiB', { path: '/large' }, 200, LARGE.slice(0, 32 * 1024)],
      ['reads the first 64 KiB of pieces', { path: '/large-pieces' }, 200, LARGE.slice(0, 32 * 1024)],
    ]
    for (const [title, more, status, body] of good) {
      test(`${way} ${title}`, async () => {
        const answer = await answerBy(way, more)
        assert.deepEqual([answer.status, answer.body, answer.duration], [status, body, 7])
        if (status === 302) assert.equal(answer.headers['location'], '/elsewhere')
      })
    }

    const bad: readonly (readonly [string, () => Partial<HttpRequest>, RegExp])[] = [
      [
        'where nothing listens',
        () => ({ port: refusing }),
        /[Cc]onnection refused|[Cc]ould ?n.t connect|Failed to connect/,
      ],
      [
        'where nothing is said',
        () => ({ port: silent, timeout: 1000 }),
        /timed out|no whole HTTP answer came within 1000 ms/,
      ],
      [
        'that is cut off in its middle',
        () => ({ path: '/half', timeout: 1000 }),
        /timed out|no whole HTTP answer came/,
      ],
      ['that is no HTTP', () => ({ port: other }), /HTTP\/0\.9|no whole HTTP answer/],
    ]
    for (const [title, more, words] of bad) {
      test(`${way} says what there is instead of an answer ${title}`, async () => {
        await assert.rejects(answerBy(way, more()), (error: Error) => {
          assert.match(error.message, /^127\.0\.0\.1:\d+\/\S* \(Host: app\), asked on deploy@host: /)
          assert.match(error.message, words)
          return true
        })
      })
    }
  }

  for (const way of ['curl', 'bash'] as const) {
    test(`${way} has nothing of what it asks in its arguments`, async () => {
      const asking = answerBy(way, {
        port: silent,
        path: '/path-of-it?token=query-of-it',
        host: 'host-of-it',
        timeout: 2000,
      })
      const ended = assert.rejects(asking)
      const seen = await until('the program', 2000, async () => {
        const all = await argumentsOfAll()
        return all.some((words) => words.startsWith(`${way}\0`)) ? all : undefined
      })
      const told = seen.filter((words) => /(path|query|host)-of-it/.test(words) || words.includes(`:${silent}`))
      assert.deepEqual(told, [])
      await ended
    })
  }

  test('curl asks over TLS with a name, and verifies where it should', async () => {
    const answer = await answerBy('curl', { port: secure, tls, path: '/x' })
    assert.equal(answer.body, JSON.stringify(['GET', '/x', 'app', 'example.test']))
    await assert.rejects(
      answerBy('curl', { port: secure, tls: { ...tls, verify: true } }),
      /asked on deploy@host: curl: \(60\) .*certificate/,
    )
    const nameless = await answerBy('curl', { port: secure, tls: { ...tls, serverName: '' } })
    assert.equal(nameless.body, JSON.stringify(['GET', '/', 'app', false]))
  })

  test('a host without the means says so', async () => {
    await assert.rejects(answerBy('neither', {}), /asked on deploy@host: there is no curl or bash to ask with$/)
    await assert.rejects(answerBy('bash', { port: secure, tls }), /there is no curl to ask with$/)
  })
})
