import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commitOf, subjectOf } from '../../../../src/github/reporting/subject.ts'

const HEAD = 'a'.repeat(40)
const MERGE = 'b'.repeat(40)
const environment = {
  GITHUB_REPOSITORY: 'owner/shop',
  GITHUB_RUN_ID: '12',
  GITHUB_RUN_ATTEMPT: '3',
  GITHUB_SHA: MERGE,
  GITHUB_SERVER_URL: 'https://ghe.example.org',
}
const pull = (repository: string | null) => ({
  pull_request: { number: 7, head: { sha: HEAD, repo: repository === null ? null : { full_name: repository } } },
})

describe('what a run is about', () => {
  for (const { name, event, payload, commit, number, fork } of [
    { name: 'a push', event: 'push', payload: {}, commit: MERGE, number: undefined, fork: false },
    {
      name: 'a pull request',
      event: 'pull_request',
      payload: pull('Owner/shop'),
      commit: HEAD,
      number: 7,
      fork: false,
    },
    { name: "a fork's", event: 'pull_request', payload: pull('mallory/shop'), commit: HEAD, number: 7, fork: true },
    { name: 'a fork that is gone', event: 'pull_request', payload: pull(null), commit: HEAD, number: 7, fork: false },
    {
      name: 'a comment on a pull request',
      event: 'issue_comment',
      payload: { issue: { number: 9, pull_request: { url: 'x' } } },
      commit: MERGE,
      number: 9,
      fork: false,
    },
    {
      name: 'a comment on an issue',
      event: 'issue_comment',
      payload: { issue: { number: 9 } },
      commit: MERGE,
      number: undefined,
      fork: false,
    },
    {
      name: 'a run after another',
      event: 'workflow_run',
      payload: { workflow_run: { head_sha: HEAD, conclusion: 'success' } },
      commit: HEAD,
      number: undefined,
      fork: false,
    },
    { name: 'no payload at all', event: 'schedule', payload: undefined, commit: MERGE, number: undefined, fork: false },
  ]) {
    test(name, () => {
      const subject = subjectOf({ environment: { ...environment, GITHUB_EVENT_NAME: event }, payload })
      assert.deepEqual([subject?.commit, subject?.pull, subject?.fork], [commit, number, fork])
      assert.equal(subject?.runCommit, MERGE)
      assert.deepEqual(subject?.run, { id: 12, attempt: 3, url: 'https://ghe.example.org/owner/shop/actions/runs/12' })
    })
  }

  test('outside of Actions there is none', () => {
    assert.equal(subjectOf({ environment: {}, payload: {} }), undefined)
    assert.equal(subjectOf({ environment: { GITHUB_REPOSITORY: 'owner/shop' }, payload: {} }), undefined)
  })
})

describe('the commit that is released', () => {
  const OTHER = 'c'.repeat(40)
  for (const [name, event, version, recorded, expected] of [
    ['a push, whatever the tag is called', 'push', 'v1.2.3', undefined, { commit: HEAD }],
    ['a push that names another commit', 'push', OTHER, undefined, { commit: OTHER }],
    ['a pull request that names its merge', 'pull_request', MERGE, undefined, { commit: HEAD }],
    ['by hand, a commit', 'workflow_dispatch', OTHER, undefined, { commit: OTHER }],
    ['by hand, a tag', 'workflow_dispatch', 'v1.2.3', undefined, { commit: HEAD, lookup: 'v1.2.3' }],
    ['by hand, the beginning of the commit', 'workflow_dispatch', HEAD.slice(0, 7), undefined, { commit: HEAD }],
    ["docker/metadata-action's tag of it", 'workflow_dispatch', `sha-${HEAD.slice(0, 7)}`, undefined, { commit: HEAD }],
    ['the same of another', 'workflow_dispatch', 'sha-cccccccc', undefined, { commit: HEAD, lookup: 'cccccccc' }],
    ['a rollback', 'workflow_dispatch', 'v1.2.3', OTHER, { commit: OTHER }],
  ] as const) {
    test(name, () => assert.deepEqual(commitOf({ commit: HEAD, event }, version, recorded), expected))
  }
})
