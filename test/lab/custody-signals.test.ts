import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runAction } from './action.ts'
import { pause } from './command.ts'
import { asItWas, sceneOf } from './custody-scene.ts'
import { type Lab, openLab } from './lab.ts'
import { asAfterCleanRun } from './leavings.ts'
import { stateOf } from './site-state.ts'
import { wholeRun } from './whole-run.ts'

const PATIENCE = { timeout: 360_000 }
const HOOK = 'echo in the hook; sleep 60'

/** A moment of a release, known by what it logs; it may be a little later. */
interface Moment {
  readonly when: string
  readonly reached: RegExp
  readonly inputs: Readonly<Record<string, string>>
  readonly result: 'unchanged' | 'restored'
  /** Whether the flip may have begun, or not. */
  readonly may?: true
}

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

describe('a release that is told to end, or to wait', { concurrency: 2 }, () => {
  describe('SIGINT', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)
    for (const { when, reached, inputs, result, may } of [
      { when: 'the lease is taken', reached: /✓ Take the lease/, inputs: {}, result: 'unchanged' },
      { when: 'the color starts', reached: /::group::Start /, inputs: {}, result: 'unchanged' },
      {
        when: 'its health is waited for',
        reached: /::group::Wait /,
        inputs: { version: 'slow-boot' },
        result: 'unchanged',
      },
      { when: 'a hook runs', reached: /in the hook/, inputs: { 'before-flip': HOOK }, result: 'unchanged' },
      {
        when: 'the flip is to come',
        reached: /✓ Ask .* where Nginx reaches it/,
        inputs: {},
        result: 'restored',
        may: true,
      },
      {
        when: 'a hook runs after the flip',
        reached: /in the hook/,
        inputs: { 'after-flip': HOOK },
        result: 'restored',
      },
      { when: 'the watch begins', reached: /::group::Watch /, inputs: {}, result: 'restored' },
    ] satisfies readonly Moment[]) {
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
        // A flip that may have begun is taken back, and that is proven.
        if (moved || !may) assert.equal(report.result, result, ended.stdout)
        else assert.match(report.result, /^(unchanged|restored)$/)
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
        // It ends as soon as it is told to: only who waits for the request saves it.
        await scene.open.recovers({ version: 'quits' })
        const slow = fetch(`${scene.open.site.publicUrl}/slow?ms=9000`, {
          headers: { Host: scene.open.site.serverName },
        })
        const run = await scene.open.start({ lease: '30s', watch: '0s', 'drain-timeout': '60s' })
        await run.logged(/::group::Let .* finish/)
        const at = performance.now()
        run.kill('SIGINT')
        const ended = await run.ended
        assert.ok(performance.now() - at < 10_000)
        assert.equal(ended.outputs['result'], 'released', ended.stdout)
        if (ended.state['ended'] === undefined) await scene.open.post(ended)
        assert.equal((await slow).status, 200)
        await scene.open.recovers({ 'lock-timeout': '0s' })
      },
    )
  })

  describe('frozen for longer than its lease', { concurrency: 1 }, () => {
    const scene = sceneOf(() => lab)

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
        assert.deepEqual([report.color, report.version], [await scene.open.live(), 'v9'])
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
