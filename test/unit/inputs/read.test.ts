import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import type { EventCommit } from '../../../src/github/reporting/event.ts'
import { readInputs } from '../../../src/inputs/read.ts'
import { parseDuration } from '../../../src/inputs/reading.ts'

const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const good: Readonly<Record<string, string>> = {
  host: 'deploy@example.org',
  'known-hosts': 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
  'private-key': key,
  service: 'web',
  version: 'v2',
}

function read(given: Readonly<Record<string, string>>, about?: EventCommit) {
  const asked = new Set<string>()
  const result = readInputs((name) => {
    asked.add(name)
    return given[name] ?? ''
  }, about)
  return { asked, result }
}

function inputsOf(more: Readonly<Record<string, string>> = {}) {
  const { result } = read({ ...good, ...more })
  assert.equal(result.kind, 'inputs', JSON.stringify(result))
  return result.kind === 'inputs' ? result.inputs : assert.fail()
}

function mistakesOf(more: Readonly<Record<string, string>>): string {
  const { result } = read({ ...good, ...more })
  return result.kind === 'mistakes' ? result.mistakes.join('\n') : ''
}

describe('inputs', () => {
  test('six are enough', () => {
    const inputs = inputsOf()
    assert.deepEqual(inputs.host, { user: 'deploy', host: 'example.org', port: 22 })
    assert.equal(inputs.nginx.upstream, 'web')
    assert.equal(inputs.nginx.stateDirectory, '/var/lib/blue-green/web')
    assert.equal(inputs.nginx.command, undefined)
    const status = [[200, 299]]
    const asked = { path: '/', expect: { status }, route: status, byDocker: false }
    assert.deepEqual(inputs.health, { ...asked, timeout: 60_000, interval: 1000 })
    assert.equal(inputs.watch, 15_000)
  })

  test('each is described in action.yml, with the same default', async () => {
    const action = parse(await readFile('action.yml', 'utf8')) as { inputs: Record<string, { default?: string }> }
    const { asked } = read(good)
    assert.deepEqual([...asked].sort(), Object.keys(action.inputs).sort())
    const defaults = Object.entries(action.inputs).flatMap(([name, entry]) =>
      // An expression is GitHub's to work out.
      entry.default === undefined || entry.default.startsWith('${{') ? [] : [[name, entry.default]],
    )
    const keyless = { ...Object.fromEntries(defaults), 'private-key': '' }
    assert.deepEqual(inputsOf(keyless), inputsOf({ 'private-key': '' }))
  })

  test('the version is the commit where none is given', () => {
    const { result } = read({ ...good, version: '' }, { kind: 'commit', commit: 'abc123' })
    assert.equal(result.kind === 'inputs' && result.inputs.application.version, 'abc123')
  })

  test('all mistakes are named at once, each with its mend', () => {
    const { result } = read({
      watch: 'soon',
      'health-timeout': '0s',
      'health-status': 'ok',
      'health-path': 'health',
      'health-match': '/(/',
      flip: 'canary',
      pull: 'sometimes',
      command: 'canary',
      'verify-url': 'ftp://x',
      'blue-address': 'blue',
      'state-directory': 'relative',
      'version-variable': '1X',
      'private-key': 'none',
      'known-hosts': 'what is this',
    })
    assert.equal(result.kind, 'mistakes')
    const text = result.kind === 'mistakes' ? result.mistakes.join('\n') : ''
    for (const name of [
      'host',
      'service',
      'version',
      'watch',
      'health-timeout',
      'health-status',
      'health-path',
      'health-match',
      'flip',
      'pull',
      'command',
      'verify-url',
      'blue-address',
      'state-directory',
      'version-variable',
      'private-key',
      'known-hosts',
    ]) {
      assert.match(text, new RegExp(`^\`${name}\``, 'm'))
    }
  })

  for (const [name, value, mend] of [
    ['host', 'example.org', /deploy@|user@/],
    ['watch', '15', /write it like `500ms`, `10s` or `5m`/],
    ['version', 'a b', /cannot be an image tag/],
    ['flip', 'x', /choose `auto`, `switch` or `reload`/],
    ['project-name', 'Shop', /lower case/],
    ['health-status', '600', /from 100 to 599/],
    ['health-status', '299-200', /from 100 to 599/],
  ] as const) {
    test(`${name}: ${value} is a mistake`, () => assert.match(mistakesOf({ [name]: value }), mend))
  }

  test('a registry and a URL have no user and no password in them', () => {
    const login = { 'registry-username': 'me', 'registry-password': 'secret' }
    assert.match(mistakesOf({ ...login, registry: 'https://me:pw@r.test' }), /`registry` has a user in it/)
    for (const url of ['http://me@x.test/', 'http://me:pw@x.test/', 'http://:pw@x.test/'])
      assert.match(mistakesOf({ 'verify-url': url }), /`verify-url` is .*without a user/)
  })

  test('a dry run of what has none is a mistake: nothing is done for who asked to be shown it', () => {
    assert.match(mistakesOf({ command: 'unlock', 'dry-run': 'true' }), /`dry-run` .*command: status/)
    assert.equal(mistakesOf({ command: 'unlock' }), '')
    assert.equal(mistakesOf({ command: 'rollback', 'dry-run': 'true' }), '')
  })

  test('lists pass over comments', () => {
    const { composeFiles } = inputsOf({ 'compose-file': '# ours\n a.yaml \n\nb.yaml' }).application
    assert.deepEqual(composeFiles, ['a.yaml', 'b.yaml'])
  })
  test('statuses are codes and ranges', () => {
    assert.deepEqual(inputsOf({ 'health-status': '200-204, 304' }).health.expect.status, [
      [200, 204],
      [304, 304],
    ])
  })
  test('a match is a text or a pattern', () => {
    assert.deepEqual(inputsOf({ 'health-match': '/ok {version}/i' }).health.expect.match, {
      kind: 'pattern',
      source: 'ok {version}',
      flags: 'i',
    })
    assert.deepEqual(inputsOf({ 'verify-match': '/not' }).route.match, { kind: 'text', text: '/not' })
  })
})

