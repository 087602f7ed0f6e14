import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { pause } from './command.ts'
import { asItWas, inTime, LEASE, sceneOf } from './custody-scene.ts'
import { type Lab, openLab } from './lab.ts'
import { asAfterCleanRun, processes } from './leavings.ts'
import { stateOf } from './site-state.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = { timeout: 360_000 }

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Each has a host of its own, and most of the time all of them wait. */
describe('custody', { concurrency: 3 }, () => {
  describe('a release', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

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
      assert.equal(three.outputs['result'], 'released', three.stdout)
      assert.match(three.stdout, /Waiting for the deploy of v3 to blue by octocat/)
      const released = (await scene.open.ledger()).map((line) => JSON.parse(line).version)
      assert.deepEqual(released, ['v2', 'v3', 'v9'])
      await asAfterCleanRun(scene.open.site, scene.open.clean)
      await scene.open.lostNothing()
    })
  })

  describe('killed in the watch', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

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
      const state = await asItWas(scene.open)
      const run = await scene.open.start({ lease: '60s' })
      await run.logged(/::group::Watch /)
      run.kill('SIGKILL')
      const killed = await run.ended
      assert.notDeepEqual(await asItWas(scene.open), state)
      const post = await scene.open.post(killed)
      assert.match(post.stdout, /The deploy of v\d \(https:.*traffic was put back, and the rest of it undone/)
      assert.deepEqual(await asItWas(scene.open), state)
      assert.doesNotMatch((await scene.open.files()).join(' '), /journal/)
      // The lease was given back: nobody waits for it.
      await scene.open.recovers({ 'lock-timeout': '0s' })
    })
  })

  describe('killed before the flip', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)
    // The color is created and started by docker, and answers only later.
    const slow = { version: 'slow-boot' }
    const reached = /::group::Wait until slow-boot/

    test('with the step after the job: that undoes what was begun', PATIENCE, async () => {
      const state = await asItWas(scene.open)
      const run = await scene.open.start({ ...slow, lease: '60s' })
      await run.logged(reached)
      run.kill('SIGKILL')
      const post = await scene.open.post(await run.ended)
      assert.match(post.stdout, /The deploy of slow-boot .*was ended from outside before its flip: what it had begun/)
      assert.deepEqual(await asItWas(scene.open), state)
      const again = await scene.open.post(await run.ended)
      assert.match(again.stdout, /::warning::.*could not be finished here|had changed nothing, or had undone it/)
      assert.deepEqual(await asItWas(scene.open), state)
    })

    test('without it: the next release undoes it first, and no guard was ever there', PATIENCE, async () => {
      const [state, sights] = [await asItWas(scene.open), scene.open.witness.sights.length]
      const run = await scene.open.start(slow)
      await run.logged(reached)
      run.kill('SIGKILL')
      await run.ended
      await pause(LEASE + 1000)
      assert.doesNotMatch((await processes(scene.open.host)).join('\n'), /guard\.sh/)
      assert.deepEqual((await asItWas(scene.open)).switched, state.switched)
      assert.equal(scene.open.witness.sights.length, sights)
      const next = await scene.open.recovers()
      assert.match(next.stdout, /::warning::The deploy of slow-boot .*before its flip: what it had begun was undone/)
    })
  })
})
