import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import { must } from './command.ts'
import { recordEvents } from './docker-events.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import { contains, notesOf, refused, released } from './refusal.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = 360_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** A site with these versions released in this order, the first of them on green. */
async function siteWith(
  service: string,
  versions: readonly string[],
  inputs: Readonly<Record<string, string>> = {},
): Promise<LabSite> {
  const site = await lab.site(host, { service, flip: 'switch' })
  for (const version of versions) await released(site, { version, 'drain-timeout': '0s', ...inputs })
  return site
}

/** Rolls back; `seen` is what must serve then. */
async function rolledBack(
  site: LabSite,
  seen: { readonly version: string; readonly color: Color; readonly from: string },
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  const more = { command: 'rollback', watch: '200ms', 'drain-timeout': '0s', 'verify-match': 'version {version}' }
  const run = await runAction(site.inputs({ ...more, ...inputs }))
  await wholeRun(run)
  const { outputs } = run
  assert.equal(outputs['result'], 'rolled-back', run.stdout)
  assert.deepEqual([outputs['version'], outputs['color']], [seen.version, seen.color])
  assert.equal(outputs['previous-version'], seen.from)
  assert.match(run.stdout, new RegExp(`^Rolled back: ${seen.version} on ${seen.color} is live`, 'm'))
  assert.equal((await site.get()).version, seen.version)
  return run
}

async function imageOf(reference: string): Promise<string> {
  return (await must(['docker', 'image', 'inspect', '--format', '{{.Id}}', reference])).trim()
}

async function containerOf(site: LabSite, color: Color) {
  return (await site.containers()).find(({ service }) => service === site.services[color])
}

/** The image that serves as this color. */
async function runningImage(site: LabSite, color: Color): Promise<string> {
  const container = await containerOf(site, color)
  return container?.status === 'running' ? container.imageId : ''
}

/** What each line of the ledger says of going back: version, command, and the image that was taken away. */
async function ledger(site: LabSite): Promise<readonly string[]> {
  const text = await host.readFile(`${site.stateDirectory}/ledger.jsonl`)
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { version, command, result } = JSON.parse(line)
      return `${version} ${command} ${result}`
    })
}

describe('back under keep-alive load, nothing lost', () => {
  /** What lies in the way of the idle color, and whether its very container comes back. */
  const ways: readonly {
    readonly title: string
    readonly previous: string
    readonly meanwhile?: (site: LabSite) => Promise<unknown>
    readonly same: boolean
    readonly started: boolean
  }[] = [
    { title: 'after `previous: stop`', previous: 'stop', same: true, started: true },
    { title: 'after `previous: keep`', previous: 'keep', same: true, started: false },
    { title: 'after `previous: remove`', previous: 'remove', same: false, started: true },
    {
      title: 'where it was replaced by hand',
      previous: 'stop',
      meanwhile: async (site) => {
        await site.up('green', 'v7')
        await site.compose('stop', site.services.green)
      },
      same: false,
      started: true,
    },
  ]
  for (const [index, { title, previous, meanwhile, same, started }] of ways.entries()) {
    test(title, { timeout: PATIENCE }, async () => {
      await using site = await siteWith(`way${index}`, ['v1', 'v2'], { previous })
      const image = await imageOf(`${site.repository}:v1`)
      const recorded = await containerOf(site, 'green')
      await meanwhile?.(site)
      const events = await recordEvents()
      await using load = await startLoad({ url: site.publicUrl, host: site.serverName, post: true, think: [20, 100] })
      await rolledBack(site, { version: 'v1', color: 'green', from: 'v2' }, { previous, pull: 'always' })
      const { lost, failures, byVersion } = await load.stop()
      assert.deepEqual(failures, [])
      assert.equal(lost, 0)
      assert.deepEqual(Object.keys(byVersion).sort(), ['v1', 'v2'])
      assert.equal(await runningImage(site, 'green'), image)
      const serving = await containerOf(site, 'green')
      assert.equal(serving?.id === recorded?.id, same)
      const mine = (await events()).filter(({ container, action }) => container === serving?.id && action === 'start')
      assert.equal(mine.length > 0, started)
      assert.deepEqual(await ledger(site), ['v1 deploy released', 'v2 deploy released', 'v1 rollback rolled-back'])
    })
  }
})

