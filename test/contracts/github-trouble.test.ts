import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { finishReporting, leftToSay } from '../../src/github/reporting/finish.ts'
import { pause } from '../lab/command.ts'
import { type Permission, startGitHub } from '../support/github.ts'
import { beginRun, clientFor, DEPLOYMENTS, never, plan, report } from './github-run.ts'

describe('a token', () => {
  const all: readonly Permission[] = ['deployments', 'pull-requests', 'statuses', 'contents']
  for (const { may, wants } of [
    { may: all.slice(0, 0), wants: ['deployments: write', 'pull-requests: write', 'statuses: write'] },
    { may: all.filter((one) => one !== 'deployments'), wants: ['deployments: write'] },
    { may: all.filter((one) => one !== 'pull-requests'), wants: ['pull-requests: write'] },
    { may: all.filter((one) => one !== 'statuses'), wants: ['statuses: write'] },
  ]) {
    test(`that may ${may.join(', ') || 'do nothing'} is one warning for each that is missing`, async () => {
      await using github = await startGitHub({ permissions: may })
      const { reporting } = beginRun(github)
      reporting.planned(plan)
      while (github.calls.filter(({ answered }) => answered !== undefined).length < 3) await pause(10)
      const warnings = await reporting.end(report({ result: 'released' }), 20_000, never)
      assert.deepEqual(warnings.map((warning) => /Add `(.*?)`/.exec(warning)?.[1]).sort(), [...wants].sort())
      // What is refused once is not asked again.
      const asked = (operation: string): number => github.calls.filter((call) => call.operation === operation).length
      if (!may.includes('deployments')) assert.equal(asked(DEPLOYMENTS), 1)
      if (!may.includes('statuses')) assert.equal(asked('POST /repos/{owner}/{repo}/statuses/{sha}'), 1)
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

  test('what got no answer on the way, and was said in the end, is no warning', async () => {
    let down = true
    await using github = await startGitHub({ fault: () => (down ? { kind: 'status', status: 500 } : undefined) })
    const { reporting } = beginRun(github, { inputs: { comment: false, commitStatus: false } })
    reporting.planned(plan)
    while (github.calls.length < 5) await pause(50)
    down = false
    assert.deepEqual(await reporting.end(report({ result: 'released' }), 20_000, never), [])
    github.assertSound()
    assert.equal(github.state.deployments[0]?.statuses.at(-1)?.state, 'success')
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
