import { after, before, describe, test } from 'node:test'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { type Act, assertTrue, atStep, play, points, reloadActs, steps, switchActs } from './others.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Each act of somebody else at every point of a release: between each two of its items, and at each of the held points. */
describe('somebody else, at every point', { concurrency: 3 }, () => {
  for (const act of [...switchActs, ...reloadActs]) {
    for (const point of [...Object.values(points), ...steps.map(atStep)]) {
      test(`${act.flip}, ${point.name}: ${act.name}`, { timeout: 600_000 }, async () => {
        assertTrue(act, await play(lab, act satisfies Act, point))
      })
    }
  }
})
