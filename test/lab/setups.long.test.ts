import { after, before, describe, test } from 'node:test'
import { type Lab, openLab } from './lab.ts'
import type { Registry } from './registry.ts'
import { openField, openSetup, released, serves } from './setup.ts'
import { setups } from './setups/table.ts'

let lab: Lab
let registry: Registry
before(async () => {
  lab = await openLab()
  registry = await openField()
})
after(async () => {
  await lab.dispose()
  await registry[Symbol.asyncDispose]()
})

describe('a set-up whose owner goes on using the script', { concurrency: 1 }, () => {
  // A script that leaves both colors running leaves it to Nginx who serves: a release is refused then.
  const moving = Object.entries(setups).filter(([, { moves }]) => !moves.startsWith('nothing'))
  for (const [name] of moving) {
    test(`${name}: v1 → v2 → v3 → rollback → v4 by the script → v3 → rollback`, { timeout: 300_000 }, async () => {
      await using setup = await openSetup(lab, registry, name)
      await released(setup, 'v2')
      await released(setup, 'v3')
      const { outputs } = await released(setup, 'v3', { command: 'rollback', version: '' })
      await serves(setup, 'v2')
      const idle = outputs['color'] === 'blue' ? 'green' : 'blue'
      await setup.built('v4')
      await setup.byOwner(idle, 'v4')
      await serves(setup, 'v4')
      await released(setup, 'v3')
      await serves(setup, 'v3')
      await released(setup, 'v3', { command: 'rollback', version: '' })
      await serves(setup, 'v4')
    })
  }
})
