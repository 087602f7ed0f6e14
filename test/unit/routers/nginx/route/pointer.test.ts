import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ANY_HOST } from '../../../../../src/routers/nginx/observe/host-addresses.ts'
import { pointingTo } from '../../../../../src/routers/nginx/reload/sent.ts'
import { findPointing, type Reachable } from '../../../../../src/routers/nginx/route/pointer.ts'
import type { ColorServices } from '../../../../../src/runtimes/runtime.ts'
import { configurationOf } from '../fixtures.ts'

const published: ColorServices = {
  blue: {
    container: { project: 'shop', service: 'app-blue' },
    places: [{ host: '127.0.0.1', port: 8081 }],
    published: [{ address: '', port: 8081 }],
    fixedAddresses: [],
    names: ['app-blue', 'shop-blue'],
  },
  green: {
    container: { project: 'shop', service: 'app-green' },
    places: [{ host: '127.0.0.1', port: 8082 }],
    published: [{ address: '', port: 8082 }],
    fixedAddresses: [],
    names: ['app-green', 'shop-green'],
  },
}

/** What each color's address becomes, or which block it is, or that there is none. */
function pointing(http: string, more: Partial<Reachable> = {}): unknown {
  const configuration = configurationOf(http)
  const found = findPointing(configuration, { services: published, given: {}, apart: false, host: ANY_HOST, ...more })
  if (found.kind === 'none') return 'none'
  if (found.kind === 'block') return `block ${found.upstream}`
  return found.pointers.map(({ color, texts }) => `${color}: ${texts.blue} | ${texts.green}`)
}

const server = (...lines: readonly string[]) => `server { listen 80; ${lines.join(' ')} }`

