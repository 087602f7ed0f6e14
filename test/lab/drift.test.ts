import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { contains, notesOf, refused, refusedFor, released } from './refusal.ts'
import type { LabSite } from './site.ts'

// What Nginx has is not what a flip needs: each is refused before anything starts, in a sentence whose mend works.

let lab: Lab
let host: LabHost
let shop: LabSite
let news: LabSite
before(async () => {
  lab = await openLab()
  host = await lab.host()
  shop = await lab.site(host, { service: 'shop' })
  news = await lab.site(host, { service: 'news', flip: 'reload' })
  await host.exec(`chown deploy ${news.nginxFile}`)
  await host.reloadNginx()
  await Promise.all([shop.up('blue', 'v1'), news.up('blue', 'v1')])
})
after(() => lab.dispose())

const slow = { timeout: 360_000 }

interface Case {
  readonly title: string
  /** What somebody did to the text of the site's Nginx file, and loaded. */
  readonly edit: (text: string) => string
  /** Parts of the sentence. */
  readonly says: readonly (RegExp | string)[]
  /** The text as the sentence asks for it; as it was before where this is not given. */
  readonly mend?: (text: string, sentence: string) => string
}

const marker = /location = \/\.blue-green \{.*\}\n/
const secondServer = (inside: string) => (text: string) =>
  `${text}\nserver {\n    ${/listen .*;/.exec(text)}\n    server_name second.example.test;\n    ${inside}\n}\n`
const choiceOf = (text: string) =>
  (/open_file_cache off;[\s\S]*?(?=\s+location = )/.exec(text)?.[0] ?? '').replaceAll('\n    ', '\n        ')
