import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'
import { must, pause } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { type Registry, startRegistry, withLayer } from './registry.ts'
import type { LabSite } from './site.ts'
import { composeFile } from './site-compose.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = 5 * 60_000
const user = { name: 'shop', password: `it's "secret" $HOME ${Math.random().toString(36).slice(2)}` }

let lab: Lab
let host: LabHost
let site: LabSite
let registry: Registry
let image: string
before(async () => {
  lab = await openLab()
  registry = await startRegistry(user)
  host = await lab.host()
  site = await lab.site(host, {
    composeFile: (parts) =>
      composeFile({ ...parts, repository: `${registry.address}/${parts.repository}`, shape: 'each', extra: [] }),
  })
  image = `${registry.address}/${site.repository}`
  await withLayer(`${site.repository}:v2`, `${site.repository}:heavy`)
  await registry.push(`${site.repository}:heavy`, `${site.repository}:v2`)
  await must(['docker', 'rmi', `${site.repository}:heavy`])
  for (const version of ['v3', 'v4', 'v5', 'v6', 'never-healthy']) {
    await registry.push(`${site.repository}:${version}`, `${site.repository}:${version}`)
  }
  for (const tag of ['v1', 'other']) await must(['docker', 'tag', `${site.repository}:v1`, `${image}:${tag}`])
  await site.up('blue', 'v1')
})
after(async () => {
  await lab.dispose()
  await registry[Symbol.asyncDispose]()
})

function inputs(version: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const login = { registry: registry.address, 'registry-username': user.name, 'registry-password': user.password }
  const quick = { watch: '0s', 'drain-timeout': '0s', 'health-timeout': '3s', pull: 'always' }
  return site.inputs({ version, ...quick, ...login, ...more })
}

async function tags(): Promise<string[]> {
  const listed = await must(['docker', 'images', '--format', '{{.Tag}}', image])
  return listed
    .split('\n')
    .filter((tag) => tag !== '')
    .sort()
}

/** Where the password, or what docker makes of it, lies on the host; never its own log or process table. */
async function traces(): Promise<string> {
  const words = [user.password, Buffer.from(`${user.name}:${user.password}`).toString('base64')].join('\n')
  const places = '/home/deploy /tmp /run/lock /dev/shm /var/lib/blue-green'
  return (await host.exec(`cat >/etc/nginx/words; grep -rlF -f /etc/nginx/words ${places} || true`, { input: words }))
    .stdout
}

describe('a registry with a password', { timeout: PATIENCE }, () => {
  test('that is wrong ends the release at once, before anything is started', async () => {
    const before = await site.containers()
    const run = await runAction(inputs('v2', { 'registry-password': 'guess' }))
    const report = await wholeRun(run)
    assert.equal(report.result, 'unchanged', run.stdout)
    assert.equal(report.reason, 'pull-failed')
    assert.match(run.stdout, /the registry refuses it.*`registry-password`/)
    assert.doesNotMatch(run.stdout, /tried again/)
    assert.deepEqual(await site.containers(), before)
    assert.equal(await traces(), '')
  })

  test('is given it for the pull alone: no argument, log or file has it', async () => {
    const seen = new Set<string>()
    const action = await startAction(inputs('v2'))
    let going = true
    const sampling = (async () => {
      while (going) {
        for (const line of (await must(['ps', '-eo', 'args'])).split('\n')) seen.add(line)
        await pause(5)
      }
    })()
    const run = await action.ended
    going = false
    await sampling
    const report = await wholeRun(run)
    assert.equal(report.result, 'released', run.stdout)
    assert.match(run.stdout, / {2}\| .*Pull complete/)
    assert.ok(
      [...seen].some((line) => line.includes(`pull -- ${image}:v2`)),
      'the pull was never seen',
    )
    const secrets = [user.password, Buffer.from(`${user.name}:${user.password}`).toString('base64')]
    for (const secret of secrets) {
      assert.ok(![...seen].some((line) => line.includes(secret)))
      const told = run.stdout.split('\n').filter((line) => line.includes(secret) && !line.startsWith('::add-mask::'))
      assert.deepEqual(told, [])
      assert.ok(!run.summary.includes(secret))
    }
    assert.equal(await traces(), '')
  })

  test('that is down for a moment is asked again', async () => {
    await registry.stop()
    const action = await startAction(inputs('v3'))
    await action.logged(/is tried again in 3 s/)
    await registry.start()
    const run = await action.ended
    assert.equal(run.outputs['result'], 'released', run.stdout)
  })
})

describe('images', { timeout: PATIENCE }, () => {
  test('of a failed release go again', async () => {
    const before = await tags()
    const run = await runAction(inputs('never-healthy'))
    assert.equal(run.outputs['reason'], 'not-healthy', run.stdout)
    assert.deepEqual(await tags(), before)
  })

  test('of the newest releases stay, and what was never released or is in use', async () => {
    await must(['docker', 'create', '--name', `${site.project}-user`, `${image}:v3`])
    for (const version of ['v4', 'v5', 'v6']) {
      const run = await runAction(inputs(version, { 'keep-images': '2' }))
      assert.equal(run.outputs['result'], 'released', run.stdout)
    }
    await must(['docker', 'rm', `${site.project}-user`])
    // v1 was started by hand; v2 is gone, v3 was in use by a container.
    assert.deepEqual(await tags(), ['other', 'v1', 'v3', 'v5', 'v6'])
    const previous = (await site.containers()).find(({ version }) => version === 'v5')
    assert.equal(previous?.status, 'exited')
    const own = await must(['docker', 'images', '--format', '{{.Tag}}', site.repository])
    assert.ok(own.split('\n').includes('v2'), 'another repository lost its image')
  })
})
