import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ActionOptions } from './action.ts'
import { must } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { freePort } from './ports.ts'
import { contains, refused, refusedFor, released } from './refusal.ts'
import type { LabSite } from './site.ts'

// What a newcomer's first run meets: host keys, private keys, docker and the compose file.

let lab: Lab
let host: LabHost
let site: LabSite
let folder: string
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host)
  await site.up('blue', 'v1')
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
})
after(async () => {
  await lab.dispose()
  await rm(folder, { recursive: true })
})

const slow = { timeout: 360_000 }

/** Whoever is told that there is no such service has logged in. */
async function logsIn(inputs: Readonly<Record<string, string>>, options?: ActionOptions): Promise<void> {
  const { reason, sentences, run } = await refused(site, { ...inputs, service: 'nothing' }, options)
  assert.equal(reason, 'compose-invalid', sentences.join('\n'))
  noKeyIn(run.stdout + run.stderr + run.summary + JSON.stringify(run.outputs))
}

/** Masks tell the runner what to hide; beside them no line of a key is ever printed. */
function noKeyIn(log: string): void {
  const shown = log.replaceAll(/^::add-mask::.*$/gm, '')
  const lines = host.privateKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'))
  for (const line of lines) assert.ok(!shown.includes(line), 'A line of the private key was printed.')
}

/** A file with text in it, for the tools of OpenSSH. */
async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text, { mode: 0o600 })
  return path
}

describe('host keys', () => {
  test('an unknown host: the sentence shows its fingerprint, and the line to add', slow, async () => {
    for (const known of ['', host.knownHosts.replaceAll('127.0.0.1', 'other.example.test')]) {
      const says = `127.0.0.1:${host.port} presented the ssh-ed25519 host key ${host.fingerprints.ed25519}`
      const sentence = await refusedFor(
        site,
        { 'known-hosts': known },
        'host-key-unknown',
        says,
        'Verify it on the host',
      )
      const [, command = '', line = ''] = /by `(.*?)`\..* add to known-hosts: (.*)$/.exec(sentence) ?? []
      contains((await host.exec(command)).stdout, host.fingerprints.ed25519)
      await logsIn({ 'known-hosts': line })
    }
  })

  test('another key than the known one', slow, async () => {
    await using stranger = await lab.host({ nginx: 'stopped' })
    const wrong = stranger.knownHosts.replaceAll(`:${stranger.port}`, `:${host.port}`)
    const sentence = await refusedFor(site, { 'known-hosts': wrong }, 'host-key-mismatch', 'the key CHANGED')
    await logsIn({ 'known-hosts': /replace the entry in known-hosts by: (.*)$/.exec(sentence)?.[1] ?? '' })
  })

  test('hashed lines', slow, async () => {
    const path = await file('known', host.knownHosts)
    await must(['ssh-keygen', '-q', '-H', '-f', path])
    const hashed = await readFile(path, 'utf8')
    assert.doesNotMatch(hashed, /127\.0\.0\.1/)
    await logsIn({ 'known-hosts': hashed })
  })

  for (const type of ['ed25519', 'rsa', 'ecdsa'] as const) {
    test(`the fingerprint of its ${type} key`, slow, () => logsIn({ 'known-hosts': host.fingerprints[type] }))
  }
})

