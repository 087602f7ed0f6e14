import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startGitHub } from '../support/github.ts'
import { runAction, startAction } from './action.ts'
import { at, TOKEN } from './github-scene.ts'
import { type Lab, openLab } from './lab.ts'
import { type Act, assertTrue, type Point, play, points, reloadActs, siteOf, switchActs, witness } from './others.ts'

interface Row {
  readonly act: Act
  readonly point: Point
  readonly ends: RegExp
}

/** Each act, each phase and both routers occur; the full product is in `others.long.test.ts`. How each ends: result, and reason. */
const table: readonly (readonly [readonly Act[], string, keyof typeof points, RegExp])[] = [
  [switchActs, 'the switch renamed to green', 'beforeStart', /^unchanged flipped-by-others$/],
  [switchActs, 'the switch renamed to green', 'beforeFlip', /^released $/],
  [switchActs, 'the switch renamed to blue', 'watch', /^restored flipped-by-others$/],
  [switchActs, 'the switch file removed', 'drain', /^restored flipped-by-others$/],
  [switchActs, 'a file deployed that pins blue', 'drain', /^restored flipped-by-others$/],
  [switchActs, 'a file without a switch deployed that pins blue', 'watch', /^(restored|stranded) /],
  [switchActs, 'a link turned to blue', 'watch', /^restored flipped-by-others$/],
  [switchActs, 'a file without a switch deployed that pins green', 'undo', /^stranded flipped-by-others$/],
  [switchActs, 'the switch renamed to green', 'undo', /^stranded flipped-by-others$/],
  [switchActs, 'docker compose up -d', 'drain', /^/],
  [switchActs, 'docker compose down', 'beforeFlip', /^/],
  [switchActs, 'blue is stopped', 'health', /^unchanged |^released $/],
  [switchActs, 'green is stopped', 'watch', /^restored container-exited$/],
  [switchActs, 'git pull', 'beforeFlip', /^released $/],
  [reloadActs, 'the upstream edited to blue, and reloaded', 'drain', /^restored flipped-by-others$/],
  [reloadActs, 'a link turned to blue', 'watch', /^restored flipped-by-others$/],
  [reloadActs, 'a file deployed that pins blue', 'watch', /^(restored|stranded) /],
  [reloadActs, 'the upstream edited to green, and reloaded', 'undo', /^stranded flipped-by-others$/],
  [reloadActs, 'docker compose up -d', 'beforeFlip', /^/],
  [reloadActs, 'blue is stopped', 'undo', /^/],
]

const rows = table.map(([acts, name, at, ends]): Row => {
  const act = acts.find((each) => each.name === name)
  assert.ok(act, name)
  return { act, point: points[at], ends }
})

test('every kind of act, every phase and both routers occur', () => {
  const kinds = (acts: readonly Act[]) => new Set(acts.map(({ name }) => name.replace(/blue|green/, 'a color')))
  const played = rows.map(({ act }) => act)
  assert.deepEqual(kinds(played), kinds([...switchActs, ...reloadActs]))
  const phases = Object.values(points).map(({ phase }) => phase)
  assert.deepEqual(new Set(rows.map(({ point }) => point.phase)), new Set(phases))
  assert.deepEqual(new Set(played.map(({ flip }) => flip)), new Set(['switch', 'reload']))
})

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

describe('somebody else', { concurrency: 3 }, () => {
  for (const { act, point, ends } of rows) {
    test(`${act.flip}, ${point.name}: ${act.name}`, { timeout: 480_000 }, async () => {
      await using played = await play(lab, act, point)
      assertTrue(act, played)
      const { outputs, stdout } = played.run
      assert.match(`${outputs['result']} ${outputs['reason']}`, ends, stdout)
    })
  }
})

test('killed in the watch, and flipped back by hand: post says who put traffic back', {
  timeout: 480_000,
}, async () => {
  const site = await siteOf(lab, 'switch')
  await using github = await startGitHub()
  const inputs = site.inputs({ version: 'v2', watch: '120s', 'github-token': TOKEN })
  const action = await startAction(inputs, at(github))
  await action.logged(/::group::Watch /)
  action.kill('SIGKILL')
  const { state } = await action.ended
  await site.flipByHand('blue')
  const post = await runAction(inputs, { ...at(github), entry: 'dist/post.js', state })
  const seen = await witness(site, github)
  assert.match(post.stdout, /somebody else put traffic back to the previous color/)
  assert.deepEqual(seen.serves, { color: 'blue', version: 'v1' })
  assert.equal(seen.deployment, 'failure')
  assert.match(seen.comment, /\*\*Now:\*\* `v1` on blue/)
  assert.equal(seen.runs[site.services.green], undefined)
})

test('a rollback that others flip in its watch is restored, too', { timeout: 480_000 }, async () => {
  const site = await siteOf(lab, 'switch')
  await using github = await startGitHub()
  const more = { watch: '200ms', 'drain-timeout': '0s' }
  for (const version of ['v2', 'v3']) {
    const { outputs, stdout } = await runAction(site.inputs({ ...more, version }))
    assert.equal(outputs['result'], 'released', stdout)
  }
  const action = await startAction(site.inputs({ command: 'rollback', watch: '120s' }), at(github))
  await action.logged(/::group::Watch /)
  const { stdout } = await site.host.exec(`[ -e ${site.stateDirectory}/green ] && echo green || echo blue`)
  const [from, to] = stdout.trim() === 'green' ? (['blue', 'green'] as const) : (['green', 'blue'] as const)
  await site.flipByHand(from)
  const run = await action.ended
  const ends = [run.outputs['result'], run.outputs['reason'], run.outputs['color'], run.outputs['version']]
  assert.deepEqual(ends, ['restored', 'flipped-by-others', from, 'v3'], run.stdout)
  const seen = await witness(site, github)
  assert.deepEqual(seen.serves, { color: from, version: 'v3' })
  assert.equal(seen.runs[site.services[to]], undefined)
})
