import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { correct } from '../../src/github/correct.ts'
import { finishReporting, leftToSay } from '../../src/github/finish.ts'
import { pause } from '../lab/command.ts'
import { type Permission, type StandIn, startGitHub } from '../support/github.ts'
import { beginRun, COMMIT, clientFor, plan, report, sequence, subject } from './github-run.ts'

const shownAs = (state: string) => ({ id: 1, state, description: '', log_url: '', environment_url: '' })

/** Until everything is said that is said while a release goes on. */
async function toldOnTheWay(github: StandIn): Promise<void> {
  while (github.calls.filter(({ answered }) => answered !== undefined).length < 7) await pause(10)
}

const never = new AbortController().signal
const DEPLOYMENTS = 'POST /repos/{owner}/{repo}/deployments'

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
      ...{ version: 'v2', color: 'green', upstream: 'web', run: '12/1', 'run-url': subject.run.url },
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
    assert.equal(leftToSay(read), undefined)
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

  test('a failure before there was a plan is told as well, and nothing of a rollback without a commit', async () => {
    await using github = await startGitHub()
    await beginRun(github).reporting.end(report({ result: 'unchanged' }), 20_000, never)
    assert.equal(github.state.deployments[0]?.statuses.at(-1)?.state, 'failure')
    const before = github.calls.length
    await beginRun(github, { command: 'rollback' }).reporting.end(report({ result: 'unchanged' }), 20_000, never)
    assert.equal(github.calls.length, before)
  })

  test('waiting for another run is queued', async () => {
    await using github = await startGitHub()
    const { reporting } = beginRun(github, { inputs: { comment: false, commitStatus: false } })
    reporting.stepBegan('Wait for the run of somebody else', 'waiting')
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
    const { beginReporting } = await import('../../src/github/reporting.ts')
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

describe('a token', () => {
  const all: readonly Permission[] = ['deployments', 'pull-requests', 'statuses', 'contents']
  for (const { may, wants } of [
    { may: [], wants: ['deployments: write', 'pull-requests: write', 'statuses: write'] },
    { may: all.filter((one) => one !== 'deployments'), wants: ['deployments: write'] },
    { may: all.filter((one) => one !== 'pull-requests'), wants: ['pull-requests: write'] },
    { may: all.filter((one) => one !== 'statuses'), wants: ['statuses: write'] },
  ]) {
    test(`that may ${may.join(', ') || 'do nothing'} is one warning for each that is missing`, async () => {
      await using github = await startGitHub({ permissions: may })
      const { reporting } = beginRun(github)
      reporting.planned(plan)
      const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
      assert.deepEqual(warnings.map((warning) => /Add `(.*?)`/.exec(warning)?.[1]).sort(), [...wants].sort())
    })
  }

  test('of a fork is told what it cannot do, and no line that would not help', async () => {
    await using github = await startGitHub({ permissions: [] })
    const { reporting } = beginRun(github, { subject: { fork: true } })
    reporting.planned(plan)
    const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
    assert.equal(warnings.length, 3)
    for (const warning of warnings) {
      assert.match(warning, /from a fork it can only read/)
      assert.doesNotMatch(warning, /permissions/)
    }
  })

  test('that GitHub does not know is one warning', async () => {
    await using github = await startGitHub({ fault: () => ({ kind: 'status', status: 401 }) })
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /does not accept `github-token`/)
  })
})

describe('GitHub in trouble', () => {
  test('500 and a limit pass', async () => {
    await using github = await startGitHub({
      fault: (operation, nth) => {
        if (operation === DEPLOYMENTS && nth === 1) return { kind: 'status', status: 500 }
        if (operation.endsWith('/comments') && nth === 1)
          return { kind: 'status', status: 403, headers: { 'retry-after': '1' } }
        return undefined
      },
    })
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    assert.deepEqual(await reporting.end(report({ result: 'released' }), 20_000, never), [])
    github.assertSound()
    assert.equal(github.state.deployments.length, 1)
    assert.equal(github.state.comments.length, 1)
    const asked = github.calls.filter(
      ({ operation }) => operation.startsWith('GET') && operation.endsWith('{issue_number}/comments'),
    )
    assert.ok((asked[1]?.arrived ?? 0) - (asked[0]?.arrived ?? 0) >= 1000, 'asked again before it was allowed')
  })

  test('an answer that is lost does not make a second deployment or comment', async () => {
    await using github = await startGitHub({
      fault: (operation, nth) =>
        operation.startsWith('POST') && !operation.includes('status') && nth === 1
          ? { kind: 'lost-answer' }
          : undefined,
    })
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    assert.deepEqual(await reporting.end(report({ result: 'released' }), 20_000, never), [])
    github.assertSound()
    assert.equal(github.state.deployments.length, 1)
    assert.equal(github.state.deployments[0]?.statuses.at(-1)?.state, 'success')
    assert.equal(github.state.comments.length, 1)
  })

  test('a conflict, a ref that GitHub does not know: one warning, and it goes on', async () => {
    for (const status of [409, 422]) {
      await using github = await startGitHub({
        fault: (operation) =>
          operation === DEPLOYMENTS ? { kind: 'status', status, message: 'No ref found for: x' } : undefined,
      })
      const { reporting } = beginRun(github)
      reporting.planned(plan)
      const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
      assert.equal(warnings.length, 1)
      assert.match(warnings[0] ?? '', /GitHub refused the deployment: No ref found/)
      assert.equal(github.state.comments.length, 1)
    }
  })

  test('one that hangs is waited for so long and no longer, and `post` says the rest', async () => {
    let hangs = true
    await using github = await startGitHub({ fault: () => (hangs ? { kind: 'hang' } : undefined) })
    const { reporting, read } = beginRun(github)
    reporting.planned(plan)
    const began = performance.now()
    const warnings = await reporting.end(report({ result: 'released' }), 300, never)
    assert.ok(performance.now() - began < 10_000)
    assert.equal(warnings.length, 1)
    assert.match(
      warnings[0] ?? '',
      /was not told of the deployment, the comment on the pull request, the commit status within 0.3 s/,
    )
    hangs = false
    const left = leftToSay(read)
    assert.ok(left)
    assert.deepEqual(await finishReporting(clientFor(github), left), [])
    github.assertSound()
    assert.equal(github.state.deployments[0]?.statuses.at(-1)?.state, 'success')
    assert.match(github.state.comments[0]?.body ?? '', /`v2` is live/)
    assert.equal(github.state.commitStatuses.at(-1)?.state, 'success')
  })

  test('a run that is in a hurry does not wait', async () => {
    await using github = await startGitHub({ fault: () => ({ kind: 'hang' }) })
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    const warnings = await reporting.end(report({ result: 'restored' }), 600_000, AbortSignal.timeout(100))
    assert.equal(warnings.length, 1)
  })

  test('no network: one warning for each', async () => {
    const github = await startGitHub()
    await github.close()
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
    assert.equal(warnings.length, 3)
    for (const warning of warnings)
      assert.match(warning, /GitHub could not be told of .*The release does not depend on it/)
  })
})

describe('a run that was killed', () => {
  test('is set right by its id', async () => {
    await using github = await startGitHub()
    const { reporting, read } = beginRun(github)
    reporting.planned(plan)
    await toldOnTheWay(github)
    const left = leftToSay(read)
    assert.ok(left?.deploymentId)
    assert.deepEqual(await finishReporting(clientFor(github), left), [])
    github.assertSound()
    assert.equal(github.state.deployments.length, 1)
    assert.equal(github.state.shown(left.deploymentId), 'error')
    assert.equal(github.state.comments.length, 1)
    assert.match(github.state.comments[0]?.body ?? '', /was ended from outside/)
    assert.equal(github.state.commitStatuses.at(-1)?.state, 'error')
  })

  test('is found where its id was not known yet', async () => {
    await using github = await startGitHub({
      fault: (operation, nth) => (operation === DEPLOYMENTS && nth === 1 ? { kind: 'lost-answer' } : undefined),
    })
    const { reporting, read } = beginRun(github)
    reporting.planned(plan)
    while (github.state.deployments.length === 0) await pause(5)
    const left = leftToSay(read)
    assert.ok(left)
    assert.equal(left.deploymentId, undefined)
    assert.deepEqual(await finishReporting(clientFor(github), left), [])
    assert.equal(github.state.deployments.length, 1)
  })
})

describe('corrections', () => {
  test('set deployment, comment and status of an earlier run right', async () => {
    await using github = await startGitHub()
    const { reporting } = beginRun(github)
    reporting.planned(plan)
    await toldOnTheWay(github)
    const id = reporting.deploymentId() ?? 0
    assert.equal(github.state.shown(id), 'in_progress')
    await correct(clientFor(github), id, report({ result: 'restored', failure: ['The guard put traffic back.'] }))
    github.assertSound()
    assert.equal(github.state.shown(id), 'failure')
    assert.match(github.state.comments[0]?.body ?? '', /The guard put traffic back/)
    assert.equal(github.state.commitStatuses.at(-1)?.state, 'failure')
  })

  test("leave a newer run's comment alone", async () => {
    await using github = await startGitHub()
    const first = beginRun(github)
    first.reporting.planned(plan)
    await first.reporting.end(report({ result: 'released' }), 20_000, never)
    const second = beginRun(github, { subject: { run: { ...subject.run, id: 13 } } })
    second.reporting.corrected(first.reporting.deploymentId() ?? 0, report({ result: 'restored' }))
    second.reporting.planned(plan)
    await second.reporting.end(report({ result: 'released' }), 20_000, never)
    const before = github.state.comments[0]?.body
    await correct(clientFor(github), first.reporting.deploymentId() ?? 0, report({ result: 'restored' }))
    github.assertSound()
    assert.equal(github.state.comments[0]?.body, before)
    assert.equal(github.state.shown(first.reporting.deploymentId() ?? 0), 'failure')
    assert.ok(sequence(github).includes('GET deployments/{deployment_id}'))
  })
})
