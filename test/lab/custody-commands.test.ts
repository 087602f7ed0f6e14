import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import type { LabSite } from './site.ts'

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

async function siteNamed(service: string): Promise<LabSite> {
  const site = await lab.site(host, { service })
  await site.up('blue', 'v1')
  return site
}

function notesOf(run: ActionRun): string {
  return (run.report as { notes: readonly string[] }).notes.join('\n')
}

/** Journals that lie in the state directory. */
async function journals(site: LabSite): Promise<string> {
  return (await site.host.exec(`cd ${site.stateDirectory} && ls -d journal-* 2>/dev/null`)).stdout.trim()
}

test('a rollback asks a release in its watch to restore, and is that rollback', { timeout: 240_000 }, async () => {
  const site = await siteNamed('asked')
  await using load = await startLoad({ url: site.publicUrl, host: site.serverName, connections: 8, post: true })
  const deploy = await startAction(site.inputs({ version: 'v2', watch: '60s', 'drain-timeout': '2s' }))
  await deploy.logged(/✓ See v2 on/)
  const rollback = await runAction(site.inputs({ command: 'rollback', version: '', watch: '0s' }))
  const ended = await deploy.ended
  const { lostBy } = await load.stop()
  assert.equal(ended.outputs['result'], 'restored', ended.stdout)
  assert.equal(ended.outputs['reason'], 'superseded')
  assert.equal(rollback.outputs['result'], 'rolled-back', rollback.stdout)
  assert.deepEqual([rollback.outputs['color'], rollback.outputs['version']], ['blue', 'v1'])
  assert.deepEqual([rollback.outputs['previous-color'], rollback.outputs['previous-version']], ['green', 'v2'])
  assert.match(notesOf(rollback), /The release of v2 was in its watch/)
  assert.equal((await site.get()).version, 'v1')
  assert.deepEqual(lostBy, {})
  assert.equal(await journals(site), '')
})

test('a rollback does not ask a release that has not flipped yet', { timeout: 240_000 }, async () => {
  const site = await siteNamed('early')
  const inputs = site.inputs({ version: 'v2', 'before-flip': 'sleep 4', watch: '0s', 'drain-timeout': '0s' })
  const deploy = await startAction(inputs)
  await deploy.logged(/✓ Write v2/)
  const rollback = await runAction(site.inputs({ command: 'rollback', version: '' }))
  assert.equal(rollback.outputs['reason'], 'lease-held', rollback.stdout)
  assert.match(
    rollback.stdout,
    /the deploy of v2 to green by octocat .*https:\/\/github\.com\/owner\/shop\/actions\/runs/,
  )
  assert.equal((await deploy.ended).outputs['result'], 'released')
})

