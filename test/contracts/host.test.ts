import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer, connect as dial } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { HostError, type RunOptions } from '../../src/host/host.ts'
import { parseKnownHosts } from '../../src/host/known-hosts.ts'
import { repairPrivateKey } from '../../src/host/private-key.ts'
import { sh } from '../../src/host/quote.ts'
import { connect } from '../../src/host/ssh.ts'

const folder = mkdtempSync(join(tmpdir(), 'host-contract-'))
const servers: ChildProcess[] = []
const user = userInfo().username

before(() => {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  for (const type of ['ed25519', 'rsa', 'ecdsa']) {
    for (const name of ['host', 'login']) keygen(type, `${name}_${type}`)
  }
  keygen('ed25519', 'stranger')
  const given = ['rsa', 'ecdsa', 'ed25519'].map((type) => readFileSync(join(folder, `login_${type}.pub`), 'utf8'))
  writeFileSync(join(folder, 'authorized_keys'), given.join(''))
})

after(async () => {
  for (const server of servers) {
    if (server.exitCode !== null || server.signalCode !== null) continue
    server.kill()
    await once(server, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

function keygen(type: string, name: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(folder, name)])
}

/** A real sshd on a free port; ends with the suite. */
async function startServer(config: readonly string[] = [], hostKeys = ['ed25519', 'rsa', 'ecdsa']): Promise<number> {
  const port = await freePort()
  const path = join(folder, `sshd_${port}`)
  const basics = [
    'UsePAM no',
    `SetEnv HOME=${folder}`,
    'StrictModes no',
    'PidFile none',
    'PermitRootLogin prohibit-password',
    'LogLevel ERROR',
  ]
  const keys = hostKeys.map((type) => `HostKey ${join(folder, `host_${type}`)}`)
  const access = [`ListenAddress 127.0.0.1:${port}`, `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`]
  writeFileSync(path, [...config, ...basics, ...keys, ...access, ''].join('\n'))
  servers.push(spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path], { stdio: 'ignore' }))
  await until(() => listens(port))
  return port
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function listens(port: number): Promise<boolean> {
  const socket = dial(port, '127.0.0.1')
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return
    await sleep(50)
  }
  assert.fail('It did not come true within 10 s.')
}

function pin(port: number, type: string): string {
  return `[127.0.0.1]:${port} ${readFileSync(join(folder, `host_${type}.pub`), 'utf8')}`
}

function logIn(port: number, { pins = pin(port, 'ed25519'), key = loginKey('ed25519') } = {}) {
  return connect({ user, host: '127.0.0.1', port }, { knownHosts: parseKnownHosts(pins), privateKey: key })
}

function loginKey(type: string): string {
  return readFileSync(join(folder, `login_${type}`), 'utf8')
}

function refused(reason: string, words: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof HostError, String(error))
    assert.equal(error.reason, reason)
    assert.match(error.message, words)
    return true
  }
}

function alive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

