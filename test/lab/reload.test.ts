import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

const timeout = 180_000
let lab: Lab
let host: LabHost
let site: LabSite
let release = 1
let original = ''

before(async () => {
  lab = await openLab()
  host = await lab.host()
  original = await host.readFile('/etc/nginx/nginx.conf')
  site = await lab.site(host, { flip: 'reload' })
  await site.up('blue', 'v1')
})
after(() => lab.dispose())

const server = (target = site.upstream, port = site.publicPort) =>
  `server {\n    listen 127.0.0.1:${port};\n    server_name ${site.serverName};\n    location / { proxy_pass http://${target}; }\n}\n`

/** Puts a configuration in place of the one that is there, `deploy` may write it, and loads it. */
async function install(text: string, file = '/etc/nginx/conf.d/web.conf'): Promise<void> {
  await host.exec('rm -f /etc/nginx/conf.d/* /etc/nginx/sites-enabled/*')
  if (!file.endsWith('/nginx.conf')) await host.writeFile('/etc/nginx/nginx.conf', original)
  await host.writeFile(file, text)
  await host.exec(`chown deploy ${file}`)
  await host.reloadNginx()
}

async function live(): Promise<Color> {
  const { version } = await site.get()
  const colors = await Promise.all(
    (['blue', 'green'] as const).map(async (color) => {
      const answer = await site.getColor(color).catch(() => undefined)
      return answer?.version === version ? [color] : []
    }),
  )
  const [[color] = []] = colors.filter((found) => found.length > 0)
  return color ?? assert.fail('no color serves')
}

function deploy(more: Readonly<Record<string, string>> = {}): Promise<ActionRun> {
  release = (release % 9) + 1
  return runAction(site.inputs({ version: `v${release}`, watch: '0s', flip: 'reload', 'keep-images': '99', ...more }))
}

/** What every file of Nginx is: name, inode, mode, owner, links and content. */
async function files(): Promise<Map<string, string>> {
  const { stdout } = await host.exec(
    `find /etc/nginx \\( -type f -o -type l \\) -exec stat -c '%n %i %a %U:%G %N' {} \\; -exec sha256sum {} \\;`,
  )
  const said = stdout.trim().split('\n')
  return new Map(said.map((line, i) => [i % 2 === 0 ? (line.split(' ')[0] ?? '') : `sum of ${line.slice(66)}`, line]))
}

function differing(one: Map<string, string>, other: Map<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key)).toSorted()
}

function released(run: ActionRun): void {
  assert.equal(run.outputs['result'], 'released', run.stdout)
}

/** Refused before anything was started; gives what was said. */
function unchanged(run: ActionRun): string {
  assert.equal(run.outputs['result'], 'unchanged', run.stdout)
  return sentences(run)
}