describe('places that hold the address of a color', () => {
  for (const [name, http, expected, more] of [
    [
      'a variable that a pass uses',
      server('set $u http://127.0.0.1:8081;', 'location / { proxy_pass $u; }'),
      ['blue: 127.0.0.1:8081 | 127.0.0.1:8082'],
    ],
    ['a variable that no pass uses', server('set $u http://127.0.0.1:8081;', 'location / { return 200; }'), 'none'],
    [
      'a variable by another one',
      server('set $a 127.0.0.1:8082; set $u http://$a;', 'location / { proxy_pass $u/api/; }'),
      ['green: 127.0.0.1:8081 | 127.0.0.1:8082'],
    ],
    [
      'passes of several locations, with their URIs; a name of the host stays',
      server(
        'location / { proxy_pass http://localhost:8081; }',
        'location = /ready { proxy_pass "http://localhost:8081/health"; }',
      ),
      ['blue: localhost:8081 | localhost:8082', 'blue: localhost:8081 | localhost:8082'],
    ],
    [
      'a pass of somebody else',
      server('location / { proxy_pass http://127.0.0.1:8081; }', 'location /b { proxy_pass http://127.0.0.1:9000; }'),
      ['blue: 127.0.0.1:8081 | 127.0.0.1:8082'],
    ],
    [
      'one upstream block is that',
      `upstream backend { server localhost:8081; } ${server('location / { proxy_pass http://backend; }')}`,
      'block backend',
    ],
    [
      'a block of both',
      `upstream backend { server localhost:8081; server localhost:8082; } ${server('location / { proxy_pass http://backend; }')}`,
      'block backend',
    ],
    [
      'blocks that are called after their color stay',
      `upstream b { server localhost:8081; } upstream b_blue { server localhost:8081; } upstream b_green { server localhost:8082; } ${server(
        'location / { proxy_pass http://b; }',
        'location /health/blue { proxy_pass http://b_blue/health; }',
        'location /health/green { proxy_pass http://b_green/health; }',
      )}`,
      'block b',
    ],
    [
      'a variable that names an upstream',
      `upstream b_blue { server localhost:8081; } upstream b_green { server localhost:8082; } ${server('set $u b_blue;', 'location / { proxy_pass http://$u; }')}`,
      ['blue: b_blue | b_green'],
    ],
    [
      'a pass that names an upstream',
      `upstream b_blue { server localhost:8081; } upstream b_green { server localhost:8082; } ${server('location / { proxy_pass http://b_green/x; }')}`,
      ['green: b_blue | b_green'],
    ],
    [
      'a map',
      `map $host $active { default shop-blue:3000; } ${server('location / { proxy_pass http://$active; }')}`,
      ['blue: shop-blue:3000 | shop-green:3000'],
      { apart: true },
    ],
    [
      'a container, by its name or its service',
      server(
        'set $u app-green:8080;',
        'location / { proxy_pass http://$u; }',
        'location /a { proxy_pass http://shop-green:8080/; }',
      ),
      ['green: app-blue:8080 | app-green:8080', 'green: shop-blue:8080 | shop-green:8080'],
      { apart: true },
    ],
    [
      'a pair of servers, each for its color',
      `server { server_name blue.test; location / { proxy_pass http://127.0.0.1:8081; } } server { server_name green.test; location / { proxy_pass http://127.0.0.1:8082; } } ${server('server_name test;', 'location / { proxy_pass http://127.0.0.1:8082; }')}`,
      ['green: 127.0.0.1:8081 | 127.0.0.1:8082'],
    ],
    [
      'a name whose port stands in the pass',
      server('set $host_of app-green;', 'location / { proxy_pass http://$host_of:8080; }'),
      ['green: app-blue | app-green'],
      { apart: true },
    ],
    [
      'a color of which the name is built',
      server('set $slot blue;', 'location / { proxy_pass http://app-$slot:8080; }'),
      ['blue: blue | green'],
      { apart: true },
    ],
    [
      'no color that is only said',
      server('set $slot blue;', 'add_header X-Slot $slot;', 'location / { proxy_pass http://app-blue:8080; }'),
      ['blue: app-blue:8080 | app-green:8080'],
      { apart: true },
    ],
    [
      'the pair of a switch by another name is none',
      `upstream b_blue { server localhost:8081; } upstream b_green { server localhost:8082; }
       upstream b_blue_backed { server localhost:8081; server localhost:8082 backup; }
       upstream b_green_backed { server localhost:8082; server localhost:8081 backup; }
       ${server('set $c blue; if (-f /x/green) { set $c green; }', 'location / { proxy_pass http://b_$c; }')}`,
      'none',
    ],
    ['nothing of the colors', server('location / { proxy_pass http://127.0.0.1:9000; }'), 'none'],
  ] as const) {
    test(name, () => assert.deepEqual(pointing(http, more), expected))
  }

  describe('a link between the files of the colors', () => {
    const http = `upstream backend { server 127.0.0.1:8081; } ${server('location / { proxy_pass http://backend; }')}`
    const path = '/etc/nginx/nginx.conf'
    const found = (otherText: string) => {
      const link = { to: '../up_blue.conf', other: '../up_green.conf', otherText, turned: 'by sudo' } as const
      const files = new Map([[path, { path, age: 1, writable: false, link }]])
      return findPointing(
        configurationOf(http),
        { services: published, given: {}, apart: false, host: ANY_HOST },
        files,
      )
    }
    test('is turned', () => {
      const pointing = found('upstream backend {\n    server 127.0.0.1:8082;\n}')
      assert.ok(pointing.kind === 'pointers')
      const [link] = pointing.links
      assert.deepEqual(pointing.pointers, [])
      assert.deepEqual(
        [link?.color, link?.to, link?.leadsTo],
        ['blue', { blue: '../up_blue.conf', green: '../up_green.conf' }, ['backend']],
      )
    })
    for (const [name, text] of [
      ['not to a file without the other color', 'upstream backend { server 127.0.0.1:9000; }'],
      ['not to a file of both', 'upstream backend { server 127.0.0.1:8082; server 127.0.0.1:8081; }'],
    ] as const) {
      test(name, () => assert.deepEqual(found(text), { kind: 'block', upstream: 'backend' }))
    }
  })

  test('a pass by the name of a block is led there by its server line, next to one by address', () => {
    const http = `upstream b { server 127.0.0.1:8081; } ${server('location / { proxy_pass http://b; }', 'location /a { proxy_pass http://127.0.0.1:8081; }')}`
    const found = findPointing(configurationOf(http), { services: published, given: {}, apart: false, host: ANY_HOST })
    assert.ok(found.kind === 'pointers')
    assert.deepEqual(
      found.pointers.map(({ leadsTo }) => leadsTo),
      [['b'], ['127.0.0.1:8081', '127.0.0.1:8082']],
    )
  })

  test('an edit changes them and nothing else', () => {
    const http = server(
      'set $u "http://127.0.0.1:8081/a"; # 127.0.0.1:8081\n',
      'location / { proxy_pass $u; }',
      "location /b { proxy_pass 'http://localhost:8081'; }",
    )
    const configuration = configurationOf(http)
    const found = findPointing(configuration, { services: published, given: {}, apart: false, host: ANY_HOST })
    assert.ok(found.kind === 'pointers')
    const [{ path = '', text = '' } = {}] = configuration.files
    const file = { at: { file: path, inNginx: path, sudo: false }, text }
    assert.equal(pointingTo(found.pointers, file, 'blue'), text)
    assert.equal(
      pointingTo(found.pointers, file, 'green'),
      text
        .replace('"http://127.0.0.1:8081/a"', '"http://127.0.0.1:8082/a"')
        .replace("'http://localhost:8081'", "'http://localhost:8082'"),
    )
  })
})
