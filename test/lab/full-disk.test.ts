import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { must } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'

// The runner's disk is full: the release stands, and what is true is said all the same.

const PATIENCE = { timeout: 4 * 60_000 }
/** Bytes: one page of a file is all that the disk has. */
const ROOM = 4096

let lab: Lab
let host: LabHost
let site: LabSite
before(async () => {
  lab = await openLab()
  host = await lab.host()
  site = await lab.site(host)
  await site.up('blue', 'v1')
})
after(() => lab.dispose())

/** The runner's files on a disk with room for one page, of which the state has so many bytes left, or nobody has it. */
async function smallDisk(left: number | 'none') {
  const folder = await mkdtemp(join(tmpdir(), 'small-'))
  await must(['mount', '-t', 'tmpfs', '-o', `size=${ROOM}`, 'small', folder])
  const file = (name: string) => join(folder, name)
  for (const name of ['output', 'state', 'summary']) await writeFile(file(name), '')
  await writeFile(
    file(left === 'none' ? 'filler' : 'state'),
    `pad=${'x'.repeat(ROOM - (left === 'none' ? 0 : left) - 5)}\n`,
  )
  return {
    env: {
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      RUNNER_TEMP: folder,
      TMPDIR: folder,
    },
    read: (name: string) => readFile(file(name), 'utf8'),
    async [Symbol.asyncDispose]() {
      await must(['umount', folder])
      await rm(folder, { recursive: true })
    },
  }
}

const inputs = (version: string) => site.inputs({ version, watch: '0s', 'drain-timeout': '0s' })

describe('a full disk of the runner', PATIENCE, () => {
  test('leaves a good release green, with a warning for what the runner did not take', PATIENCE, async () => {
    await using disk = await smallDisk('none')
    const run = await runAction(inputs('v2'), { env: disk.env })
    assert.equal(run.exitCode, 0, run.stdout + run.stderr)
    assert.match(run.stdout, /^Released: v2 on green is live/m)
    assert.match(
      run.stdout,
      /^::warning::The runner keeps nothing for the step after the job \(ENOSPC.*the guard puts traffic back/m,
    )
    assert.match(run.stdout, /^::warning::The runner did not take the outputs `result`, .*`report` \(ENOSPC/m)
    assert.match(run.stdout, /^::warning::The job summary could not be written \(ENOSPC/m)
    assert.doesNotMatch(run.stdout + run.stderr, /^\s+at .*:\d+:\d+/m)
    // The half of a file would be the runner's reason to fail the step.
    for (const name of ['output', 'state', 'summary']) assert.equal(await disk.read(name), '', name)
  })

  test(
    'that keeps the beginning of a run and not its end: the step after the job tells what the ledger has',
    PATIENCE,
    async () => {
      await using disk = await smallDisk(340)
      const run = await runAction(inputs('v3'), { env: disk.env })
      assert.equal(run.exitCode, 0, run.stdout + run.stderr)
      assert.match(run.stdout, /^::warning::The runner did not keep everything for the step after the job \(ENOSPC/m)
      const saved = await disk.read('state')
      const state = Object.fromEntries(
        [...saved.matchAll(/^(\w+)<<(.*)\n(.*)\n\2$/gm)].map(([, name, , value]) => [name, value ?? '']),
      )
      assert.deepEqual(Object.keys(state), ['token', 'started'], saved)
      const post = await runAction(inputs('v3'), { entry: 'dist/post.js', state })
      assert.equal(post.exitCode, 0, post.stdout + post.stderr)
      assert.match(post.stdout, /^This run had ended well by itself: v3 went live on blue\.$/m)
      assert.equal((await site.get()).version, 'v3')
    },
  )
})
