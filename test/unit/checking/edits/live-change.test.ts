import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { liveChange } from '../../../../src/checking/edits/live-change.ts'
import { lines, type Shell, sh } from '../../../../src/host/quote.ts'

/** What a site answers while the file says `old`, and once it says `new`. */
interface Answers {
  readonly old: RequestListener
  readonly new: RequestListener
}

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-change-'))
})
after(() => rmSync(folder, { recursive: true }))

const page =
  (status: number, body: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body)
  }
let count = 0
const counting: RequestListener = (_, response) => void response.end(`the shop\nvisitor ${count++}\n`)

/** Runs a change from `old` to `new` before a site that answers by the file. */
async function change(
  answers: Answers,
  more: {
    readonly verify?: Shell
    readonly load?: Shell
    readonly shell?: readonly string[]
    readonly interrupt?: true
    /** All commands that are there. */
    readonly tools?: readonly string[]
  } = {},
) {
  const own = mkdtempSync(join(folder, 'site-'))
  const file = join(own, 'site.conf')
  const loaded = join(own, 'loaded')
  for (const path of [file, loaded]) writeFileSync(path, 'old\n', { mode: 0o640 })
  utimesSync(file, 1_000_000_000, 1_000_000_000)
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    answers[readFileSync(loaded, 'utf8').trim() === 'old' ? 'old' : 'new'](request, response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const load = sh`cp ${file} ${loaded}`
  const text = lines(
    sh`(`,
    sh`set -eu`,
    liveChange({
      files: [{ path: file, kept: join(own, 'kept/site.conf.before') }],
      change: sh`echo new >${file}`,
      ...(more.verify && { verify: more.verify }),
      load: more.load ?? load,
      unload: load,
      sites: [{ address: '127.0.0.1', port, tls: false, host: 'shop.example.test', path: '/a' }],
    }),
    sh`)`,
  ).text
  const [command = 'sh', ...first] = more.shell ?? ['sh']
  const child = spawn(command, [...first, '-c', text], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(more.tools && { env: { PATH: pathOf(own, more.tools) } }),
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  if (more.interrupt) {
    while (readFileSync(loaded, 'utf8') === 'old\n') await new Promise((resolve) => setTimeout(resolve, 20))
    process.kill(-(child.pid ?? 0), 'SIGTERM')
  }
  const code = await new Promise((resolve) => child.on('close', resolve))
  server.close()
  server.closeAllConnections()
  const { mtimeMs, mode } = statSync(file)
  return { code, said, file: readFileSync(file, 'utf8'), loaded: readFileSync(loaded, 'utf8'), mtimeMs, mode, asked }
}

/** A folder with nothing but these commands. */
function pathOf(own: string, tools: readonly string[]): string {
  const bin = join(own, 'bin')
  mkdirSync(bin)
  for (const tool of tools)
    symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(bin, tool))
  return bin
}

const TOOLS = ['sh', 'awk', 'sed', 'cat', 'cp', 'touch', 'mktemp', 'mkdir', 'rm', 'head', 'sleep', 'grep']

describe('a change of what live traffic goes through', { concurrency: true }, () => {
  const kept: Readonly<Record<string, Answers>> = {
    'the same page': { old: page(200, 'shop'), new: page(200, 'shop') },
    'a page that counts': { old: counting, new: counting },
    'a redirect': { old: page(301, ''), new: page(301, '') },
    'a page that was refused before': { old: page(403, 'no'), new: page(403, 'no') },
    'an error of the server before, which proves nothing': { old: page(502, 'x'), new: page(200, 'shop') },
  }
  for (const [title, answers] of Object.entries(kept))
    test(`is kept: ${title}`, async () => {
      const { code, said, file, loaded, asked } = await change(answers)
      assert.equal(code, 0, said)
      assert.match(said, /^Done\. As it was before: .*site\.conf\.before\n$/)
      assert.deepEqual([file, loaded], ['new\n', 'new\n'])
      assert.deepEqual([...new Set(asked)], ['shop.example.test /a'])
    })

  const put: Readonly<Record<string, readonly [Answers, RegExp]>> = {
    'an error': [
      { old: page(200, 'shop'), new: page(504, 'x') },
      /^http:\/\/shop\.example\.test\/a answered 200 before, and then 504\. Everything is as it was\.\n$/,
    ],
    'another page': [
      { old: page(200, 'shop'), new: page(200, 'other') },
      /200 before, and then 200 with another page\. /,
    ],
    'no answer': [
      { old: page(200, 'shop'), new: (request) => void request.destroy() },
      /answered 200 before, and then nothing\. Everything/,
    ],
    'another page that counts': [
      { old: counting, new: (_, response) => void response.end(`other\nvisitor ${count++}\n`) },
      /another page\. Everything is as it was/,
    ],
  }
  for (const shell of [['sh'], ['busybox', 'sh']])
    for (const [title, [answers, sentence]] of Object.entries(put))
      test(`is put back by ${shell.join(' ')}, and that is loaded: ${title}`, async () => {
        const { code, said, file, loaded, mtimeMs, mode } = await change(answers, { shell })
        assert.equal(code, 1, said)
        assert.match(said, sentence)
        assert.deepEqual([file, loaded], ['old\n', 'old\n'])
        assert.deepEqual([mtimeMs, mode & 0o777], [1_000_000_000_000, 0o640])
      })

  test('asks by other means where there is no curl, and refuses to begin where there are none', async () => {
    const answers = { old: page(200, 'a'), new: page(500, '') }
    const asked = await change(answers, { tools: [...TOOLS, 'bash', 'openssl', 'timeout', 'tr'] })
    assert.match(asked.said, /answered 200 before, and then 500\. Everything/)
    const none = await change(answers, { tools: TOOLS })
    assert.match(none.said, /^Install curl first/)
    assert.deepEqual([none.code, none.file, none.loaded], [1, 'old\n', 'old\n'])
  })

  test('is put back where the check of it fails, and nothing is loaded', async () => {
    const { code, said, file, mtimeMs } = await change(
      { old: page(200, 'a'), new: page(500, '') },
      { verify: sh`false`, load: sh`echo LOADED` },
    )
    assert.equal(code, 1)
    assert.equal(said, 'That was refused. Everything is as it was.\n')
    assert.deepEqual([file, mtimeMs], ['old\n', 1_000_000_000_000])
  })

  test('is put back where loading it fails', async () => {
    const { code, said, file } = await change({ old: page(200, 'a'), new: page(500, '') }, { load: sh`false` })
    assert.equal(code, 1)
    assert.match(said, /^That was refused\. Everything is as it was\.\n$/)
    assert.equal(file, 'old\n')
  })

  test('is put back where somebody interrupts it', async () => {
    const { code, said, file, loaded, mtimeMs } = await change(
      { old: page(200, 'a'), new: page(200, 'a') },
      { interrupt: true },
    )
    assert.notEqual(code, 0)
    assert.match(said, /This was interrupted\. Everything is as it was\./)
    assert.deepEqual([file, loaded, mtimeMs], ['old\n', 'old\n', 1_000_000_000_000])
  })
})
