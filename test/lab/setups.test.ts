import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction, startAction } from './action.ts'
import { until } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { startLoad } from './load.ts'
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

describe('a set-up as its owner left it', { concurrency: 1 }, () => {
  for (const [name, { pointers }] of Object.entries(setups)) {
    test(`${name}: v1 → v2 → rollback → v3, under load`, { timeout: 240_000 }, async () => {
      await using setup = await openSetup(lab, registry, name)
      const before = await setup.files()
      await serves(setup, 'v1')
      await using load = await startLoad({
        url: 'http://127.0.0.1:80/',
        host: 'shop.example.com',
        connections: 4,
        keepAlive: false,
      })
      await released(setup, 'v2')
      await serves(setup, 'v2')
      // To what the owner's own script had put live.
      await released(setup, 'v2', { command: 'rollback', version: '' })
      await serves(setup, 'v1')
      await released(setup, 'v3')
      await serves(setup, 'v3')
      const seen = await load.stop()
      assert.deepEqual(seen.lostBy, {})
      const now = await setup.files()
      const changed = [...now].filter(([path, sum]) => before.get(path) !== sum).map(([path]) => path)
      const left = changed.filter((path) => !pointers.includes(path))
      assert.deepEqual(left, [])
      assert.deepEqual(
        [...before.keys()].filter((path) => !now.has(path)),
        [],
      )
    })
  }
})

/** One set-up for each kind of place that holds where requests go. */
const kinds: Readonly<Record<string, string>> = {
  'c-set': 'a variable in a file of root',
  'e-pass': 'passes of several locations',
  'd-symlink': 'a link between the files of the colors',
  'd-set-ref': 'a file that is mounted alone into a container',
  'd-file-latest': 'a server line with the name of a container',
}

describe('what fails on a set-up leaves it as it was', { concurrency: 1 }, () => {
  for (const [name, kind] of Object.entries(kinds)) {
    test(`${kind} (${name})`, { timeout: 240_000 }, async () => {
      await using setup = await openSetup(lab, registry, name)
      const before = await setup.files()
      const links = await setup.links()
      const same = async () => {
        await serves(setup, 'v1')
        assert.deepEqual(await setup.files(), before)
        assert.equal(await setup.links(), links)
      }
      await setup.built('v2')
      const unchanged = await runAction(setup.inputs({ version: 'v2', 'before-flip': 'exit 1' }))
      assert.equal(unchanged.outputs['result'], 'unchanged', unchanged.stdout)
      await same()
      const restored = await runAction(setup.inputs({ version: 'v2', 'after-flip': 'exit 1' }))
      assert.equal(restored.outputs['result'], 'restored', restored.stdout)
      await same()

      const action = await startAction(setup.inputs({ version: 'v2', watch: '60s', lease: '3s' }))
      await action.logged(/::group::Watch /)
      await serves(setup, 'v2')
      action.kill('SIGKILL')
      await action.ended
      await until('the guard', 20_000, async () => {
        return (await setup.visited()) === '200 v1' || undefined
      })
      await same()
      await released(setup, 'v2', { 'lock-timeout': '30s' })
      await serves(setup, 'v2')
    })
  }
})