function sentences({ report }: ActionRun): string {
  return (report as { failure: readonly string[] }).failure.join('\n')
}

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
${server()}`,
    }),
    'on one line, without a last line end': (at) => ({
      text: `upstream ${site.upstream}{server ${at};keepalive 4;}${server().replaceAll('\n', ' ').trimEnd()}#end`,
    }),
    'with CRLF': (at) => ({
      text: `upstream ${site.upstream} {\n  server ${at} max_conns=100;\n}\n${server()}`.replaceAll('\n', '\r\n'),
    }),
    'in quotes': (at) => ({ text: `upstream "${site.upstream}" {\n  server "${at}" weight=3;\n}\n${server()}` }),
    'in nginx.conf itself': (at) => ({
      file: '/etc/nginx/nginx.conf',
      text: original.replace(
        /^http \{$/m,
        (http) => `${http}\nupstream ${site.upstream} { server ${at}; }\n${server()}`,
      ),
    }),
  }
  for (const [name, shape] of Object.entries(shapes)) {
    test(`changes the address alone: a block ${name}`, { timeout }, async () => {
      const color = await live()
      const address = (of: Color) => site.parts.addresses[of]
      const { text, file = '/etc/nginx/conf.d/web.conf' } = shape(address(color))
      await install(text, file)
      await host.exec(`chmod 0664 ${file}; chgrp adm ${file}`)
      const [before, time] = [await files(), (await host.exec(`stat -c %Y ${file}`)).stdout]
      const run = await deploy()
      released(run)
      const now = color === 'blue' ? 'green' : 'blue'
      // The one server line of the block has the address after white space and perhaps a quote, and the block's name before.
      const wanted = text.replace(
        new RegExp(`(upstream "?${site.upstream}"?\\s*\\{(?:[^}#]|#.*)*?server\\s+"?)${address(color)}`),
        `$1${address(now)}`,
      )
      assert.notEqual(wanted, text)
      assert.equal(await host.readFile(file), wanted)
      assert.deepEqual(differing(before, await files()), [`sum of ${file}`], time)
      assert.equal((await site.get()).version, run.outputs['version'])
      assert.equal(run.outputs['color'], now)
    })
  }

  test('goes through a link in sites-enabled, and leaves it', { timeout }, async () => {
    const color = await live()
    const text = `upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${server()}`
    await install(text, '/etc/nginx/sites-available/web')
    await host.exec('ln -s ../sites-available/web /etc/nginx/sites-enabled/web')
    await host.reloadNginx()
    const before = await files()
    released(await deploy())
    assert.deepEqual(differing(before, await files()), [
      'sum of /etc/nginx/sites-available/web',
      'sum of /etc/nginx/sites-enabled/web',
    ])
    assert.notEqual(await live(), color)
  })

  describe('with the lines of both colors', () => {
    const both = (rest: Readonly<Record<Color, string>>) => {
      const { blue, green } = site.parts.addresses
      return `upstream ${site.upstream} {\n  server ${blue}${rest.blue};\n  server ${green}${rest.green}; # green\n}\n${server()}`
    }
    test('moves `down` to the other one, and back', { timeout }, async () => {
      const color = await live()
      const down = (of: Color) => both({ blue: ' max_fails=2', green: ' weight=2', [of]: ' weight=5 down' })
      const other = color === 'blue' ? 'green' : 'blue'
      await install(down(other))
      released(await deploy())
      const flipped = await host.readFile('/etc/nginx/conf.d/web.conf')
      assert.match(flipped, new RegExp(`server ${site.parts.addresses[other]} weight=5;`))
      assert.match(flipped, new RegExp(`server ${site.parts.addresses[color]} (max_fails|weight)=2 down;`))
      assert.equal(await live(), other)
      released(await deploy())
      assert.equal(await live(), color)
    })

    test('is refused while both answer, and takes the one that answers for the live one', { timeout }, async () => {
      const text = both({ blue: '', green: '' })
      const started = await site.compose('start', site.services.blue, site.services.green)
      assert.equal(started.code, 0)
      await until('both colors', 10_000, async () => {
        const answers = await Promise.all([site.getColor('blue'), site.getColor('green')]).catch(() => undefined)
        return answers && true
      })
      await install(text)
      const before = await files()
      const said = unchanged(await deploy())
      assert.match(
        said,
        /sends traffic to both colors, and both answer\. Stop the one that is not live, or write `down`/,
      )
      assert.deepEqual(differing(before, await files()), [])
      const stopped = await site.compose('stop', site.services.green)
      assert.equal(stopped.code, 0)
      const run = await deploy()
      released(run)
      assert.equal(run.outputs['previous-color'], 'blue')
      assert.equal(await host.readFile('/etc/nginx/conf.d/web.conf'), both({ blue: ' down', green: '' }))
    })
  })

  test('takes server lines by name', { timeout }, async () => {
    const color = await live()
    const name = (of: Color) => `localhost:${site.ports[of]}`
    await install(`upstream ${site.upstream} { server ${name(color)} max_fails=2; }\n${server()}`)
    const run = await deploy({ 'blue-address': name('blue'), 'green-address': name('green') })
    released(run)
    const other = color === 'blue' ? 'green' : 'blue'
    assert.match(await host.readFile('/etc/nginx/conf.d/web.conf'), new RegExp(`server ${name(other)} max_fails=2;`))
    assert.equal(await live(), other)
  })

  test('is refused without the right to write the file, until the mend is run', { timeout }, async () => {
    const color = await live()
    await install(`upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${server()}`)
    await host.exec('chown root:root /etc/nginx/conf.d/web.conf')
    const said = unchanged(await deploy())
    const [, mend = ''] = /deploy may not read and write .*Run on the host: sudo (.*?);/.exec(said) ?? []
    assert.equal(mend, 'chown deploy /etc/nginx/conf.d/web.conf', said)
    assert.equal((await host.exec(mend)).code, 0)
    released(await deploy())
  })
})

