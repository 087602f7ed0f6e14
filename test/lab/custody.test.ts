import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { pause } from './command.ts'
import { type CustodyScene, LEASE, openCustodyScene } from './custody-scene.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { asAfterCleanRun } from './leavings.ts'
import { stateOf } from './site-state.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = { timeout: 180_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Each has a host of its own, and most of the time all of them wait. */
describe('custody', { concurrency: 3 }, () => {
  describe('a release', () => {
    const scene = sceneOf()

    test('that ends itself leaves nothing of custody behind, and gives the lease back', PATIENCE, async () => {
      const { host, site, files, clean } = scene.open
      const folders = ['backed.off', 'ended', 'green', 'lease', 'ledger.jsonl', 'lock', 'switch.json', 'target']
      assert.deepEqual(await files(), folders)
      const lease = await host.readFile(`${site.stateDirectory}/lease`)
      assert.match(lease, /^1 - +\n$/)
      assert.deepEqual(
        clean.filter((line) => /^process /.test(line) && !/ nginx: | \S*sshd .*-D/.test(line)),
        [],
      )
      const modes = (await host.exec(`cd ${site.stateDirectory} && stat -c '%a %n' * .`)).stdout
      assert.match(modes, /^600 lease\n600 ledger.jsonl\n600 lock$/m)
      assert.match(modes, /^711 \.$/m)
    })

    test('in its watch refuses a second one, which is told who holds it; a third one waits', PATIENCE, async () => {
      const first = await scene.open.start({ watch: '10s' })
      await first.logged(/::group::Watch /)
      const second = await runAction(scene.open.inputs({ version: 'v8' }))
      const third = runAction(scene.open.inputs({ version: 'v9', 'lock-timeout': '120s' }))
      const report = await wholeRun(second)
      assert.deepEqual([report.result, report.reason], ['unchanged', 'lease-held'], second.stdout)
      const [said = ''] = report.failure
      assert.match(said, /held by the deploy of v3 to blue by octocat since \d{4}-\S+Z/)
      assert.ok(said.includes('(https://github.com/owner/shop/actions/runs/1234567890)'), said)
      assert.match(said, /`lock-timeout`.*`command: unlock`/)
      const one = await first.ended
      assert.equal((await wholeRun(one)).result, 'released', one.stdout)
      const three = await third
      assert.equal((await wholeRun(three)).result, 'released', three.stdout)
      assert.match(three.stdout, /Waiting for the deploy of v3 to blue by octocat/)
      const released = (await scene.open.ledger()).map((line) => JSON.parse(line).version)
      assert.deepEqual(released, ['v2', 'v3', 'v9'])
      await asAfterCleanRun(scene.open.site, scene.open.clean)
      await scene.open.lostNothing()
    })
  })

  describe('killed in the watch', () => {
    const scene = sceneOf()

    test(
      'without the step after the job: the guard puts traffic back, the next release goes on',
      PATIENCE,
      async () => {
        const { witness, ledger } = scene.open
        const [state, records] = [await stateOf(scene.open.site), await ledger()]
        const from = await scene.open.live()
        const run = await scene.open.start()
        await run.logged(/::group::Watch /)
        await pause(700)
        assert.notEqual(await scene.open.live(), from)
        const at = performance.now()
        run.kill('SIGKILL')
        const back = await witness.sees(from, 30_000)
        inTime(scene.open, back.at - at)
        await run.ended
        assert.deepEqual((await stateOf(scene.open.site)).switched, state.switched)
        assert.deepEqual(await ledger(), records)
        await scene.open.lostNothing()
        const next = await scene.open.recovers()
        assert.match(
          next.stdout,
          /::warning::The deploy of v3 \(https:.*traffic was put back, and the rest of it undone/,
        )
      },
    )

    test('with the step after the job: that puts all back, says so, and gives the lease back', PATIENCE, async () => {
      const state = await stateOf(scene.open.site)
      const run = await scene.open.start({ lease: '60s' })
      await run.logged(/::group::Watch /)
      run.kill('SIGKILL')
      const killed = await run.ended
      assert.notDeepEqual(await stateOf(scene.open.site), state)
      const post = await scene.open.post(killed)
      assert.match(post.stdout, /The deploy of v\d \(https:.*traffic was put back, and the rest of it undone/)
      assert.deepEqual(await stateOf(scene.open.site), state)
      await asAfterCleanRun(
        scene.open.site,
        scene.open.clean.filter((line) => !/^container/.test(line)).concat(idle(state)),
      )
      await scene.open.recovers({ 'lock-timeout': '0s' })
    })
  })
})

/** Of the containers a refused release leaves the live one, and removes its own. */
function idle({ containers }: { readonly containers: readonly string[] }): readonly string[] {
  return containers.map((line) => `container ${line.split(' ')[1]}`)
}

/** Opens a scene for the tests of a suite. */
function sceneOf(): { readonly open: CustodyScene } {
  const held: { open: CustodyScene } = {} as { open: CustodyScene }
  before(async () => {
    held.open = await openCustodyScene(lab)
  })
  after(() => held.open[Symbol.asyncDispose]())
  return held
}

/** Within the lease and two seconds, and what the machine itself was late. */
function inTime({ witness }: CustodyScene, took: number): void {
  const most = LEASE + 2000 + 2 * witness.slowest()
  assert.ok(took <= most, `restored after ${Math.round(took)} ms, at most ${Math.round(most)} ms are allowed`)
}