test('a rollback waits for a release that is confirmed and lets its previous color finish', {
  timeout: 240_000,
}, async () => {
  const site = await siteNamed('finishing')
  const first = await runAction(site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': '0s' }))
  assert.equal(first.outputs['result'], 'released', first.stdout)
  const late = site.get('/slow?ms=9000')
  const deploy = await startAction(site.inputs({ version: 'v3', watch: '0s', 'drain-timeout': '20s' }))
  await deploy.logged(/::group::Let green finish/)
  const rollback = await runAction(site.inputs({ command: 'rollback', version: '', watch: '0s' }))
  assert.equal((await deploy.ended).outputs['result'], 'released')
  assert.equal(rollback.outputs['result'], 'rolled-back', rollback.stdout)
  assert.deepEqual([rollback.outputs['version'], rollback.outputs['previous-version']], ['v2', 'v3'])
  assert.deepEqual([(await late).status, (await site.get()).version], [200, 'v2'])
})

test('a rollback undoes no other one, and does not go further back behind it', { timeout: 240_000 }, async () => {
  const site = await siteNamed('two')
  for (const version of ['v2', 'v3', 'v4']) {
    const { outputs, stdout } = await runAction(site.inputs({ version, watch: '0s', 'drain-timeout': '0s' }))
    assert.equal(outputs['result'], 'released', stdout)
  }
  const inputs = site.inputs({ command: 'rollback', version: '', watch: '3s', 'drain-timeout': '0s' })
  const first = await startAction(inputs)
  await first.logged(/✓ See v3 on/)
  // Its heart beats every five seconds: it may have ended before the next one is heard.
  const second = await runAction(inputs)
  const ended = await first.ended
  assert.equal(ended.outputs['result'], 'rolled-back', ended.stdout)
  assert.deepEqual([second.outputs['result'], second.outputs['reason']], ['unchanged', 'lease-held'], second.stdout)
  assert.match(second.stdout, /held by the rollback to \w+ by octocat/)
  assert.equal((await site.get()).version, 'v3')
  assert.equal(await journals(site), '')
})

test('a rollback waits for the lease of a run that was killed, whatever its `lock-timeout`', {
  timeout: 240_000,
}, async () => {
  const site = await siteNamed('warm')
  for (const version of ['v2', 'v3']) {
    const { outputs, stdout } = await runAction(site.inputs({ version, watch: '0s', 'drain-timeout': '0s' }))
    assert.equal(outputs['result'], 'released', stdout)
  }
  const killed = await startAction(site.inputs({ version: 'v4', 'before-flip': 'sleep 60', lease: '12s' }))
  await killed.logged(/✓ Write v4/)
  killed.kill('SIGKILL')
  await killed.ended
  const rollback = await runAction(site.inputs({ command: 'rollback', version: '', watch: '0s' }))
  assert.equal(rollback.outputs['result'], 'rolled-back', rollback.stdout)
  assert.match(rollback.stdout, /Waiting for the deploy of v4/)
  assert.equal((await site.get()).version, 'v2')
})

test('unlock recovers what a dead run left, says whose it was, and the next release goes out', {
  timeout: 240_000,
}, async () => {
  const site = await siteNamed('unlocked')
  const killed = await startAction(site.inputs({ version: 'v2', watch: '60s', lease: '5m' }))
  await killed.logged(/✓ See v2 on/)
  killed.kill('SIGKILL')
  await killed.ended
  const refused = await runAction(site.inputs({ version: 'v3' }))
  assert.equal(refused.outputs['reason'], 'lease-held', refused.stdout)
  const unlocked = await runAction(site.inputs({ command: 'unlock', version: '' }))
  assert.equal(unlocked.outputs['result'], 'ok', unlocked.stdout)
  assert.equal(unlocked.exitCode, 0)
  assert.deepEqual([unlocked.outputs['color'], unlocked.outputs['version']], ['blue', 'v1'])
  assert.match(notesOf(unlocked), /The deploy of v2 .*traffic was put back/)
  assert.match(notesOf(unlocked), /The lease was held by the deploy of v2 to green by octocat/)
  assert.equal((await site.get()).version, 'v1')
  assert.equal(await journals(site), '')
  assert.deepEqual(
    (await site.containers()).map(({ service, status }) => `${service} ${status}`),
    ['unlocked_blue running'],
  )
  const next = await runAction(site.inputs({ version: 'v3', watch: '0s', 'drain-timeout': '0s' }))
  assert.equal(next.outputs['result'], 'released', next.stdout)
})

test('unlock of a target that nobody holds is green, and one whose host is gone is not', async () => {
  const site = await siteNamed('free')
  const free = await runAction(site.inputs({ command: 'unlock', version: '' }))
  assert.equal(free.outputs['result'], 'ok', free.stdout)
  assert.match(notesOf(free), /Nobody held the lease/)
  const gone = await runAction(site.inputs({ command: 'unlock', version: '', host: 'deploy@127.0.0.1:9' }))
  assert.equal(gone.outputs['result'], 'problems', gone.stdout)
  assert.equal(gone.exitCode, 1)
})

test('a second run waits as long as it may, and goes on by itself', { timeout: 240_000 }, async () => {
  const site = await siteNamed('waited')
  const inputs = { watch: '2s', 'drain-timeout': '0s' }
  const first = await startAction(site.inputs({ ...inputs, version: 'v2' }))
  await first.logged(/Take the lease/)
  const second = await startAction(site.inputs({ ...inputs, version: 'v3', 'lock-timeout': '60s' }))
  await second.logged(/Waiting for the deploy of v2/)
  const [one, two] = await Promise.all([first.ended, second.ended])
  assert.deepEqual([one.outputs['result'], two.outputs['result']], ['released', 'released'], two.stdout)
  assert.equal((await site.get()).version, 'v3')
  assert.equal(await journals(site), '')
})
