import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { type Act, assertTrue, type Point, play, points, reloadActs, switchActs } from './others.ts'

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
    test(`${act.flip}, ${point.name}: ${act.name}`, { timeout: 240_000 }, async () => {
      const played = await play(lab, act, point)
      assertTrue(act, played)
      const { outputs, stdout } = played.run
      assert.match(`${outputs['result']} ${outputs['reason']}`, ends, stdout)
    })
  }
})
