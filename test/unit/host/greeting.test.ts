import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { connect } from '../../../src/host/ssh.ts'

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'sec1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

describe('what listens at the port is told', () => {
  const servers: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
    [
      'an HTTP server',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n')),
      /no SSH server, or takes nobody: it said "HTTP\/1\.1 400 Bad Request"\. Make sure that sshd/,
    ],
    [
      'one that goes on for ever',
      (socket) => {
        const timer = setInterval(() => socket.write(`${'220 mail '.repeat(100)}\r\n`), 5)
        socket.on('close', () => clearInterval(timer))
      },
      /it said "220 mail 220 mail/,
    ],
    ['one that says nothing', () => undefined, /takes the connection and says nothing/],
    ['a full sshd', (socket) => socket.end('Exceeded MaxStartups\r\n'), /takes nobody: it said "Exceeded MaxStartups"/],
  ]
  for (const [title, serve, said] of servers) {
    test(title, { timeout: 30_000 }, async () => {
      const open = new Set<Socket>()
      const server = createServer((socket) => {
        open.add(socket.on('error', () => undefined))
        serve(socket)
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const made = connect(
        { user: 'deploy', host: '127.0.0.1', port },
        { knownHosts: [], privateKey },
        { timeout: 2000 },
      )
      await assert.rejects(made, (error: Error) => said.test(error.message) || assert.fail(error.message))
      for (const socket of open) socket.destroy()
      server.close()
    })
  }
})
