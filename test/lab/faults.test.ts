import { after, before, describe, test } from 'node:test'
import type { Fault, Ground } from './faults/fault.ts'
import { nameOf, perform } from './faults/perform.ts'
import { openScene, type Scene } from './faults/scene.ts'
import { faults } from './faults/table.ts'
import { type Lab, openLab } from './lab.ts'

/** Rows that are under way at the same time, on hosts of their own: most of a row is waiting. */
const AT_ONCE = 3

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Scenes that nobody uses, by their ground. */
const free = new Map<string, Scene[]>()

/** Only a row that held leaves its scene to another one. */
async function hold(fault: Fault): Promise<void> {
  const ground: Ground = fault.ground ?? {}
  const key = JSON.stringify(ground)
  const scene = (fault.alone ? undefined : free.get(key)?.pop()) ?? (await openScene(lab, ground))
  let held = false
  try {
    await perform(scene, fault)
    held = true
  } finally {
    if (held && !fault.alone) free.set(key, [...(free.get(key) ?? []), scene])
    else await scene[Symbol.asyncDispose]()
  }
}

describe('what fails', { concurrency: AT_ONCE }, () => {
  for (const [chapter, rows] of Object.entries(faults)) {
    for (const fault of rows) {
      test(`${chapter}: ${nameOf(fault)}`, { timeout: 240_000 }, () => hold(fault))
    }
  }
})