describe('running', () => {
  let port = 0
  before(async () => {
    port = await startServer()
  })

  test('code, both outputs, UTF-8 in pieces, lines as they come', async () => {
    await using host = await logIn(port)
    const seen: string[] = []
    const shell = sh`printf 'a\\303'; sleep 0.1; printf '\\251 %s\nend' ${"it's"}; echo oops >&2; exit 3`
    const onLine: NonNullable<RunOptions['onLine']> = (line, from) => seen.push(`${from} ${line}`)
    const ran = await host.run({ shell, deadline: 5000 }, { onLine })
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [3, "aé it's\nend", 'oops\n'])
    assert.deepEqual(seen.sort(), ['stderr oops', "stdout aé it's", 'stdout end'])
    assert.equal(host.name, `${user}@127.0.0.1:${port}`)
  })

  test('a hundred scripts at once and one of a megabyte', async () => {
    await using host = await logIn(port)
    const numbers = Array.from({ length: 100 }, (_, index) => index)
    const all = await Promise.all(numbers.map((n) => host.run({ shell: sh`echo ${n}`, deadline: 20_000 })))
    assert.deepEqual(
      all.map((ran) => ran.stdout),
      numbers.map((n) => `${n}\n`),
    )
    const big = 'x'.repeat(1_000_000)
    const ran = await host.run({ shell: sh`cat <<'EOF'\n${{ text: big }}\nEOF`, deadline: 20_000 })
    assert.equal(ran.stdout.length, big.length + 1)
    assert.equal(host.roundTrips(), 101)
  })

  test('standard input is empty, and a script that cannot be parsed is an answer', async () => {
    await using host = await logIn(port)
    assert.equal((await host.run({ shell: sh`cat; echo after`, deadline: 5000 })).stdout, 'after\n')
    const broken = await host.run({ shell: { text: 'echo ran; if' }, deadline: 5000 })
    assert.equal(broken.code, 2)
    assert.match(broken.stderr, /yntax error/)
    assert.doesNotMatch(broken.stdout, /ran/)
  })

  test('what is left running with its output open does not hold the answer up', async () => {
    await using host = await logIn(port)
    const ran = await host.run({ shell: sh`setsid sleep 30 & echo $!`, deadline: 20_000 })
    process.kill(Number(ran.stdout))
    assert.equal(ran.code, 0)
  })

  test('the deadline ends everything on the host, process groups of their own included', async () => {
    await using host = await logIn(port)
    const shell = sh`timeout 60 sleep 60 & echo $!; sleep 61 & echo $!; wait`
    const ran = await host.run({ shell, deadline: 1000 })
    assert.equal(ran.code, 124)
    const pids = ran.stdout.trim().split('\n').map(Number)
    assert.equal(pids.length, 2)
    await until(() => !pids.some(alive)) // told, and then reaped by whoever inherited them
  })

  test('the deadline is kept by the host alone, and spares what has its own session', async () => {
    const host = await logIn(port)
    const pids: number[] = []
    const shell = sh`setsid sleep 62 & echo $!; sleep 62 & echo $!; wait`
    const running = host.run({ shell, deadline: 2000 }, { onLine: (line) => pids.push(Number(line)) })
    await until(() => pids.length === 2)
    const gone = assert.rejects(running, refused('connection-lost', /was lost/))
    await host[Symbol.asyncDispose]()
    await gone
    const [spared = 0, ended = 0] = pids
    assert.equal(alive(ended), true)
    await until(() => !alive(ended))
    assert.equal(alive(spared), true)
    process.kill(spared)
  })

  test('aborting ends it there, even where it ignores SIGTERM, and leaves the connection usable', async () => {
    await using host = await logIn(port)
    const abort = new AbortController()
    const pids: number[] = []
    const shell = sh`trap '' TERM; timeout 60 sleep 60 & echo $!; sleep 60 & echo $!; sleep 61`
    const running = host.run(
      { shell, deadline: 60_000 },
      { signal: abort.signal, onLine: (line) => pids.push(Number(line)) },
    )
    await until(() => pids.length === 2)
    abort.abort()
    await assert.rejects(running, refused('cancelled', /Cancelled while a command ran on/))
    assert.deepEqual(pids.filter(alive), [])
    assert.equal((await host.run({ shell: sh`echo on`, deadline: 5000 })).stdout, 'on\n')
  })

  test('an abort ends the waiting for a place too', async () => {
    await using host = await logIn(port)
    const busy = [1, 2, 3, 4].map(() => host.run({ shell: sh`sleep 1`, deadline: 10_000 }))
    const signal = AbortSignal.timeout(100)
    await assert.rejects(host.run({ shell: sh`:`, deadline: 5000 }, { signal }), refused('cancelled', /Cancelled/))
    assert.deepEqual(
      (await Promise.all(busy)).map((ran) => ran.code),
      [0, 0, 0, 0],
    )
  })

  test('a connection that breaks rejects what runs, and what comes after', async () => {
    await using host = await logIn(port)
    await assert.rejects(
      host.run({ shell: sh`kill -9 $PPID; sleep 1`, deadline: 9000 }),
      refused('connection-lost', /was lost/),
    )
    await assert.rejects(host.run({ shell: sh`:`, deadline: 5000 }), refused('connection-lost', /was lost/))
    const request = { address: '127.0.0.1', port, path: '/', host: 'x', timeout: 1000 }
    await assert.rejects(host.request(request), refused('connection-lost', /was lost/))
  })
})