describe('what comes back is what was released', { timeout: PATIENCE }, () => {
  test('a name that was moved since leads to no other image', async () => {
    await using site = await siteWith('moved', ['v1', 'v2'], { previous: 'remove' })
    const image = await imageOf(`${site.repository}:v1`)
    await must(['docker', 'tag', `${site.repository}:v7`, `${site.repository}:v1`])
    const env = await host.readFile(`${site.directory}/compose.yaml`)
    await using load = await startLoad({ url: site.publicUrl, host: site.serverName, post: true, think: [20, 100] })
    const run = await rolledBack(site, { version: 'v1', color: 'green', from: 'v2' })
    const { lost, byVersion } = await load.stop()
    assert.deepEqual([lost, Object.keys(byVersion).sort()], [0, ['v1', 'v2']])
    assert.equal(await runningImage(site, 'green'), image)
    assert.equal(await imageOf(`${site.repository}:v1`), await imageOf(`${site.repository}:v7`))
    contains(notesOf(run).join('\n'), `\`${site.repository}:v1\` does not mean the image of that release any more`)
    assert.equal(await host.readFile(`${site.directory}/compose.yaml`), env)
    assert.doesNotMatch((await host.exec(`ls -A ${site.directory}/.blue-green`)).stdout, /image|yaml/)
    await released(site, { version: 'v3' })
  })

  test('with dependencies and an env_file too', async () => {
    await using site = await lab.site(host, { service: 'needy', compose: 'depends', extra: ['env_file: app.env'] })
    await host.writeFile(`${site.directory}/app.env`, "PASSWORD='a$b'\n", 'deploy')
    for (const version of ['v1', 'v2']) await released(site, { version, 'drain-timeout': '0s', previous: 'remove' })
    const image = await imageOf(`${site.repository}:v1`)
    const database = (await site.containers()).find(({ service }) => service === 'db')
    // Compose's own service `db` holds the image of v1 as well.
    await must(['docker', 'tag', `${site.repository}:v7`, `${site.repository}:v1`])
    await rolledBack(site, { version: 'v1', color: 'green', from: 'v2' })
    assert.equal(await runningImage(site, 'green'), image)
    const green = await containerOf(site, 'green')
    const environment = await must(['docker', 'inspect', '--format', '{{json .Config.Env}}', green?.id ?? ''])
    contains(environment, '"PASSWORD=a$b"')
    assert.equal((await site.containers()).find(({ service }) => service === 'db')?.startedAt, database?.startedAt)
  })

  test('nothing does where the image is gone: red, and what is possible is listed', async () => {
    await using site = await siteWith('gone', ['v1', 'v2', 'v3'], { previous: 'remove' })
    await must(['docker', 'rmi', '--force', `${site.repository}:v2`])
    const { sentences, reason, run } = await refused(site, { command: 'rollback', version: '' })
    assert.equal(reason, 'rollback-impossible')
    contains(sentences.join(), /The image of v2 .* is not on the host any more/, /you can go back to v1 \(released 2/)
    contains(run.stdout, /Not rolled back, live traffic was not touched: v3 on green serves/)
    await rolledBack(site, { version: 'v1', color: 'blue', from: 'v3' }, { version: 'v1' })
  })

  test('twice leads further back, and a version that is named to just that', async () => {
    await using site = await siteWith('twice', ['v1', 'v2', 'v3'])
    const hooks = { 'before-start': 'echo ran >hook.before', 'before-flip': 'echo $COMMAND $VERSION >hook.flip' }
    await rolledBack(site, { version: 'v2', color: 'blue', from: 'v3' }, hooks)
    assert.equal(
      (await host.exec(`cd ${site.directory} && ls hook.*; cat hook.flip`)).stdout,
      'hook.flip\nrollback v2\n',
    )
    await rolledBack(site, { version: 'v1', color: 'green', from: 'v2' })
    const { sentences } = await refused(site, { command: 'rollback', version: '' })
    contains(sentences.join(), /was taken away by a rollback before/, /go back to v2 \(.*\), v3 \(/)
    await rolledBack(site, { version: 'v3', color: 'blue', from: 'v1' }, { version: 'v3' })
    assert.deepEqual(await ledger(site), [
      ...['v1', 'v2', 'v3'].map((version) => `${version} deploy released`),
      ...['v2', 'v1', 'v3'].map((version) => `${version} rollback rolled-back`),
    ])
  })
})

test('a version that fails again is taken away again: what was live serves, and its container is as it was', {
  timeout: PATIENCE,
}, async () => {
  await using site = await siteWith('again', ['v1', 'v2'])
  const before = await site.containers()
  await using load = await startLoad({ url: site.publicUrl, host: site.serverName, post: true, think: [20, 100] })
  const run = await runAction(site.inputs({ command: 'rollback', 'after-flip': 'false', watch: '0s' }))
  await wholeRun(run)
  assert.equal(run.outputs['result'], 'restored', run.stdout)
  assert.deepEqual([run.outputs['version'], (await site.get()).version], ['v2', 'v2'])
  contains(run.stdout, /Not rolled back: v2 on blue serves again/)
  assert.equal((await load.stop()).lost, 0)
  const lying = (containers: typeof before) => containers.map(({ id, status }) => `${id} ${status}`).sort()
  assert.deepEqual(lying(await site.containers()), lying(before))
  assert.equal((await ledger(site)).length, 2)
})

test("with somebody else's broken file a deploy is refused, and a rollback warns", { timeout: PATIENCE }, async () => {
  await using own = await lab.host()
  await using site = await lab.site(own)
  for (const version of ['v1', 'v2']) await released(site, { version, 'drain-timeout': '0s' })
  await own.writeFile('/etc/nginx/conf.d/other.conf', 'server { listen 127.0.0.1:1; proxxy_pass http://nobody; }\n')
  const { reason } = await refused(site, { version: 'v3' })
  assert.equal(reason, 'nginx-refused')
  await using load = await startLoad({ url: site.publicUrl, host: site.serverName, post: true, think: [20, 100] })
  const run = await rolledBack(site, { version: 'v1', color: 'green', from: 'v2' })
  assert.equal((await load.stop()).lost, 0)
  contains(run.stdout, /^::warning::Nginx on .* refuses the configuration on disk: .*proxxy_pass/m)
})
