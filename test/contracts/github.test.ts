import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { leftToSay } from '../../src/github/reporting/finish.ts'
import { pause } from '../lab/command.ts'
import { startGitHub } from '../support/github.ts'
import {
  beginRun,
  COMMIT,
  clientFor,
  DEPLOYMENTS,
  never,
  plan,
  report,
  shownAs,
  subject,
  toldOnTheWay,
} from './github-run.ts'

describe('a release on a pull request', () => {
  test('makes a deployment, a status and a comment, and ends them as the release ended', async () => {
    await using github = await startGitHub()
    const old = github.state.addDeployment({
      task: 'deploy:web',
      statuses: [shownAs('success')],
    })
    const { reporting, read } = beginRun(github, { inputs: { environmentUrl: new URL('https://shop.example.org/') } })
    reporting.planned(plan)
    await toldOnTheWay(github)
    const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)

    assert.deepEqual(warnings, [])
    github.assertSound()
    const [, made] = github.state.deployments
    assert.ok(made)
    assert.deepEqual([made.sha, made.task, made.environment], [COMMIT, 'deploy:web', 'production'])
    assert.deepEqual(
      made.statuses.map(({ state }) => state),
      ['in_progress', 'success'],
    )
    assert.equal(made.statuses.at(-1)?.environment_url, 'https://shop.example.org/')
    assert.equal(made.statuses.at(-1)?.log_url, subject.run.url)
    const created = github.calls.find(({ operation }) => operation === DEPLOYMENTS)?.body as Record<string, unknown>
    assert.deepEqual(
      [
        created['auto_merge'],
        created['required_contexts'],
        created['production_environment'],
        created['transient_environment'],
      ],
      [false, [], true, false],
    )
    assert.deepEqual(created['payload'], {
      ...{
        version: 'v2',
        command: 'deploy',
        color: 'green',
        before: { color: 'blue', version: 'v1' },
        upstream: 'web',
        run: '12/1',
        'run-url': subject.run.url,
      },
      ...{ pulls: [7], status: true, site: 'https://shop.example.org/' },
    })
    assert.equal(github.state.shown(old.id), 'inactive')
    assert.equal(reporting.deploymentId(), made.id)
    assert.equal(read('deployment-id'), String(made.id))
    assert.equal(github.state.comments.length, 1)
    assert.match(github.state.comments[0]?.body ?? '', /`v2` is live on `production`/)
    assert.deepEqual(
      github.state.commitStatuses.map(({ sha, context, state }) => [sha, context, state]),
      [
        [COMMIT, 'production/web', 'pending'],
        [COMMIT, 'production/web', 'success'],
      ],
    )
    assert.deepEqual(leftToSay(read)?.open, [])
  })

  for (const [result, deployment, commit] of [
    ['unchanged', 'failure', 'failure'],
    ['restored', 'failure', 'failure'],
    ['stranded', 'error', 'error'],
  ] as const) {
    test(`${result} is a ${deployment}, and what served before stays active`, async () => {
      await using github = await startGitHub()
      const old = github.state.addDeployment({
        task: 'deploy:web',
        statuses: [shownAs('success')],
      })
      const { reporting } = beginRun(github)
      reporting.planned(plan)
      assert.deepEqual(await reporting.end(report({ result }), 20_000, never), [])
      github.assertSound()
      assert.equal(github.state.shown(old.id), 'success')
      assert.equal(github.state.shown(reporting.deploymentId() ?? 0), deployment)
      assert.equal(github.state.commitStatuses.at(-1)?.state, commit)
    })
  }

  for (const command of ['deploy', 'rollback']) {
    test(`a ${command} that failed before there was a plan is told as well`, async () => {
      await using github = await startGitHub()
      const run = beginRun(github, { command })
      await run.reporting.end(report({ result: 'unchanged' }), 20_000, never)
      assert.equal(github.state.deployments[0]?.statuses.at(-1)?.state, 'failure')
      assert.equal(github.state.commitStatuses.at(-1)?.state, 'failure')
      github.assertSound()
    })
  }

  test('an unlock is no release, and a rollback that only asked another run to restore is none of its own', async () => {
    await using github = await startGitHub()
    for (const [command, result] of [
      ['unlock', 'ok'],
      ['rollback', 'rolled-back'],
    ] as const) {
      await beginRun(github, { command }).reporting.end(report({ result }), 20_000, never)
    }
    assert.equal(github.calls.length, 0)
  })

  test('waiting for another run is queued', async () => {
    await using github = await startGitHub()
    const { reporting } = beginRun(github, { inputs: { comment: false, commitStatus: false } })
    reporting.waiting('Waiting for the deploy of v1')
    while (github.calls.length < 2) await pause(10)
    reporting.planned(plan)
    while (github.calls.length < 3) await pause(10)
    await reporting.end(report({ result: 'released' }), 20_000, never)
    github.assertSound()
    const [made] = github.state.deployments
    assert.deepEqual(
      made?.statuses.map(({ state }) => state),
      ['queued', 'in_progress', 'success'],
    )
  })
})

