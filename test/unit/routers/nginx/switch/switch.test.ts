import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SwitchServer } from '../../../../../src/routers/nginx/switch/server.ts'
import { type CompleteSwitch, findSwitch } from '../../../../../src/routers/nginx/switch/switch.ts'
import { backedChoice, backedPair, choice, configurationOf, documented, marker, pair } from '../fixtures.ts'

const pass = 'location / { proxy_pass http://$app_upstream; }'
const good = `${pair} server { listen 80; server_name a.test; ${choice} ${marker} ${pass} }`

function complete(http: string, upstream = 'app'): CompleteSwitch {
  const found = findSwitch(configurationOf(http), upstream)
  assert.equal(found.kind, 'switch', JSON.stringify(found))
  return found as CompleteSwitch
}

function onlyServer(http: string): SwitchServer {
  const [server, ...others] = complete(http).servers
  assert.ok(server)
  assert.equal(others.length, 0)
  return server
}

test('the documented switch is one without fault', () => {
  const found = complete(documented)
  assert.equal(found.green, '/var/lib/blue-green/app/green')
  assert.equal(found.backed, '/var/lib/blue-green/app/backed')
  assert.deepEqual(found.addresses, { blue: '127.0.0.1:8080', green: '127.0.0.1:8081' })
  assert.deepEqual([found.backedFaults, found.namedServers, found.bypasses], [[], [], []])
  const server = onlyServer(documented)
  assert.deepEqual(server.marker, { kind: 'right', conditions: [] })
  assert.deepEqual([server.title, server.hiddenBy, server.openFileCache], ['app.example.com', undefined, undefined])
  assert.deepEqual(
    server.passes.map(({ location, uri }) => [location, uri]),
    [['/', undefined]],
  )
})

describe('what users make of it', () => {
  const cases: readonly [string, string][] = [
    [
      'spaces, quotes, another folder',
      `${pair} server{listen 80;
        set  "$app_color"   'blue' ;
        if ( -f "/srv/state/green" )
        { set $app_color "green" ; }
        set $app_upstream "app_\${app_color}";
        ${marker} location ~ ^/ { proxy_pass "http://$app_upstream$request_uri"; } }`,
    ],
    [
      'the whole name in one variable',
      `${pair} server { set $app_upstream app_blue; if (-f /srv/green) { set $app_upstream app_green; } ${marker} ${pass} }`,
    ],
    [
      'by a map',
      `${pair} map $color $app_upstream { blue app_blue; green app_green; }
       server { set $color blue; if (-e /srv/green) { set $color green; } ${marker} ${pass} }`,
    ],
    [
      'in the location',
      `${pair} server { ${marker.replace('return', `${choice.replace('open_file_cache off;', '')} return`)}
       location / { ${choice} proxy_pass http://$app_upstream; } }`,
    ],
    [
      'no file is blue as well',
      `${pair} server { set $c green; if (!-f /srv/green) { set $c blue; } set $app_upstream app_$c; ${marker} ${pass} }`,
    ],
    ['a page for maintenance', good.replace('location / {', 'if (-f /srv/down.html) { return 503; } location / {')],
    ['grpc', good.replace('proxy_pass http', 'grpc_pass grpc')],
    ['fastcgi', good.replace('proxy_pass http://', 'fastcgi_pass ')],
    ['uwsgi', good.replace('proxy_pass http://', 'uwsgi_pass ')],
    ['a block down beside it', good.replace('8080;', '8080; server 127.0.0.1:9 down;')],
  ]
  for (const [name, http] of cases) {
    test(name, () => {
      const found = complete(http)
      assert.deepEqual(found.bypasses, [])
      assert.equal(onlyServer(http).marker.kind, 'right')
    })
  }

  test('a name with a dash has variables with a low line', () => {
    const http = documented
      .replaceAll('app_', 'my-app_')
      .replaceAll('$my-app_', '$my_app_')
      .replace('${my-app_', '${my_app_')
    const found = complete(http, 'my-app')
    assert.equal(found.backed, '/var/lib/blue-green/app/backed')
    assert.deepEqual(found.bypasses, [])
  })

  test('two targets in one server block', () => {
    const api = (text: string) => text.replaceAll('app', 'api').replaceAll('8080', '9080').replaceAll('8081', '9081')
    const http = `${backedPair} ${api(backedPair)} server { ${backedChoice}
      ${api(backedChoice).replace('open_file_cache off;', '')}
      location = /.blue-green { return 200 "$api_upstream\n$app_upstream\n"; }
      ${pass} location /api/ { proxy_pass http://$api_upstream/v1/; } }`
    for (const name of ['app', 'api']) {
      const found = complete(http, name)
      assert.equal(found.green, `/var/lib/blue-green/${name}/green`)
      assert.equal(found.backed, `/var/lib/blue-green/${name}/backed`)
      assert.deepEqual([found.bypasses, found.servers[0]?.marker.kind], [[], 'right'])
    }
    assert.deepEqual(complete(http, 'api').servers[0]?.passes[0]?.uri, '/v1/')
  })
})

