import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inputNames, secretInputs } from '../../../../src/front/actions/secrets.ts'
import { redaction } from '../../../../src/front/redaction.ts'

const secretsOf = (inputs: Readonly<Record<string, string>>) =>
  secretInputs((name) => inputs[name] ?? '', Object.keys(inputs))

function redactWith(inputs: Readonly<Record<string, string>>) {
  const { texts, parts } = secretsOf(inputs)
  return redaction(texts, parts)
}

/** An input, a sentence that says it, and what may be seen of that. */
const sentences: readonly (readonly [string, string, string, string])[] = [
  [
    'health-path',
    '/h?token=opensesame',
    'asked http://127.0.0.1:81/h?token=opensesame (Host: x)',
    'asked http://127.0.0.1:81/h?*** (Host: x)',
  ],
  ['health-path', '/h?token=opensesame', 'the token opensesame', 'the token ***'],
  ['health-path', '/h?v=1', '/h?v=1 answered 1 of v=1', '/h?*** answered 1 of v=1'],
  ['health-path', '/h?deep', '/h?deep is deep', '/h?*** is deep'],
  ['health-path', 'h?token=opensesame', '`health-path` is `h?token=opensesame`', '`health-path` is `h?***`'],
  ['health-path', '/h?token=open%20sesame', 'it was open sesame', 'it was ***'],
  ['verify-url', 'https://x.test/a?t="b c"', 'GET https://x.test/a?t=%22b', 'GET https://x.test/a?***'],
  ['verify-url', 'https://x.test/a?id=0123456789abcdef&x=1', 'id 0123456789abcdef', 'id ***'],
  ['verify-url', 'http://me:pw@x.test/', 'is `http://me:pw@x.test/`', 'is `http://***@x.test/`'],
  ['verify-url', 'http://me:pw@x.test/', 'me and pw are words', 'me and pw are words'],
  ['verify-url', 'http://me:open/sesame@x.test/', 'is `http://me:open/sesame@x.test/`', 'is `http://***@x.test/`'],
  ['verify-url', 'http://me:open@sesame@x.test/', 'GET http://me:open%40sesame@x.test/', 'GET http://***@x.test/'],
  ['verify-url', 'http://opensesame@x.test/', 'is `http://opensesame@x.test/`', 'is `http://***@x.test/`'],
  ['verify-url', 'http://x.test:80/@me', 'is `http://x.test:80/@me`', 'is `http://x.test:80/@me`'],
  [
    'host',
    'ssh://me:opensesame@x.test',
    'The host "ssh://me:opensesame@x.test" is a URL',
    'The host "ssh://***@x.test" is a URL',
  ],
  ['host', 'me:opensesame@x.test', 'The host "me:opensesame@x.test"', 'The host "***@x.test"'],
  ['host', 'deploy@x.test', 'deploy@x.test:22', 'deploy@x.test:22'],
  ['host', 'deploy@[::1]:22', 'deploy@[::1]:22', 'deploy@[::1]:22'],
  ['registry', 'https://me:opensesame@r.test', 'login to https://me:opensesame@r.test', 'login to https://***@r.test'],
  ['blue-address', 'http://me:opensesame@h:80', 'is `http://me:opensesame@h:80`', 'is `http://***@h:80`'],
  ['health-match', '/colou?red/', 'says colou?red', 'says colou?red'],
  ['image', 'r.test/a:v2@sha256:00', 'r.test/a:v2@sha256:00', 'r.test/a:v2@sha256:00'],
  ['before-start', 'DB_PASSWORD=opensesame ./migrate', 'no opensesame here', 'no *** here'],
  ['before-start', "export DB_URL='postgres://me:opensesame@db/x'", 'at postgres://me:opensesame@db/x', 'at ***'],
  [
    'before-start',
    'NODE_ENV=production TOKEN=$GIVEN ./migrate',
    'production and $GIVEN and ./migrate',
    'production and $GIVEN and ./migrate',
  ],
  [
    'after-flip',
    'curl "https://x.test/purge?key=opensesame&all" -f',
    'curl: https://x.test/purge?key=opensesame&all: 404',
    'curl: https://x.test/purge?***: 404',
  ],
  ['smoke-test', 'test $? = 0 && a?b', 'a?b', 'a?b'],
]

describe('what is secret in inputs', () => {
  for (const [name, value, sentence, shown] of sentences) {
    test(`\`${name}: ${value}\`: ${sentence}`, () => {
      assert.equal(redactWith({ [name]: value })(sentence), shown)
    })
  }

  test('a value that another input says is no secret', () => {
    const { texts } = secretsOf({ version: '2026-11-26-abcdef', 'health-path': '/h?version=2026-11-26-abcdef' })
    assert.deepEqual(texts, [])
  })

  test('a mask is never short or a word', () => {
    const { texts } = secretsOf({ 'health-path': '/h?a=1&b=true&c=v&key=1', 'before-flip': 'A=v TOKEN=x B=true run' })
    assert.deepEqual(texts, [])
  })

  test('the inputs are those that the runner gave', () => {
    assert.deepEqual(inputNames({ 'INPUT_HEALTH-PATH': '/', PATH: '/bin', INPUT_HOST: 'x' }), ['health-path', 'host'])
  })
})
