import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startGitHub } from '../support/github.ts'
import { runAction, startAction } from './action.ts'
import { must } from './command.ts'
import {
  at,
  COMMENTS,
  discreet,
  HEAD,
  inputs,
  MADE,
  openScene,
  STATUS,
  sequences,
  siteNamed,
  statesOf,
  TOKEN,
  writes,
} from './github-scene.ts'
import { wholeRun } from './whole-run.ts'

let close: () => Promise<void>
before(async () => {
  close = await openScene()
})
after(() => close())

describe('each result is shown as what it is', () => {
  for (const { result, version, more, deployment, told } of [
    {
      result: 'released',
      version: 'v2',
      more: {},
      deployment: 'success',
      told: /`v2` is live[\s\S]*\*\*Now:\*\* `v2` on green/,
    },
    {
      result: 'unchanged',
      version: 'v3-never-healthy',
      more: { 'health-timeout': '2s' },
      deployment: 'failure',
      told: /`v3-never-healthy` was not released[\s\S]*\*\*Now:\*\* `v1` on blue/,
    },
    {
      result: 'restored',
      version: 'v4-wears-out',
      more: { watch: '60s', 'after-flip': 'exit 3' },
      deployment: 'failure',
      told: /the state before it is back[\s\S]*\*\*Now:\*\* `v1` on blue/,
    },
  ] as const) {
    test(result, { timeout: 240_000 }, async () => {
      const site = await siteNamed(`shown-${result}`)
      await site.version(version)
      await using github = await startGitHub()
      const before = github.state.addDeployment({
        task: `deploy:${site.upstream}`,
        statuses: [{ id: 1, state: 'success', description: '', log_url: '', environment_url: '' }],
      })
      const run = await runAction(inputs(site, { version, ...more }), at(github))

      await wholeRun(run)
      assert.equal(run.outputs['result'], result, run.stdout)
      assert.doesNotMatch(run.stdout, /^::warning/m)
      const good = result === 'released'
      assert.deepEqual(sequences(github), {
        deployment: [MADE, `${STATUS} in_progress`, `${STATUS} ${deployment}`, ...(good ? [`${STATUS} inactive`] : [])],
        comment: COMMENTS,
        status: ['statuses/{sha} pending', `statuses/{sha} ${good ? 'success' : 'failure'}`],
      })
      const made = github.state.deployments.at(-1)
      assert.equal(run.outputs['deployment-id'], String(made?.id))
      assert.deepEqual([made?.sha, made?.task], [HEAD, `deploy:${site.upstream}`])
      assert.equal(github.state.shown(before.id), good ? 'inactive' : 'success')
      assert.match(github.state.comments[0]?.body ?? '', told)
      assert.equal(github.state.commitStatuses.at(-1)?.context, `production/${site.upstream}`)
      const { version: serves } = await site.get()
      assert.ok(made?.statuses.at(-1)?.description.startsWith(`${serves} on `), made?.statuses.at(-1)?.description)
      discreet(github, site, run)
    })
  }

  test('stranded', { timeout: 240_000 }, async () => {
    const site = await siteNamed('shown-stranded')
    await using github = await startGitHub()
    const action = await startAction(
      inputs(site, { version: 'v2', watch: '60s', 'after-flip': 'sleep 3; exit 3' }),
      at(github),
    )
    await action.logged(/✓ See v2 on the public route/)
    const blue = (await site.containers()).find(({ service }) => service === site.services.blue)
    await must(['docker', 'stop', '--time', '1', blue?.id ?? ''])
    const run = await action.ended

    assert.equal(run.outputs['result'], 'stranded', run.stdout)
    assert.equal((await site.get()).version, 'v2')
    assert.deepEqual(statesOf(github), ['in_progress', 'error'])
    assert.match(github.state.deployments[0]?.statuses.at(-1)?.description ?? '', /^Stranded: v2 on green serves now/)
    assert.match(
      github.state.comments[0]?.body ?? '',
      /is stranded[\s\S]*\*\*Now:\*\* `v2` on green[\s\S]*docker compose start/,
    )
    assert.equal(github.state.commitStatuses.at(-1)?.state, 'error')
    discreet(github, site, run)
  })
})

