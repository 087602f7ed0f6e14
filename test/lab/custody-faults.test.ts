import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { watchState } from './chaos-instants.ts'
import { pause, until } from './command.ts'
import { cut, guardCame, guards, startedAgain } from './custody-blows.ts'
import { asItWas, inTime, LEASE, sceneOf } from './custody-scene.ts'
import { type Lab, openLab } from './lab.ts'
import { asAfterCleanRun } from './leavings.ts'
import { killProcess } from './machine.ts'

const PATIENCE = { timeout: 480_000 }
const WATCHING = /::group::Watch /

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** What can happen to a host and to the way to it; each with a host of its own, and most of the time all of them wait. */
describe('what is left half done', { concurrency: 5 }, () => {
  describe('by a network', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

    test('that drops every packet in the watch: the guard acts, and the run learns of it', PATIENCE, async () => {
      const { witness } = scene.open
      const [state, from] = [await asItWas(scene.open), await scene.open.live()]
      const run = await scene.open.start()
      await run.logged(WATCHING)
      await pause(500)
      const at = performance.now()
      await using network = await cut(scene.open)
      const back = await witness.sees(from, 30_000)
      inTime(scene.open, back.at - at)
      await network.mend()
      const ended = await run.ended
      assert.equal(ended.outputs['result'], 'restored', ended.stdout)
      assert.match(ended.outputs['reason'] ?? '', /^(guard-acted|connection-lost)$/)
      if (ended.state['ended'] === undefined) await scene.open.post(ended)
      assert.deepEqual(await asItWas(scene.open), state)
      await scene.open.recovers()
    })

    test('that stays away, with its runner: the next one goes on', PATIENCE, async () => {
      const from = await scene.open.live()
      const run = await scene.open.start()
      await run.logged(WATCHING)
      await using network = await cut(scene.open)
      const at = performance.now()
      await pause(300)
      run.kill('SIGKILL')
      inTime(scene.open, (await scene.open.witness.sees(from, 30_000)).at - at)
      await network.mend()
      await scene.open.recovers()
    })
  })

  describe('by a connection', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

    test('whose SSH server is restarted in the watch: the run says what is live', PATIENCE, async () => {
      const run = await scene.open.start({ watch: '8s', lease: '10s' })
      await run.logged(WATCHING)
      await pause(500)
      await scene.open.host.restartSshd()
      const ended = await run.ended
      const [result, live] = [ended.outputs['result'], (await scene.open.site.get()).version]
      assert.match(result ?? '', /^(released|restored)$/, ended.stdout)
      assert.equal(live, ended.outputs['version'], ended.stdout)
      await scene.open.recovers()
    })

    test('that loses the answer to the confirmation: it is asked for again, and counts once', PATIENCE, async () => {
      const { host, site } = scene.open
      const before = await scene.open.ledger()
      const state = watchState(site)
      const run = await scene.open.start({ watch: '1s', lease: '10s' })
      // The journal gets what is to follow under the same lock, just before the decision.
      await state.reached({ kind: 'entry', change: 'Stop falling back' }, run)
      await host.restartSshd()
      state.close()
      const ended = await run.ended
      assert.equal(ended.outputs['result'], 'released', ended.stdout)
      assert.equal((await scene.open.ledger()).length, before.length + 1)
      assert.equal((await site.get()).version, ended.outputs['version'])
      if (ended.state['ended'] === undefined) await scene.open.post(ended)
      await scene.open.recovers()
    })
  })

  describe('by a guard', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

    test('that is killed while its run lives: another one stands in its place', PATIENCE, async () => {
      const run = await scene.open.start({ watch: '10s' })
      await run.logged(WATCHING)
      const [first = 0] = await guards(scene.open)
      killProcess(first)
      await until('another guard', 10_000, async () => {
        const now = await guards(scene.open)
        return (now.length === 1 && now[0] !== first) || undefined
      })
      const from = await scene.open.live()
      run.kill('SIGKILL')
      await scene.open.witness.sees(from === 'blue' ? 'green' : 'blue', 30_000)
      await scene.open.recovers()
    })

    test('that begins when its run is gone: what had waited for the lock is put back', PATIENCE, async () => {
      const { host, site } = scene.open
      const from = await scene.open.live()
      const run = await scene.open.start()
      await run.logged(/✓ Write /)
      const wait = 'until [ -e /tmp/go ]; do sleep 0.05; done; rm /tmp/go'
      const holder = host.exec(`exec 9<${site.stateDirectory}/lock && flock 9 && ${wait}`)
      await pause(1000)
      run.kill('SIGKILL')
      await run.ended
      await pause(LEASE)
      const guard = guardCame(scene.open)
      await host.exec(': >/tmp/go')
      await holder
      await guard
      await until('the end of the guard', 20_000, async () =>
        (await guards(scene.open)).length === 0 ? true : undefined,
      )
      assert.equal(await scene.open.live(), from)
      await scene.open.recovers()
    })

    test(
      'that is killed with its run: traffic stays where it is answered, and the next one recovers',
      PATIENCE,
      async () => {
        const version = (await scene.open.site.get()).version
        const run = await scene.open.start()
        await run.logged(WATCHING)
        run.kill('SIGKILL')
        for (const pid of await guards(scene.open)) killProcess(pid)
        await pause(LEASE + 1500)
        const mine = await scene.open.site.get()
        assert.notEqual(mine.version, version)
        const next = await scene.open.recovers()
        assert.equal(next.outputs['previous-version'], version)
      },
    )
  })

  describe('by a host that is started again', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

    test('with its runner: the next run recovers at once, whatever the lease', PATIENCE, async () => {
      const { host, site } = scene.open
      const version = (await site.get()).version
      const run = await scene.open.start({ lease: '600s' })
      await run.logged(WATCHING)
      await scene.open.lostNothing()
      run.kill('SIGKILL')
      const ended = await run.ended
      await using _ = await startedAgain(scene.open)
      assert.notEqual((await site.get()).version, version, ended.stdout)
      const next = await runAction(scene.open.inputs({ version: scene.open.next() }))
      assert.equal(next.outputs['result'], 'released', next.stdout)
      assert.equal(next.outputs['previous-version'], version)
      await asAfterCleanRun(site, scene.open.clean)
      assert.doesNotMatch((await host.exec(`ls ${site.stateDirectory}`)).stdout, /journal/)
    })

    test('while its runner goes on: that says what is live', PATIENCE, async () => {
      const { site } = scene.open
      const run = await scene.open.start({ watch: '5s', lease: '30s' })
      await run.logged(WATCHING)
      await using _ = await startedAgain(scene.open)
      const ended = await run.ended
      assert.match(ended.outputs['result'] ?? '', /^(released|restored)$/, ended.stdout)
      assert.equal((await site.get()).version, ended.outputs['version'], ended.stdout)
      if (ended.state['ended'] === undefined) await scene.open.post(ended)
      const next = await runAction(scene.open.inputs({ version: scene.open.next() }))
      assert.equal(next.outputs['result'], 'released', next.stdout)
      await asAfterCleanRun(site, scene.open.clean)
    })
  })

  describe('by a recovery', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)
    for (const { when, said, later } of [
      { when: 'as soon as it has the lease', said: /✓ Connect/, later: 50 },
      { when: 'when traffic is back', said: /✓ Undo: Write/, later: 0 },
      { when: 'when all is undone', said: /✓ Undo: Start/, later: 0 },
    ]) {
      test(`that is killed itself, ${when}: the one after it goes on`, PATIENCE, async () => {
        const version = (await scene.open.site.get()).version
        const run = await scene.open.start()
        await run.logged(WATCHING)
        run.kill('SIGKILL')
        for (const pid of await guards(scene.open)) killProcess(pid)
        await run.ended
        const second = await scene.open.start({ 'lock-timeout': '30s' })
        await second.logged(said)
        await pause(later)
        second.kill('SIGKILL')
        await second.ended
        const next = await scene.open.recovers()
        assert.equal(next.outputs['previous-version'], version)
      })
    }
  })
})
