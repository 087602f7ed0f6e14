import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ActionRun } from './action.ts'
import { must } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { freePort } from './ports.ts'
import { contains, notesOf, refusedFor, released } from './refusal.ts'
import type { LabSite, SiteOptions } from './site.ts'
import type { NginxParts } from './site-nginx.ts'

// How the application is asked through Nginx, where nobody says how: by the server block, its names and its listeners.

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
  const names = ['shop.example.test', 'other.example.test']
  for (const name of names) {
    const made = await host.exec(
      `mkdir -p /etc/nginx/tls && cd /etc/nginx/tls && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
      -nodes -days 30 -subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout ${name}.key -out ${name}.crt 2>&1`,
    )
    assert.equal(made.code, 0, made.stdout)
  }
})
after(() => lab.dispose())

const slow = { timeout: 360_000 }
let sites = 0

async function running(server: (parts: NginxParts) => string, options: SiteOptions = {}): Promise<LabSite> {
  sites += 1
  const site = await lab.site(host, { service: `route${sites}`, server, ...options })
  await site.up('blue', 'v1')
  return site
}

/** A server block of the site, with `listen` and whatever else in it. */
const block = (parts: NginxParts, listen: string, names: string, more = '', marker = parts.choice) => `server {
    ${listen}
    server_name ${names};
    ${more}
${marker}    location / { proxy_pass http://${parts.target}; proxy_set_header Host $host; }
}
`
const tls = (name: string) =>
  `ssl_certificate /etc/nginx/tls/${name}.crt; ssl_certificate_key /etc/nginx/tls/${name}.key;`
const foreign = (listen: string, names: string, more = '') =>
  `server { ${listen} server_name ${names}; ${more} location / { return 404 "somebody else\\n"; } }\n`

/** What the public route was asked as, by the title of its step. */
function asked({ report }: ActionRun): string {
  const { steps } = report as { readonly steps: readonly { readonly title: string }[] }
  return steps.find(({ title }) => /^See v\d on the public route/.test(title))?.title ?? 'nothing'
}

describe('the public route is found', () => {
  for (const flip of ['switch-backed', 'reload'] as const) {
    test(`by TLS with the name, among several server blocks of one port, by ${flip}`, slow, async () => {
      const server = (parts: NginxParts) => {
        const listen = `listen 127.0.0.1:${parts.publicPort} ssl;`
        return (
          foreign(`${listen} ssl_reject_handshake on;`, '_') +
          foreign(listen, 'other.example.test', tls('other.example.test')) +
          block(parts, listen, 'shop.example.test', tls('shop.example.test'))
        )
      }
      await using site = await running(server, { flip })
      await host.exec(`chown deploy ${site.nginxFile}`)
      const run = await released(site, { 'verify-match': 'host shop.example.test' })
      contains(asked(run), `https://shop.example.test/health (127.0.0.1:${site.publicPort})`)
      contains(notesOf(run).join('\n'), 'The certificate of the public route was not verified')
    })
  }

  test(
    'by a literal name before a wildcard and an expression, TLS before the listener that redirects',
    slow,
    async () => {
      const port = await freePort()
      const server = (parts: NginxParts) =>
        foreign(`listen 127.0.0.1:${parts.publicPort} default_server;`, '_') +
        `server { listen 127.0.0.1:${parts.publicPort}; server_name shop.example.test; return 301 https://$host$request_uri; }\n` +
        block(
          parts,
          `listen 127.0.0.1:${port} ssl;`,
          '*.example.test ~^shop\\d+\\.test$ shop.example.test',
          tls('shop.example.test'),
        )
      await using site = await running(server)
      contains(asked(await released(site)), `https://shop.example.test/health (127.0.0.1:${port})`)
    },
  )

  test('on a plain listener that shares its server block with TLS: TLS is asked', slow, async () => {
    const port = await freePort()
    const server = (parts: NginxParts) => {
      const listen = `listen 127.0.0.1:${parts.publicPort}; listen 127.0.0.1:${port} ssl;`
      return block(parts, listen, 'shop.example.test', tls('shop.example.test'))
    }
    await using site = await running(server)
    contains(asked(await released(site)), `https://shop.example.test/health (127.0.0.1:${port})`)
  })

  test('on IPv6 alone', slow, async () => {
    const server = (parts: NginxParts) => block(parts, `listen [::1]:${parts.publicPort};`, 'shop.example.test')
    await using site = await running(server)
    contains(asked(await released(site)), `(::1:${site.publicPort})`)
  })

  test('on all addresses, IPv4 and IPv6', slow, async () => {
    const server = (parts: NginxParts) =>
      block(parts, `listen ${parts.publicPort}; listen [::]:${parts.publicPort};`, 'shop.example.test')
    await using site = await running(server)
    contains(asked(await released(site)), `(127.0.0.1:${site.publicPort})`)
  })

  test('for a name with hyphens', slow, async () => {
    await using site = await lab.site(host, { service: 'my-app', separator: '-' })
    await site.up('blue', 'v1')
    contains(asked(await released(site)), `http://my-app.example.test/health (127.0.0.1:${site.publicPort})`)
    assert.equal((await site.get('/.blue-green')).body, 'my-app_green\n')
  })

  test('for each of two targets in one server block', slow, async () => {
    await using api = await lab.site(host, { service: 'part-api', server: () => '' })
    const server = (parts: NginxParts) => {
      const own = parts.choice.replace(/ +location = .*\n/, '')
      const others = api.parts.choice.replace(/ +open_file_cache.*\n/, '').replace(/ +location = .*\n/, '')
      const marker = '    location = /.blue-green { return 200 "$part_web_upstream\\n$part_api_upstream\\n"; }\n'
      const path = `location /api/ { proxy_pass http://${api.parts.target}; }`
      return block(parts, parts.listen, 'both.example.test', path, own + others + marker)
    }
    await using web = await running(server, { service: 'part-web' })
    await api.up('blue', 'v1')
    await host.exec(`chown deploy ${api.nginxFile}`)
    const second = await released(api, { 'health-path': '/api/health' })
    contains(asked(second), `http://both.example.test/api/health (127.0.0.1:${web.publicPort})`)
    const first = await released(web)
    contains(asked(first), `http://both.example.test/health (127.0.0.1:${web.publicPort})`)
    const at = `http://127.0.0.1:${web.publicPort}`
    contains(await (await fetch(`${at}/.blue-green`)).text(), 'part-web_green\npart-api_green\n')
    await released(web, { version: 'v3' })
    contains(await (await fetch(`${at}/.blue-green`)).text(), 'part-web_blue\npart-api_green\n')
  })
})

