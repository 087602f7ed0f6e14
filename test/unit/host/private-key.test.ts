import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import ssh2 from 'ssh2'
import { repairPrivateKey, secretsOf } from '../../../src/host/private-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'private-key-'))
const file = (name: string, ...options: readonly string[]): string => {
  execFileSync('ssh-keygen', ['-q', '-N', '', ...options, '-f', join(folder, name)])
  return readFileSync(join(folder, name), 'utf8')
}
const ed25519 = file('ed25519', '-t', 'ed25519')
const openssh = { ed25519, rsa: file('rsa', '-t', 'rsa'), ecdsa: file('ecdsa', '-t', 'ecdsa', '-b', '384') }
const pem = { rsa: file('rsa_pem', '-t', 'rsa', '-m', 'PEM'), ecdsa: file('ecdsa_pem', '-t', 'ecdsa', '-m', 'PEM') }
const locked = file('locked', '-t', 'ed25519', '-N', 'secret')
const lockedPem = file('locked_pem', '-t', 'rsa', '-m', 'PEM', '-N', 'secret')
const publicLine = readFileSync(join(folder, 'ed25519.pub'), 'utf8')
rmSync(folder, { recursive: true })

const pkcs8 = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed25519: generateKeyPairSync('ed25519'),
}
const asPkcs8 = (name: keyof typeof pkcs8): string =>
  pkcs8[name].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The public half that ssh2 finds in a key. */
function publicOf(text: string): string {
  const parsed = ssh2.utils.parseKey(text)
  assert.ok(!(parsed instanceof Error), String(parsed))
  return parsed.getPublicSSH().toString('base64')
}

const manglings: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'no last newline': (key) => key.trimEnd(),
  'no END line': (key) => key.replace(/-----END.*\n$/, ''),
  'half an END line': (key) => key.replace(/(-----END).*\n$/, '$1 PRIV'),
  'carriage returns': (key) => key.replaceAll('\n', '\r\n'),
  'only carriage returns': (key) => key.replaceAll('\n', '\r'),
  'literal \\n': (key) => key.replaceAll('\n', '\\n'),
  'literal \\r\\n': (key) => key.replaceAll('\n', '\\r\\n'),
  'double quotes': (key) => `"${key.replaceAll('\n', '\\n')}"`,
  'single quotes': (key) => `'${key}'\n`,
  indented: (key) => key.replaceAll(/^/gm, '    '),
  'base64 of it': (key) => Buffer.from(key).toString('base64'),
  'base64 of it, wrapped': (key) => Buffer.from(key).toString('base64').replace(/.{76}/g, '$&\n'),
  'on one line with spaces': (key) => key.replaceAll('\n', ' '),
  'on one line without': (key) => key.replaceAll('\n', ''),
  'text before it': (key) => `my key:\n${key}`,
  'byte order mark': (key) => `\uFEFF${key}`,
}

describe('repairPrivateKey', () => {
  const keys = Object.entries({ ...openssh, 'rsa PEM': pem.rsa, 'ecdsa PEM': pem.ecdsa })
  for (const [title, mangle] of Object.entries(manglings)) {
    test(title, () => {
      for (const [, key] of keys) {
        const repaired = repairPrivateKey(mangle(key))
        assert.ok('key' in repaired)
        assert.equal(publicOf(repaired.key), publicOf(key))
      }
      for (const name of ['rsa', 'p256', 'p521', 'ed25519'] as const) {
        const repaired = repairPrivateKey(mangle(asPkcs8(name)))
        assert.ok('key' in repaired, name)
        const parsed = ssh2.utils.parseKey(repaired.key)
        assert.ok(!(parsed instanceof Error))
        const signature = parsed.sign('data', name === 'rsa' ? 'sha256' : undefined)
        assert.ok(Buffer.isBuffer(signature))
        assert.equal(parsed.getPublicPEM().replace(/\s/g, ''), publicPem(name).replace(/\s/g, ''))
      }
    })
  }

  test('a lost BEGIN line', () => {
    const repaired = repairPrivateKey(ed25519.split('\n').slice(1).join('\n'))
    assert.ok('key' in repaired)
    assert.equal(publicOf(repaired.key), publicOf(ed25519))
  })

  const halved = (key: string): string => key.slice(0, key.length / 2)
  const body = (label: string): string => `-----BEGIN ${label}-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n-----END ${label}-----`
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const exotic = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', ' \n', /is empty/],
    ['words', 'hello world', /has no BEGIN line/],
    ['a path', '~/.ssh/id_ed25519', /is the path of a file/],
    ['a public key', publicLine, /is a public key/],
    ['a PEM public key', body('PUBLIC KEY'), /is a public key/],
    ['an OpenSSH certificate', 'ssh-ed25519-cert-v01@openssh.com AAAA me', /is an OpenSSH certificate/],
    ['a certificate', body('CERTIFICATE'), /is a certificate/],
    ['something else', body('PGP MESSAGE'), /is a PGP MESSAGE/],
    ['encrypted', locked, /encrypted with a passphrase/],
    ['encrypted PEM', lockedPem, /encrypted with a passphrase/],
    ['encrypted PKCS#8', body('ENCRYPTED PRIVATE KEY'), /encrypted with a passphrase/],
    ['half of it', halved(ed25519), /cut short/],
    ['half of a PEM', halved(pem.rsa), /cut short/],
    ['half of a PKCS#8', halved(asPkcs8('rsa')), /cut short/],
    ['another curve', String(curve), /elliptic curve that SSH does not know/],
    ['another kind', String(exotic), /of the kind x25519/],
    ['PuTTY 3', 'PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n', /puttygen key.ppk -O private-openssh/],
    ['encrypted PuTTY', 'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\n', /encrypted with a passphrase/],
    ['a hardware key', hardwareKey(), /hardware security key/],
  ]
  for (const [title, text, words] of mistakes) {
    test(`${title} is told`, () => {
      const repaired = repairPrivateKey(text)
      assert.ok('mistake' in repaired)
      assert.match(repaired.mistake, words)
      const secrets = text.split(/\s+/).filter((word) => word.length > 20 && /^[A-Za-z0-9+/]+$/.test(word))
      assert.ok(secrets.every((secret) => !repaired.mistake.includes(secret)))
    })
  }
})

test('secretsOf hides each line of a key, however it was pasted', () => {
  const rows = ed25519.trim().split('\n').slice(1, -1)
  for (const [title, mangle] of Object.entries(manglings)) {
    const secrets = secretsOf(mangle(ed25519))
    assert.ok(
      rows.filter((row) => row.length >= 8).every((row) => secrets.includes(row)),
      title,
    )
    assert.ok(secrets.every((secret) => secret.length >= 8 && !/^-----[A-Z ]+-----$/.test(secret)))
  }
  assert.ok(secretsOf(asPkcs8('rsa')).length > 40)
})

function publicPem(name: keyof typeof pkcs8): string {
  return pkcs8[name].publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

/** The outside of an OpenSSH key of the type that a security key has. */
function hardwareKey(): string {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, value.length]), Buffer.from(value)])
  const type = text('sk-ssh-ed25519@openssh.com')
  const head = [Buffer.from('openssh-key-v1\0'), text('none'), text('none'), text(''), Buffer.from([0, 0, 0, 1])]
  const blob = Buffer.concat([...head, Buffer.from([0, 0, 0, type.length]), type])
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${blob.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`
}