describe('the private key', () => {
  const forms: Readonly<Record<string, (key: string) => string>> = {
    'with foreign line ends': (key) => key.replaceAll('\n', '\r\n'),
    'without its last line end': (key) => key.trimEnd(),
    'on one line': (key) => key.trim().replaceAll('\n', ' '),
    'with literal \\n': (key) => JSON.stringify(key),
    indented: (key) => key.replaceAll('\n', '\n    '),
    'in base64': (key) => Buffer.from(key).toString('base64'),
  }
  for (const [title, mangled] of Object.entries(forms)) {
    test(`${title} is repaired`, slow, () => logsIn({ 'private-key': mangled(host.privateKey) }))
  }

  test('in PKCS#8 is converted', slow, async () => {
    const path = join(folder, 'pkcs8')
    await must(['ssh-keygen', '-q', '-t', 'ecdsa', '-m', 'PKCS8', '-N', '', '-f', path])
    const key = await readFile(path, 'utf8')
    assert.match(key, /^-----BEGIN PRIVATE KEY-----/)
    const authorized = `${host.home}/.ssh/authorized_keys`
    await host.writeFile(authorized, (await host.readFile(authorized)) + (await readFile(`${path}.pub`, 'utf8')))
    await logsIn({ 'private-key': key })
  })

  test('that the host does not know is refused by name', slow, async () => {
    const path = join(folder, 'stranger')
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path])
    const says = ['the host refuses the user deploy with this private-key', '~deploy/.ssh/authorized_keys']
    await refusedFor(site, { 'private-key': await readFile(path, 'utf8') }, 'authentication-failed', ...says)
  })

  test('that is cut short is told before any connection', slow, async () => {
    const inputs = { 'private-key': host.privateKey.slice(0, 120), host: 'deploy@127.0.0.1:9' }
    await refusedFor(site, inputs, 'invalid-inputs', 'cut short', 'Paste the whole private key file')
  })

  test('may be left to the agent', slow, async () => {
    const socket = join(folder, 'agent')
    const started = await must(['ssh-agent', '-a', socket])
    const env = { SSH_AUTH_SOCK: socket }
    try {
      const none = await refused(site, { 'private-key': '' }, { env })
      contains(none.sentences.join('\n'), `the agent at SSH_AUTH_SOCK (${socket}) holds no key`)
      await must(['ssh-add', '-q', await file('id', host.privateKey)], { env })
      await logsIn({ 'private-key': '' }, { env })
    } finally {
      process.kill(Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]))
    }
    await refusedFor(site, { 'private-key': '' }, 'authentication-failed', 'SSH_AUTH_SOCK names no agent')
  })
})

describe('the host', () => {
  test('does not listen', slow, async () => {
    const port = await freePort()
    const says = `No SSH connection to deploy@127.0.0.1:${port}: nothing listens on port ${port}`
    await refusedFor(site, { host: `deploy@127.0.0.1:${port}` }, 'host-unreachable', says)
  })

  test('allows no forwarding, and is asked by a program of its own', slow, async () => {
    await using closed = await lab.host({ sshdConfig: ['AllowTcpForwarding no'] })
    await using own = await lab.site(closed)
    await own.up('blue', 'v1')
    await released(own)
  })

  test('is a dropbear', slow, async () => {
    await using small = await lab.host({ server: 'dropbear' })
    await using own = await lab.site(small)
    await own.up('blue', 'v1')
    await released(own)
    const known = { 'known-hosts': '' }
    await refusedFor(own, known, 'host-key-unknown', small.fingerprints.ed25519)
  })
})

describe('docker', () => {
  test('is not allowed for the user', slow, async () => {
    await host.exec('sed "/^docker:/s/deploy//" /etc/group >/run/group && mount --bind /run/group /etc/group')
    try {
      const says = [`Docker does not answer on ${host.address}`, 'permission denied', 'sudo usermod -aG docker deploy']
      await refusedFor(site, {}, 'docker-unavailable', ...says)
    } finally {
      await host.exec('umount /etc/group')
    }
    await logsIn({})
  })

  test('does not run', slow, async () => {
    await host.exec('mv /run/docker.sock /run/docker.away')
    try {
      const says = [`Docker does not answer on ${host.address}`, 'sudo systemctl start docker']
      await refusedFor(site, {}, 'docker-unavailable', ...says)
    } finally {
      await host.exec('mv /run/docker.away /run/docker.sock')
    }
  })
})

describe('the compose file', () => {
  const path = () => `${site.directory}/compose.yaml`

  test('is invalid', slow, async () => {
    const sound = await host.readFile(path())
    await host.writeFile(path(), sound.replace('services:', 'services:\n  broken: ['))
    try {
      await refusedFor(site, {}, 'compose-invalid', 'Compose cannot read the compose file', site.directory, 'line')
    } finally {
      await host.writeFile(path(), sound)
    }
  })

  test('is missing, or its folder is', slow, async () => {
    await host.exec(`mv ${path()} ${path()}.away`)
    try {
      await refusedFor(site, {}, 'compose-invalid', 'no configuration file', site.directory, '`directory`')
    } finally {
      await host.exec(`mv ${path()}.away ${path()}`)
    }
    await refusedFor(site, { directory: '/nowhere' }, 'compose-invalid', '/nowhere', '`directory`')
    await refusedFor(site, { 'compose-file': 'other.yaml' }, 'compose-invalid', 'other.yaml')
  })

  test('has no such service: the sentence lists those that it has', slow, async () => {
    const says = ['has no services `api_blue` and `api_green`, or `api-blue` and `api-green`']
    const inputs = { service: 'api', 'state-directory': site.stateDirectory }
    const listed = 'Its services: `web_blue`, `web_green`'
    await refusedFor(site, inputs, 'compose-invalid', ...says, listed, '`blue-service` and `green-service`')
  })
})
