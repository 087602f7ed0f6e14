import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import {
  CONFIGURATION,
  differing,
  type NginxTree,
  openReloadSite,
  type ReloadSite,
  released,
  sentences,
} from './reload-site.ts'
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
  async function restored(run: ActionRun, mend: string, before: NginxTree, color: Color): Promise<string> {
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    assert.equal(await bench.live(), color)
    assert.equal((await host.exec(mend)).code, 0)
    assert.deepEqual(differing(before, await bench.tree()), [])
    released(await bench.deploy())
    return sentences(run)
  }
  async function ready(known?: Color): Promise<[NginxTree, Color]> {
    const color = known ?? (await bench.live())
    await bench.install(`upstream ${site.upstream} { server ${site.parts.addresses[color]}; }\n${bench.server()}`)
    return [await bench.tree(), color]
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
    assert.equal(await host.readFile(CONFIGURATION), '# nothing\n')
    assert.equal(await bench.live(), color)
    await ready(color)
  })
})

describe('two targets in one file', () => {
  test('keep each what the other changed, also when one goes back', { timeout }, async () => {
    await using other = await lab.site(host, { flip: 'reload', service: 'api' })
    await other.up('blue', 'v1')
    const color = await bench.live()
    const line = (at: string) => `    server ${at};`
    const text = `upstream web {\n${line(site.parts.addresses[color])}\n}\nupstream api {\n${line(other.parts.addresses.blue)}\n}\n${bench.server()}${bench.server('api', other.publicPort).replace(site.serverName, other.serverName)}`
    await bench.install(text)
    const now = () => host.readFile(CONFIGURATION)
    const [blue, green] = [other.parts.addresses.blue, other.parts.addresses.green]

    const failing = await startAction(site.inputs({ version: 'fails-later', watch: '15s' }))
    await failing.logged(/Watch fails-later/)
    const good = await runAction(other.inputs({ version: 'v2', watch: '0s' }))
    released(good)
    const failed = await failing.ended
    assert.equal(failed.outputs['result'], 'restored', failed.stdout)
    assert.equal(await now(), text.replace(line(blue), line(green)))
    await until('the other target', 5000, async () => ((await other.get()).version === 'v2' ? true : undefined))
    assert.equal(await bench.live(), color)

    const both = await Promise.all([bench.deploy(), runAction(other.inputs({ version: 'v3', watch: '0s' }))])
    for (const run of both) released(run)
    assert.match(await now(), new RegExp(`api \\{\n${line(blue)}`))
    assert.doesNotMatch(await now(), new RegExp(`${site.parts.addresses[color]};`))
    assert.equal((await other.get()).version, 'v3')
  })
})
