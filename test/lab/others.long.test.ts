import { after, before, describe, test } from 'node:test'
import { type Lab, openLab } from './lab.ts'
import { type Act, assertTrue, atStep, play, points, reloadActs, steps, switchActs } from './others.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** `LAB_PART=2/4` is the second of four parts, for machines side by side. */
const [part = 1, parts = 1] = (process.env['LAB_PART'] ?? '').split('/').map((word) => Number(word) || 1)

const scenes = [...switchActs, ...reloadActs].flatMap((act) =>
  [...Object.values(points), ...steps.map(atStep)].map((point) => ({ act, point })),
)

/** Each act of somebody else at every point of a release: between each two of its items, and at each of the held points. */
describe('somebody else, at every point', { concurrency: 3 }, () => {
  for (const { act, point } of scenes.filter((_, i) => i % parts === part - 1)) {
    test(`${act.flip}, ${point.name}: ${act.name}`, { timeout: 600_000 }, async () => {
      await using played = await play(lab, act satisfies Act, point)
      assertTrue(act, played)
    })
  }
})
