import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { serverTitle } from '../../../../../src/routers/nginx/config/configuration.ts'
import { serversUsing } from '../../../../../src/routers/nginx/config/usage.ts'
import { configurationOf } from '../fixtures.ts'

describe('who uses an upstream', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['by name', 'server { server_name a.b; location / { location /x { proxy_pass http://APP/; } } }', ['a.b']],
    ['by a variable', 'server { server_name a.b; set $u app; location / { uwsgi_pass $u; } }', ['a.b']],
    [
      'by a map',
      'map $host $u { default app; } server { server_name a.b; location / { proxy_pass http://$u; } }',
      ['a.b'],
    ],
    ['in an if', 'server { server_name a.b; location / { if ($args) { proxy_pass http://app; } } }', ['a.b']],
    ['not by a part of its name', 'server { location / { proxy_pass http://app2; } }', []],
    ['not behind a return', 'server { return 301 /; location / { proxy_pass http://app; } }', []],
    [
      'behind a return that a break ends',
      'server { server_name a.b; break; return 301 /; location / { proxy_pass http://app; } }',
      ['a.b'],
    ],
    ['not behind a return and a break', 'server { return 301 /; break; location / { proxy_pass http://app; } }', []],
    [
      'not behind a return that only some requests are spared',
      'server { if ($args) { break; } return 301 /; location / { proxy_pass http://app; } }',
      [],
    ],
    [
      'not by a variable that a break leaves empty',
      'server { break; set $u app; location / { proxy_pass http://$u; } }',
      [],
    ],
    ['not a redirect', 'server { server_name a.b; return 301 https://app; }', []],
  ]
  for (const [name, http, expected] of cases) {
    test(name, () => {
      const configuration = configurationOf(http)
      assert.deepEqual(
        serversUsing(configuration, ['app']).map((server) => serverTitle(configuration, server)),
        expected,
      )
    })
  }
})
