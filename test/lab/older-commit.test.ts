import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startGitHub } from '../support/github.ts'
import { type ActionRun, runAction, startAction } from './action.ts'
import { at, inputs, openScene, siteNamed } from './github-scene.ts'

let close: () => Promise<void>
before(async () => {
  close = await openScene()
})
after(() => close())

const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)]
const QUICK = { watch: '0s', 'drain-timeout': '0s', previous: 'keep' }

/** The event of a pull request whose head is this commit. */
function headed(sha: string) {
  return { event: { pull_request: { number: 7, head: { sha, repo: { full_name: 'owner/shop' } } } } }
}

function warningsOf(run: ActionRun): string {
  return (run.report as { warnings: readonly string[] }).warnings.join('\n')
}

test('an ancestor of what is live is refused where GitHub can tell, unless it is wanted', {
  timeout: 360_000,
}, async () => {
  const site = await siteNamed('older')
  await using github = await startGitHub()
  const newer = await runAction(inputs(site, { ...QUICK, version: 'v2' }), at(github, headed(NEW)))
  assert.equal(newer.outputs['result'], 'released', newer.stdout)

  github.state.comparisons.set(`${NEW}...${OLD}`, 'behind')
  const older = await runAction(inputs(site, { ...QUICK, version: 'v3' }), at(github, headed(OLD)))
  assert.equal(older.outputs['result'], 'unchanged', older.stdout)
  assert.equal(older.outputs['reason'], 'older-commit')
  assert.deepEqual([older.outputs['color'], older.outputs['version']], ['green', 'v2'])
  assert.match(older.stdout, /The commit 1111111 is an ancestor of 2222222, which is live.*allow-downgrade: true/)
  assert.equal((await site.get()).version, 'v2')

  const wanted = { ...QUICK, version: 'v3', 'allow-downgrade': 'true' }
  const allowed = await runAction(inputs(site, wanted), at(github, headed(OLD)))
  assert.equal(allowed.outputs['result'], 'released', allowed.stdout)
})

test('where GitHub cannot tell, that is a warning', { timeout: 360_000 }, async () => {
  const site = await siteNamed('unknown')
  await using github = await startGitHub()
  const first = await runAction(inputs(site, { ...QUICK, version: 'v2' }), at(github, headed(NEW)))
  assert.equal(first.outputs['result'], 'released', first.stdout)
  const env = { GITHUB_API_URL: 'http://127.0.0.1:9' }
  const other = await runAction(inputs(site, { ...QUICK, version: 'v3' }), at(github, { ...headed(OLD), env }))
  assert.equal(other.outputs['result'], 'released', other.stdout)
  assert.match(warningsOf(other), /GitHub could not say whether 1111111 is older than 2222222/)
})

test('a lease whose run has ended, as GitHub says, is taken over before it is stale', {
  timeout: 360_000,
}, async () => {
  const site = await siteNamed('over')
  await using github = await startGitHub()
  const inTheWatch = { version: 'v2', watch: '120s', lease: '10m' }
  const killed = await startAction(inputs(site, inTheWatch), at(github, { env: { GITHUB_RUN_ID: '41' } }))
  await killed.logged(/✓ See v2 on/)
  killed.kill('SIGKILL')
  await killed.ended
  const next = at(github, { env: { GITHUB_RUN_ID: '42' } })

  github.state.runs.set(41, 'in_progress')
  const refused = await runAction(inputs(site, { ...QUICK, version: 'v3' }), next)
  assert.equal(refused.outputs['reason'], 'lease-held', refused.stdout)
  assert.match(refused.stdout, /actions\/runs\/41/)

  github.state.runs.set(41, 'completed')
  const released = await runAction(inputs(site, { ...QUICK, version: 'v3' }), next)
  assert.equal(released.outputs['result'], 'released', released.stdout)
  assert.match(warningsOf(released), /The deploy of v2 .*traffic was put back/)
  assert.equal((await site.get()).version, 'v3')
})