describe('health', () => {
  test('`none` leaves it to Docker: any answer will do, and Nginx must not fail', () => {
    const { path, expect, route, byDocker } = inputsOf({ 'health-path': 'none' }).health
    assert.deepEqual([path, expect.status, route, byDocker], ['/', [[100, 599]], [[100, 499]], true])
  })
  for (const [written, wanted] of [
    ['9000', { blue: 9000, green: 9000 }],
    ['blue 8081\ngreen 9081', { blue: 8081, green: 9081 }],
  ] as const) {
    test(`at the port ${written.replace('\n', ', ')}`, () =>
      assert.deepEqual(inputsOf({ 'health-port': written }).health.port, wanted))
  }
})

describe('durations', () => {
  for (const [text, wanted] of [
    ['500ms', 500],
    ['10s', 10_000],
    ['5m', 300_000],
    ['0s', 0],
    ['', undefined],
    ['5', undefined],
    ['-1s', undefined],
    ['24h', 86_400_000],
    ['1d', undefined],
    ['1.5s', undefined],
  ] as const) {
    test(`'${text}' is ${wanted}`, () => assert.equal(parseDuration(text), wanted))
  }
})

/** Inputs that are no word of a command on a host: what is done with what they say in place of that. */
const NO_WORDS: Readonly<Record<string, string>> = {
  'private-key': 'read here',
  'known-hosts': 'read here',
  'github-token': 'a header of requests to GitHub',
  environment: 'a text for GitHub',
  'registry-password': 'standard input of `docker login`',
  'health-match': 'compared here',
  'verify-match': 'compared here',
  'before-start': 'a command by itself',
  'before-flip': 'a command by itself',
  'after-flip': 'a command by itself',
  'after-restore': 'a command by itself',
  'smoke-test': 'a command by itself',
  nginx: 'a command by itself',
  redis: 'a command by itself',
  'live-command': 'a command by itself',
  'flip-command': 'a command by itself',
  'start-command': 'a command by itself',
  'stop-command': 'a command by itself',
  'redis-key': 'standard input of `redis-cli`',
  'redis-password': 'standard input of `redis-cli`',
  directory: 'a path that begins with `~/` or `/` wherever it is used',
  upload: 'a path that begins with `./` wherever it is used',
}

describe('no input is taken for an option', async () => {
  const action = parse(await readFile('action.yml', 'utf8')) as { inputs: Record<string, unknown> }
  const login = { 'registry-username': 'me', 'registry-password': 'secret' }
  for (const name of Object.keys(action.inputs).filter((each) => !(each in NO_WORDS))) {
    test(name, () => {
      for (const value of ['--help', '-x', '-rf', '-', '-v2:80', '-http://x']) {
        const told = mistakesOf({ ...(name.startsWith('registry') && login), [name]: value })
        assert.match(told, new RegExp(`^(?:\\W*${name}\\W|.*The host )`, 'm'), `${name}: ${value} was taken`)
      }
    })
  }

  test('a path has a way to be written', () => {
    assert.match(mistakesOf({ 'compose-file': 'a.yml\n-rf.yml' }), /write `\.\/-rf\.yml`/)
    assert.deepEqual(inputsOf({ 'compose-file': './-rf.yml' }).application.composeFiles, ['./-rf.yml'])
    assert.match(
      mistakesOf({ ...login, registry: '--help' }),
      /`registry` is `--help`, which begins with `-`.*`ghcr\.io`/,
    )
  })
})