const blueOf = (text: string) => /shop_blue +\{ server (\S+);/.exec(text)?.[1] ?? ''
const round = (pass: string) => [
  new RegExp(`^\`proxy_pass http://${pass}\` in /etc/nginx/conf.d/shop.conf:\\d+ \\(server second.example.test`),
  'goes round the switch. Pass to the variable that the switch sets',
]

const cases: readonly Case[] = [
  {
    title: '`open_file_cache` of the server block',
    edit: (text) => text.replace('open_file_cache off;', 'open_file_cache max=100 inactive=20s;'),
    says: ['`open_file_cache max=100 inactive=20s` holds in the server block shop.example.test'],
    mend: (text, said) =>
      text.replace('open_file_cache max=100 inactive=20s;', /Add `(.*?)` to that/.exec(said)?.[1] ?? ''),
  },
  {
    title: '`open_file_cache` of http, where the server block does not turn it off',
    edit: (text) => `open_file_cache max=7;\n${text.replace('open_file_cache off;\n', '')}`,
    says: ['`open_file_cache max=7` holds in the server block shop.example.test'],
    mend: (text, said) => text.replace('server_name', `${/Add `(.*?)` to that/.exec(said)?.[1]} server_name`),
  },
  {
    title: 'a second server block that goes round it by the name of the pair',
    edit: secondServer('location / { proxy_pass http://shop_blue; }'),
    says: round('shop_blue'),
  },
  {
    title: 'a second server block that goes round it by address',
    edit: (text) => secondServer(`location /api/ { proxy_pass http://${blueOf(text)}; }`)(text),
    says: [...round('127.0.0.1:\\d+'), 'location /api/'],
  },
  {
    title: 'a second server block that goes round it by another upstream',
    edit: (text) =>
      secondServer('location / { proxy_pass http://legacy; }')(`upstream legacy { server ${blueOf(text)}; }\n${text}`),
    says: round('legacy'),
  },
  {
    title: 'a second server block that uses it without `/.blue-green`',
    edit: (text) => secondServer(`${choiceOf(text)}\n    location / { proxy_pass http://$shop_upstream; }`)(text),
    says: ['The server block second.example.test uses the switch without `/.blue-green`'],
    mend: (text, said) => text.replace(/(second.example.test;)/, `$1 ${/Add: (.*)$/.exec(said)?.[1]}`),
  },
  {
    title: 'a `return` of the server block that hides `/.blue-green`',
    edit: (text) => text.replace('location = ', 'return 301 https://$host$request_uri;\n    location = '),
    says: [
      '`return 301 https://$host$request_uri` in the server block shop.example.test answers before `/.blue-green`',
    ],
    mend: (text) => text.replace(/return 301 .*;/, 'location /old/ { return 301 https://$host$request_uri; }'),
  },
  {
    title: 'a `/.blue-green` that says something else',
    edit: (text) => text.replace('return 200 "$shop_upstream\\n"', 'return 200 "shop_blue\\n"'),
    says: ['`/.blue-green` of the server block shop.example.test does not say which upstream it chooses'],
    mend: (text, said) => text.replace(marker, () => `${/Write: (.*)$/.exec(said)?.[1]}\n`),
  },
  {
    title: 'an address by name',
    edit: (text) => text.replaceAll('server 127.0.0.1:', 'server localhost:'),
    says: ['upstreams of the colors name `localhost:', 'Publish the port on 127.0.0.1 and name that address'],
    mend: (text) => text.replaceAll('server localhost:', 'server 127.0.0.1:'),
  },
  {
    title: 'an address where the compose file puts nothing',
    edit: (text) => text.replaceAll(blueOf(text), '127.0.0.1:9'),
    says: [
      'The switch reaches blue at 127.0.0.1:9, and the compose file puts blue at 127.0.0.1:',
      'Make the two agree',
    ],
  },
  {
    title: 'only one of the two upstreams',
    edit: (text) => text.replace(/upstream shop_green .*\n/, ''),
    says: ['The upstream `shop_green` of the switch is missing'],
  },
]

describe('a switch is refused for', () => {
  for (const { title, edit, says, mend } of cases) {
    test(title, slow, async () => {
      await edited(shop, edit, async (text) => {
        const sentence = await refusedFor(shop, {}, 'drift', ...says)
        if (mend === undefined) return
        await load(shop, mend(text, sentence))
        await released(shop)
      })
    })
  }

  test('switch files elsewhere than in the state directory', slow, async () => {
    const elsewhere = '/var/lib/blue-green/elsewhere'
    const says = `Nginx looks for the switch files in ${elsewhere}, and the state directory is ${shop.stateDirectory}`
    const move = (from: string, to: string) => must(host, `mkdir -p ${to} && cp -a ${from}/. ${to} && rm -r ${from}/*`)
    await move(shop.stateDirectory, elsewhere)
    await edited(
      shop,
      (text) => text.replaceAll(shop.stateDirectory, elsewhere),
      async () => {
        const sentence = await refusedFor(shop, {}, 'drift', says)
        const [, input = ''] = /Set `state-directory: (.*?)`/.exec(sentence) ?? []
        await released(shop, { 'state-directory': input })
      },
    )
    await move(elsewhere, shop.stateDirectory)
  })

  test('but not for a `backed` half that is not complete: that is told, and not used', slow, async () => {
    const without = (text: string) => text.replace(/ server \S+ backup;/, '')
    await edited(shop, without, async () => {
      const run = await released(shop)
      contains(notesOf(run).join('\n'), /The `backed` half of the switch is there but not complete, and is not used/)
    })
  })
})

describe('what Nginx has loaded', () => {
  for (const flip of ['switch', 'reload'] as const) {
    test(
      `may be another text than is on disk, which is named, where requests go as that says: a ${flip}`,
      slow,
      async () => {
        const site = flip === 'switch' ? shop : news
        const text = await host.readFile(site.nginxFile)
        await host.writeFile(site.nginxFile, `# edited\n${text}`)
        const said = notesOf(await released(site)).join('\n')
        const loads = flip === 'reload' ? ', and the reload of this release loads that' : ''
        contains(
          said,
          new RegExp(`${site.nginxFile} changed since Nginx was loaded${loads}\\. Requests through Nginx reach`),
        )
        await host.reloadNginx()
      },
    )
  }

  test('runs at all, whatever other Nginx runs in a container', slow, async () => {
    const other = `${shop.project}-other-nginx`
    const title = `process.title = 'nginx: master process /usr/sbin/nginx'; setInterval(() => {}, 1000)`
    await must(host, `docker run -d --init --name ${other} ${shop.repository}:v1 node -e "${title}"`)
    await until('the other Nginx', 10_000, async () => {
      const seen = await host.exec("grep -lsaE '^nginx: master process /usr/sbin' /proc/[0-9]*/cmdline")
      return seen.stdout.trim() !== '' || undefined
    })
    await host.stopNginx()
    try {
      await refusedFor(shop, {}, 'nginx-refused', /^Nginx does not run on deploy@127\.0\.0\.1:\d+\. Start it/)
      await refusedFor(news, {}, 'nginx-refused', /^Nginx does not run on deploy@127\.0\.0\.1:\d+\. Start it/)
    } finally {
      await host.startNginx()
      await must(host, `docker rm -f ${other}`)
    }
    await released(shop)
  })

  test('is not broken by another file, which is named', slow, async () => {
    await host.writeNginx({ 'conf.d/foreign.conf': 'server { listen 127.0.0.1:9; proxy_pas http://nowhere; }\n' })
    try {
      for (const site of [shop, news]) {
        await refusedFor(site, {}, 'nginx-refused', 'unknown directive "proxy_pas" in /etc/nginx/conf.d/foreign.conf:1')
      }
      const known = { 'state-directory': shop.stateDirectory, 'verify-url': `${shop.publicUrl}/health` }
      await refusedFor(shop, known, 'nginx-refused', 'in /etc/nginx/conf.d/foreign.conf:1')
    } finally {
      await host.exec('rm /etc/nginx/conf.d/foreign.conf')
    }
  })

  test('has the upstream', slow, async () => {
    const { sentences } = await refused(shop, { upstream: 'nothing' })
    contains(
      sentences.join('\n'),
      'Nginx has no upstream `nothing`, nor the pair `nothing_blue` and `nothing_green` of a switch',
      '`news`',
      '`shop` (a switch)',
    )
    await refusedFor(shop, { flip: 'reload' }, 'foreign-upstream', 'Nginx has no upstream `shop`')
    await refusedFor(news, { flip: 'switch' }, 'drift', 'no pair of upstreams `news_blue` and `news_green`')
  })

  test('sends traffic to one of the colors, for a reload', slow, async () => {
    const { blue, green } = news.parts.addresses
    const says = `sends traffic to 127.0.0.1:9, which is neither blue (${blue}) nor green (${green})`
    const replaced = (by: string) => (text: string) => text.replace(/server 127\S+;/, by)
    await edited(news, replaced('server 127.0.0.1:9;'), async () => {
      await refusedFor(news, {}, 'foreign-upstream', says, 'Name the right `upstream`, or give `blue-address`')
    })
    await edited(news, replaced('$& server 127.0.0.1:9;'), async () => {
      await refusedFor(news, {}, 'foreign-upstream', 'also sends traffic to 127.0.0.1:9', 'Take it out of the block.')
    })
    await released(news)
  })
})

/** The site's Nginx file is as it was again when the work is over, and loaded. */
async function edited(site: LabSite, edit: (text: string) => string, work: (text: string) => Promise<void>) {
  const sound = await host.readFile(site.nginxFile)
  assert.notEqual(edit(sound), sound)
  try {
    await load(site, edit(sound))
    await work(edit(sound))
  } finally {
    await load(site, sound)
  }
}

async function load(site: LabSite, text: string): Promise<void> {
  await host.writeFile(site.nginxFile, text)
  await host.reloadNginx()
}

async function must(on: LabHost, command: string): Promise<void> {
  const ended = await on.exec(command)
  assert.equal(ended.code, 0, `${command}: ${ended.stderr}`)
}
