import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { httpServers } from '../../../../../src/routers/nginx/config/configuration.ts'
import { serversUsing } from '../../../../../src/routers/nginx/config/usage.ts'
import { markerRoutes, type PublishedPort, publicRoutes } from '../../../../../src/routers/nginx/route/public-route.ts'
import { configurationOf, documented } from '../fixtures.ts'

const location = 'location / { proxy_pass http://app; }'
const app = 'upstream app { server 127.0.0.1:8080; }'

function routesOf(http: string, healthPath = '/health', publishedPorts?: readonly PublishedPort[]) {
  const configuration = configurationOf(`${app} ${http}`)
  const ports = publishedPorts ? { publishedPorts } : {}
  const servers = serversUsing(configuration, ['app'])
  const { routes, unusable } = publicRoutes(configuration, servers, { healthPath, upstreams: ['app'], ...ports })
  return {
    routes: routes.map((route) => {
      return `${route.tls ? 'https' : 'http'} ${route.address} ${route.port} ${route.host} ${route.reaches}`
    }),
    unusable: unusable.map((route) => `${route.listener} ${route.reason}`),
  }
}

describe('the listener', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['none', '', ['http 127.0.0.1 80 a.test upstream']],
    ['a port', 'listen 81;', ['http 127.0.0.1 81 a.test upstream']],
    ['a star', 'listen *:81;', ['http 127.0.0.1 81 a.test upstream']],
    ['all addresses', 'listen 0.0.0.0:81;', ['http 127.0.0.1 81 a.test upstream']],
    ['all of IPv6', 'listen [::]:81;', ['http ::1 81 a.test upstream']],
    ['an address', 'listen 10.0.0.1;', ['http 10.0.0.1 80 a.test upstream']],
    [
      'IPv4 before IPv6',
      'listen [::]:80; listen 80;',
      ['http 127.0.0.1 80 a.test upstream', 'http ::1 80 a.test upstream'],
    ],
    [
      'TLS before plain',
      'listen 80; listen 443 ssl;',
      ['https 127.0.0.1 443 a.test upstream', 'http 127.0.0.1 80 a.test upstream'],
    ],
    ['TLS as it was', 'listen 443; ssl on;', ['https 127.0.0.1 443 a.test upstream']],
  ]
  for (const [name, listen, expected] of cases) {
    test(name, () =>
      assert.deepEqual(routesOf(`server { ${listen} server_name a.test; ${location} }`).routes, expected),
    )
  }
})

describe('what can not be asked', () => {
  const cases: readonly [string, string, string][] = [
    ['a socket', 'listen unix:/run/a.sock;', 'unix:/run/a.sock unix-socket'],
    ['the PROXY protocol', 'listen 80 proxy_protocol;', '*:80 proxy-protocol'],
    ['client certificates', 'listen [::]:443 ssl; ssl_verify_client on;', '[::]:443 client-certificate'],
    ['no handshake', 'listen 443 ssl; ssl_reject_handshake on;', '*:443 refuses-handshake'],
    ['HTTP/3', 'listen 443 quic;', '*:443 http3'],
  ]
  for (const [name, listen, expected] of cases) {
    test(name, () => {
      assert.deepEqual(routesOf(`server { ${listen} ${location} }`), { routes: [], unusable: [expected] })
    })
  }
  test('what another server block says of the same socket', () => {
    const found = routesOf(`server { listen 80; ${location} } server { listen *:80 proxy_protocol; return 204; }`)
    assert.deepEqual(found, { routes: [], unusable: ['*:80 proxy-protocol'] })
  })
})

describe('the name', () => {
  const cases: readonly [string, string, string][] = [
    ['the first literal one', 'server_name _ "" *.b.test ~^c www.* D.test e.test;', 'd.test upstream'],
    ['a leading dot', 'server_name .b.test;', 'b.test upstream'],
    ['none', '', 'localhost upstream'],
    ['none, and another one is the default', '} server { listen 80 default_server; return 404;', 'localhost elsewhere'],
    [
      'none, and another one has it',
      'server_name _; } server { server_name localhost; return 404;',
      'localhost elsewhere',
    ],
    ['one that an earlier block has', 'server_name c.test;', 'c.test elsewhere'],
    [
      'an address of its own answers first',
      'listen 80; } server { listen 127.0.0.1:80; return 404;',
      'localhost elsewhere',
    ],
  ]
  for (const [name, names, expected] of cases) {
    test(name, () => {
      const earlier = expected.startsWith('c.test') ? 'server { server_name c.test; return 404; }' : ''
      const { routes } = routesOf(`${earlier} server { ${location} ${names} }`)
      assert.deepEqual(routes, [`http 127.0.0.1 80 ${expected}`])
    })
  }
})

test('a server block that reaches the upstream comes before one with TLS that does not', () => {
  const { routes } = routesOf(`server { listen 443 ssl; server_name a; location /api { proxy_pass http://app; } }
    server { listen 80; server_name b; ${location} } server { listen 80; server_name a; return 301 https://a; }`)
  assert.deepEqual(routes, ['http 127.0.0.1 80 b upstream', 'https 127.0.0.1 443 a elsewhere'])
})

