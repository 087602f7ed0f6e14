import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { until } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
import { type LabRedis, startRedis } from './redis.ts'
import type { LabSite } from './site.ts'
import { get } from './web.ts'

let lab: Lab
let site: LabSite
let redis: LabRedis
before(async () => {
  lab = await openLab()
  site = await lab.site(await lab.host({ nginx: 'stopped' }))
  redis = await startRedis(site)
})
after(async () => {
  await redis[Symbol.asyncDispose]()
  await lab.dispose()
})

const inputs = (more: Readonly<Record<string, string>> = {}) =>
  site.inputs({
    router: 'redis',
    redis: `redis-cli -p ${redis.port}`,
    'redis-key': redis.key,
    'redis-password': redis.password,
    'verify-url': `${redis.url}/health`,
    'verify-match': 'version {version}',
    watch: '300ms',
    'drain-timeout': '3s',
    lease: '3s',
    ...more,
  })

async function ended(result: string, more: Readonly<Record<string, string>>): Promise<ActionRun> {
  const run = await runAction(inputs(more))
  assert.equal(run.outputs['result'], result, run.stdout)
  // Only the runner is told what it must hide.
  const told = run.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  assert.ok(!`${told.join('\n')}${run.summary}${JSON.stringify(run.report)}`.includes(redis.password))
  return run
}

const version = async () => (await get(`${redis.url}/`)).version

describe('a key in Redis', { timeout: 480_000 }, () => {
  test('is set by the first release, when no color is live yet', async () => {
    const { outputs } = await ended('released', { version: 'v1' })
    assert.deepEqual([outputs['color'], await redis.value(), await version()], ['blue', 'blue', 'v1'])
  })

  test('is flipped by the next, and no request is lost', async () => {
    const load = await startLoad({ url: `${redis.url}/`, connections: 4, keepAlive: false })
    await ended('released', { version: 'v2' })
    assert.deepEqual([await redis.value(), await version()], ['green', 'v2'])
    const { failures } = await load.stop()
    assert.deepEqual(failures, [])
  })

  test('stays if the new version is refused', async () => {
    const { outputs } = await ended('unchanged', { version: 'v3-crash', 'health-timeout': '5s' })
    assert.notEqual(outputs['reason'], '')
    assert.deepEqual([await redis.value(), await version()], ['green', 'v2'])
  })

  test('is put back if the release fails after the flip', async () => {
    const { outputs } = await ended('restored', { version: 'v3', 'after-flip': 'exit 1' })
    assert.equal(outputs['reason'], 'hook-failed')
    assert.deepEqual([await redis.value(), await version()], ['green', 'v2'])
  })

  test('that somebody else sets back in the watch stays so, and that is told', async () => {
    const action = await startAction(inputs({ version: 'v3', watch: '60s' }))
    await action.logged(/::group::Watch /)
    await redis.set('green')
    const run = await action.ended
    assert.deepEqual([run.outputs['result'], run.outputs['reason']], ['restored', 'flipped-by-others'], run.stdout)
    assert.deepEqual([await redis.value(), await version()], ['green', 'v2'])
  })

  test('goes back with a rollback', async () => {
    const { outputs } = await ended('rolled-back', { command: 'rollback', version: '' })
    assert.deepEqual([outputs['version'], await redis.value(), await version()], ['v1', 'blue', 'v1'])
  })

  test('is put back by the guard when the runner is gone', async () => {
    const action = await startAction(inputs({ version: 'v2', watch: '60s' }))
    await action.logged(/::group::Watch /)
    assert.equal(await redis.value(), 'green')
    action.kill('SIGKILL')
    await action.ended
    await until('the key to go back', 30_000, async () => (await redis.value()) === 'blue' || undefined)
    assert.equal(await version(), 'v1')
    await ended('released', { version: 'v2' })
    assert.equal(await version(), 'v2')
  })

  test('of a server that lets nobody in is refused by name', async () => {
    const { stdout } = await ended('unchanged', { version: 'v3', 'redis-password': 'wrong-password' })
    assert.match(stdout, /Redis could not be asked on .*WRONGPASS/)
  })

  test('is the proof by itself if the public route is not known', async () => {
    const { stdout } = await ended('released', { version: 'v3', 'verify-url': '', 'verify-match': '' })
    assert.match(stdout, /The public route is not asked: it is not known/)
    assert.equal(await version(), 'v3')
  })

  test('is checked by a plan, which is not carried out', async () => {
    const before = await redis.value()
    const { stdout } = await ended('ok', { command: 'check', version: 'v1' })
    assert.match(stdout, /v1 goes to (blue|green); the flip is a change of the key `shop:it's live` in Redis\./)
    assert.equal(await redis.value(), before)
    const refused = await ended('problems', { command: 'check', version: 'v1', service: 'nothing' })
    assert.match(refused.stdout, /::error::/)
  })

  test('says in its status what is live', async () => {
    const { outputs } = await ended('ok', { command: 'status' })
    assert.deepEqual([outputs['color'], outputs['version']], [await redis.value(), 'v3'])
  })
})
