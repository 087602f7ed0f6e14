import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type ActionOptions, type ActionRun, startAction } from './action.ts'
import { pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'

// Whatever a host, a hook, a container or an answer is like, the action stays small: what it reads it does not remember.

/** MiB. */
const MOST = 200
const PATIENCE = { timeout: 4 * 60_000 }

let lab: Lab
let host: LabHost
let site: LabSite
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host)
  await site.up('blue', 'v1')
})
after(() => lab.dispose())

/** A release, and the most memory that its process had, in MiB. */
async function measured(
  inputs: Readonly<Record<string, string>>,
  options: ActionOptions = {},
): Promise<ActionRun & { readonly peak: number }> {
  const action = await startAction(site.inputs({ watch: '0s', 'drain-timeout': '0s', ...inputs }), options)
  let over = false
  const ended = action.ended.finally(() => {
    over = true
  })
  let peak = 0
  while (!over) {
    const status = await readFile(`/proc/${action.pid}/status`, 'utf8').catch(() => '')
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
    await pause(50)
  }
  const run = await ended
  assert.ok(peak > 20 && peak < MOST, `${peak} MiB\n${run.stdout.slice(-4000)}`)
  return { ...run, peak }
}

function resultIs(run: ActionRun, result: string, reason = ''): void {
  assert.deepEqual([run.outputs['result'], run.outputs['reason']], [result, reason], run.stdout.slice(-6000))
}

/** Answers each connection with a beginning, and then with more and more of the same. */
async function endless(beginning: string, more: string): Promise<AsyncDisposable & { readonly url: string }> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    const pour = (): void => {
      while (socket.write(more));
      socket.once('drain', pour)
    }
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      socket.write(beginning)
      pour()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

describe('the memory of the action', PATIENCE, () => {
  test('in a plain release is what it always was', PATIENCE, async () => {
    const run = await measured({ version: 'v2' })
    resultIs(run, 'released')
    assert.ok(run.peak < 120, `${run.peak} MiB`)
  })

  test('does not grow with what a hook prints: its ends are shown, and how much was left out', PATIENCE, async () => {
    const lines = 'echo first; yes "a line of which there are very many" | head -c 150000000; echo; echo last'
    const line = 'echo begin; head -c 150000000 /dev/zero | tr "\\\\0" x; echo; echo end'
    const run = await measured({ version: 'v3', 'before-flip': lines, 'after-flip': line })
    resultIs(run, 'released')
    for (const shown of [
      /\| first$/m,
      /\| … [\d,]+ lines were left out …$/m,
      /\| last$/m,
      /\| begin$/m,
      /x… \(149,99[\d,]+ more characters\)$/m,
      /\| end$/m,
    ])
      assert.match(run.stdout, shown)
    assert.ok(run.stdout.length < 1_000_000, `${run.stdout.length} characters of log`)
  })

  test('does not grow with what a failed hook printed, and the report neither', PATIENCE, async () => {
    const hook =
      'head -c 50000000 /dev/zero | tr "\\\\0" x; for i in 1 2 3 4 5; do head -c 9000000 /dev/urandom | base64 -w 0; echo; done >&2; exit 3'
    const run = await measured({ version: 'v4', 'before-flip': hook })
    resultIs(run, 'unchanged', 'hook-failed')
    assert.ok((run.outputs['report'] ?? '').length < 1_000_000)
    assert.ok(run.stdout.length < 1_000_000, `${run.stdout.length} characters of log`)
  })

  test('does not grow with an answer', PATIENCE, async () => {
    await using body = await endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(64 * 1024))
    resultIs(await measured({ version: 'v5', 'verify-url': body.url }), 'released')
    await using header = await endless('HTTP/1.1 200 OK\r\nX-Long: ', 'x'.repeat(64 * 1024))
    resultIs(await measured({ version: 'v6', 'verify-url': header.url }), 'unchanged', 'verify-unusable')
  })

  test('does not grow with what the host says of itself', PATIENCE, async () => {
    const path = '/etc/nginx/conf.d/zz-long.conf'
    const comment = (megabytes: number) => `# ${'y'.repeat(98)}\n`.repeat(megabytes * 10_000)
    await host.writeFile(path, comment(5))
    resultIs(await measured({ version: 'v7' }), 'released')
    await host.writeFile(path, comment(9))
    resultIs(await measured({ version: 'v8' }), 'unchanged', 'too-much-output')
    await host.exec(`rm ${path}`)
  })

  test('does not grow with GitHub', PATIENCE, async () => {
    await using github = await endless(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"',
      'x'.repeat(64 * 1024),
    )
    const env = { GITHUB_API_URL: github.url.slice(0, -1) }
    const run = await measured({ version: 'v9', 'github-token': 'token-of-the-test' }, { env })
    resultIs(run, 'released')
    assert.match(run.stdout, /an answer was larger than 4 MiB/)
  })
})
