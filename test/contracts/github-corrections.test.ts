import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { correctRun } from '../../src/github/api/correct.ts'
import { finishReporting, leftToSay } from '../../src/github/reporting/finish.ts'
import { pause } from '../lab/command.ts'
import { type StandIn, startGitHub } from '../support/github.ts'
import { beginRun, clientFor, DEPLOYMENTS, never, plan, report, statesOf, subject, toldOnTheWay } from './github-run.ts'

const BLUE = { color: 'blue', version: 'v1' } as const

/** Another run corrects what was told of the first one. */
function correct(github: StandIn, sentence = 'The guard put traffic back.'): Promise<void> {
  const settled = { run: subject.run.url, version: 'v2', how: 'restored', live: BLUE, sentence } as const
  return correctRun(clientFor(github), { environment: 'production', upstream: 'web' }, settled, '14/1')
}

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
    await correct(github)
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
    const second = beginRun(github, {
      subject: { run: { ...subject.run, id: 13, url: subject.run.url.replace(/12$/, '13') } },
    })
    second.reporting.planned(plan)
    await second.reporting.end(report({ result: 'released' }), 20_000, never)
    const before = github.state.comments[0]?.body
    await correct(github)
    github.assertSound()
    assert.equal(github.state.comments[0]?.body, before)
    assert.equal(github.state.shown(first.reporting.deploymentId() ?? 0), 'failure')
  })

  for (const { how, state, told } of [
    { how: 'confirmed', state: 'success', told: /`v2` is live[\s\S]*\*\*Now:\*\* `v2` on green/ },
    {
      how: 'restored',
      state: 'failure',
      told: /the state before it is back[\s\S]*\*\*Now:\*\* `v1` on blue[\s\S]*so it was said/,
    },
    { how: 'undone', state: 'failure', told: /was not released[\s\S]*\*\*Now:\*\* `v1` on blue/ },
    { how: 'kept', state: 'error', told: /is stranded[\s\S]*\*\*Now:\*\* `v2` on green/ },
  ] as const) {
    test(`the next run finds what it has ended by the address of the run: ${how}`, async () => {
      await using github = await startGitHub()
      const first = beginRun(github)
      first.reporting.planned(plan)
      await toldOnTheWay(github)
      const next = beginRun(github, {
        subject: { run: { ...subject.run, id: 13, url: subject.run.url.replace(/12$/, '13') } },
        command: 'unlock',
      })
      const live = how === 'confirmed' || how === 'kept' ? ({ color: 'green', version: 'v2' } as const) : BLUE
      next.reporting.settled({ run: subject.run.url, version: 'v2', how, live, sentence: 'so it was said' })
      const other = 'https://github.com/owner/shop/actions/runs/99'
      next.reporting.settled({ run: other, version: '', how, live, sentence: '' })
      assert.deepEqual(await next.reporting.end(report({ result: 'ok' }), 20_000, never), [])
      github.assertSound()
      assert.equal(github.state.deployments.length, 1)
      assert.equal(github.state.shown(first.reporting.deploymentId() ?? 0), state)
      assert.match(github.state.comments[0]?.body ?? '', told)
    })
  }
})

describe('what post finds out', () => {
  const told = { version: 'v2', how: 'restored', live: BLUE, sentence: 'It was put back.' } as const
  const settled = { run: subject.run.url, ...told }
  test('of a killed run is told', async () => {
    await using github = await startGitHub()
    const { reporting, read } = beginRun(github)
    reporting.planned(plan)
    await toldOnTheWay(github)
    const left = leftToSay(read)
    assert.ok(left)
    await finishReporting(clientFor(github), left, settled)
    github.assertSound()
    assert.deepEqual(
      [statesOf(github), github.state.commitStatuses.at(-1)?.state],
      [['in_progress', 'failure'], 'failure'],
    )
    assert.match(github.state.comments[0]?.body ?? '', /\*\*Now:\*\* `v1` on blue[\s\S]*It was put back/)
  })

  for (const { said, how, states } of [
    { said: 'stranded', how: 'restored', states: ['in_progress', 'error', 'failure'] },
    { said: 'restored', how: 'restored', states: ['in_progress', 'failure'] },
    { said: 'released', how: 'confirmed', states: ['in_progress', 'success'] },
    { said: 'released', how: 'nothing', states: ['in_progress', 'success'] },
  ] as const) {
    test(`where main said ${said} and it was ${how}: ${states.at(-1)}`, async () => {
      await using github = await startGitHub()
      const { reporting, read } = beginRun(github)
      reporting.planned(plan)
      await toldOnTheWay(github)
      await reporting.end(report({ result: said }), 20_000, never)
      const left = leftToSay(read)
      assert.ok(left)
      await finishReporting(clientFor(github), left, { ...settled, how })
      github.assertSound()
      assert.deepEqual(statesOf(github), states)
    })
  }

  test('where another run has taken over, what that told stands', async () => {
    for (const [corrected, states] of [
      [true, ['in_progress', 'failure']],
      [false, ['in_progress', 'error']],
    ] as const) {
      await using github = await startGitHub()
      const { reporting, read } = beginRun(github)
      reporting.planned(plan)
      await toldOnTheWay(github)
      if (corrected) await correct(github)
      const left = leftToSay(read)
      assert.ok(left)
      await finishReporting(clientFor(github), left, 'elsewhere')
      assert.deepEqual(statesOf(github), states)
    }
  })
})
