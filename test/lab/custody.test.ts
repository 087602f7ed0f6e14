import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { pause } from './command.ts'
import { type CustodyScene, LEASE, openCustodyScene } from './custody-scene.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { asAfterCleanRun, processes } from './leavings.ts'
import { stateOf } from './site-state.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = { timeout: 180_000 }

const HOOK = 'echo in the hook; sleep 60'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Each has a host of its own, and most of the time all of them wait. */
describe('custody', { concurrency: 3 }, () => {
  describe('a release', { concurrency: 1 }, () => {
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
      assert.equal(three.outputs['result'], 'released', three.stdout)
      assert.match(three.stdout, /Waiting for the deploy of v3 to blue by octocat/)
      const released = (await scene.open.ledger()).map((line) => JSON.parse(line).version)
      assert.deepEqual(released, ['v2', 'v3', 'v9'])
      await asAfterCleanRun(scene.open.site, scene.open.clean)
      await scene.open.lostNothing()
    })
  })

  describe('killed in the watch', { concurrency: 1 }, () => {
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
    const scene = sceneOf()
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
      assert.match(again.stdout, /::warning::.*could not be finished here|before it had changed anything/)
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

  describe('SIGINT', { concurrency: 1 }, () => {
    const scene = sceneOf()
    for (const { when, reached, inputs, result } of [
      { when: 'the lease is taken', reached: /✓ Take the lease/, inputs: {}, result: 'unchanged' },
      { when: 'the color starts', reached: /::group::Start /, inputs: {}, result: 'unchanged' },
      {
        when: 'its health is waited for',
        reached: /::group::Wait /,
        inputs: { version: 'slow-boot' },
        result: 'unchanged',
      },
      { when: 'a hook runs', reached: /in the hook/, inputs: { 'before-flip': HOOK }, result: 'unchanged' },
      { when: 'the flip is to come', reached: /✓ Ask .* where Nginx reaches it/, inputs: {}, result: 'restored' },
      {
        when: 'a hook runs after the flip',
        reached: /in the hook/,
        inputs: { 'after-flip': HOOK },
        result: 'restored',
      },
      { when: 'the watch begins', reached: /::group::Watch /, inputs: {}, result: 'restored' },
    ] as const) {
      test(`when ${when}: it ends within ten seconds, and says what is true`, PATIENCE, async () => {
        const { site, witness } = scene.open
        const [state, from, sights] = [await asItWas(scene.open), await scene.open.live(), witness.sights.length]
        const run = await scene.open.start({ lease: '30s', ...inputs })
        await run.logged(reached)
        const at = performance.now()
        run.kill('SIGINT')
        const ended = await run.ended
        const took = performance.now() - at
        assert.ok(took < 10_000, `${took} ms`)
        const report = await wholeRun(ended)
        assert.equal(await scene.open.live(), from, ended.stdout)
        assert.equal(report.reason, 'cancelled', ended.stdout)
        const moved = witness.sights.length > sights
        // What comes a moment before the flip may be told after it.
        const right = /✓ Ask/.test(reached.source) && !moved ? 'unchanged' : result
        assert.equal(report.result, right, ended.stdout)
        if (ended.state['ended'] === undefined) await scene.open.post(ended)
        assert.deepEqual(await asItWas(scene.open), state)
        assert.doesNotMatch((await scene.open.files()).join(' '), /journal/)
        assert.match(await scene.open.host.readFile(`${site.stateDirectory}/lease`), /^\d+ - +\n$/)
        await scene.open.lostNothing()
      })
    }

    test(
      'when the previous color drains: the release stands, and what was to follow only warns',
      PATIENCE,
      async () => {
        const slow = fetch(`${scene.open.site.publicUrl}/slow?ms=15000`, {
          headers: { Host: scene.open.site.serverName },
        })
        const run = await scene.open.start({ lease: '30s', watch: '0s', 'drain-timeout': '60s' })
        await run.logged(/::group::Let .* finish/)
        const at = performance.now()
        run.kill('SIGINT')
        const ended = await run.ended
        assert.ok(performance.now() - at < 10_000)
        assert.equal((await wholeRun(ended)).result, 'released', ended.stdout)
        assert.equal((await slow).status, 200)
        if (ended.state['ended'] === undefined) await scene.open.post(ended)
        await scene.open.recovers({ 'lock-timeout': '0s' })
      },
    )
  })

  describe('frozen for longer than its lease', { concurrency: 1 }, () => {
    const scene = sceneOf()

    test('it finds that the guard acted, changes nothing more, and says so', PATIENCE, async () => {
      const [state, from] = [await asItWas(scene.open), await scene.open.live()]
      const run = await scene.open.start()
      await run.logged(/::group::Watch /)
      await pause(500)
      run.kill('SIGSTOP')
      await scene.open.witness.sees(from, 30_000)
      const sights = scene.open.witness.sights.length
      run.kill('SIGCONT')
      const ended = await run.ended
      const report = await wholeRun(ended)
      assert.deepEqual([report.result, report.reason], ['restored', 'guard-acted'], ended.stdout)
      assert.match(report.failure.join(), /the guard there acted, and put traffic back/)
      assert.equal(scene.open.witness.sights.length, sights)
      assert.deepEqual(await asItWas(scene.open), state)
      await scene.open.recovers({ 'lock-timeout': '0s' })
    })

    for (const { when, reached, result } of [
      { when: 'in the watch', reached: /::group::Watch /, result: 'restored' },
      { when: 'before the flip', reached: /::group::Wait until/, result: 'unchanged' },
    ] as const) {
      test(`${when}, another run took over and released: it changes nothing, and says so`, PATIENCE, async () => {
        const inputs = result === 'unchanged' ? { version: 'slow-boot' } : {}
        const run = await scene.open.start(inputs)
        await run.logged(reached)
        await pause(300)
        run.kill('SIGSTOP')
        const other = await runAction(scene.open.inputs({ version: 'v9', 'lock-timeout': '60s' }))
        assert.equal(other.outputs['result'], 'released', other.stdout)
        const state = await stateOf(scene.open.site)
        const [ledger, sights] = [await scene.open.ledger(), scene.open.witness.sights.length]
        run.kill('SIGCONT')
        const ended = await run.ended
        const report = await wholeRun(ended)
        assert.equal(report.reason, 'lease-lost', ended.stdout)
        assert.equal(report.result, result, ended.stdout)
        assert.match(report.failure[0] ?? '', /no longer holds the lease of the target/)
        assert.deepEqual(await stateOf(scene.open.site), state)
        assert.deepEqual(await scene.open.ledger(), ledger)
        assert.equal(scene.open.witness.sights.length, sights)
        await asAfterCleanRun(scene.open.site, scene.open.clean)
        await scene.open.lostNothing()
      })
    }
  })
})

/** All but the idle color, whose container a release makes anew, or removes. */
async function asItWas({ site, live }: CustodyScene) {
  const [state, color] = [await stateOf(site), await live()]
  return { ...state, containers: state.containers.filter((line) => line.startsWith(`${site.services[color]} `)) }
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
