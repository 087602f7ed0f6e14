import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nameOf, perform } from './faults/perform.ts'
import { openScene } from './faults/scene.ts'
import { faults } from './faults/table.ts'
import { type Lab, openLab } from './lab.ts'

/** Rows that are under way at the same time. */
const AT_ONCE = 3

let lab: Lab
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutated-'))
  await mutate(folder)
  lab = await openLab()
})
after(async () => {
  await lab.dispose()
  await rm(folder, { recursive: true })
})

/** A row that would hold without any undoing proves nothing. */
describe('an action that undoes nothing fails', { concurrency: AT_ONCE }, () => {
  const restored = Object.values(faults).flatMap((rows) => rows.filter(({ result }) => result === 'restored'))
  for (const fault of restored) {
    test(nameOf(fault), { timeout: 360_000 }, async () => {
      await using scene = await openScene(lab, { ...fault.ground, first: true })
      await assert.rejects(perform(scene, fault, join(folder, 'main.js')), (error: assert.AssertionError) => {
        assert.equal(error.code, 'ERR_ASSERTION', `${error}`)
        // It asks at the end what serves, and finds itself out; or it says that it restored, and the witness finds it out.
        if (error.expected === fault.result) assert.equal(error.actual, 'stranded', error.message)
        else assert.notEqual(error.expected, fault.reason, error.message)
        return true
      })
    })
  }
})

/** The built action, in which what undoes a change does nothing. */
async function mutate(into: string): Promise<void> {
  await cp(resolve(import.meta.dirname, '../../dist'), into, { recursive: true })
  const files = (await readdir(into)).filter((name) => name.endsWith('.js'))
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(into, name), 'utf8')] as const))
  const undo = /async undo\(change\w*\) \{\n/g
  const found = texts.filter(([, text]) => text.search(undo) >= 0)
  assert.equal(found.length, 1, 'One file of the built action undoes changes.')
  const [[name, text]] = found as [readonly [string, string]]
  await writeFile(
    join(into, name),
    text.replace(undo, (begin) => `${begin}      return []\n`),
  )
}
