import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { drainClients } from '../../src/routers/nginx/drain.ts'
import { ask, pause } from '../lab/command.ts'

/** Stands where Nginx would: what it says, and when, is up to the test. */
let server: Server
let port: number
before(async () => {
  server = createServer((socket) => socket.on('error', () => socket.destroy()).resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
after(() => void server.close())

interface Pair extends Disposable {
  readonly client: Socket
  readonly nginx: Socket
}

async function join(): Promise<Pair> {
  const accepted = once(server, 'connection')
  const client = connect(port, '127.0.0.1')
  client.on('error', () => client.destroy()).resume()
  const [nginx] = (await accepted) as [Socket]
  return { client, nginx, [Symbol.dispose]: () => void client.destroy() }
}

async function drain(duration: number, multiplexed = false): Promise<string> {
  const clients = { kind: 'seen', ports: [{ port, multiplexed }] } as const
  const ran = await ask(['sh', '-s'], { input: drainClients(clients, duration).text })
  assert.equal(ran.code, 0, ran.stderr)
  return ran.stdout.trim()
}

const NONE = /^no unanswered request was left after \d+ ms$/
const ONE = /^1 unanswered request\(s\) were left after \d+ ms$/

describe('draining what clients have in flight', { timeout: 120_000 }, () => {
  const moments: readonly (readonly [title: string, begin: (pair: Pair) => Promise<void>, left: RegExp])[] = [
    ['a connection without a request', async () => {}, NONE],
    ['a client that says all at once and then waits', async ({ client }) => void client.write('POST /'), ONE],
    [
      'a client that goes on sending',
      async ({ client }) => {
        client.write('POST /')
        await pause(100)
        client.write('x')
      },
      ONE,
    ],
    [
      'a request that was answered',
      async ({ client, nginx }) => {
        client.write('GET /')
        await pause(50)
        nginx.write('200')
      },
      NONE,
    ],
    [
      'the second request of a connection',
      async ({ client, nginx }) => {
        client.write('GET /')
        await pause(50)
        nginx.write('200')
        await pause(50)
        client.write('POST /')
      },
      ONE,
    ],
  ]
  for (const [title, begin, left] of moments) {
    test(title, async () => {
      using pair = await join()
      await begin(pair)
      await pause(100)
      assert.match(await drain(700), left)
    })
  }

  test('clients that say all at once, however soon after they have connected', async () => {
    using pairs = new DisposableStack()
    for (let i = 0; i < 30; i++) pairs.use(await join()).client.write('POST /')
    await pause(300)
    assert.match(await drain(500), /^30 unanswered request\(s\) were left/)
  })

  test('ends with the answer, and does not wait for what is asked later', async () => {
    using early = await join()
    early.client.write('POST /')
    await pause(100)
    const draining = drain(30_000)
    await pause(700)
    using late = await join()
    late.client.write('POST /')
    early.nginx.write('200')
    assert.match(await draining, NONE)
  })

  test('over HTTP/2 ends when the client has been quiet for a while, whatever Nginx says', async () => {
    using pair = await join()
    const talk = setInterval(() => {
      pair.client.write('x')
      pair.nginx.write('y')
    }, 100)
    try {
      await pause(300)
      assert.match(await drain(1500, true), ONE)
    } finally {
      clearInterval(talk)
    }
    assert.match(await drain(30_000, true), NONE)
  })

  test('without a way to see it waits for all of its time', async () => {
    const { text } = drainClients({ kind: 'hidden', whose: 'clients of HTTP/3' }, 1000)
    const ran = await ask(['sh', '-s'], { input: text })
    assert.equal(ran.stdout, 'waited for 1 s: what clients of HTTP/3 have in flight cannot be told\n')
  })
})
