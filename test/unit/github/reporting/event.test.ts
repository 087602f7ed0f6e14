import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { commitOfEvent, type EventCommit, versionCommit } from '../../../../src/github/reporting/event.ts'
import { readInputs } from '../../../../src/inputs/read.ts'

const OWN = 'b'.repeat(40)
const HEAD = 'a'.repeat(40)
const MERGED = 'd'.repeat(40)
const pull = { pull_request: { number: 7, head: { sha: HEAD } } }
const dispatched = /^the event is `repository_dispatch`: only its sender knows .*client_payload\.version \}\}`$/
const newest = /it is about no commit; to release the newest .* write `version: \$\{\{ github\.sha \}\}`$/
const unnamed = /its event file names no commit; write the image tag to release$/
const failed = /ended as `failure`; give the job the line `if: github\.event\.\w+(\.\w+)? == 'success'`$/

/** Every event that starts a workflow, and what is released: a commit, or what is said in place of it. */
const table: readonly (readonly [event: string, payload: unknown, expected: string | RegExp])[] = [
  ['push', {}, OWN],
  ['push', { deleted: true }, /^the push deleted its branch or tag; /],
  ['pull_request', pull, HEAD],
  ['pull_request', {}, unnamed],
  ['pull_request', { ...pull, action: 'closed' }, /^the pull request was closed without a merge; /],
  ['pull_request', { action: 'closed', pull_request: { merged: true, merge_commit_sha: MERGED } }, MERGED],
  ['pull_request_target', pull, HEAD],
  ['pull_request_review', pull, HEAD],
  ['pull_request_review_comment', pull, HEAD],
  ['workflow_run', { workflow_run: { head_sha: HEAD, conclusion: 'success' } }, HEAD],
  ['workflow_run', { workflow_run: { head_sha: HEAD, conclusion: 'failure' } }, failed],
  ['workflow_run', { workflow_run: { head_sha: HEAD, conclusion: null } }, /has not ended; give the job the line /],
  ['workflow_run', {}, unnamed],
  ['workflow_run', undefined, unnamed],
  ['check_run', { check_run: { head_sha: HEAD, conclusion: 'success' } }, HEAD],
  ['check_run', { check_run: { head_sha: HEAD, conclusion: 'failure' } }, failed],
  ['check_suite', { check_suite: { head_sha: HEAD, conclusion: 'success' } }, HEAD],
  ['check_suite', { check_suite: { head_sha: HEAD, conclusion: 'failure' } }, failed],
  ['status', { sha: HEAD, state: 'success' }, HEAD],
  ['status', { sha: HEAD, state: 'failure' }, failed],
  ['release', { action: 'published' }, OWN],
  ['release', { action: 'deleted' }, /^the release was deleted; /],
  ['release', { action: 'unpublished' }, /^the release was unpublished; /],
  ['create', {}, OWN],
  ['schedule', { schedule: '17 2 * * *' }, OWN],
  ['workflow_dispatch', { inputs: {} }, OWN],
  ['workflow_call', {}, OWN],
  ['', {}, OWN],
  ['merge_group', { merge_group: { head_sha: HEAD } }, HEAD],
  ['merge_group', {}, OWN],
  ['deployment', { deployment: { sha: HEAD } }, HEAD],
  ['deployment_status', { deployment: { sha: HEAD }, deployment_status: { state: 'success' } }, HEAD],
  ['deployment_status', { deployment: { sha: HEAD }, deployment_status: { state: 'failure' } }, failed],
  [
    'issue_comment',
    { issue: { number: 7, pull_request: {} } },
    /names? its head; write `version: \$\{\{ steps\.head\.outputs\.sha \}\}`/,
  ],
  ['issue_comment', { issue: { number: 7 } }, /a comment on an issue names no commit; /],
  ['repository_dispatch', { client_payload: { sha: HEAD } }, dispatched],
  ['registry_package', {}, /what was published is named by its tag; write `version: /],
  ...[
    ...['branch_protection_rule', 'delete', 'discussion', 'discussion_comment', 'fork', 'gollum', 'image_version'],
    ...['issues', 'label', 'milestone', 'page_build', 'project', 'project_card', 'project_column', 'public', 'watch'],
    ...['dynamic', 'one_of_tomorrow', 'toString', '__proto__'],
  ].map((event) => [event, {}, newest] as const),
]

