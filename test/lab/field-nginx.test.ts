import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { type FieldCase, settleCase, unversioned, type Visit } from './field-case.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { firstRelease, followCheck, type Place, somewhere } from './newcomer.ts'
import { removeContainers } from './site-containers.ts'

const slow = { timeout: 5 * 60_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

async function on(work: (host: LabHost, place: Place) => Promise<void>): Promise<void> {
  const host = await lab.host()
  const place = { ...(await somewhere(host)), service: 'web' }
  try {
    await work(host, place)
  } finally {
    await removeContainers(place.project)
    await host.dispose()
  }
}

/** What the check prints, pasted twice, leads to a release of which every visitor gets what they got, of the new version. */
async function releases({ newcomer, visited }: FieldCase, visits: readonly Visit[], version = 'v2') {
  const before = await visited(...visits)
  assert.ok(
    before.every((answer) => answer.startsWith('200 version v1')),
    before.join('\n'),
  )
  const ready = await followCheck(newcomer)
  assert.deepEqual(await visited(...visits), before)
  const run = await firstRelease(ready, version)
  const now = await visited(...visits)
  assert.ok(
    now.every((answer) => answer.startsWith(`200 version ${version}`)),
    now.join('\n'),
  )
  assert.deepEqual(unversioned(now), unversioned(before))
  return { ready, run }
}

const shop: Visit = { host: 'shop.example.test', path: '/a//b' }
const api: Visit = { host: 'api.example.test', path: '/items//1' }

describe('Nginx as it stands on hosts', () => {
  test('the application by other addresses of the host: both sites are released, none is forgotten', slow, () =>
    on(async (host, place) => {
      // A site with a URI part gets the path as Nginx has normalized it.
      const edit = (text: string) => text.replace(/proxy_pass http:\/\/(?!0\.0)[\d.:]+/, '$&/')
      const seen = await settleCase(host, place, 'loopback-by-another-name', { up: ['web'], edit })
      await releases(seen, [shop, api])
    }),
  )

  test('a site that leads to the application past the switch refuses a release, and status names it', slow, () =>
    on(async (host, place) => {
      const seen = await settleCase(host, place, 'loopback-by-another-name', {
        up: ['web'],
        edit: (text, file) => (file.startsWith('second-site') ? undefined : text),
      })
      const ready = await followCheck(seen.newcomer)
      await host.exec(`printf '127.0.0.1 app.internal\\n' >>/etc/hosts`)
      await host.writeFile(
        '/etc/nginx/conf.d/api.conf',
        `server { listen ${place.publicPort}; server_name api.example.test; location / { proxy_pass http://app.internal:${place.port}; } }\n`,
      )
      await host.reloadNginx()
      for (const command of ['deploy', 'status', 'check']) {
        const run = await runAction({ ...ready.inputs, command, version: 'v2' })
        assert.equal(run.outputs['result'], command === 'deploy' ? 'unchanged' : 'problems', run.stdout)
        assert.match(run.stdout, /proxy_pass http:\/\/app\.internal:\d+.*\/etc\/nginx\/conf\.d\/api\.conf/, command)
        assert.doesNotMatch(run.stdout, /docker rm/, command)
      }
      await releases({ ...seen, newcomer: ready }, [shop, api])
    }),
  )

  test('one snippet in two server blocks is changed once', slow, () =>
    on(async (host, place) => {
      await host.exec(
        'mkdir -p /etc/nginx/tls && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.test -keyout /etc/nginx/tls/k.pem -out /etc/nginx/tls/c.pem 2>/dev/null',
      )
      const seen = await settleCase(host, place, 'shared-snippet', { up: ['web_blue'] })
      await releases(seen, [shop])
      const snippet = await host.readFile('/etc/nginx/snippets/shop-locations.conf')
      assert.equal(snippet.split('proxy_pass').length, 2, snippet)
    }),
  )

  test('one map for several sites: the line of this site is changed, and no other', slow, () =>
    on(async (host, place) => {
      const seen = await settleCase(host, place, 'map-of-hosts', { up: ['web_blue'] })
      await releases(seen, [
        { host: 'shop.example.test', path: '/' },
        { host: 'www.shop.example.test', path: '/' },
      ])
      const text = await host.readFile('/etc/nginx/sites-enabled/shop')
      assert.match(
        text,
        new RegExp(
          `\\n    default 127\\.0\\.0\\.1:${seen.ports['4000']};\\n    \\.shop\\.example\\.test \\$web_upstream;\\n`,
        ),
      )
      assert.match(text, /proxy_pass http:\/\/\$backend;/)
    }),
  )

  const strict = (text: string, file: string) =>
    file.startsWith('shop__')
      ? text.replace(/( +)restart:.*/g, '$&\n$1environment: { ALLOWED_HOST: shop.example.test, FORCE_HTTPS: "1" }')
      : text

  test('an application that answers only to its name, and only https, is asked as Nginx asks it', slow, () =>
    on(async (host, place) => {
      const seen = await settleCase(host, place, 'hosts', { up: ['web_blue'], edit: strict })
      const { ready } = await releases(seen, [shop])
      assert.equal(ready.inputs['health-host'], undefined)
    }),
  )

  test(
    'a site that lets in its CDN alone: what closes it is named, and a listener on the loopback proves the flip',
    slow,
    () =>
      on(async (host, place) => {
        const seen = await settleCase(host, place, 'origin-closed', { up: ['web_blue'] })
        const ready = await followCheck(seen.newcomer)
        assert.ok(ready.said.some((text) => /`deny all` in \/etc\/nginx\/conf\.d\/shop\.conf:\d+/.test(text)))
        assert.match(ready.inputs['verify-url'] ?? '', /^http:\/\/127\.0\.0\.1:\d+\/health$/)
        await firstRelease(ready, 'v2')
        assert.match((await seen.visited(shop))[0] ?? '', /^403/)
        const asked = await host.exec(`curl -s ${ready.inputs['verify-url']}`)
        assert.match(asked.stdout, /^version v2\n/)
      }),
  )
})
