import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { normalizeAddress, parseAddress, sameAddress } from '../../../../../src/routers/nginx/config/address.ts'
import { findUpstream, type LiveUpstream, liveFromUpstream } from '../../../../../src/routers/nginx/config/upstream.ts'
import { configurationOf, real } from '../fixtures.ts'

const addresses = { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' }

function upstreamOf(lines: string) {
  const upstream = findUpstream(configurationOf(`upstream app { ${lines} }`), 'app')
  assert.ok(upstream)
  return upstream
}

describe('an address in one spelling', () => {
  const cases: readonly [string, string, string][] = [
    ['127.0.0.1', '127.0.0.1:80', 'ip'],
    ['127.0.0.1:8080', '127.0.0.1:8080', 'ip'],
    ['[::1]', '[::1]:80', 'ip'],
    ['[0:0:0:0:0:0:0:1]:8080', '[::1]:8080', 'ip'],
    ['[2001:DB8::A]:1', '[2001:db8::a]:1', 'ip'],
    ['Web_Blue:3000', 'web_blue:3000', 'name'],
    ['localhost', 'localhost:80', 'name'],
    ['unix:/run/App.sock', 'unix:/run/App.sock', 'unix'],
  ]
  for (const [written, expected, kind] of cases) {
    test(written, () => assert.deepEqual([normalizeAddress(written), parseAddress(written).kind], [expected, kind]))
  }
  test('a name is not an address', () => assert.equal(sameAddress('localhost:80', '127.0.0.1:80'), false))
  test('the default port counts', () => assert.equal(sameAddress('127.0.0.1', '127.0.0.1:80'), true))
})

describe('reading a block', () => {
  test('all that a server line says', () => {
    const upstream = upstreamOf(
      'zone z 64k; server web_blue:1 resolve weight=2; server [::1] down; server "unix:/a.sock" backup;',
    )
    assert.deepEqual(
      upstream.servers.map(({ range: _, file: __, ...rest }) => rest),
      [
        {
          address: 'web_blue:1',
          kind: 'name',
          parameters: ['resolve', 'weight=2'],
          down: false,
          backup: false,
          resolve: true,
        },
        { address: '[::1]', kind: 'ip', parameters: ['down'], down: true, backup: false, resolve: false },
        { address: 'unix:/a.sock', kind: 'unix', parameters: ['backup'], down: false, backup: true, resolve: false },
      ],
    )
    assert.deepEqual(
      upstream.others.map(({ name, args }) => [name, ...args]),
      [['zone', 'z', '64k']],
    )
  })
  test('by its name, in any case, and not one of stream', () => {
    const configuration = configurationOf(
      'upstream App { server 127.0.0.1; }\n} stream { upstream other { server a:1; }',
    )
    assert.equal(findUpstream(configuration, 'app')?.name, 'App')
    assert.equal(findUpstream(configuration, 'other'), undefined)
  })
  test('beside comments that look like lines', () => {
    const text = real['a block for reload']?.replace(/^events \{\}\nhttp \{|\}\n$/g, '') ?? ''
    const upstream = findUpstream(configurationOf(text), 'app')
    assert.deepEqual(
      upstream?.servers.map((server) => [server.address, server.down]),
      [
        ['127.0.0.1:8080', false],
        ['127.0.0.1:8081', true],
      ],
    )
  })
})

describe('which color is live by its lines', () => {
  const cases: readonly [string, LiveUpstream][] = [
    ['server 127.0.0.1:8080;', { kind: 'live', color: 'blue' }],
    ['server 127.0.0.1:8081 weight=3;', { kind: 'live', color: 'green' }],
    ['server 127.0.0.1:8080; server 127.0.0.1:8081 down;', { kind: 'live', color: 'blue' }],
    ['server 127.0.0.1:8080 down; server 127.0.0.1:8081;', { kind: 'live', color: 'green' }],
    ['server 127.0.0.1:8080; server 127.0.0.1:8081 backup;', { kind: 'live', color: 'blue' }],
    ['server 127.0.0.1:8080 down; server 127.0.0.1:8081 backup;', { kind: 'live', color: 'green' }],
    ['server 127.0.0.1:8080; server 127.0.0.1:8081;', { kind: 'both' }],
    ['server 127.0.0.1:8080 down; server 127.0.0.1:8081 down;', { kind: 'none-active' }],
    ['server 10.0.0.1:8080;', { kind: 'neither', active: ['10.0.0.1:8080'] }],
    ['server 127.0.0.1:8080 down; server 10.0.0.1;', { kind: 'neither', active: ['10.0.0.1'] }],
    ['server 127.0.0.1:8080; server 10.0.0.1;', { kind: 'mixed', foreign: ['10.0.0.1'] }],
    ['server 127.0.0.1:8080; server 10.0.0.1 backup;', { kind: 'mixed', foreign: ['10.0.0.1'] }],
    ['server 127.0.0.1:8080; server 10.0.0.1 down;', { kind: 'live', color: 'blue' }],
  ]
  for (const [lines, expected] of cases) {
    test(lines, () => assert.deepEqual(liveFromUpstream(upstreamOf(lines), addresses), expected))
  }
})
