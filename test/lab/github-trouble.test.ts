import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Permission, type StandInOptions, startGitHub } from '../support/github.ts'
import { runAction, startAction } from './action.ts'
import { at, discreet, inputs, killedInWatch, openScene, shownAsRestored, siteNamed, statesOf } from './github-scene.ts'
import { wholeRun } from './whole-run.ts'

let close: () => Promise<void>
before(async () => {
  close = await openScene()
})
after(() => close())

describe('a run that does not end by itself', () => {
  test('cancelled in the watch: within ten seconds it is told what serves', { timeout: 240_000 }, async () => {
    const site = await siteNamed('cancelled')
    await using github = await startGitHub()
    const action = await startAction(inputs(site, { version: 'v2', watch: '120s' }), at(github))
    await action.logged(/::group::Watch v2/)
    const asked = performance.now()
    action.kill('SIGINT')
    const run = await action.ended
    assert.ok(performance.now() - asked < 10_000)
    assert.equal(run.outputs['result'], 'restored', run.stdout)
    const post = await runAction(inputs(site, {}), at(github, { entry: 'dist/post.js', state: run.state }))
    assert.deepEqual(statesOf(github), ['in_progress', 'failure'])
    const last = github.state.deployments[0]?.statuses.at(-1)?.description ?? ''
    assert.match(last, /^v1 on blue serves again\. Cancelled/)
    assert.equal((await site.get()).version, 'v1')
    discreet(github, site, run, post)
  })

  test('killed in the watch: post puts the previous version back, and says so', { timeout: 240_000 }, async () => {
    const site = await siteNamed('killed')
    await using github = await startGitHub()
    const run = await killedInWatch(site, github)
    assert.deepEqual(statesOf(github), ['in_progress'])
    const post = await runAction(inputs(site, {}), at(github, { entry: 'dist/post.js', state: run.state }))

    assert.equal(post.exitCode, 0, post.stderr)
    assert.equal(run.state['deployment-id'], String(github.state.deployments[0]?.id))
    assert.equal((await site.get()).version, 'v1')
    shownAsRestored(github)
    assert.equal(github.state.deployments.length, 1)
    discreet(github, site, run, post)
  })

  test('killed, and no post either: the next run says how it ended', { timeout: 240_000 }, async () => {
    const site = await siteNamed('lost')
    await using github = await startGitHub()
    const killed = await killedInWatch(site, github)
    const env = { GITHUB_RUN_ID: '1234567891' }
    const run = await runAction(
      inputs(site, { version: 'v3', lease: '3s', 'lock-timeout': '60s' }),
      at(github, { env }),
    )
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const [lost, made] = github.state.deployments
    assert.deepEqual(
      lost?.statuses
        .map(({ state }) => state)
        .filter((state) => state !== 'in_progress')
        .slice(-1),
      ['failure'],
    )
    assert.match(lost?.statuses.at(-1)?.description ?? '', /^v1 on blue serves again/)
    assert.equal(github.state.shown(made?.id ?? 0), 'success')
    assert.match(github.state.comments[0]?.body ?? '', /`v3` is live/)
    discreet(github, site, killed, run)
  })
})

describe('GitHub in trouble', () => {
  const trouble: readonly [string, StandInOptions][] = [
    ['hangs', { fault: () => ({ kind: 'hang' }) }],
    ['answers 500', { fault: () => ({ kind: 'status', status: 500 }) }],
    ['answers after 20 s', { fault: () => ({ kind: 'late', milliseconds: 20_000 }) }],
  ]
  for (const [how, options] of trouble) {
    test(`that ${how}: the release does not wait for it, and its end not for long`, { timeout: 240_000 }, async () => {
      const site = await siteNamed(`trouble-${how.replaceAll(' ', '-')}`)
      await using github = await startGitHub(options)
      let flipped = Number.POSITIVE_INFINITY
      const onOutput = (text: string): void => {
        if (/✓ Flip the switch/.test(text)) flipped = Math.min(flipped, performance.now())
      }
      const run = await runAction(inputs(site, { version: 'v2' }), at(github, { onOutput }))

      assert.equal(run.exitCode, 0, run.stdout)
      assert.equal(run.outputs['result'], 'released')
      const good = github.calls.flatMap(({ status, answered }) => (status > 0 && status < 300 ? [answered ?? 0] : []))
      assert.ok(github.calls.length > 0)
      assert.ok(flipped < Math.min(Number.POSITIVE_INFINITY, ...good), 'the flip came after an answer')
      const waited = run.duration - Number(run.outputs['duration-ms'])
      assert.ok(waited < 30_000, `${waited} ms after the release`)
      const warnings = run.stdout.match(/^::warning/gm) ?? []
      assert.ok(warnings.length >= 1 && warnings.length <= 3, run.stdout)
      discreet(github, site, run)
    })
  }

  test('a token that may do nothing releases, with one warning for each missing permission', async () => {
    const site = await siteNamed('no-permission')
    const permissions: readonly Permission[] = []
    await using github = await startGitHub({ permissions })
    const run = await runAction(inputs(site, { version: 'v2' }), at(github))
    await wholeRun(run)
    assert.equal(run.outputs['result'], 'released', run.stdout)
    const warnings = [...run.stdout.matchAll(/^::warning::.*?Add `(.*?)` under/gm)].map(([, line]) => line)
    assert.deepEqual(warnings.sort(), ['deployments: write', 'pull-requests: write', 'statuses: write'])
    assert.equal((run.stdout.match(/^::warning/gm) ?? []).length, 3)
    assert.match(run.summary, /`deployments: write`/)
    discreet(github, site, run)
  })
})
