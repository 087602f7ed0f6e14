import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { recordEvents } from './docker-events.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'

const slow = { timeout: 5 * 60_000 }

/**
 * What is not compared: the kernel's own, the requests that Nginx logs, and what others do meanwhile on the machine that
 * lends the lab its disk: in its home, and beside this clone.
 */
const EXCLUDED = ['/proc', '/sys', '/dev', '/var/log/nginx', '/root', resolve(import.meta.dirname, '../../..')]

/** It has a file for what it says of each login. */
const sshdConfig = ['LogLevel QUIET']

let lab: Lab
before(async () => {
  lab = await openLab()
  await runAction({}) // the runner's own folders are on that disk too
})
after(() => lab.dispose())

describe('check and status change nothing on the host', () => {
  test('neither where there is nothing to release to', slow, async () => {
    await using host = await lab.host({ nginx: 'stopped', sshdConfig })
    await using site = await lab.site(host, { flip: 'reload', stateDirectory: 'missing', service: 'none' })
    await host.exec(`rm -rf ${host.stateRoot} ${site.directory}/compose.yaml`)
    const run = await untouched(site, { directory: site.directory })
    assert.equal(run.outputs['result'], 'problems', run.stdout)
  })

  test('nor where a release was made, and another would be', slow, async () => {
    await using host = await lab.host({ sshdConfig })
    await using site = await lab.site(host, { service: 'well' })
    await site.up('blue', 'v1')
    const released = await runAction(site.inputs({ version: 'v2', watch: '0s' }))
    assert.equal(released.outputs['result'], 'released', released.stdout)
    const run = await untouched(site, { version: 'v3' })
    assert.equal(run.outputs['result'], 'ok', run.stdout)
    assert.equal(run.outputs['color'], 'green')
    assert.equal(run.outputs['version'], 'v2')
  })
})

/** Runs both, and gives the check; the whole file system, by inode, mode and time of change, and the containers are compared. */
async function untouched(site: LabSite, inputs: Readonly<Record<string, string>>) {
  const happened = await recordEvents()
  const before = await everything(site.host)
  await runAction(site.inputs({ ...inputs, command: 'status' }))
  const run = await runAction(site.inputs({ ...inputs, command: 'check' }))
  const after = await everything(site.host)
  const changed = [...after]
    .filter(([path, was]) => before.get(path) !== was)
    .map(([path, is]) => `${path}: ${before.get(path)} became ${is}`)
  const gone = [...before.keys()].filter((path) => !after.has(path))
  assert.deepEqual({ changed, gone }, { changed: [], gone: [] })
  assert.ok(before.size > 1000)
  assert.deepEqual(await happened(), [])
  return run
}

async function everything(host: LabHost): Promise<ReadonlyMap<string, string>> {
  const excluded = EXCLUDED.map((path) => `-path ${path}`).join(' -o ')
  const found = await host.exec(`find / \\( ${excluded} \\) -prune -o -printf '%p\\t%i %m %C@ %s\\n'`)
  return new Map(
    found.stdout.split('\n').flatMap((line) => {
      const [path, what] = line.split('\t')
      return path && what ? [[path, what] as const] : []
    }),
  )
}
