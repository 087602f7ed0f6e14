import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseConfiguration } from '../../../../../src/routers/nginx/config/configuration.ts'
import { findUpstream, liveFromUpstream } from '../../../../../src/routers/nginx/config/upstream.ts'
import { editServers, markServers } from '../../../../../src/routers/nginx/reload/upstream-edit.ts'
import { inHttp } from '../fixtures.ts'

const addresses = { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' }
const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

function upstreamIn(text: string, name = 'app') {
  const upstream = findUpstream(parseConfiguration([{ path: '/n/nginx.conf', text }]), name)
  assert.ok(upstream)
  return upstream
}

function edit(block: string, live: 'blue' | 'green'): string {
  const text = inHttp(`upstream app {${block}\n}`)
  const after = textOf(editServers(bytesOf(text), upstreamIn(text), { live, addresses }))
  const [before, behind] = inHttp('upstream app {|\n}').split('|')
  assert.ok(after.startsWith(before ?? '') && after.endsWith(behind ?? ''))
  return after.slice(before?.length, -(behind?.length ?? 0))
}

describe('marking the server lines of a color', () => {
  const block =
    '\n\tserver 127.0.0.1:8080  max_fails=2 ; # blue\n  server "127.0.0.1:8081" weight=2;server 10.0.0.9:80;\n'
  const marked = (text: string, down: 'blue' | 'green' | undefined) =>
    textOf(markServers(bytesOf(text), upstreamIn(text), addresses, down))
  const text = inHttp(`upstream app {${block}}`)
  for (const [color, line] of [
    ['blue', 'max_fails=2 down ;'],
    ['green', 'weight=2 down;'],
  ] as const) {
    test(`adds one word, and takes it away byte for byte: ${color}`, () => {
      const once = marked(text, color)
      assert.ok(once.includes(line), once)
      assert.equal(once.length, text.length + ' down'.length)
      assert.equal(marked(once, color), once)
      assert.equal(marked(once, undefined), text)
      const other = color === 'blue' ? 'green' : 'blue'
      assert.equal(marked(once, other), marked(text, other))
    })
  }
})

describe('editing the server lines', () => {
  const cases: readonly [string, string, 'blue' | 'green', string][] = [
    ['one line', ' server 127.0.0.1:8080; ', 'green', ' server 127.0.0.1:8081; '],
    [
      'its parameters',
      '\n  server 127.0.0.1:8080  weight=2 max_fails=1;#x\n',
      'green',
      '\n  server 127.0.0.1:8081  weight=2 max_fails=1;#x\n',
    ],
    ['in quotes', 'server "127.0.0.1:8080";', 'green', 'server "127.0.0.1:8081";'],
    ['already there', 'server 127.0.0.1:8081 weight=1;', 'green', 'server 127.0.0.1:8081 weight=1;'],
    ['one line that is down', 'server 127.0.0.1:8080 down;', 'green', 'server 127.0.0.1:8081;'],
    [
      'both lines',
      'server 127.0.0.1:8080;server 127.0.0.1:8081 down;',
      'green',
      'server 127.0.0.1:8080 down;server 127.0.0.1:8081;',
    ],
    [
      'both lines, back',
      'server 127.0.0.1:8080 down;server 127.0.0.1:8081;',
      'blue',
      'server 127.0.0.1:8080;server 127.0.0.1:8081 down;',
    ],
    [
      'both active',
      'server 127.0.0.1:8080 weight=2;\n\tserver 127.0.0.1:8081;',
      'blue',
      'server 127.0.0.1:8080 weight=2;\n\tserver 127.0.0.1:8081 down;',
    ],
    [
      'down before another parameter',
      'server 127.0.0.1:8080; server 127.0.0.1:8081 down weight=2;',
      'green',
      'server 127.0.0.1:8080 down; server 127.0.0.1:8081 weight=2;',
    ],
    [
      'down after a comment',
      'server 127.0.0.1:8080; server 127.0.0.1:8081 # why\n  down;',
      'green',
      'server 127.0.0.1:8080 down; server 127.0.0.1:8081 # why\n;',
    ],
    [
      'a comment before the end',
      'server 127.0.0.1:8080 # why\n ; server 127.0.0.1:8081 down;',
      'green',
      'server 127.0.0.1:8080 down # why\n ; server 127.0.0.1:8081;',
    ],
    [
      'a backup',
      'server 127.0.0.1:8080; server 127.0.0.1:8081 backup;',
      'green',
      'server 127.0.0.1:8080 down; server 127.0.0.1:8081 backup;',
    ],
    [
      'comments with addresses',
      '# server 127.0.0.1:8081;\nserver 127.0.0.1:8080; # 127.0.0.1:8080 {',
      'green',
      '# server 127.0.0.1:8081;\nserver 127.0.0.1:8081; # 127.0.0.1:8080 {',
    ],
  ]
  for (const [name, before, live, after] of cases) {
    test(name, () => {
      assert.equal(edit(before, live), after)
      assert.equal(edit(after, live), after)
    })
  }
})

test('every shape of a block ends at the color wanted, and nothing outside its server lines changes', () => {
  const others = ['', 'keepalive 8;', '# Grüße {\n', 'zone z 64k;\n\t']
  const shapes = ['', ' down', ' weight=2', ' down max_fails=2', '\n   weight=1 # x;\n  down', ' backup']
  const lines = [
    ...shapes.map((one) => [`server 127.0.0.1:8080${one};`]),
    ...shapes.flatMap((one) => shapes.map((two) => [`server 127.0.0.1:8080${one};`, `server 127.0.0.1:8081${two};`])),
    ...shapes.flatMap((one) => shapes.map((two) => [`server 127.0.0.1:8081${one};`, `server 127.0.0.1:8080${two};`])),
  ]
  for (const other of others) {
    for (const block of lines) {
      const text = inHttp(
        `upstream old { server 127.0.0.1:8080; }\nupstream app {\n${[other, ...block].join('\n')}\n${other}\n}`,
      )
      for (const live of ['blue', 'green', 'blue'] as const) {
        const once = editServers(bytesOf(text), upstreamIn(text), { live, addresses })
        const after = upstreamIn(textOf(once))
        assert.deepEqual(liveFromUpstream(after, addresses), { kind: 'live', color: live }, textOf(once))
        assert.deepEqual(editServers(once, after, { live, addresses }), once)
        assert.equal(outside(textOf(once)), outside(text))
        assert.equal(textOf(once).split('\n').length, text.split('\n').length)
      }
    }
  }
})

/** A configuration without the server lines of `app`. */
function outside(text: string): string {
  const ranges = upstreamIn(text).servers.map(({ range }) => range)
  return ranges.toReversed().reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text)
}

