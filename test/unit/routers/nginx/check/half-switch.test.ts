import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asNginx } from '../../../../../src/checking/pairing/as-nginx.ts'
import { placeOf } from '../../../../../src/checking/pairing/examine.ts'
import { halfSwitch } from '../../../../../src/routers/nginx/check/half-switch.ts'
import { readAfter } from '../../../../../src/routers/nginx/check/switch-completion.ts'
import { faultsBesideLoading } from '../../../../../src/routers/nginx/check/switch-place.ts'
import { findSwitch } from '../../../../../src/routers/nginx/switch/switch.ts'
import { assertFoundByCodes } from '../../../checking/codes.ts'
import { nginxOf, sceneOf, type Wish } from '../../../checking/context.ts'
import { backedChoice, backedPair, choice, documented, marker, pair } from '../fixtures.ts'

const pass = 'location / { proxy_pass http://$app_upstream; }'
const head = 'server { listen 80; server_name app.example.com;'

function drafts(http: string, wish: Wish = {}) {
  const nginx = nginxOf(http)
  const scene = sceneOf({ ...wish, nginx })
  assert.ok(scene.colors)
  const place = placeOf(scene, scene.colors)
  assert.ok(place)
  return { nginx, place, found: halfSwitch(asNginx(scene), nginx, place, true) }
}

/** The configuration once the only finding was followed: a switch against which a deploy has nothing. */
function completed(http: string, wish: Wish = {}): string {
  const { nginx, place, found } = drafts(http, wish)
  const [draft, ...others] = found
  assert.ok(draft?.changes && others.length === 0, JSON.stringify(found))
  const after = readAfter(nginx, draft.changes)
  const text = after.configuration.files[0]?.text ?? ''
  assert.deepEqual(
    faultsBesideLoading(after, place).map(({ message }) => message),
    [],
    text,
  )
  const whole = findSwitch(after.configuration, 'app')
  assert.ok(whole.kind === 'switch', text)
  assert.deepEqual(whole.bypasses, [])
  assert.deepEqual(whole.backedFaults, [], text)
  // What is whole is left alone.
  assert.deepEqual(drafts(text.replace(/^[\s\S]*?http \{\n/, '').replace(/\}\n$/, ''), wish).found, [], text)
  return text
}

const rows: Readonly<Record<string, readonly [http: string, ...expected: readonly (string | RegExp)[]]>> = {
  'without what says which is chosen': [`${pair} ${head} ${choice} ${pass} }`, marker],
  'with a text there that says nothing': [
    `${backedPair} ${head} ${backedChoice} location = /.blue-green { return 200 ok; } ${pass} }`,
    marker,
  ],
  'a color chosen by hand': [
    `${pair} ${head} set $app_color blue; set $app_upstream app_$app_color; ${pass} }`,
    'if (-f /var/lib/blue-green/app/green) { set $app_color green; }',
  ],
  'only one color': [
    `upstream app_blue { server 127.0.0.1:8080; keepalive 8; }\n${head} location / { proxy_pass http://app_blue; } }`,
    'upstream app_green { server 127.0.0.1:8081; }',
    'upstream app_blue { server 127.0.0.1:8080; keepalive 8; }',
  ],
  'only the pair': [`${backedPair} ${head} location / { proxy_pass http://app_blue; } }`, marker],
  'both colors at one address': [
    `upstream app_blue { server 127.0.0.1:8080; }\nupstream app_green { server 127.0.0.1:8080; }\n${head} ${choice} ${marker} ${pass} }`,
    'upstream app_green { server 127.0.0.1:8081; }',
  ],
  'only one of several server blocks': [
    `${documented}\nserver { listen 81; server_name other; location / { proxy_pass http://127.0.0.1:8080; } }`,
    /listen 81;[\s\S]*proxy_pass http:\/\/\$app_upstream;/,
  ],
  'a location that goes round it': [
    `${backedPair}\n${head} ${backedChoice} ${marker} ${pass} location /api/ { proxy_pass http://app_blue; } }`,
    /location \/api\/ \{[\s\S]*proxy_pass http:\/\/\$app_upstream;/,
  ],
  'under a cache of what is open': [
    `${backedPair}\n${head} open_file_cache max=100; ${backedChoice.replace('open_file_cache off;', '')} ${marker} ${pass} }`,
    'open_file_cache off;',
  ],
  'a file of another name': [
    `${pair}\n${head} set $app_color blue; if (-f /var/lib/blue-green/app/live-green) { set $app_color green; } set $app_upstream app_$app_color; ${marker} ${pass} }`,
    'if (-f /var/lib/blue-green/app/green) { set $app_color green; }',
  ],
  'statements over several lines': [
    `${pair}\nserver {\n  listen 80;\n  set $app_color\n    blue;\n  location = /.blue-green {\n    return 204;\n  }\n  location / {\n    proxy_pass http://app_$app_color;\n  }\n}`,
    marker,
  ],
}

describe('half a switch is made whole', () => {
  for (const [title, [http, ...expected]] of Object.entries(rows)) {
    test(`${title}: found by codes, and not by words`, () =>
      assertFoundByCodes((wish) => drafts(http, wish).found.map(({ tells: _, ...found }) => found), {}))

    test(title, () => {
      const text = completed(http)
      for (const part of expected) {
        if (typeof part === 'string') assert.ok(text.includes(part), text)
        else assert.match(text, part)
      }
    })
  }

  test('another folder is named in the workflow', () => {
    const { found } = drafts(documented.replaceAll('/var/lib/blue-green/app', '/srv/state'))
    assert.deepEqual(
      found.flatMap(({ fix }) => fix.blocks.map(({ where, text }) => `${where}: ${text}`)),
      ['workflow: state-directory: /srv/state'],
    )
  })

  test('a whole one is not touched', () => {
    assert.deepEqual(drafts(documented).found, [])
  })

  test('what is hidden by a `return` is told with its place', () => {
    const { found } = drafts(documented.replace('listen 8090;', 'listen 8090; return 301 https://x;'))
    assert.match(found[0]?.fix.text ?? '', /`return 301 https:\/\/x` in .*:\d+ answers before any location/)
  })
})
