import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { planningRefusals } from '../../../../../src/planning/refusals.ts'
import { findings, nginxOf } from '../../../checking/context.ts'

const refused = planningRefusals['route-refuses']('the public route answered 403, wanted 200')

function found(server: string, location = '', around = '', refusal = refused) {
  const nginx = nginxOf(
    `include /etc/nginx/conf.d/*.conf;\nupstream app { server 127.0.0.1:8080; }\n${around}\nserver { listen 80; server_name shop.test; ${server} location / { ${location} proxy_set_header Host $host; proxy_pass http://app; } }`,
  )
  return findings({ nginx, refusals: [refusal] }).find(({ title }) => title === 'The site is closed to its own host')
}

describe('a site that is closed to its own host', () => {
  const rows: Readonly<Record<string, readonly [closing: RegExp, server: string, location?: string, around?: string]>> =
    {
      addresses: [/`deny all` in /, 'allow 173.245.48.0/20; deny all;'],
      'addresses of http': [/`deny all` in /, '', '', 'deny all;'],
      'a password': [/`auth_basic inner` in /, '', 'auth_basic inner; auth_basic_user_file /x;'],
      'another service': [/`auth_request \/auth` in /, 'auth_request /auth;'],
      'a certificate': [/`ssl_verify_client on` in /, 'ssl_verify_client on;'],
      'a condition over a geo': [
        /`if \(\$closed\)` in /,
        'if ($closed) { return 403; }',
        '',
        'geo $closed { default 1; 173.245.48.0/20 0; }',
      ],
    }
  for (const [title, [closing, ...text]] of Object.entries(rows))
    test(`${title}: what closes it is named, and a way to ask is printed`, () => {
      const finding = found(...text)
      assert.match(finding?.seen ?? '', closing)
      const [server, input] = finding?.fix.blocks ?? []
      assert.match(
        server?.text ?? '',
        /listen 127\.0\.0\.1:8090;[\s\S]*proxy_pass http:\/\/app;[\s\S]*Host shop\.test;/,
      )
      assert.equal(input?.text, 'verify-url: http://127.0.0.1:8090/')
    })

  test('an open site, and one that is open in the location, are not it', () => {
    assert.equal(found(''), undefined)
    assert.equal(found('auth_basic inner;', 'auth_basic off;'), undefined)
    assert.equal(
      found('deny all;', '', '', planningRefusals['route-unusable']('the public route answered 500')),
      undefined,
    )
  })
})