describe('a reload that fails', () => {
  /** Releases a version that boots slowly, and spoils Nginx meanwhile. */
  async function spoiled(command: string): Promise<ActionRun> {
    await site.version('x-slow-boot')
    const inputs = site.inputs({ version: 'x-slow-boot', watch: '0s' })
    const run = await startAction(inputs)
    await run.logged(/Wait until x-slow-boot/)
    assert.equal((await host.exec(command)).code, 0)
    return run.ended
  }
  /** The file is as it was, the previous color serves, and the next release goes through. */
  async function restored(run: ActionRun, mend: string, before: Map<string, string>, color: Color): Promise<string> {
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    assert.equal(await live(), color)
    assert.equal((await host.exec(mend)).code, 0)
    assert.deepEqual(differing(before, await files()), [])
    released(await deploy())
    return sentences(run)
  }
  async function ready(known?: Color): Promise<[Map<string, string>, Color]> {
    const color = known ?? (await live())
    await install(`upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${server()}`)
    return [await files(), color]
  }

  test('to take, though it returned 0, is noticed, and the log says why', { timeout }, async () => {
    const [before, color] = await ready()
    await host.exec('chmod 0644 /var/log/nginx/error.log')
    const taken = `echo 'server { listen 127.0.0.1:${host.port}; }' > /etc/nginx/conf.d/taken.conf`
    const said = await restored(await spoiled(taken), 'rm /etc/nginx/conf.d/taken.conf', before, color)
    assert.match(said, /returned 0, but the old workers go on/)
    assert.match(said, new RegExp(`\\[emerg\\].*127\\.0\\.0\\.1:${host.port} failed \\(98: `))
  })

  test('since somebody broke another file meanwhile, names that file', { timeout }, async () => {
    const [before, color] = await ready()
    const broken = 'echo broken > /etc/nginx/conf.d/broken.conf'
    const said = await restored(await spoiled(broken), 'rm /etc/nginx/conf.d/broken.conf', before, color)
    assert.match(said, /\/etc\/nginx\/conf\.d\/broken\.conf/)
  })

  test('since somebody changed the server line meanwhile, is not begun', { timeout }, async () => {
    const [, color] = await ready()
    const run = await spoiled('echo "# nothing" > /etc/nginx/conf.d/web.conf')
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    assert.match(sentences(run), /was changed since it was read: run this again/)
    assert.equal(await host.readFile('/etc/nginx/conf.d/web.conf'), '# nothing\n')
    assert.equal(await live(), color)
    await ready(color)
  })
})

describe('two targets in one file', () => {
  test('keep each what the other changed, also when one goes back', { timeout }, async () => {
    await using other = await lab.site(host, { flip: 'reload', service: 'api' })
    await other.up('blue', 'v1')
    const color = await live()
    const line = (at: string) => `    server ${at};`
    const text = `upstream web {\n${line(site.parts.addresses[color])}\n}\nupstream api {\n${line(other.parts.addresses.blue)}\n}\n${server()}${server('api', other.publicPort).replace(site.serverName, other.serverName)}`
    await install(text)
    const now = () => host.readFile('/etc/nginx/conf.d/web.conf')
    const [blue, green] = [other.parts.addresses.blue, other.parts.addresses.green]

    const failing = await startAction(site.inputs({ version: 'fails-later', watch: '15s' }))
    await failing.logged(/Watch fails-later/)
    const good = await runAction(other.inputs({ version: 'v2', watch: '0s' }))
    released(good)
    const failed = await failing.ended
    assert.equal(failed.outputs['result'], 'restored', failed.stdout)
    assert.equal(await now(), text.replace(line(blue), line(green)))
    await until('the other target', 5000, async () => ((await other.get()).version === 'v2' ? true : undefined))
    assert.equal(await live(), color)

    const both = await Promise.all([deploy(), runAction(other.inputs({ version: 'v3', watch: '0s' }))])
    for (const run of both) released(run)
    assert.match(await now(), new RegExp(`api \\{\n${line(blue)}`))
    assert.doesNotMatch(await now(), new RegExp(`${site.parts.addresses[color]};`))
    assert.equal((await other.get()).version, 'v3')
  })
})