test('a return behind a break hides nothing', () => {
  const reached = (before: string, inside: string) =>
    routesOf(`server { listen 80; server_name a; ${before} location / { ${inside} proxy_pass http://app; } }`).routes
  assert.deepEqual(reached('break; return 301 https://a;', ''), ['http 127.0.0.1 80 a upstream'])
  assert.deepEqual(reached('', 'break; return 301 https://a; rewrite ^ /x last;'), ['http 127.0.0.1 80 a upstream'])
  assert.deepEqual(reached('', 'rewrite ^ /x last; break;'), ['http 127.0.0.1 80 a unknown'])
})

describe('an Nginx in a container', () => {
  const ports = [
    { container: 443, address: '0.0.0.0', port: 8443 },
    { container: 443, address: '::', port: 8443 },
    { container: 80, address: '127.0.0.1', port: 8000 },
  ]
  const cases: readonly [string, string, readonly string[], readonly string[]][] = [
    [
      'by its published ports',
      'listen 80; listen 443 ssl;',
      ['https 127.0.0.1 8443', 'https ::1 8443', 'http 127.0.0.1 8000'],
      [],
    ],
    ['a port that is not', 'listen 81;', [], ['*:81 not-published']],
    ['its own loopback', 'listen 127.0.0.1:80;', [], ['127.0.0.1:80 container-loopback']],
  ]
  for (const [name, listen, routes, unusable] of cases) {
    test(name, () => {
      const found = routesOf(`server { ${listen} server_name a; ${location} }`, '/', ports)
      assert.deepEqual(found, { routes: routes.map((route) => `${route} a upstream`), unusable })
    })
  }
})

describe('where a path leads', () => {
  const other = 'location / { root /srv; }'
  const cases: readonly [string, string, string, string][] = [
    ['everything', location, '/x?y=1', 'upstream'],
    ['exact before prefix', `${location} location = /x { return 204; }`, '/x', 'elsewhere'],
    ['exact, with a query', `${other} location = /x { proxy_pass http://app; }`, '/x?a', 'upstream'],
    [
      'the longest prefix',
      `${other} location /a { root /; } location /a/b { proxy_pass http://app; }`,
      '/a/b/c',
      'upstream',
    ],
    ['an expression before a prefix', `${location} location ~ \\.txt$ { root /; }`, '/a.txt', 'elsewhere'],
    ['no expression', `location ^~ / { proxy_pass http://app; } location ~ x { root /; }`, '/x', 'upstream'],
    ['the first expression', `location ~ x { proxy_pass http://app; } location ~ xx { root /; }`, '/xx', 'upstream'],
    ['in any case', `${other} location ~* ^/X { proxy_pass http://app; }`, '/x', 'upstream'],
    ['nested', `location / { root /; location /a { proxy_pass http://app; } }`, '/a', 'upstream'],
    ['a redirect to the slash', `${other} location /a/ { proxy_pass http://app; }`, '/a', 'elsewhere'],
    ['a fallback', 'location / { try_files $uri @app; } location @app { proxy_pass http://app; }', '/a', 'upstream'],
    [
      'a fallback of the server block',
      'try_files $uri @app; location @app { proxy_pass http://app; }',
      '/a',
      'upstream',
    ],
    [
      'a front controller',
      'location / { try_files $uri /index.php?$args; } location ~ \\.php$ { fastcgi_pass app; }',
      '/a',
      'upstream',
    ],
    ['a page', `location / { try_files $uri =404; } location /a/ { proxy_pass http://app; }`, '/b', 'elsewhere'],
    [
      'what is not found',
      'location / { error_page 404 = @app; } location @app { proxy_pass http://app; }',
      '/b',
      'unknown',
    ],
    ['an expression that is not read', `${location} location ~ (?<!a)(?R) { root /; }`, '/b', 'unknown'],
    ['a rewrite', `location / { rewrite ^/b /c; proxy_pass http://app; }`, '/b', 'unknown'],
    ['a loop', `location /a { proxy_pass http://app; } location / { try_files $uri /b; }`, '/b', 'elsewhere'],
    ['only sometimes', 'location / { if ($args) { proxy_pass http://app; } }', '/', 'unknown'],
    ['no location', 'location /a { proxy_pass http://app; }', '/b', 'elsewhere'],
  ]
  for (const [name, locations, path, expected] of cases) {
    test(name, () => {
      const { routes } = routesOf(`server { server_name a; ${locations} }`, path)
      assert.deepEqual(routes, [`http 127.0.0.1 80 a ${expected}`])
    })
  }
})

test('the ways to ask the marker', () => {
  const configuration = configurationOf(documented)
  const [server] = httpServers(configuration)
  assert.ok(server)
  const expected = {
    address: '127.0.0.1',
    port: 8090,
    host: 'app.example.com',
    tls: false,
    path: '/.blue-green',
    server: 'app.example.com',
    file: '/etc/nginx/nginx.conf',
    reaches: 'upstream',
  }
  assert.deepEqual(markerRoutes(configuration, server), { routes: [expected], unusable: [] })
})