function words(about: EventCommit): string {
  if (about.kind === 'commit') return about.commit
  return about.kind === 'none' ? 'none' : `${about.why}; ${about.remedy}`
}

const good = {
  host: 'deploy@example.org',
  'known-hosts': 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
  service: 'web',
}

/** The version that a command takes, or what is wrong. */
function versionOf(about: EventCommit, more: Readonly<Record<string, string>> = {}): string {
  const given: Readonly<Record<string, string>> = { ...good, ...more }
  const read = readInputs((name) => given[name] ?? '', about)
  return read.kind === 'inputs' ? read.inputs.application.version : read.mistakes.join('\n')
}

describe('the commit of an event', () => {
  for (const [event, payload, expected] of table) {
    test(`${event || 'none'} with ${JSON.stringify(payload)?.slice(0, 90)}`, () => {
      const about = commitOfEvent({ name: event, payload, sha: OWN })
      if (typeof expected === 'string') {
        assert.equal(words(about), expected)
        assert.equal(versionOf(about), expected)
        return
      }
      assert.match(words(about), expected)
      const refused = versionOf(about)
      assert.ok(refused.startsWith('`version` ') && refused.includes(`${words(about)}.`), refused)
      // What is said is right for who names a version, goes back, looks or checks.
      assert.equal(versionOf(about, { version: 'v1' }), 'v1')
      for (const command of ['rollback', 'status', 'unlock']) assert.equal(versionOf(about, { command }), '')
      assert.ok([OWN, HEAD].includes(versionOf(about, { command: 'check' })))
    })
  }

  test('that did not succeed is refused by whatever name', () => {
    const payload = { workflow_run: { head_sha: HEAD, conclusion: 'cancelled' } }
    const about = commitOfEvent({ name: 'workflow_run', payload, sha: OWN })
    for (const version of [HEAD, HEAD.slice(0, 7), `sha-${HEAD.slice(0, 7)}`, '']) {
      assert.match(versionOf(about, { version }), /`version` would be a{40}, but the workflow run .* `cancelled`; /)
    }
    assert.equal(versionOf(about, { version: OWN }), OWN)
    assert.equal(versionOf(about, { version: HEAD, command: 'rollback' }), HEAD)
  })

  test('is that of the build which the case from the field reports', () => {
    const file = join(import.meta.dirname, '../../../lab/cases/events/workflow_run.json')
    const payload: unknown = JSON.parse(readFileSync(file, 'utf8'))
    assert.deepEqual(commitOfEvent({ name: 'workflow_run', payload, sha: OWN }), { kind: 'commit', commit: HEAD })
  })
})

describe('the commit of a version', () => {
  const OTHER = 'c'.repeat(40)
  for (const [event, commit, version, ref, expected] of [
    ['push', HEAD, 'v1.2.3', 'main', { commit: HEAD }],
    ['push', HEAD, OTHER, 'main', { commit: OTHER }],
    ['release', HEAD, '1.2.3', 'v1.2.3', { commit: HEAD }],
    ['pull_request', HEAD, OWN, '7/merge', { commit: HEAD }],
    ['workflow_dispatch', HEAD, OTHER, 'main', { commit: OTHER }],
    ['workflow_dispatch', HEAD, 'v1.2.3', 'v1.2.3', { commit: HEAD }],
    ['workflow_dispatch', HEAD, 'v1.2.3', 'main', { commit: HEAD, lookup: 'v1.2.3' }],
    ['workflow_dispatch', HEAD, HEAD.slice(0, 7), 'main', { commit: HEAD }],
    ['workflow_dispatch', HEAD, 'sha-cccccccc', 'main', { commit: HEAD, lookup: 'cccccccc' }],
    ['issue_comment', undefined, OTHER, 'main', { commit: OTHER }],
    ['issue_comment', undefined, OWN.slice(0, 8), 'main', { commit: OWN, lookup: OWN.slice(0, 8) }],
    ['issue_comment', undefined, 'v1.2.3', 'main', { commit: OWN, lookup: 'v1.2.3' }],
    ['workflow_run', HEAD, 'latest', 'main', { commit: HEAD, lookup: 'latest' }],
  ] as const) {
    test(`${version} on ${event}`, () => {
      const known = { event, own: OWN, ref, ...(commit !== undefined && { commit }) }
      assert.deepEqual(versionCommit(known, version), expected)
    })
  }
})
