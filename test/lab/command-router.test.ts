import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { until } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'

let lab: Lab
let site: LabSite
before(async () => {
  lab = await openLab()
  site = await lab.site(await lab.host({ nginx: 'stopped' }))
})
after(() => lab.dispose())

const inputs = (more: Readonly<Record<string, string>> = {}) =>
  site.inputs({
    router: 'command',
    'live-command': 'cat alias',
    'flip-command':
      'echo "$COLOR" > alias.new\nmv alias.new alias\necho "$PREVIOUS_COLOR $PREVIOUS_VERSION > $COLOR $VERSION" >> flips',
    watch: '300ms',
    'drain-timeout': '2s',
    lease: '3s',
    ...more,
  })

const read = async (file: string) => (await site.host.exec(`cat ${site.directory}/${file} 2>/dev/null`)).stdout.trim()

async function ended(result: string, more: Readonly<Record<string, string>>): Promise<ActionRun> {
  const run = await runAction(inputs(more))
  assert.equal(run.outputs['result'], result, run.stdout)
  return run
}

describe('commands of the user', { timeout: 480_000 }, () => {
  test('flip a first release, and the next', async () => {
    await site.host.exec(`printf '' > ${site.directory}/alias && chown deploy ${site.directory}/alias`)
    await ended('released', { version: 'v1' })
    assert.equal(await read('alias'), 'blue')
    await ended('released', { version: 'v2' })
    assert.equal(await read('alias'), 'green')
    assert.match(await read('flips'), /^blue v1 > green v2$/m)
  })

  test('flip back if the release fails', async () => {
    await ended('restored', { version: 'v3', 'after-flip': 'exit 1' })
    assert.equal(await read('alias'), 'green')
    assert.match(await read('flips'), /^blue v3 > green v2$/m)
  })

  test('that do nothing are told by the live command', async () => {
    const { stdout } = await ended('restored', { version: 'v3', 'flip-command': 'true' })
    assert.match(stdout, /live-command prints green after the flip/)
    assert.equal(await read('alias'), 'green')
  })

  test('that fail to say what is live refuse a release', async () => {
    const { stdout } = await ended('unchanged', { version: 'v3', 'live-command': 'echo red' })
    assert.match(stdout, /printed `red` on .*, which is neither/)
    const failed = await ended('unchanged', { version: 'v3', 'live-command': 'exit 7' })
    assert.match(failed.stdout, /`live-command` failed on .*: live-command ended with 7/)
  })

  test('roll back', async () => {
    await ended('rolled-back', { command: 'rollback', version: '' })
    assert.equal(await read('alias'), 'blue')
  })

  test('are run by the guard when the runner is gone', async () => {
    const action = await startAction(inputs({ version: 'v2', watch: '60s' }))
    await action.logged(/::group::Watch /)
    assert.equal(await read('alias'), 'green')
    action.kill('SIGKILL')
    await action.ended
    await until('the way back', 30_000, async () => (await read('alias')) === 'blue' || undefined)
  })
})
