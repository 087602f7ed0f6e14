import { after, before, describe, test } from 'node:test'
import type { Ground } from './faults/fault.ts'
import { nameOf, perform } from './faults/perform.ts'
import type { Scene } from './faults/scene.ts'
import { openScene } from './faults/scene.ts'
import { faults } from './faults/table.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'

let lab: Lab
const shared = new Map<string, Scene>()
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Only a row that held leaves its scene to the next one. */
async function sceneFor(ground: Ground | undefined, alone: boolean): Promise<Scene> {
  const key = JSON.stringify(ground ?? {})
  const ready = alone ? undefined : shared.get(key)
  if (!alone) shared.delete(key)
  return ready ?? openScene(lab, ground)
}

for (const [chapter, rows] of Object.entries(faults)) {
  describe(chapter, () => {
    for (const fault of rows) {
      test(nameOf(fault), { timeout: 120_000 }, async () => {
        const scene = await sceneFor(fault.ground, fault.alone === true)
        let held = false
        try {
          await perform(scene, fault)
          held = true
        } finally {
          if (held && !fault.alone) shared.set(JSON.stringify(fault.ground ?? {}), scene)
          else await scene[Symbol.asyncDispose]()
        }
      })
    }
  })
}
