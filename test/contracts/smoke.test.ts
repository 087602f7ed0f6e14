import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { smokeTest } from '../../src/execute/smoke.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import type { Smoke } from '../../src/release/model.ts'
import { Failure } from '../../src/release/reasons.ts'
import { ask } from '../lab/command.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { sshTo } from './ssh-to.ts'

const never = new AbortController().signal

let lab: Lab
let host: SshHost
let closed: SshHost
let web: Server
let port: number
before(async () => {
  lab = await openLab()
  host = await sshTo(await lab.host({ nginx: 'stopped' }))
  closed = await sshTo(await lab.host({ nginx: 'stopped', sshdConfig: ['AllowTcpForwarding no'] }))
  web = createServer((request, response) => response.end(`asked ${request.url}`)).listen(0, '127.0.0.1')
  await once(web, 'listening')
  port = (web.address() as AddressInfo).port
})
after(async () => {
  web.close()
  await Promise.all([host[Symbol.asyncDispose](), closed[Symbol.asyncDispose]()])
  await lab.dispose()
})

/** What it came to, and each line that was told meanwhile. */
async function run(command: string, more: Partial<Smoke> = {}, on = host, signal = never) {
  const told: string[] = []
  const progress = {
    step: <T>(_title: string, work: () => Promise<T>) => work(),
    output: (line: string) => void told.push(line),
    note() {},
    warning() {},
  }
  const smoke = {
    command,
    from: on.name,
    address: { host: '127.0.0.1', port },
    variables: { COLOR: 'green', VERSION: "it's $HOME" },
    deadline: 30_000,
    ...more,
  }
  const outcome = await smokeTest(smoke, on, progress, signal).catch((cause: unknown) => cause)
  return { outcome, told }
}

/** What runs of `sleep` with this first digits. */
async function left(sleep: string): Promise<string> {
  return (await ask(['sh', '-c', `ps -eo args | grep -E '^(timeout|sleep) ${sleep}'`])).stdout
}

const fetched = `'${process.execPath}' -e 'fetch(process.env.BASE_URL + "/x").then((a) => a.text()).then(console.log)'`

describe('a smoke test', { timeout: 240_000 }, () => {
  test('passes with its exit code, sees its variables and none of our inputs, and reaches the color alone', async () => {
    process.env['INPUT_PRIVATE-KEY'] = 'secret'
    process.env['STATE_began'] = 'x'
    const { outcome, told } = await run(
      `${fetched}\necho "$COLOR $VERSION"\nenv | grep -cE '^(INPUT|STATE)_' || echo error >&2`,
    )
    assert.equal(outcome, `passed, against 127.0.0.1:${port} on ${host.name}`)
    assert.deepEqual(told.toSorted(), ['0', 'asked /x', 'error', "green it's $HOME"].toSorted())
  })

  const failures: readonly (readonly [string, string, RegExp])[] = [
    ['with an exit code', 'echo no luck; exit 3', /^The smoke test ended with exit code 3\. Its last line: no luck\.$/],
    ['at its first line that fails', 'false\necho never', /ended with exit code 1\. Its last line: none\.$/],
    ['at a command that is not there', 'nonsense', /ended with exit code 127\. Its last line: .*not found\.$/],
    ['that is killed', 'kill -9 $$', /^The smoke test was killed by a signal\. Its last line: none\.$/],
    ['that cannot be parsed', 'if', /ended with exit code 2\. Its last line: .*[Ss]yntax error/],
  ]
  for (const [title, command, words] of failures) {
    test(`fails: ${title}`, async () => {
      const { outcome } = await run(command)
      assert.ok(outcome instanceof Failure)
      assert.equal(outcome.reason, 'smoke-test-failed')
      assert.match(outcome.message, words)
    })
  }

  test('is in the arguments of no process', async () => {
    const { outcome, told } = await run('grep -alE "secret[-]of" /proc/[0-9]*/cmdline || echo none # secret-of-it')
    assert.match(String(outcome), /^passed/)
    assert.deepEqual(told, ['none'])
  })

  test('keeps its last fifty lines for the report', async () => {
    const { outcome, told } = await run('i=0; while [ $i -lt 120 ]; do i=$((i + 1)); echo line $i; done; exit 1')
    assert.ok(outcome instanceof Failure)
    assert.deepEqual(
      outcome.evidence,
      Array.from({ length: 50 }, (_, i) => `line ${71 + i}`),
    )
    assert.equal(told.length, 120)
  })

  test('that does not end in time is ended with all that it started', async () => {
    const { outcome } = await run(`(timeout 877 sleep 876) & trap '' TERM; echo begun; sleep 875`, { deadline: 1000 })
    assert.ok(outcome instanceof Failure)
    assert.match(outcome.message, /did not end within 1 s, and was ended\. Its last line: begun\./)
    assert.equal(await left('87'), '')
  })

  test('that passes leaves nothing running', async () => {
    const { outcome } = await run('sleep 865 & timeout 866 sleep 867 & echo done')
    assert.match(String(outcome), /^passed/)
    assert.equal(await left('86'), '')
  })

  test('ends when the run is cancelled, with the reason of that', async () => {
    const cancel = new AbortController()
    const reason = new Failure('cancelled', 'The run was cancelled.')
    setTimeout(() => cancel.abort(reason), 500)
    const { outcome } = await run('sleep 855', {}, host, cancel.signal)
    assert.equal(outcome, reason)
    assert.equal(await left('85'), '')
  })

  test('that led nowhere, since the server forbids it, says so', async () => {
    const { outcome } = await run(fetched, {}, closed)
    assert.ok(outcome instanceof Failure)
    assert.match(
      outcome.message,
      /`BASE_URL` led nowhere: .* forbids connections through SSH .*AllowTcpForwarding local/,
    )
  })

  test('of a color that does not listen is its own failure', async () => {
    const { outcome } = await run(fetched, { address: { host: '127.0.0.1', port: 1 } })
    assert.ok(outcome instanceof Failure)
    assert.match(outcome.message, /ended with exit code 1/)
    assert.doesNotMatch(outcome.message, /led nowhere/)
  })
})
