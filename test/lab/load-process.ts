// The load generator: a process of its own, so that nothing of a test can slow it down. Told by its first message what
// to ask, it asks until it is told to stop, and then answers with what it saw. It never tries anything twice.
import { Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { LoadFailure, LoadOptions, LoadResult } from './load.ts'

const keptFailures = 1000

interface Running {
  look(): LoadResult
  stop(): Promise<LoadResult>
}

function run(options: LoadOptions): Running {
  const url = new URL(options.url)
  const secure = url.protocol === 'https:'
  const keepAlive = options.keepAlive ?? true
  const connections = options.connections ?? 8
  const settings = { keepAlive, maxSockets: connections, maxFreeSockets: connections, rejectUnauthorized: false }
  const agent = secure ? new SecureAgent(settings) : new PlainAgent(settings)
  const begin = performance.now()
  const failures: LoadFailure[] = []
  const lostBy: Record<string, number> = {}
  const byVersion: Record<string, number> = {}
  const firstSeen: Record<string, number> = {}
  const lastSeen: Record<string, number> = {}
  let requests = 0
  let lost = 0
  let slowest = 0
  let going = true

  function fail(failure: LoadFailure): void {
    lost += 1
    const became = `${failure.method} ${failure.status ?? failure.error}`
    lostBy[became] = (lostBy[became] ?? 0) + 1
    if (failures.length < keptFailures) failures.push(failure)
  }

  function see(version: string, started: number): void {
    byVersion[version] = (byVersion[version] ?? 0) + 1
    firstSeen[version] ??= Math.round(started - begin)
    lastSeen[version] = Math.max(lastSeen[version] ?? 0, Math.round(started - begin))
  }

  function one(method: 'GET' | 'POST', path: string): Promise<void> {
    return new Promise((done) => {
      const started = performance.now()
      const headers = options.host === undefined ? {} : { Host: options.host }
      let over = false
      const end = (what?: { status: number } | { error: string }) => {
        if (over) return
        over = true
        slowest = Math.max(slowest, performance.now() - started)
        if (what !== undefined) {
          fail({ at: Math.round(started - begin), method, path, reusedSocket: sent.reusedSocket, ...what })
        }
        done()
      }
      requests += 1
      const ask = secure ? secureRequest : plainRequest
      const sent = ask(url, { agent, method, path, headers, timeout: options.timeout ?? 30_000 }, (response) => {
        const status = response.statusCode ?? 0
        response.on('error', (error) => end({ error: error.message }))
        response.on('aborted', () => end({ error: 'the answer was cut short' }))
        response.on('end', () => {
          if (status < 200 || status > 299) return end({ status })
          see(String(response.headers['x-version'] ?? 'none'), started)
          end()
        })
        response.resume()
      })
      sent.on('timeout', () => sent.destroy(new Error('timed out')))
      sent.on('error', (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }))
      sent.end(method === 'POST' ? 'x'.repeat(1 + Math.floor(Math.random() * 2048)) : undefined)
    })
  }

  const paths = options.paths ?? [url.pathname]
  async function client(): Promise<void> {
    while (going) {
      const method = options.post === true && Math.random() < 0.5 ? 'POST' : 'GET'
      await one(method, paths[Math.floor(Math.random() * paths.length)] ?? '/')
      const [least, most] = options.think ?? [10, 50]
      if (most > 0) await new Promise((resume) => setTimeout(resume, least + Math.random() * (most - least)))
    }
  }

  const clients = Array.from({ length: connections }, client)
  const look = () => {
    const duration = performance.now() - begin
    return { requests, lost, failures, lostBy, byVersion, firstSeen, lastSeen, slowest, duration }
  }
  return {
    look,
    stop: async () => {
      going = false
      await Promise.all(clients)
      agent.destroy()
      return look()
    },
  }
}

let running: Running | undefined
process.on('message', async (message: LoadOptions | 'look' | 'stop') => {
  if (message === 'look') {
    process.send?.(running?.look())
  } else if (message === 'stop') {
    process.send?.(await running?.stop(), () => process.disconnect())
  } else {
    running = run(message)
    process.send?.('started')
  }
})
process.on('disconnect', () => process.exit())