describe('what is no switch yet', () => {
  const cases: readonly [string, string, unknown][] = [
    ['nothing of it', 'upstream app { server 127.0.0.1:8080; }', { kind: 'none' }],
    ['one color', good.replace(/upstream app_green.*\n/, ''), [{ kind: 'upstream', name: 'app_green' }]],
    ['the pair alone', `${pair} server { location / { proxy_pass http://app_blue; } }`, [{ kind: 'choice' }]],
    [
      'green by default',
      good
        .replace('app_color blue', 'app_color green')
        .replace('/green)  { set $app_color green', '/blue) { set $app_color blue'),
      [{ kind: 'blue-by-default', file: '/var/lib/blue-green/app/blue', server: 'a.test' }],
    ],
    [
      'a file of another name',
      good.replace('app/green)', 'app/is-green)'),
      [{ kind: 'file-name', file: '/var/lib/blue-green/app/is-green', server: 'a.test' }],
    ],
    [
      'two server lines',
      good.replace('8080;', '8080; server 127.0.0.1:9000;'),
      [{ kind: 'one-server', upstream: 'app_blue', addresses: ['127.0.0.1:8080', '127.0.0.1:9000'] }],
    ],
    ['one address', good.replace('8081', '8080'), [{ kind: 'two-addresses', address: '127.0.0.1:8080' }]],
    [
      'two files',
      `${good} server { ${choice.replace('app/green', 'other/green')} ${pass} }`,
      [{ kind: 'one-file', files: ['/var/lib/blue-green/app/green', '/var/lib/blue-green/other/green'] }],
    ],
    [
      'the request alone chooses',
      `${pair} map $cookie_c $app_upstream { default app_blue; g app_green; } server { ${pass} }`,
      [{ kind: 'choice' }],
    ],
  ]
  for (const [name, http, expected] of cases) {
    test(name, () => {
      const found = findSwitch(configurationOf(http), 'app')
      assert.deepEqual(found.kind === 'incomplete' ? found.missing : found, expected)
    })
  }
})

describe('the marker', () => {
  const cases: readonly [string, string, unknown][] = [
    ['absent', '', { kind: 'absent' }],
    [
      'another text',
      'location = /.blue-green { return 200 "$app_color\n"; }',
      { kind: 'wrong', says: '200 $app_color\n' },
    ],
    ['a fixed text', 'location = /.blue-green { return 200 app_blue; }', { kind: 'wrong', says: '200 app_blue' }],
    ['another status', marker.replace('200', '404'), { kind: 'wrong', says: '404 $app_upstream\n' }],
    ['from inside only', marker.replace('return', 'internal; return'), { kind: 'absent' }],
    ['by a prefix', marker.replace('= ', ''), { kind: 'right', conditions: [] }],
    [
      'another location is in front',
      `${marker.replace('= ', '')} location ~ blue { return 404; }`,
      { kind: 'wrong', says: '404' },
    ],
    ['never reached', marker.replace('return 200', 'break; return 200'), { kind: 'absent' }],
    [
      'for some only',
      marker.replace('return 200', 'if ($remote_addr != 127.0.0.1) { return 404; } return 200'),
      { kind: 'right', conditions: ['$remote_addr != 127.0.0.1'] },
    ],
  ]
  for (const [name, location, expected] of cases) {
    test(name, () => assert.deepEqual(onlyServer(good.replace(marker, location)).marker, expected))
  }
  test('hidden by the server block', () => {
    const hidden = (text: string) => onlyServer(good.replace('open_file_cache off;', text)).hiddenBy?.name
    assert.equal(hidden('return 301 https://$host$request_uri;'), 'return')
    assert.equal(hidden('rewrite ^ /index.html;'), 'rewrite')
    assert.equal(hidden('rewrite ^/old/ /new/;'), undefined)
    const ended = (text: string) => onlyServer(good.replace(marker, `${text} ${marker}`))
    assert.equal(ended('return 301 /; break;').hiddenBy?.name, 'return')
    const { hiddenBy, marker: found } = ended('break; return 301 /; if ($args) { return 404; }')
    assert.deepEqual([hiddenBy, found], [undefined, { kind: 'right', conditions: [] }])
    assert.equal(hidden('if ($scheme = http) { return 301 https://a.test; }'), undefined)
  })
})

