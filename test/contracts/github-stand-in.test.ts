import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startGitHub } from '../support/github.ts'
import { answerMistakes, mistakesOf, operationOf } from '../support/openapi.ts'
import { clientFor } from './github-run.ts'

const REPOSITORY = '/repos/owner/shop'
const call = (method: string, path: string, body?: unknown, query: Record<string, string> = {}) => ({
  ...{ method, path: `${REPOSITORY}${path}`, query, body },
})

describe('the stand-in for GitHub', () => {
  for (const [name, given, mistake] of [
    ['a sound call', call('POST', '/deployments', { ref: 'main', auto_merge: false }), undefined],
    ['a sound question', call('GET', '/deployments', undefined, { task: 'deploy', per_page: '30' }), undefined],
    ['an unknown path', call('GET', '/deployment'), /no call that is described/],
    ['an unknown method', call('DELETE', '/deployments/1'), /no call that is described/],
    ['a body without what is required', call('POST', '/deployments', {}), /must have required property 'ref'/],
    ['a body of the wrong type', call('POST', '/deployments', { ref: 1 }), /body\/ref must be string/],
    [
      'a misspelt property',
      call('POST', '/deployments', { ref: 'main', automerge: false }),
      /automerge is no property/,
    ],
    ['a state that is none', call('POST', '/deployments/1/statuses', { state: 'done' }), /must be equal to one of/],
    ['a number that is none', call('GET', '/deployments/one'), /deployment_id must be integer/],
    ['a misspelt parameter', call('GET', '/deployments', undefined, { tasks: 'deploy' }), /tasks is no parameter/],
    ['a body that is too much', call('GET', '/deployments', {}), /a body was sent/],
  ] as const) {
    test(`${name}: ${mistake === undefined ? 'nothing is wrong' : 'refused'}`, () => {
      const mistakes = mistakesOf(given).join('\n')
      if (mistake === undefined) assert.equal(mistakes, '')
      else assert.match(mistakes, mistake)
    })
  }

  test('an answer that GitHub would not give is noticed too', () => {
    const operation = operationOf('GET', `${REPOSITORY}/deployments/1`)
    assert.ok(operation)
    assert.match(answerMistakes(operation, 200, { id: 1 }).join(), /must have required property/)
    assert.match(answerMistakes(operation, 299, {}).join(), /never answered with 299/)
  })

  test('a test that calls what is not there fails', async () => {
    await using github = await startGitHub()
    await fetch(`${github.url}${REPOSITORY}/teapots`)
    assert.throws(() => github.assertSound(), /GET \/repos\/owner\/shop\/teapots is no call that is described/)
  })

  test('knows how commits lie to each other, and which runs go on', async () => {
    await using github = await startGitHub()
    github.state.comparisons.set('a...b', 'behind')
    github.state.runs.set(7, 'completed')
    const client = clientFor(github)
    const compared = await client.call((rest, common) =>
      rest.repos.compareCommitsWithBasehead({ ...common, basehead: 'a...b', per_page: 1 }),
    )
    const run = await client.call((rest, common) => rest.actions.getWorkflowRun({ ...common, run_id: 7 }))
    assert.deepEqual([compared.status, run.status], ['behind', 'completed'])
    github.assertSound()
  })
})