describe('other services and environments', () => {
  test('two services of one environment keep a deployment and a comment each', async () => {
    await using github = await startGitHub()
    for (const upstream of ['web', 'api']) {
      const { reporting } = beginRun(github, { upstream, inputs: { environment: 'staging' } })
      reporting.planned(plan)
      await reporting.end(report({ result: 'released' }), 20_000, never)
    }
    github.assertSound()
    assert.deepEqual(
      github.state.deployments.map(({ id, task }) => [task, github.state.shown(id)]),
      [
        ['deploy:web', 'success'],
        ['deploy:api', 'success'],
      ],
    )
    assert.equal(github.state.comments.length, 2)
  })

  test('an environment of the pull request is transient', async () => {
    await using github = await startGitHub()
    const { reporting } = beginRun(github, { inputs: { environment: 'preview-7' } })
    reporting.planned(plan)
    await reporting.end(report({ result: 'released' }), 20_000, never)
    const { body } = github.calls.find(({ operation }) => operation === DEPLOYMENTS) ?? {}
    const { transient_environment, production_environment } = body as Record<string, unknown>
    assert.deepEqual([transient_environment, production_environment], [true, false])
  })

  test("a deployment of GitHub's own for this job is noticed, and that of another run is not", async () => {
    for (const [run, noticed] of [
      [12, 1],
      [121, 0],
    ] as const) {
      await using github = await startGitHub()
      const log_url = `https://github.com/owner/shop/actions/runs/${run}/job/5`
      github.state.addDeployment({
        sha: subject.runCommit,
        statuses: [{ id: 1, state: 'in_progress', description: '', log_url, environment_url: '' }],
      })
      const { reporting } = beginRun(github)
      reporting.planned(plan)
      const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
      github.assertSound()
      assert.equal(warnings.length, noticed, String(warnings))
      if (noticed) assert.match(warnings[0] ?? '', /`environment: \{ name: production, deployment: false \}`/)
    }
  })

  test('a push is told on the pull requests that its commit belongs to', async () => {
    await using github = await startGitHub({ pulls: { [COMMIT]: [3, 4] } })
    const { pull: _, ...push } = subject
    const state = new Map<string, string>()
    const { beginReporting } = await import('../../src/github/reporting/reporting.ts')
    const reporting = beginReporting({
      inputs: { environment: 'production', deployment: true, comment: true, commitStatus: false },
      subject: { ...push, event: 'push' },
      ...{ upstream: 'web', version: 'v2', command: 'deploy' },
      open: (signal) => clientFor(github, signal),
      save: (name, value) => void state.set(name, value),
    })
    reporting.planned(plan)
    await reporting.end(report({ result: 'released' }), 20_000, never)
    github.assertSound()
    assert.deepEqual(
      github.state.comments.map(({ pull }) => pull),
      [3, 4],
    )
  })

  test('by hand, the tag that is released says which commit it is', async () => {
    await using github = await startGitHub()
    github.state.names.set('v2', 'c'.repeat(40))
    const { reporting } = beginRun(github, { subject: { event: 'workflow_dispatch' } })
    reporting.planned(plan)
    await reporting.end(report({ result: 'released' }), 20_000, never)
    github.assertSound()
    assert.equal(github.state.deployments[0]?.sha, 'c'.repeat(40))
  })
})

describe('the comment', () => {
  test("is found on a later page, and a stranger's that begins the same is left alone", async () => {
    await using github = await startGitHub()
    const first = beginRun(github)
    first.reporting.planned(plan)
    await first.reporting.end(report({ result: 'released' }), 20_000, never)
    const ours = github.state.comments.pop()
    assert.ok(ours)
    const forged = github.state.addComment({
      ...ours,
      id: 1,
      pull: 7,
      user: { login: 'mallory', type: 'User' },
      role: 'NONE',
    })
    for (let count = 0; count < 150; count++) github.state.addComment({ id: 2000 + count, pull: 7, body: 'hello' })
    github.state.comments.push(ours)
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    await reporting.end(report({ result: 'unchanged' }), 20_000, never)
    github.assertSound()
    assert.equal(github.state.comments.length, 152)
    assert.match(github.state.comments.find(({ id }) => id === ours.id)?.body ?? '', /was not released/)
    assert.equal(github.state.comments.find(({ id }) => id === forged.id)?.body, ours.body)
  })
})
