import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { killed } from './chaos-kill.ts'
import { openCustodyScene } from './custody-scene.ts'
import { type Lab, openLab } from './lab.ts'

let lab: Lab
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutated-'))
  await withoutGuard(folder)
  lab = await openLab()
})
after(async () => {
  await lab.dispose()
  await rm(folder, { recursive: true })
})

test('without a guard traffic stays on what a killed release left, and chaos finds that out', async () => {
  await using scene = await openCustodyScene(lab, folder)
  const kill = { title: 'after the flip', post: false, sessions: false, hurried: false, watched: true }
  const instant = { kind: 'log', said: /::group::Watch /, later: 200 } as const
  await assert.rejects(killed(scene, { ...kill, instant }), /Nginx was not seen to choose green within/)
})

/** The built action, in which the one function that starts the guard starts none. */
async function withoutGuard(into: string): Promise<void> {
  await cp(resolve(import.meta.dirname, '../../dist'), into, { recursive: true })
  const names = (await readdir(into)).filter((name) => name.endsWith('.js'))
  const start = /function startGuard\(\w+\) \{\n/
  let found = 0
  for (const name of names) {
    const text = await readFile(join(into, name), 'utf8')
    if (!start.test(text)) continue
    found += 1
    await writeFile(
      join(into, name),
      text.replace(start, (begin) => `${begin}  return { text: ':' }\n`),
    )
  }
  assert.equal(found, 1, 'The built action has one function that starts the guard.')
}
