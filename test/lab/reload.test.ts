import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { CONFIGURATION, differing, openReloadSite, type ReloadSite, released, sentences } from './reload-site.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

const timeout = 360_000
let lab: Lab
let bench: ReloadSite
let site: LabSite
let host: LabHost
before(async () => {
  lab = await openLab()
  bench = await openReloadSite(lab)
  site = bench.site
  host = bench.host
})
after(() => lab.dispose())

describe('a flip by reload', () => {
  /** Each with the address of the live color for `@`. */
  const shapes: Readonly<Record<string, (at: string) => { readonly text: string; readonly file?: string }>> = {
    'with parameters, comments and other blocks': (at) => ({
      text: `# ${at} is live; server ${at};
upstream other { server ${at}; }
upstream ${site.upstream} {
    zone web 64k; # server ${at};
    least_conn;
\tserver   ${at}   max_fails=3 fail_timeout=7s   weight=2 ;  # the live one: ${at}
    keepalive 8; keepalive_timeout 30s;
}
# Grüße ✓
${bench.server()}`,
    }),
    'on one line, without a last line end': (at) => ({
      text: `upstream ${site.upstream}{server ${at};keepalive 4;}${bench.server().replaceAll('\n', ' ').trimEnd()}#end`,
    }),
    'with CRLF': (at) => ({
      text: `upstream ${site.upstream} {\n  server ${at} max_conns=100;\n}\n${bench.server()}`.replaceAll('\n', '\r\n'),
    }),
    'in quotes': (at) => ({ text: `upstream "${site.upstream}" {\n  server "${at}" weight=3;\n}\n${bench.server()}` }),
    'in nginx.conf itself': (at) => ({
      file: '/etc/nginx/nginx.conf',
      text: bench.original.replace(
        /^http \{$/m,
        (http) => `${http}\nupstream ${site.upstream} { server ${at}; }\n${bench.server()}`,
      ),
    }),
  }
  for (const [name, shape] of Object.entries(shapes)) {
    test(`changes the address alone: a block ${name}`, { timeout }, async () => {
      const color = await bench.live()
      const address = (of: Color) => site.parts.addresses[of]
      const { text, file = CONFIGURATION } = shape(address(color))
      await bench.install(text, file)
      await host.exec(`chmod 0664 ${file}; chgrp adm ${file}`)
      const [before, time] = [await bench.tree(), (await host.exec(`stat -c %Y ${file}`)).stdout]
      const run = await bench.deploy()
      released(run)
      const now = color === 'blue' ? 'green' : 'blue'
      // The one server line of the block has the address after white space and perhaps a quote, and the block's name before.
      const wanted = text.replace(
        new RegExp(`(upstream "?${site.upstream}"?\\s*\\{(?:[^}#]|#.*)*?server\\s+"?)${address(color)}`),
        `$1${address(now)}`,
      )
      assert.notEqual(wanted, text)
      assert.equal(await host.readFile(file), wanted)
      assert.deepEqual(differing(before, await bench.tree()), [`sum of ${file}`], time)
      assert.equal((await site.get()).version, run.outputs['version'])
      assert.equal(run.outputs['color'], now)
    })
  }

  test('goes through a link in sites-enabled, and leaves it', { timeout }, async () => {
    const color = await bench.live()
    const text = `upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${bench.server()}`
    await bench.install(text, '/etc/nginx/sites-available/web')
    await host.exec('ln -s ../sites-available/web /etc/nginx/sites-enabled/web')
    await host.reloadNginx()
    const before = await bench.tree()
    released(await bench.deploy())
    assert.deepEqual(differing(before, await bench.tree()), [
      'sum of /etc/nginx/sites-available/web',
      'sum of /etc/nginx/sites-enabled/web',
    ])
    assert.notEqual(await bench.live(), color)
  })

  describe('with the lines of both colors', () => {
    const both = (rest: Readonly<Record<Color, string>>) => {
      const { blue, green } = site.parts.addresses
      return `upstream ${site.upstream} {\n  server ${blue}${rest.blue};\n  server ${green}${rest.green}; # green\n}\n${bench.server()}`
    }
    test('moves `down` to the other one, and back', { timeout }, async () => {
      const color = await bench.live()
      const down = (of: Color) => both({ blue: ' max_fails=2', green: ' weight=2', [of]: ' weight=5 down' })
      const other = color === 'blue' ? 'green' : 'blue'
      await bench.install(down(other))
      released(await bench.deploy())
      const flipped = await host.readFile(CONFIGURATION)
      assert.match(flipped, new RegExp(`server ${site.parts.addresses[other]} weight=5;`))
      assert.match(flipped, new RegExp(`server ${site.parts.addresses[color]} (max_fails|weight)=2 down;`))
      assert.equal(await bench.live(), other)
      released(await bench.deploy())
      assert.equal(await bench.live(), color)
    })

    test('is refused while both answer, and takes the one that answers for the live one', { timeout }, async () => {
      const text = both({ blue: '', green: '' })
      const started = await site.compose('start', site.services.blue, site.services.green)
      assert.equal(started.code, 0)
      await until('both colors', 10_000, async () => {
        const answers = await Promise.all([site.getColor('blue'), site.getColor('green')]).catch(() => undefined)
        return answers && true
      })
      await bench.install(text)
      const before = await bench.tree()
      const run = await bench.deploy()
      assert.equal(run.outputs['result'], 'unchanged', run.stdout)
      const said = sentences(run)
      assert.match(
        said,
        /sends traffic to both colors, and both answer\. Stop the one that is not live, or write `down`/,
      )
      assert.deepEqual(differing(before, await bench.tree()), [])
      const stopped = await site.compose('stop', site.services.green)
      assert.equal(stopped.code, 0)
      const flipped = await bench.deploy()
      released(flipped)
      assert.equal(flipped.outputs['previous-color'], 'blue')
      assert.equal(await host.readFile(CONFIGURATION), text)
    })
  })

  test('takes server lines by name', { timeout }, async () => {
    const color = await bench.live()
    const name = (of: Color) => `localhost:${site.ports[of]}`
    await bench.install(`upstream ${site.upstream} { server ${name(color)} max_fails=2; }\n${bench.server()}`)
    const run = await bench.deploy({ 'blue-address': name('blue'), 'green-address': name('green') })
    released(run)
    const other = color === 'blue' ? 'green' : 'blue'
    assert.match(await host.readFile(CONFIGURATION), new RegExp(`server ${name(other)} max_fails=2;`))
    assert.equal(await bench.live(), other)
  })

  test('is refused without the right to write the file, until the fix is run', { timeout }, async () => {
    const color = await bench.live()
    await bench.install(`upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${bench.server()}`)
    await host.exec('chown root:root /etc/nginx/conf.d/web.conf')
    const run = await bench.deploy()
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    const said = sentences(run)
    const [, fix = ''] = /deploy may not read and write .* run on the host: sudo (.*)$/m.exec(said) ?? []
    assert.equal(fix, 'chown deploy /etc/nginx/conf.d/web.conf', said)
    assert.equal((await host.exec(fix)).code, 0)
    released(await bench.deploy())
  })
})