describe('login shells', () => {
  const shells = ['/bin/bash', '/bin/dash', '/bin/csh', '/usr/bin/fish'].filter((path) => existsSync(path))
  for (const shell of shells) {
    test(`${shell} with noise`, async () => {
      const noise = 'printf "no newline"; echo "caf\\303" >&2; cd /'
      const port = await startServer([`ForceCommand ${noise}; exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`])
      await using host = await logIn(port)
      const ran = await host.run({ shell: sh`echo ${'out $HOME'}; echo err >&2; exit 7`, deadline: 5000 })
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [7, 'out $HOME\n', 'err\n'])
    })
  }

  test('a login that runs no commands is told', async () => {
    const port = await startServer(['ForceCommand echo This account is not available; exit 1'])
    const words = /code 1 and said "This account is not available"/
    await assert.rejects(logIn(port), refused('login-shell-unusable', words))
    // A runner with other work to do: all that the host says comes in one piece.
    const rests = new Int32Array(new SharedArrayBuffer(4))
    const busy = setInterval(() => Atomics.wait(rests, 0, 0, 500), 1)
    await assert.rejects(logIn(port), refused('login-shell-unusable', words)).finally(() => clearInterval(busy))
  })

  for (const [title, command, words] of [
    ['that prints without an end', 'yes welcome', /ran no command, and went on printing "welcome welcome/],
    ['that prints slowly without an end', 'while echo welcome; do sleep 1; done', /went on printing "welcome/],
    ['that waits for somebody', 'sleep 60', /and printed nothing for 8 s/],
  ] as const) {
    test(`a login ${title} is told in a few seconds`, async () => {
      const port = await startServer([`ForceCommand ${command}`])
      const began = performance.now()
      await assert.rejects(logIn(port), refused('login-shell-unusable', words))
      assert.ok(performance.now() - began < 20_000)
    })
  }

  test('a shell that leads no session gets one', async () => {
    const port = await startServer(['ForceCommand sh -c "$SSH_ORIGINAL_COMMAND"; exit $?'])
    await using host = await logIn(port)
    const ran = await host.run({ shell: sh`sleep 63 & echo $!; sleep 63`, deadline: 1000 })
    assert.equal(ran.code, 124)
    assert.equal(alive(Number(ran.stdout)), false)
  })
})

describe('asking through the connection', () => {
  test('an answer, a refused port, forwarding forbidden', async () => {
    const web = createHttp((request, response) => response.end(`${request.headers.host} ${request.url}`)).listen(
      0,
      '127.0.0.1',
    )
    await once(web, 'listening')
    const asked = {
      address: '127.0.0.1',
      port: (web.address() as AddressInfo).port,
      path: '/health?x=1',
      host: 'app',
      timeout: 3000,
    }
    try {
      const port = await startServer()
      await using host = await logIn(port)
      const answers = await Promise.all(Array.from({ length: 20 }, () => host.request(asked)))
      assert.deepEqual(
        new Set(answers.map((answer) => `${answer.status} ${answer.body}`)),
        new Set(['200 app /health?x=1']),
      )
      assert.equal(host.requests(), 20)
      const nothing = { ...asked, port: await freePort() }
      await assert.rejects(
        host.request(nothing),
        new RegExp(`:${nothing.port}/health.*asked from ${host.name}: connection refused`),
      )

      await using closed = await logIn(await startServer(['AllowTcpForwarding no']), { pins: pinAny('ed25519') })
      // What the server forbids, a program on the host can do.
      const answer = await closed.request(asked)
      assert.deepEqual([answer.status, answer.body], [200, 'app /health?x=1'])
      const open = closed.open(asked.address, asked.port)
      await assert.rejects(open, refused('forwarding-refused', /Set `AllowTcpForwarding local`/))
    } finally {
      web.close()
    }
  })

  test('a second host behind the first', async () => {
    await using bastion = await logIn(await startServer())
    const port = await startServer()
    const credentials = { knownHosts: parseKnownHosts(pin(port, 'rsa')), privateKey: loginKey('ed25519') }
    await using host = await connect({ user, host: '127.0.0.1', port }, credentials, { through: bastion })
    assert.equal((await host.run({ shell: sh`echo behind`, deadline: 5000 })).stdout, 'behind\n')
    const nothing = { user, host: '127.0.0.1', port: await freePort() }
    await assert.rejects(
      connect(nothing, credentials, { through: bastion }),
      refused('host-unreachable', /nothing listens/),
    )
  })
})

/** A pin for any port. */
function pinAny(type: string): string {
  return `127.0.0.1 ${readFileSync(join(folder, `host_${type}.pub`), 'utf8')}`
}

function fingerprint(type: string): string {
  return execFileSync('ssh-keygen', ['-lf', join(folder, `host_${type}.pub`)], { encoding: 'utf8' }).split(' ')[1] ?? ''
}

function hashed(port: number): string {
  const file = join(folder, `hashed_${port}`)
  writeFileSync(file, pin(port, 'ecdsa'))
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
  return readFileSync(file, 'utf8')
}

describe('host keys', () => {
  let port = 0
  before(async () => {
    port = await startServer()
  })
  const accepted: readonly (readonly [string, () => string])[] = [
    ['ed25519 only', () => pin(port, 'ed25519')],
    ['rsa only', () => pin(port, 'rsa')],
    ['hashed, ecdsa only', () => hashed(port)],
    ['an entry without a port', () => pinAny('rsa')],
    ['a fingerprint of the rsa key', () => fingerprint('rsa')],
    ['a fingerprint of the ecdsa key, of this host', () => `127.0.0.1 ${fingerprint('ecdsa')}`],
  ]
  for (const [title, pins] of accepted) {
    test(`accepted: ${title}`, async () => {
      await using host = await logIn(port, { pins: pins() })
      assert.equal((await host.run({ shell: sh`echo in`, deadline: 5000 })).stdout, 'in\n')
    })
  }
  const other = (): string => readFileSync(join(folder, 'stranger.pub'), 'utf8')
  const turnedAway: readonly (readonly [string, string, () => string, RegExp])[] = [
    [
      'nothing pinned',
      'host-key-unknown',
      () => '',
      /presented the ssh-ed25519 host key SHA256:.*add to known-hosts: \[127/,
    ],
    ['another key', 'host-key-mismatch', () => `[127.0.0.1]:${port} ${other()}`, /the key CHANGED/],
    [
      'revoked',
      'host-key-revoked',
      () => `${pin(port, 'ed25519')}@revoked * ${pin(port, 'ed25519').split(' ').slice(1).join(' ')}`,
      /@revoked/,
    ],
    ['fingerprint of another', 'host-key-mismatch', () => `SHA256:${'A'.repeat(43)}`, /the ssh-ed25519 host key/],
  ]
  for (const [title, reason, pins, words] of turnedAway) {
    test(`refused: ${title}`, () => assert.rejects(logIn(port, { pins: pins() }), refused(reason, words)))
  }
})

describe('logging in', () => {
  test('keys of each type, as written by ssh-keygen and as PKCS#8', async () => {
    const port = await startServer()
    const made = [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ed25519'),
    ].map(({ privateKey }) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    for (const [index, pem] of made.entries()) {
      const repaired = repairPrivateKey(pem)
      assert.ok('key' in repaired)
      const file = join(folder, `made_${index}`)
      writeFileSync(file, repaired.key, { mode: 0o600 })
      const line = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' })
      writeFileSync(join(folder, 'authorized_keys'), line, { flag: 'a' })
      await (await logIn(port, { key: repaired.key }))[Symbol.asyncDispose]()
    }
    for (const type of ['rsa', 'ecdsa', 'ed25519'])
      await (await logIn(port, { key: loginKey(type) }))[Symbol.asyncDispose]()
  })

  test('a key that the host does not know is tried once', async () => {
    const port = await startServer()
    const key = readFileSync(join(folder, 'stranger'), 'utf8')
    await assert.rejects(
      logIn(port, { key }),
      refused('authentication-failed', /refuses the user .* with this private-key/),
    )
  })

  test('no key and no agent', async () => {
    const target = { user, host: '127.0.0.1', port: await freePort() }
    await assert.rejects(connect(target, { knownHosts: [] }), refused('authentication-failed', /names no agent/))
    const agent = join(folder, 'no.sock')
    await assert.rejects(
      connect(target, { knownHosts: [], agent }),
      refused('authentication-failed', /no agent at SSH_AUTH_SOCK/),
    )
  })

  test('the agent', async () => {
    const port = await startServer()
    const agent = join(folder, 'agent.sock')
    const process = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' })
    servers.push(process)
    await until(() => existsSync(agent))
    const credentials = { knownHosts: parseKnownHosts(pin(port, 'ed25519')), agent }
    const target = { user, host: '127.0.0.1', port }
    await assert.rejects(connect(target, credentials), refused('authentication-failed', /holds no key/))
    execFileSync('ssh-add', ['-q', join(folder, 'login_rsa')], {
      env: { ...globalThis.process.env, SSH_AUTH_SOCK: agent },
    })
    await (await connect(target, credentials))[Symbol.asyncDispose]()
  })

  test('what does not answer, or not as SSH', async () => {
    const knownHosts = parseKnownHosts('')
    const credentials = { knownHosts, privateKey: loginKey('ed25519') }
    const nothing = { user, host: '127.0.0.1', port: await freePort() }
    await assert.rejects(connect(nothing, credentials), refused('host-unreachable', /nothing listens on port/))
    const nobody = { user, host: 'nobody.invalid', port: 22 }
    await assert.rejects(connect(nobody, credentials), refused('host-unreachable', /DNS does not know nobody.invalid/))
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
    const closing = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await Promise.all([once(silent, 'listening'), once(closing, 'listening')])
    const at = (server: typeof silent) => ({ ...nothing, port: (server.address() as AddressInfo).port })
    try {
      await assert.rejects(
        connect(at(silent), credentials, { timeout: 200 }),
        refused('host-unreachable', /takes the connection and says nothing/),
      )
      await assert.rejects(connect(at(closing), credentials), refused('host-unreachable', /before the SSH handshake/))
      const signal = AbortSignal.timeout(200)
      await assert.rejects(connect(at(silent), credentials, { signal }), refused('cancelled', /while connecting/))
    } finally {
      silent.close()
      closing.close()
    }
  })
})