test('open_file_cache that holds for the switch', () => {
  const cache = (http: string) => onlyServer(http).openFileCache
  const on = 'open_file_cache max=100;'
  assert.equal(cache(`${on} ${good}`), undefined)
  assert.deepEqual(cache(`${on} ${good.replace('open_file_cache off;', '')}`), ['max=100'])
  assert.deepEqual(cache(good.replace('open_file_cache off;', on)), ['max=100'])
  assert.equal(cache(good.replace('open_file_cache off;', '')), undefined)
})

describe('what goes round it', () => {
  const blue = ['blue']
  const cases: readonly [string, string, readonly [string, string, readonly string[]][]][] = [
    ['a color by name', 'server { location /x { proxy_pass http://app_blue/y; } }', [['/x', 'pair', blue]]],
    ['a backed one', 'server { location /x { proxy_pass http://app_blue_backed; } }', [['/x', 'pair', blue]]],
    ['an address', 'server { location = /x { proxy_pass http://127.0.0.1:8080; } }', [['= /x', 'address', blue]]],
    ['an address by grpc', 'server { location / { grpc_pass 127.0.0.1:8081; } }', [['/', 'address', ['green']]]],
    [
      'another upstream',
      'upstream o { server 127.0.0.1:8080; } server { location / { proxy_pass http://o; } }',
      [['/', 'other upstream', blue]],
    ],
    ['another upstream that nobody uses', 'upstream o { server 127.0.0.1:8080; }', []],
    ['a variable', 'server { set $u app_blue; location / { proxy_pass http://$u; } }', [['/', 'pair', blue]]],
    [
      'a cookie',
      'map $cookie_c $u { default app_blue; g app_green; } server { location / { proxy_pass http://$u; } }',
      [['/', 'pair', ['blue', 'green']]],
    ],
    ['stream', '} stream { server { listen 1; proxy_pass 127.0.0.1:8080; }', [['', 'address', blue]]],
    ['another port', 'server { location / { proxy_pass http://127.0.0.1:80; } }', []],
  ]
  for (const [name, more, expected] of cases) {
    test(name, () => {
      const found = complete(`${good} ${more}`).bypasses
      assert.deepEqual(
        found.map((bypass) => [bypass.location, bypass.through, bypass.colors]),
        expected,
      )
    })
  }
  test('a header that chooses for itself', () => {
    const http = good.replace('set $app_upstream', 'if ($http_x_green) { set $app_color green; } set $app_upstream')
    const [bypass] = complete(http).bypasses
    assert.deepEqual([bypass?.through, bypass?.colors, bypass?.server], ['request', ['green'], 'a.test'])
    assert.match(bypass?.position ?? '', /^\/etc\/nginx\/nginx.conf:\d+$/)
  })
})

describe('the backed half', () => {
  const cases: readonly [string, string, unknown][] = [
    ['none of it', good, []],
    [
      'upstreams that nobody chooses',
      documented.replace(backedChoice, choice),
      [{ kind: 'choice', servers: ['app.example.com'] }],
    ],
    [
      'one upstream',
      documented.replace(/upstream app_green_backed.*/, ''),
      [{ kind: 'upstream', name: 'app_green_backed' }],
    ],
    ['without backup', documented.replace(' backup', ''), [{ kind: 'servers', name: 'app_blue_backed' }]],
    ['the wrong way round', documented.replace(/8080 max/, '8082 max'), [{ kind: 'servers', name: 'app_blue_backed' }]],
    [
      'one of two server blocks',
      `${documented} server { server_name b.test; ${choice} ${marker} ${pass} }`,
      [{ kind: 'choice', servers: ['b.test'] }],
    ],
  ]
  for (const [name, http, expected] of cases) {
    test(name, () => {
      const found = complete(http)
      assert.deepEqual([found.backedFaults, found.backed, found.bypasses], [expected, undefined, []])
    })
  }
})

test('names that are resolved only when Nginx loads', () => {
  const named = good.replace('127.0.0.1:8080', 'web_blue:80').replace('127.0.0.1:8081;', 'web_green:80 resolve;')
  assert.deepEqual(complete(named).namedServers, ['web_blue:80'])
})