describe('a listener that cannot be asked is refused by name', () => {
  const cases: Readonly<Record<string, (parts: NginxParts) => string>> = {
    'wants the PROXY protocol': (parts) =>
      block(parts, `listen 127.0.0.1:${parts.publicPort} proxy_protocol;`, 'shop.example.test'),
    'is a unix socket': (parts) => block(parts, `listen unix:/run/${parts.upstream}.sock;`, 'shop.example.test'),
    'wants a client certificate': (parts) =>
      block(
        parts,
        `listen 127.0.0.1:${parts.publicPort} ssl;`,
        'shop.example.test',
        `${tls('shop.example.test')} ssl_verify_client on; ssl_client_certificate /etc/nginx/tls/other.example.test.crt;`,
      ),
  }
  for (const [reason, server] of Object.entries(cases)) {
    test(reason, slow, async () => {
      const opened = await freePort()
      await using site = await running(server, { flip: 'reload' })
      await host.exec(`chown deploy ${site.nginxFile}`)
      const sentence = await refusedFor(
        site,
        {},
        'verify-unusable',
        'No public route can be asked',
        `of shop.example.test ${reason}`,
        'Set `verify-url`',
      )
      assert.doesNotMatch(sentence, /undefined/)
      const text = await host.readFile(site.nginxFile)
      await host.writeFile(site.nginxFile, text + block(site.parts, `listen 127.0.0.1:${opened};`, 'open.example.test'))
      await host.reloadNginx()
      await released(site, { 'verify-url': `http://127.0.0.1:${opened}/health` })
    })
  }

  test('for a switch, that has to be asked for `/.blue-green` as well', slow, async () => {
    const server = (parts: NginxParts) =>
      block(parts, `listen 127.0.0.1:${parts.publicPort} proxy_protocol;`, 'shop.example.test')
    await using site = await running(server)
    const opened = await freePort()
    const mend = 'Add `listen 127.0.0.1:…` to it'
    const given = { 'verify-url': `http://127.0.0.1:${opened}/health` }
    await refusedFor(
      site,
      given,
      'drift',
      'No listener of a server block with the switch',
      'wants the PROXY protocol',
      mend,
    )
    const text = await host.readFile(site.nginxFile)
    await host.writeFile(site.nginxFile, text.replace('listen', `listen 127.0.0.1:${opened};\n    listen`))
    await host.reloadNginx()
    await released(site)
  })
})

describe('verify-url', () => {
  test('is asked from the runner, or from the proxy host where it is a loopback address', slow, async () => {
    await using site = await running((parts) => block(parts, `listen ${parts.publicPort};`, 'shop.example.test'))
    const match = { 'verify-match': 'version {version}' }
    // That of its own network: those of others come and go with other tests.
    const gateway = ['--format', '{{(index .IPAM.Config 0).Gateway}}', `${site.project}_default`]
    const address = (await must(['docker', 'network', 'inspect', ...gateway])).trim()
    const from = { '127.0.0.1': host.address, localhost: host.address, [address]: 'the runner' }
    for (const [name, who] of Object.entries(from)) {
      const wrong = { 'verify-url': `http://${name}:9/` }
      await refusedFor(site, wrong, 'verify-unusable', `asked from ${who}: connection refused`)
    }
    for (const [i, name] of Object.keys(from).entries()) {
      const url = `http://${name}:${site.publicPort}/health?from=${name}`
      const run = await released(site, { ...match, 'verify-url': url, version: `v${i + 2}` })
      contains(asked(run), `See v${i + 2} on the public route ${url.replace(/\?.*/, '?***')}`)
    }
    const wrong = { 'verify-match': 'version v9', 'verify-url': `${site.publicUrl}/health` }
    await refusedFor(site, wrong, 'verify-unusable', "does not contain 'version v9'", 'the body begins: version v4')
  })

  test('with a certificate of its own on loopback: asked, and said not to be verified', slow, async () => {
    await using site = await lab.site(host, { service: 'secure', tls: true })
    await site.up('blue', 'v1')
    const run = await released(site, { 'verify-url': `https://localhost:${site.publicPort}/health` })
    contains(notesOf(run).join('\n'), `The certificate of localhost:${site.publicPort} was not verified`)
  })
})