describe('other commands', () => {
  test('rolled back: on the commit of the release that comes back; what only looks tells nothing', {
    timeout: 240_000,
  }, async () => {
    const site = await siteNamed('back')
    await using github = await startGitHub()
    for (const [version, sha] of [
      ['v2', 'c'.repeat(40)],
      ['v3', 'd'.repeat(40)],
    ] as const) {
      const run = await runAction(
        inputs(site, { version, deployment: 'false', 'pr-comment': 'false', 'commit-status': 'false' }),
        {
          env: { GITHUB_SHA: sha, GITHUB_API_URL: github.url },
        },
      )
      assert.equal(run.outputs['result'], 'released', run.stdout)
    }
    for (const [more, result] of [
      [{ command: 'rollback', 'dry-run': 'true' }, 'planned'],
      [{ command: 'status' }, 'ok'],
    ] as const) {
      const run = await runAction(inputs(site, more), at(github))
      assert.equal(run.outputs['result'], result, run.stdout)
    }
    // A deploy asks GitHub how its commit lies to the live one.
    assert.deepEqual(writes(github), [])

    const run = await runAction(inputs(site, { command: 'rollback' }), at(github))
    assert.equal(run.outputs['result'], 'rolled-back', run.stdout)
    assert.equal((await site.get()).version, 'v2')
    assert.deepEqual(
      github.state.deployments.map(({ sha }) => sha),
      ['c'.repeat(40)],
    )
    assert.deepEqual(sequences(github), {
      deployment: [MADE, `${STATUS} in_progress`, `${STATUS} success`],
      comment: COMMENTS,
      status: ['statuses/{sha} pending', 'statuses/{sha} success'],
    })
    assert.match(github.state.comments[0]?.body ?? '', /is back on `v2`[\s\S]*\*\*Now:\*\* `v2` on/)
    discreet(github, site, run)
  })

  test('a release that waits for another one is queued', { timeout: 240_000 }, async () => {
    const site = await siteNamed('queued')
    await using github = await startGitHub()
    const first = await startAction(inputs(site, { version: 'v2', watch: '8s', 'github-token': '' }), at(github))
    await first.logged(/::group::Watch v2/)
    const run = await runAction(inputs(site, { version: 'v3', 'lock-timeout': '90s' }), at(github))
    assert.equal((await first.ended).outputs['result'], 'released')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    assert.deepEqual(statesOf(github), ['queued', 'in_progress', 'success'])
    assert.match(github.state.deployments[0]?.statuses[0]?.description ?? '', /^Waiting for the deploy of v2/)
    discreet(github, site, run)
  })
})

test('a matrix of two services: two comments, two live deployments', { timeout: 240_000 }, async () => {
  const [one, other] = [await siteNamed('matrix-web'), await siteNamed('matrix-api')]
  await using github = await startGitHub()
  const options = { environment: 'staging', version: 'v2' }
  const runs = await Promise.all([one, other].map((site) => runAction(inputs(site, options), at(github))))
  for (const run of runs) assert.equal(run.outputs['result'], 'released', run.stdout)
  assert.deepEqual(github.state.deployments.map(({ id, task }) => `${task} ${github.state.shown(id)}`).sort(), [
    `deploy:${other.upstream} success`,
    `deploy:${one.upstream} success`,
  ])
  assert.equal(github.state.comments.length, 2)
  github.assertSound()
})

test('a container that prints secrets and Markdown: nothing of it does any harm', { timeout: 240_000 }, async () => {
  const site = await siteNamed('planted')
  await using github = await startGitHub()
  const key = site.inputs()['private-key'] ?? ''
  const lines = [TOKEN, Buffer.from(TOKEN).toString('base64'), encodeURIComponent(TOKEN), ...key.trim().split('\n')]
  const said = [...lines, '@octocat </details><h1>Approved</h1>', '``` # Released'].map((line) => `echo '${line}'`)
  const hook = `${said.join('\n')}\nexit 3`
  const run = await runAction(inputs(site, { version: 'v2', 'before-flip': hook }), at(github))
  assert.equal(run.outputs['result'], 'unchanged', run.stdout)
  const { body = '' } = github.state.comments[0] ?? {}
  assert.match(body, /\*\*\*/)
  assert.match(body, /```+text\n[\s\S]*@octocat/)
  discreet(github, site, run)
})

test('without a token: one note', async () => {
  const site = await siteNamed('without-token')
  await using github = await startGitHub()
  const run = await runAction(site.inputs({ version: 'v2', watch: '0s' }), at(github))
  assert.equal(run.outputs['result'], 'released', run.stdout)
  assert.equal(github.calls.length, 0)
  assert.equal((run.stdout.match(/github-token/g) ?? []).length, 1)
})