test('bytes that are no UTF-8 stay', () => {
  const text = inHttp('# \u00fc\nupstream app { server 127.0.0.1:8080; }')
  const bytes = Uint8Array.from(Buffer.from(text, 'latin1'))
  const after = editServers(bytes, upstreamIn(text), { live: 'green', addresses })
  assert.equal(Buffer.from(after).toString('latin1'), text.replace('8080', '8081'))
})

test('server lines in a file of their own', () => {
  const files = [
    { path: '/n/nginx.conf', text: 'http { upstream app { include app.servers; } }' },
    { path: '/n/app.servers', text: 'server 127.0.0.1:8080;\n' },
  ]
  const upstream = findUpstream(parseConfiguration(files), 'app')
  assert.ok(upstream)
  assert.equal(upstream.servers[0]?.file, '/n/app.servers')
  const after = editServers(bytesOf('server 127.0.0.1:8080;\n'), upstream, { live: 'green', addresses })
  assert.equal(textOf(after), 'server 127.0.0.1:8081;\n')
})

describe('what is refused', () => {
  test('a file that is not the one Nginx reads', () => {
    const upstream = upstreamIn(inHttp('upstream app { server 127.0.0.1:8080; }'))
    const other = bytesOf(inHttp('upstream app { server 127.0.0.1:9999; }'))
    assert.throws(
      () => editServers(other, upstream, { live: 'green', addresses }),
      /Nginx reads 127.0.0.1:8080, and the file has 127.0.0.1:9999/,
    )
  })
  test("somebody else's addresses", () => {
    const text = inHttp('upstream app { server 10.0.0.1; }')
    assert.throws(
      () => editServers(bytesOf(text), upstreamIn(text), { live: 'green', addresses }),
      /no server line with the address of blue/,
    )
  })
})
