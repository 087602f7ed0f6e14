import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Killed, killed } from './chaos-kill.ts'
import { planKills, randomOf } from './chaos-plan.ts'
import { sceneOf } from './custody-scene.ts'
import { type Lab, openLab } from './lab.ts'

/** Kills at random; `npm run chaos -- --kills 1000 --seed 7` for more. */
const count = Number(process.env['CHAOS_KILLS'] ?? 20)
const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e6))
/** Hosts at a time: most of a kill is waiting. */
const HOSTS = 4

let lab: Lab
before(async () => {
  console.log(`chaos: ${count} kills at random, seed ${seed}`)
  lab = await openLab()
})
after(() => lab.dispose())

const kills = planKills(randomOf(seed), count)
const done: Killed[] = []

describe(`a release that is killed (seed ${seed})`, { concurrency: HOSTS }, () => {
  for (let lane = 0; lane < HOSTS; lane += 1) {
    describe(`host ${lane + 1}`, { concurrency: 1 }, () => {
      const scene = sceneOf(() => lab)
      for (const kill of kills.filter((_, i) => i % HOSTS === lane)) {
        test(kill.title, { timeout: 360_000 }, async () => {
          done.push(await killed(scene.open, kill))
        })
      }
    })
  }
})

test('the kills hit what they were meant to hit', () => {
  const between = done.filter((each) => each.between).length
  const times = done.flatMap(({ restored }) => restored ?? []).sort((a, b) => a - b)
  console.log(
    `chaos: ${done.length} kills, ${between} between flip and confirmation; restored by the guard after ${times.map(Math.round).join(', ')} ms`,
  )
  assert.ok(between >= count / 4, `${between} of ${count}`)
  assert.ok(times.length > 0)
})
