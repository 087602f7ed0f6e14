import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Permission, type StandIn, type StandInOptions, startGitHub } from '../support/github.ts'
import { leaksIn } from '../support/leaks.ts'
import { type ActionOptions, type ActionRun, runAction, startAction } from './action.ts'
import { must, until } from './command.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import { wholeRun } from './whole-run.ts'

const HEAD = 'a'.repeat(40)
const TOKEN = 'ghs_TheTokenOfThisJob0123456789'
const event = { pull_request: { number: 7, head: { sha: HEAD, repo: { full_name: 'owner/shop' } } } }

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** v1 is live on blue. */
async function siteNamed(service: string): Promise<LabSite> {
  const site = await lab.site(host, { service, flip: 'switch-backed' })
  await site.up('blue', 'v1')
  return site
}

/** A run on pull request 7 that reports to the stand-in. */
function at(github: StandIn, more: Partial<ActionOptions> = {}): ActionOptions {
  const env = { GITHUB_API_URL: github.url, GITHUB_EVENT_NAME: 'pull_request', ...more.env }
  return { event, ...more, env }
}

function inputs(site: LabSite, more: Readonly<Record<string, string>>): Record<string, string> {
  const always = { 'github-token': TOKEN, 'commit-status': 'true', 'environment-url': 'https://shop.example.org/' }
  return site.inputs({ watch: '200ms', ...always, ...more })
}

/** Nothing secret was sent or printed; every call was one that GitHub understands. */
function discreet(github: StandIn, site: LabSite, ...runs: readonly ActionRun[]): void {
  github.assertSound()
  const secrets = [site.inputs()['private-key'] ?? '', TOKEN]
  for (const { text } of github.calls) assert.deepEqual(leaksIn(text, secrets), [])
  for (const { stdout, stderr, summary, outputs } of runs) {
    const printed = stdout.replace(/^::add-mask::.*$/gm, '')
    assert.deepEqual(leaksIn(`${printed}\n${stderr}\n${summary}\n${Object.values(outputs).join('\n')}`, secrets), [])
  }
}

/** The states of the newest deployment, as they came; steps that were told on the way count once. */
function statesOf(github: StandIn): readonly string[] {
  const states = github.state.deployments.at(-1)?.statuses.map(({ state }) => state) ?? []
  return states.filter((state, index) => state !== states[index - 1])
}

/** What is said of a run, in order: the calls that write. */
function writes(github: StandIn): readonly string[] {
  const calls = github.calls.filter(({ method }) => method !== 'GET')
  const said = calls.map(({ operation, body }) => {
    const what = operation.split('/').slice(4).join('/')
    return `${what} ${(body as { state?: string }).state ?? ''}`.trim()
  })
  return said.filter((one, index) => one !== said[index - 1])
}

/** Each kind has its own order; beside each other they come as they come. */
function sequences(github: StandIn): Readonly<Record<'deployment' | 'comment' | 'status', readonly string[]>> {
  const all = writes(github)
  const of = (pattern: RegExp): readonly string[] => all.filter((one) => pattern.test(one))
  const once = (list: readonly string[]) => list.filter((one, index) => one !== list[index - 1])
  return { deployment: once(of(/^deployments/)), comment: once(of(/comments/)), status: once(of(/^statuses/)) }
}

const MADE = 'deployments'
const STATUS = 'deployments/{deployment_id}/statuses'
const COMMENTS = ['issues/{issue_number}/comments', 'issues/comments/{comment_id}']

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
    test(result, { timeout: 120_000 }, async () => {
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

  test('stranded', { timeout: 120_000 }, async () => {
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

describe('a run that does not end by itself', () => {
  test('cancelled in the watch: within ten seconds it is told what serves', { timeout: 120_000 }, async () => {
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

  test('killed in the watch: post puts the previous version back, and says so', { timeout: 120_000 }, async () => {
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

  test('killed, and no post either: the next run says how it ended', { timeout: 120_000 }, async () => {
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

async function killedInWatch(site: LabSite, github: StandIn): Promise<ActionRun> {
  const action = await startAction(inputs(site, { version: 'v2', watch: '120s', lease: '3s' }), at(github))
  await action.logged(/::group::Watch v2/)
  await until('the comment', 10_000, async () => github.state.comments[0])
  action.kill('SIGKILL')
  return action.ended
}

function shownAsRestored(github: StandIn): void {
  assert.deepEqual(statesOf(github), ['in_progress', 'failure'])
  assert.match(github.state.deployments[0]?.statuses.at(-1)?.description ?? '', /^v1 on blue serves again/)
  assert.match(github.state.comments[0]?.body ?? '', /the state before it is back[\s\S]*\*\*Now:\*\* `v1` on blue/)
  assert.equal(github.state.commitStatuses.at(-1)?.state, 'failure')
}

describe('GitHub in trouble', () => {
  const trouble: readonly [string, StandInOptions][] = [
    ['hangs', { fault: () => ({ kind: 'hang' }) }],
    ['answers 500', { fault: () => ({ kind: 'status', status: 500 }) }],
    ['answers after 20 s', { fault: () => ({ kind: 'late', milliseconds: 20_000 }) }],
  ]
  for (const [how, options] of trouble) {
    test(`that ${how}: the release does not wait for it, and its end not for long`, { timeout: 120_000 }, async () => {
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

test('a matrix of two services: two comments, two live deployments', { timeout: 120_000 }, async () => {
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

test('a container that prints secrets and Markdown: nothing of it does any harm', { timeout: 120_000 }, async () => {
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
