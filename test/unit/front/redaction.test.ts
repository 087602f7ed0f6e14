import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import { secretInputs } from '../../../src/front/actions/secrets.ts'
import { redactAll, redaction } from '../../../src/front/redaction.ts'
import { leaksIn } from '../../support/leaks.ts'

const token = 'ghs_A1b2"C3d4/E5f6+G7h8 i9'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const secrets = secretInputs((name) => ({ 'private-key': key, 'github-token': token })[name] ?? '', [])
const redact = redaction(secrets.texts)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Each way in which a secret may get into what is sent. */
const leaks: readonly (readonly [string, string])[] = [
  ['as it is', `the token ${token} was refused`],
  ['URL-escaped', `https://example.org/?token=${encodeURIComponent(token)}&x=1`],
  ['JSON-escaped', JSON.stringify({ token })],
  ['JSON-escaped twice', JSON.stringify({ body: JSON.stringify({ header: `token ${token}` }) })],
  ['in base64', base64(token)],
  ['in base64, with a line end', base64(`${token}\n`)],
  ['in base64, behind something', base64(`x-access-token:${token}`)],
  ['in base64, between something', base64(`{"a":"${token}"}`)],
  ['in base64url', Buffer.from(`a:${token}`).toString('base64url')],
  ['the key as it is', key],
  ['the key in one line', escaped(key)],
  ...key
    .trim()
    .split('\n')
    .slice(1, -1)
    .flatMap((line, index) => [
      [`line ${index + 1} of the key`, `deploy | ${line}`] as const,
      [`line ${index + 1} of the key in base64`, base64(`${line}\n`)] as const,
    ]),
]

describe('secrets', () => {
  for (const [how, text] of leaks) {
    test(`${how}: found where it is planted, and nothing of it is left`, () => {
      assert.notDeepEqual(leaksIn(text, [token, key]), [])
      assert.deepEqual(leaksIn(redact(text), [token, key]), [])
    })
  }

  test('are taken out of every text of a value', () => {
    const value = { a: [`x ${token}`, 1, null, true], b: { c: token } }
    assert.deepEqual(redactAll(value, redact), { a: ['x ***', 1, null, true], b: { c: '***' } })
  })

  test('words that are none stay', () => {
    for (const text of ['v2 on green is live', 'a'.repeat(40), '-----BEGIN RSA PRIVATE KEY-----', '']) {
      assert.equal(redact(text), text)
      assert.deepEqual(leaksIn(text, [token, key]), [])
    }
    assert.equal(redaction([])('anything'), 'anything')
    assert.equal(redaction(['x', ''])('x marks'), 'x marks')
  })
})
