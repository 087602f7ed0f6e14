import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { must, until } from './command.ts'
import { freePort } from './ports.ts'
import type { LabSite } from './site.ts'

/** A real server, and what stands before an application and reads its key for each request. */
export interface LabRedis extends AsyncDisposable {
  readonly port: number
  readonly password: string
  readonly key: string
  /** Address of what stands before the application. */
  readonly url: string
  /** Of the key; empty if it is not set. */
  value(): Promise<string>
  set(value: string): Promise<void>
}

export async function startRedis(site: LabSite): Promise<LabRedis> {
  const [port, front] = [await freePort(), await freePort()]
  const password = `it's "se\\cret" $HOME ${Math.random().toString(36).slice(2)}`
  const key = "shop:it's live"
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password, '--save', '']
  const server: ChildProcess = spawn('redis-server', options, { stdio: 'ignore', cwd: '/' })
  const cli = (...words: readonly string[]) =>
    must(['redis-cli', '-p', String(port), ...words], { env: { REDISCLI_AUTH: password } })
  await until('Redis', 10_000, async () => {
    const socket = connect(port, '127.0.0.1')
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    return open || undefined
  })
  const value = async () => (await cli('GET', key)).trim()
  const proxy = createServer(async (incoming, outgoing) => {
    const color = await value().catch(() => '')
    const target = color === 'green' ? site.ports.green : site.ports.blue
    const asked = request({ port: target, path: incoming.url, headers: incoming.headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    asked.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(asked)
  })
  await new Promise<void>((resolve) => proxy.listen(front, '127.0.0.1', resolve))
  return {
    port,
    password,
    key,
    url: `http://127.0.0.1:${front}`,
    value,
    set: async (wanted) => void (await cli('SET', key, wanted)),
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections()
      proxy.close()
      server.kill('SIGKILL')
    },
  }
}
