import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  fingerprintOf,
  hostKeyOffers,
  judgeHostKey,
  knownHostsMistakes,
  parseKnownHosts,
  pinnedTypes,
} from '../../../src/host/known-hosts.ts'

const key = keyOf('ssh-ed25519', 'a')
const other = keyOf('ssh-ed25519', 'b')
const rsa = keyOf('ssh-rsa', 'r')
const web = { host: 'web.example.com', port: 22 }
const web2222 = { host: 'Web.example.com', port: 2222 }

function keyOf(type: string, letter: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, 0, 0, type.length]),
    Buffer.from(type),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, letter),
  ])
}

function line(names: string, blob: Buffer): string {
  return `${names} ${blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))} ${blob.toString('base64')}`
}

function hash(name: string): string {
  const salt = Buffer.from('0123456789abcdef0123')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

describe('judgeHostKey', () => {
  const verdicts: readonly (readonly [string, string, typeof web, string])[] = [
    ['the name', line('web.example.com', key), web, 'accepted'],
    [
      'a comment after it, CRLF, blank and commented lines',
      `# mine\r\n\r\n${line('web.example.com', key)} root@web\r\n`,
      web,
      'accepted',
    ],
    ['one of several names', line('10.0.0.1,web.example.com', key), web, 'accepted'],
    ['another case', line('WEB.example.com', key), web2222, 'accepted'],
    ['a glob', line('*.example.com', key), web, 'accepted'],
    ['a glob of one letter', line('we?.example.com', key), web, 'accepted'],
    ['a dot is no glob', line('web-example.com', key), web, 'host-key-unknown'],
    ['negated', line('*.example.com,!web.example.com', key), web, 'host-key-unknown'],
    ['hashed', line(hash('web.example.com'), key), web, 'accepted'],
    ['hashed with port', line(hash('[web.example.com]:2222'), key), web2222, 'accepted'],
    ['hashed, another host', line(hash('db.example.com'), key), web, 'host-key-unknown'],
    ['with port', line('[web.example.com]:2222', key), web2222, 'accepted'],
    ['port 22 in brackets', line('[web.example.com]:22', key), web, 'accepted'],
    ['the entry of another port', line('[web.example.com]:2223', key), web2222, 'host-key-unknown'],
    ['without port, another port', line('web.example.com', key), web2222, 'accepted'],
    ['without port, another port, another key', line('web.example.com', other), web2222, 'host-key-unknown'],
    [
      'the port has its own entry',
      `${line('web.example.com', key)}\n${line('[web.example.com]:2222', other)}`,
      web2222,
      'host-key-mismatch',
    ],
    ['two keys, one of them', `${line('web.example.com', other)}\n${line('web.example.com', key)}`, web, 'accepted'],
    ['another key', line('web.example.com', other), web, 'host-key-mismatch'],
    ['a key of another type', line('web.example.com', rsa), web, 'host-key-unknown'],
    ['revoked', `@revoked ${line('*', key)}\n${line('web.example.com', key)}`, web, 'host-key-revoked'],
    ['another one revoked', `@revoked ${line('*', other)}\n${line('web.example.com', key)}`, web, 'accepted'],
    ['fingerprint', fingerprintOf(key), web2222, 'accepted'],
    ['padded fingerprint of the host', `web.example.com ${fingerprintOf(key)}=`, web, 'accepted'],
    ['fingerprint of another host', `db.example.com ${fingerprintOf(key)}`, web, 'host-key-unknown'],
    ['as ssh-keygen -l prints it', `256 ${fingerprintOf(key)} root@web (ED25519)`, web, 'accepted'],
    ['the fingerprint of another type', `3072 ${fingerprintOf(rsa)} root@web (RSA)`, web, 'host-key-unknown'],
    ['another fingerprint', fingerprintOf(other), web, 'host-key-mismatch'],
    ['as ssh-keyscan and ssh-keygen print it', `256 ${fingerprintOf(key)} web.example.com (ED25519)`, web, 'accepted'],
    ['the same of another host', `256 ${fingerprintOf(key)} db.example.com (ED25519)`, web, 'host-key-unknown'],
    ['the same of another port', `256 ${fingerprintOf(key)} [web.example.com]:23 (ED25519)`, web, 'host-key-unknown'],
    ['another host after it', `${fingerprintOf(key)} db.example.com`, web, 'host-key-unknown'],
    ['without a comment', `256 ${fingerprintOf(key)} no comment (ED25519)`, web, 'accepted'],
    ['only negated', line('!db.example.com', key), web, 'host-key-unknown'],
    ['many stars', line(`${'*e'.repeat(40)}*z`, key), { host: `${'we'.repeat(120)}b`, port: 22 }, 'host-key-unknown'],
    ['stars in the middle', line('w*b.*.c?m', key), web, 'accepted'],
    ['a star at the end', line('web.example.com*', key), web, 'accepted'],
    ['nothing', '', web, 'host-key-unknown'],
  ]
  for (const [title, text, address, expected] of verdicts) {
    test(`${title}: ${expected}`, () => {
      assert.deepEqual(knownHostsMistakes(text), [])
      const verdict = judgeHostKey(parseKnownHosts(text), address, key)
      assert.equal(verdict.kind === 'accepted' ? 'accepted' : verdict.reason, expected)
      if (verdict.kind === 'refused') assert.ok(verdict.message.includes(`ssh-ed25519 host key ${fingerprintOf(key)}`))
    })
  }

  test('the line to paste is accepted afterwards', () => {
    const verdict = judgeHostKey([], web2222, key)
    assert.ok(verdict.kind === 'refused')
    assert.match(verdict.remedy.text, /ssh-keygen -lf \/etc\/ssh\/ssh_host_ed25519_key\.pub/)
    const pasted = verdict.remedy.command ?? ''
    assert.equal(judgeHostKey(parseKnownHosts(pasted), web2222, key).kind, 'accepted')
  })
})

test('a type is asked for only where it can be told', () => {
  const both = parseKnownHosts(`${line('web.example.com', rsa)}\n${line('db.example.com', key)}`)
  assert.deepEqual(pinnedTypes(both, web), ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'])
  assert.equal(hostKeyOffers(both, web).length, 1)
  assert.equal(hostKeyOffers(both, web)[0]?.[0], 'rsa-sha2-512')
  assert.deepEqual(
    hostKeyOffers(parseKnownHosts(fingerprintOf(rsa)), web).map((offer) => offer[0]),
    ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512'],
  )
})

describe('knownHostsMistakes', () => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    [`@cert-authority ${line('*', key)}`, /^Line 1 of known-hosts is a @cert-authority, and host certificates/],
    [`@other ${line('*', key)}`, /unknown marker @other/],
    ['# fine\nweb.example.com', /^Line 2 of known-hosts is neither/],
    ['ssh-ed25519 AAAA', /is neither/],
    [line('web', key).slice(0, -60), /cut short/],
    [`web ssh-rsa ${key.toString('base64')}`, /not of type ssh-rsa/],
    ['SHA256:abc', /not 43 characters/],
    [line(',', key), /^Line 1 of known-hosts names no host before its key/],
    [`@revoked ${line(',,', key)}`, /names no host/],
    [`, ${fingerprintOf(key)}`, /names no host/],
    ['MD5:00:11', /is an MD5 fingerprint/],
    [`one two ${fingerprintOf(key)}`, /more than a host name/],
  ]
  for (const [text, words] of mistakes) {
    test(text.slice(0, 40), () => {
      const [mistake = '', ...more] = knownHostsMistakes(text)
      assert.match(mistake, words)
      assert.deepEqual(more, [])
      assert.deepEqual(parseKnownHosts(text), [])
    })
  }
})
