import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { editedText } from '../../../../../src/checking/edits/file-text.ts'
import { reachingPasses } from '../../../../../src/routers/nginx/check/passes.ts'
import { switchEdit } from '../../../../../src/routers/nginx/check/switch-edit.ts'
import { switchFile } from '../../../../../src/routers/nginx/check/switch-text.ts'
import { parseConfiguration } from '../../../../../src/routers/nginx/config/configuration.ts'
import type { NginxObservation } from '../../../../../src/routers/nginx/observe/observation.ts'
import { findSwitch } from '../../../../../src/routers/nginx/switch/switch.ts'
import { inHttp } from '../fixtures.ts'

const parts = {
  upstream: 'my-app',
  addresses: { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' },
  stateDirectory: '/var/lib/blue-green/my-app',
}
const path = '/etc/nginx/nginx.conf'

type Read = Extract<NginxObservation, { kind: 'read' }>

function read(text: string): Read {
  const file = { path, age: 1, writable: false }
  const configuration = parseConfiguration([{ path, text }])
  return {
    kind: 'read',
    configuration,
    loaded: { kind: 'loaded', master: 1, touched: [] },
    workers: [],
    files: new Map([[path, file]]),
  }
}

function edit(http: string) {
  const seen = read(inHttp(http))
  const passes = reachingPasses(seen.configuration).filter(({ addresses }) =>
    ['127.0.0.1:8080', 'localhost:8080'].some((each) => addresses.includes(each)),
  )
  return switchEdit(seen, passes, parts)
}

/** The text after the edit; it must be a switch that nothing goes round. */
function edited(http: string): string {
  const made = edit(http)
  assert.ok(made.kind === 'changes', JSON.stringify(made))
  const [change, ...others] = made.changes
  assert.ok(change && others.length === 0)
  const text = editedText(change.file.text, change.edits)
  const found = findSwitch(read(text).configuration, parts.upstream)
  assert.ok(found.kind === 'switch', `${JSON.stringify(found)}\n${text}`)
  assert.deepEqual(found.bypasses, [], text)
  assert.deepEqual(found.backedFaults, [])
  assert.equal(found.backed, '/var/lib/blue-green/my-app/backed')
  assert.equal(found.green, '/var/lib/blue-green/my-app/green')
  for (const { marker, hiddenBy, openFileCache } of found.servers) {
    assert.equal(marker.kind, 'right')
    assert.equal(hiddenBy, undefined)
    assert.equal(openFileCache, undefined)
  }
  return text
}

const pass = 'proxy_pass http://$my_app_upstream;'
const connect = 'proxy_connect_timeout 1s;'
const host = 'proxy_set_header Host $host;'

describe('a configuration is turned into a switch', () => {
  const table: Readonly<Record<string, readonly [http: string, ...expected: readonly (string | RegExp)[]]>> = {
    'locations that a redirect hides': [
      `server { listen 80; return 301 https://x; location / { proxy_pass http://127.0.0.1:8080; } location /.well-known/ { root /w; } }
server { listen 443; location / { proxy_set_header Host $host; proxy_pass http://127.0.0.1:8080; } }`,
      'return 301 https://x;  location /.well-known/ { root /w; } }',
      `${connect} ${pass}`,
    ],
    'a rewrite that takes every path': [
      'server { listen 80;\n  rewrite ^(.*)$ /index.php?q=$1 last;\n  location / { proxy_set_header Host $host; proxy_pass http://127.0.0.1:8080; } }',
      'if ($uri != /.blue-green) { rewrite ^(.*)$ /index.php?q=$1 last; }',
    ],
    'a variable of one’s own, as people write it': [
      'server { set $to http://127.0.0.1:8080; location / { proxy_pass $to; } }',
      `${connect} proxy_set_header Host 127.0.0.1:8080; ${pass}`,
    ],
    'a variable with what the request asked for': [
      'server { location / { set $to 127.0.0.1; proxy_set_header Host $host; proxy_pass http://$to:8080$request_uri; } }',
      `${connect} proxy_pass http://$my_app_upstream$request_uri;`,
    ],
    'an address': [
      `server {\n    listen 80;\n    location / {\n        ${host}\n        proxy_pass http://127.0.0.1:8080;\n    }\n}`,
      `        ${connect}\n        ${pass}\n`,
      'upstream my-app_green { server 127.0.0.1:8081; }\n',
      /^server \{\n {4}open_file_cache off;\n/m,
    ],
    'a name of this host': [`server { location / { ${host} proxy_pass http://localhost:8080; } }`, pass],
    'an upstream block, in two server blocks': [
      `upstream old { server 127.0.0.1:8080; keepalive 8; }\nserver {\n  listen 80;\n  location / { ${host} proxy_pass http://old; }\n}\nserver {\n  listen 81;\n  location / { ${host} proxy_pass http://OLD; }\n}`,
      /listen 80[\s\S]*\$my_app_upstream[\s\S]*listen 81[\s\S]*\$my_app_upstream/,
    ],
    'all on one line': [
      `server { listen 80; location / { ${host} proxy_pass http://127.0.0.1:8080; } }`,
      /server \{ open_file_cache off; set /,
    ],
    'an open_file_cache around it': [
      `open_file_cache max=100;\nserver { listen 80; location / { ${host} proxy_pass http://127.0.0.1:8080; } }`,
      'open_file_cache off;',
    ],
    'quotes, and a brace on a line of its own': [
      `server\n{\n  listen 80;\n  location / { ${host} proxy_pass "http://127.0.0.1:8080"; }\n}`,
      pass,
    ],
    'a URI part that is the prefix: the path stays normalized': [
      `server { location / { ${host} proxy_pass http://127.0.0.1:8080/; } }`,
      `rewrite ^/(.*)$ /$1 break; ${connect} ${pass}`,
    ],
    'a `map` for several sites': [
      `map $host $to {\n  hostnames;\n  default 127.0.0.1:4000;\n  .shop.test 127.0.0.1:8080;\n}\nserver { listen 80; location / { ${host} proxy_pass http://$to; } }`,
      'default 127.0.0.1:4000;\n  .shop.test $my_app_upstream;\n',
      'proxy_pass http://$to;',
    ],
    'a `map` of whole addresses': [
      `map $http_host $to { default http://127.0.0.1:8080; b.test http://127.0.0.1:4000; }\nserver { location / { ${host} proxy_pass $to; } }`,
      '{ default http://$my_app_upstream; b.test http://127.0.0.1:4000; }',
    ],
    'headers of the server block without a Host: they are said again': [
      'server { proxy_set_header X-A "b c"; location / { proxy_pass http://127.0.0.1:8080; } }',
      'proxy_set_header X-A "b c"; proxy_set_header Host 127.0.0.1:8080;',
    ],
    'a URI part that takes the prefix away': [
      `server {\n  location /api/ {\n    ${host}\n    proxy_pass http://127.0.0.1:8080/;\n  }\n}`,
      `    rewrite ^/api/(.*)$ /$1 break;\n    ${connect}\n    ${pass}\n`,
    ],
    'a URI part that is another prefix': [
      `server {\n  location ^~ /a.b/ {\n    ${host}\n    proxy_pass http://127.0.0.1:8080/v2/;\n  }\n}`,
      String.raw`rewrite ^/a\.b/(.*)$ /v2/$1 break;`,
    ],
    'no Host: it stays what it was, and so does Location': [
      'server {\n  location /x/ {\n    proxy_pass http://127.0.0.1:8080/y/;\n  }\n}',
      '    proxy_set_header Host 127.0.0.1:8080;\n    proxy_redirect http://127.0.0.1:8080/y/ /x/;\n',
    ],
    'no Host, and no URI part': [
      'server { location / { proxy_pass http://localhost:8080; } }',
      'proxy_set_header Host localhost:8080; proxy_redirect http://localhost:8080/ /;',
    ],
    'a time-out of its own': [
      `server { proxy_connect_timeout 7s; location / { ${host} proxy_pass http://127.0.0.1:8080; } }`,
      /^(?![\s\S]*proxy_connect_timeout 1s)/,
    ],
    grpc: ['server { location / { grpc_pass grpc://127.0.0.1:8080; } }', 'grpc_pass grpc://$my_app_upstream;'],
    'fastcgi, without a scheme': [
      'server { location / { fastcgi_pass 127.0.0.1:8080; } }',
      'fastcgi_pass $my_app_upstream;',
    ],
  }
  for (const [title, [http, ...expected]] of Object.entries(table)) {
    test(title, () => {
      const text = edited(http)
      for (const each of expected) {
        if (typeof each === 'string') assert.ok(text.includes(each), `Wanted ${each} in:\n${text}`)
        else assert.match(text, each)
      }
    })
  }

  test('a whole file for an application that Nginx knows nothing of', () => {
    const found = findSwitch(read(inHttp(switchFile(parts, '80', 'example.org'))).configuration, parts.upstream)
    assert.ok(found.kind === 'switch', JSON.stringify(found))
    assert.equal(found.servers.length, 1)
  })
})

describe('what cannot be turned into a switch by edits is said', () => {
  const table: Readonly<Record<string, readonly [http: string, why: RegExp]>> = {
    'a redirect before any location': [
      'server { listen 80; return 301 https://x; location / { proxy_pass http://127.0.0.1:8080; } }',
      /`return 301 https:\/\/x` in .*nginx\.conf:3 answers before any location/,
    ],
    'a variable of the request': [
      'map $http_x_tenant $to { default 127.0.0.1; other 10.0.0.9; }\nserver { location / { proxy_pass http://$to:8080/$arg_a; } }',
      /has a variable of which only the request knows the value/,
    ],
    'a `map` for sites that get no Host of their own': [
      'map $host $to { default 127.0.0.1:8080; other 127.0.0.1:9000; }\nserver { location / { proxy_pass http://$to; } }',
      /no `proxy_set_header Host` holds at `proxy_pass`/,
    ],
    'a part of an address in a `map`': [
      `map $host $to { default 127.0.0.1:8080/api/; other 127.0.0.1:9000; }\nserver { location / { ${host} proxy_pass http://$to; } }`,
      /the value `127\.0\.0\.1:8080\/api\/` in .*nginx\.conf:3 says more than where/,
    ],
    'bytes that are no UTF-8': [
      'server { # \uFFFD\n location / { proxy_pass http://127.0.0.1:8080; } }',
      /holds bytes that are no UTF-8/,
    ],
  }
  for (const [title, [http, why]] of Object.entries(table)) {
    test(title, () => {
      const made = edit(http)
      assert.ok(made.kind === 'impossible', JSON.stringify(made))
      assert.match(made.why, why)
    })
  }

  const included = (text: string, snippet: string): Read => {
    const files = [
      { path, text: inHttp(text) },
      { path: '/etc/nginx/snippets/shop.conf', text: snippet },
    ]
    const seen = read(text === '' ? '' : inHttp(text))
    const more = files.map((file) => [file.path, { path: file.path, age: 1, writable: false }] as const)
    return { ...seen, configuration: parseConfiguration(files), files: new Map(more) }
  }
  const changed = (seen: Read) => switchEdit(seen, reachingPasses(seen.configuration), parts)
  const include = 'include snippets/shop.conf;'
  const location = `location / {\n    ${host}\n    proxy_pass http://127.0.0.1:8080;\n}\n`

  test('what two server blocks include is changed once, and both choose', () => {
    const made = changed(included(`server { listen 80; ${include} }\nserver { listen 81; ${include} }`, location))
    assert.ok(made.kind === 'changes', JSON.stringify(made))
    const snippet = made.changes.find(({ file }) => file.path.includes('snippets'))
    assert.equal(
      snippet && editedText(snippet.file.text, snippet.edits),
      `location / {\n    ${host}\n    ${connect}\n    ${pass}\n}\n`,
    )
    const main = made.changes.find(({ file }) => file.path === path)
    const text = main ? editedText(main.file.text, main.edits) : ''
    assert.equal(text.split('location = /.blue-green').length, 3, text)
    assert.equal(text.split('upstream my-app_blue ').length, 2, text)
  })

  test('what a redirecting server block includes too stays for the other', () => {
    const made = changed(
      included(`server { listen 80; return 301 https://x; ${include} }\nserver { listen 81; ${include} }`, location),
    )
    assert.ok(made.kind === 'changes', JSON.stringify(made))
    const snippet = made.changes.find(({ file }) => file.path.includes('snippets'))
    assert.match(snippet ? editedText(snippet.file.text, snippet.edits) : '', /proxy_pass http:\/\/\$my_app_upstream;/)
  })

  test('what two server blocks include, and mean differently, is said', () => {
    const made = changed(
      included(
        `server { listen 80; ${include} }\nserver { listen 81; proxy_set_header X-A b; ${include} }`,
        'location / { proxy_pass http://127.0.0.1:8080; }\n',
      ),
    )
    assert.ok(made.kind === 'impossible')
    assert.match(made.why, /that include `proxy_pass` in .*shop\.conf:1 differ/)
  })
})
