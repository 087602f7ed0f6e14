import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { describe, test } from 'node:test'
import { takeLease, type Wanted } from '../../src/custody/lease.ts'
import { confirmation, fenced, fencedUndo, type Held, rearm } from '../../src/custody/on-host/fence.ts'
import { lines, type Shell, sh } from '../../src/host/quote.ts'
import type { Change, Question, Spared } from '../../src/release/model.ts'
import { orStartAgain } from '../../src/release/spared.ts'
import { pause, until } from '../lab/command.ts'
import { freePort } from '../lab/ports.ts'
import { type GuardHost, type GuardTalk, openGuardHost, type ShellName } from './guard-host.ts'

const LEASE = 3000
const PATIENCE = { timeout: 240_000 }
const BACK = 'Requests went to blue already: somebody else put them back.'

/** Scripts as they are made, run by small shells: no connection and no Docker has part in it. */
for (const shell of ['dash', 'busybox'] as const) {
  describe(`custody by ${shell}`, { concurrency: 3 }, () => {
    test('a heart that stops: traffic is put back, and the guard ends', PATIENCE, async () => {
      await using scene = await flipped(shell)
      await pause(LEASE + 500)
      assert.equal(await live(scene), 'green') // for as long as it beats nothing happens
      const at = performance.now()
      await scene.stop()
      await until('blue', 30_000, async () => ((await live(scene)) === 'blue' ? true : undefined))
      const took = performance.now() - at
      assert.ok(took > LEASE * 0.6, `${took} ms: too early`)
      await guardEnds(scene)
      assert.match(await decision(scene), /^restored guard$/)
      // Whoever was slow finds out, and changes nothing.
      const late = await scene.host.run(fenced(scene.held, 2, flip(scene.host.state), []))
      assert.equal(late.code, 77)
      assert.match(late.stderr, /^Nothing was changed: the release is restored already, by the guard$/m)
      const undo = await scene.host.run(fencedUndo(scene.held, flip(scene.host.state), true))
      assert.deepEqual([undo.code, undo.stderr], [0, ''])
      const never = await scene.host.run(confirm(scene.held))
      assert.match(never.stderr, /restored already, by the guard/)
    })

    test('a confirmation: the guard ends, and nothing is put back when the heart stops', PATIENCE, async () => {
      await using scene = await flipped(shell)
      const done = await scene.host.run(confirm(scene.held))
      assert.deepEqual([done.code, done.stderr], [0, ''])
      await guardEnds(scene)
      await scene.stop()
      await pause(LEASE + 1000)
      assert.equal(await live(scene), 'green')
      assert.match(await decision(scene), /^confirmed run/)
      assert.equal((await scene.host.exec(`cat ${scene.host.state}/ledger.jsonl`)).trim(), '{"version":"v2"}')
      // Its answer was lost: asked again it says yes again, and records nothing twice.
      assert.equal((await scene.host.run(confirm(scene.held))).code, 0)
      assert.equal((await scene.host.exec(`cat ${scene.host.state}/ledger.jsonl`)).trim(), '{"version":"v2"}')
    })

    test('a guard that is killed is started again, once', PATIENCE, async () => {
      await using scene = await flipped(shell)
      const [first = ''] = await guards(scene)
      await scene.host.exec(`kill -KILL ${first}`)
      scene.heart.send('beat')
      await scene.heart.said(/beat held dead - -/)
      for (let twice = 0; twice < 2; twice += 1) assert.equal((await scene.host.run(rearm(scene.held))).code, 0)
      assert.equal((await guards(scene)).length, 1)
      scene.heart.send('beat')
      await scene.heart.said(/beat held alive - -/)
      await scene.stop()
      await until('blue', 30_000, async () => ((await live(scene)) === 'blue' ? true : undefined))
    })

    test('whoever takes a stale lease over puts traffic back where no guard does', PATIENCE, async () => {
      await using scene = await flipped(shell)
      for (const pid of await guards(scene)) await scene.host.exec(`kill -KILL ${pid}`)
      await scene.stop()
      const early = scene.host.talk(takeLease({ ...wanted(scene.host), token: 'two' }))
      await early.said(/^busy \d+ - 1 one 300 /m)
      await pause(LEASE + 500)
      assert.equal(await live(scene), 'green')
      const late = scene.host.talk(takeLease({ ...wanted(scene.host), token: 'two' }))
      await late.said(/^held 2\n[\s\S]*?^left 1 restored\n[\s\S]*?^ready$/m)
      assert.equal(await live(scene), 'blue')
      const old = await scene.host.run(fenced(scene.held, 2, flip(scene.host.state), []))
      assert.match(old.stderr, /^Nothing was changed: lease 1 is over \(restored\), and this is lease 2 two/m)
    })

    test(
      'a machine that was started again: no heartbeat counts, and the next one takes over at once',
      PATIENCE,
      async () => {
        await using scene = await flipped(shell)
        await scene.stop()
        for (const pid of await guards(scene)) await scene.host.exec(`kill -KILL ${pid}`)
        await scene.host.exec(
          'echo 11111111-2222-3333-4444-555555555555 >/tmp/boot && mount --bind /tmp/boot /proc/sys/kernel/random/boot_id',
        )
        const next = scene.host.talk(takeLease({ ...wanted(scene.host), token: 'two' }))
        await next.said(/^held 2\n[\s\S]*?^left 1 restored\n[\s\S]*?^ready$/m)
        assert.equal(await live(scene), 'blue')
      },
    )

    test('a guard that finds itself in another life of the machine acts at once', PATIENCE, async () => {
      await using scene = await flipped(shell, { lease: 600_000 })
      await scene.stop()
      await pause(1500)
      assert.equal(await live(scene), 'green')
      await scene.host.exec(
        'echo 11111111-2222-3333-4444-555555555555 >/tmp/boot && mount --bind /tmp/boot /proc/sys/kernel/random/boot_id',
      )
      await until('blue', 30_000, async () => ((await live(scene)) === 'blue' ? true : undefined))
    })

    test('a full disk: it beats, decides and puts traffic back all the same', PATIENCE, async () => {
      await using scene = await flipped(shell, { disk: '256k' })
      await scene.host.exec(`dd if=/dev/zero of=${scene.host.state}/full bs=4k 2>/dev/null || :`)
      assert.notEqual((await scene.host.machine.exec(`echo more >${scene.host.state}/more`)).code, 0)
      scene.heart.send('beat')
      await scene.heart.said(/beat held alive - -/)
      await pause(LEASE + 500)
      assert.equal(await live(scene), 'green')
      await scene.stop()
      await until('blue', 30_000, async () => ((await live(scene)) === 'blue' ? true : undefined))
      await guardEnds(scene)
      assert.match(await decision(scene), /^restored guard$/)
    })

    test(
      'a clock that jumps by a day: no file time counts, and no program that tells the time of day is there',
      PATIENCE,
      async () => {
        await using scene = await flipped(shell)
        for (const day of ['+1 day', '-1 day']) {
          await scene.host.exec(`find ${scene.host.state} -exec touch -d '${day}' {} +`)
          await pause(LEASE / 2 + 300)
          assert.equal(await live(scene), 'green')
          const other = scene.host.talk(takeLease({ ...wanted(scene.host), token: 'two' }))
          await other.said(/^busy /m)
        }
        const called = await scene.host.exec('ls /tmp/bin')
        assert.doesNotMatch(called, /^(date|stat|find|touch|uptime|hwclock)$/m)
        await scene.stop()
        await scene.host.exec(`find ${scene.host.state} -exec touch -d '+1 day' {} +`)
        await until('blue', 30_000, async () => ((await live(scene)) === 'blue' ? true : undefined))
      },
    )

    test('somebody else put traffic back: the guard says so, and nothing depends on its undo', PATIENCE, async () => {
      await using scene = await flipped(shell, { undo: sh`false` })
      await scene.host.exec(`mv ${scene.host.state}/green ${scene.host.state}/green.off`)
      await scene.stop()
      await guardEnds(scene)
      assert.match(await decision(scene), /^restored guard others$/)
      const undo = await scene.host.run(fencedUndo(scene.held, flip(scene.host.state), true))
      assert.deepEqual([undo.code, undo.stdout.trim()], [0, BACK])
    })

    test('a flip that failed: nobody else put traffic back', PATIENCE, async () => {
      await using host = await openGuardHost(shell)
      const heart = host.talk(takeLease(wanted(host)))
      await heart.said(/^held 1\n[\s\S]*?^ready$/m)
      const held: Held = { directory: host.state, number: 1, token: 'one', lease: LEASE }
      const failing: Change = { ...flip(host.state), do: { shell: sh`exit 3`, deadline: 1000 } }
      assert.equal((await host.run(fenced(held, 1, failing, []))).code, 3)
      await heart.kill()
      const decided = async () => (await host.exec(`cat ${host.state}/journal-1/decision`)).trim() || undefined
      const ended = async () => ((await decided())?.startsWith('restored') ? decided() : undefined)
      assert.equal(await until('the decision of the guard', 20_000, ended), 'restored guard')
    })

    test('requests go to the previous color again: nothing is confirmed, stopped or removed', PATIENCE, async () => {
      await using scene = await flipped(shell)
      const { state } = scene.host
      const spares = { color: 'blue', holds: sh`[ -e ${state}/green ] && exit 1; exit 0` } as const
      const stop: Change = {
        ...flip(state),
        phase: 'retire',
        spares,
        do: { shell: sh`: >${state}/stopped`, deadline: 1 },
      }
      await scene.host.exec(`mv ${state}/green ${state}/green.off`)
      const never = await scene.host.run(confirm(scene.held, spares))
      assert.match(never.stderr, /^Somebody else sent requests to blue .* The release was not confirmed\.$/m)
      assert.equal(never.code, 76)
      await scene.host.exec(`mv ${state}/green.off ${state}/green`)
      assert.equal((await scene.host.run(confirm(scene.held, spares))).code, 0)
      await scene.host.exec(`mv ${state}/green ${state}/green.off`)
      const found = sh`: >"$state/found"`
      const late = await scene.host.run(fenced(scene.held, 3, { ...stop, spares: { ...spares, found } }, []))
      assert.match(late.stderr, /^Somebody else sent requests to blue .* It was left as it is\.$/m)
      assert.equal((await scene.host.exec(`ls ${state}`)).includes('stopped'), false)
      assert.equal((await scene.host.exec(`ls ${state}`)).includes('found'), true)
    })

    test('a flip between the question and the stop: the second question starts it again', PATIENCE, async () => {
      await using scene = await flipped(shell)
      const { state } = scene.host
      const spares = { color: 'blue', holds: sh`[ -e ${state}/green ] && exit 1; exit 0` } as const
      assert.equal((await scene.host.run(confirm(scene.held))).code, 0)
      const stopping = lines(sh`mv ${state}/green ${state}/green.off`, orStartAgain(spares, sh`: >${state}/started`))
      const stop: Change = { ...flip(state), phase: 'retire', spares, do: { shell: stopping, deadline: 1000 } }
      const found = sh`: >"$state/found"`
      const ran = await scene.host.run(fenced(scene.held, 3, { ...stop, spares: { ...spares, found } }, []))
      assert.equal(ran.code, 76)
      assert.match(ran.stderr, /It was being stopped just then, and was started again\./)
      const left = await scene.host.exec(`ls ${state}`)
      assert.ok(left.includes('started') && left.includes('found'), left)
    })

    test('the previous color does not answer, and the new one does: traffic stays', PATIENCE, async () => {
      const server = await listen()
      try {
        const ends = { previous: question(await freePort()), next: question(server.port) }
        await using scene = await flipped(shell, { ends })
        await scene.stop()
        await until('the end of the guard', 30_000, async () => ((await guards(scene)).length === 0 ? true : undefined))
        assert.equal(await live(scene), 'green')
        assert.match(await decision(scene), /^kept guard$/)
      } finally {
        server.close()
      }
    })
  })
}

interface Flipped extends AsyncDisposable {
  readonly host: GuardHost
  readonly held: Held
  readonly heart: GuardTalk
  /** Ends the heart without a word. */
  stop(): Promise<void>
}

/** A lease that is held, beating, and a flip behind the fence with its guard. */
async function flipped(
  shell: ShellName,
  options: { disk?: string; lease?: number; ends?: NonNullable<Change['endpoints']>; undo?: Shell } = {},
): Promise<Flipped> {
  const host = await openGuardHost(shell, options.disk)
  try {
    return await flippedOn(host, options)
  } catch (cause) {
    await host[Symbol.asyncDispose]()
    throw cause
  }
}

async function flippedOn(
  host: GuardHost,
  options: { lease?: number; ends?: NonNullable<Change['endpoints']>; undo?: Shell },
): Promise<Flipped> {
  const lease = options.lease ?? LEASE
  const heart = host.talk(takeLease({ ...wanted(host), lease }))
  await heart.said(/^held 1\n[\s\S]*?^ready$/m)
  const beating = setInterval(() => heart.send('beat'), LEASE / 6).unref()
  const held: Held = { directory: host.state, number: 1, token: 'one', lease }
  const change = {
    ...flip(host.state),
    ...(options.ends && { endpoints: options.ends }),
    ...(options.undo && { undo: { shell: options.undo, deadline: 1000 } }),
  }
  const done = await host.run(fenced(held, 1, change, []))
  assert.deepEqual([done.code, done.stdout, done.stderr], [0, '', ''])
  const stop = async () => {
    clearInterval(beating)
    await heart.kill()
  }
  const scene = { host, held, heart, stop }
  assert.equal(await live(scene), 'green')
  assert.equal((await guards(scene)).length, 1)
  return {
    ...scene,
    async [Symbol.asyncDispose]() {
      await stop()
      await host[Symbol.asyncDispose]()
    },
  }
}

function wanted({ state }: GuardHost): Wanted {
  const holder = { run: '', actor: '', version: 'v2', command: 'deploy', since: '' }
  return { directory: state, token: 'one', lease: LEASE, holder }
}

function flip(state: string): Change {
  return {
    kind: 'change',
    phase: 'traffic',
    title: 'Flip',
    on: 'all proxies',
    reason: 'flip-without-effect',
    holds: {
      previous: { color: 'blue', holds: sh`[ ! -e ${state}/green ]` },
      next: { color: 'green', holds: sh`[ -e ${state}/green ]` },
    },
    do: { shell: sh`mv ${state}/green.off ${state}/green`, deadline: 1000 },
    undo: { shell: sh`[ ! -e ${state}/green ] || mv ${state}/green ${state}/green.off`, deadline: 1000 },
  }
}

function confirm(held: Held, spares?: Spared) {
  const record = sh`printf '{"version":"v2"}\\n' >"$state/ledger.new"`
  return confirmation(held, { identity: sh`:`, record, finish: [], ...(spares && { spares }) })
}

async function live({ host }: Pick<Flipped, 'host'>): Promise<'blue' | 'green'> {
  return (await host.machine.exec(`[ -e ${host.state}/green ]`)).code === 0 ? 'green' : 'blue'
}

async function decision({ host }: Flipped): Promise<string> {
  return (await host.exec(`cat ${host.state}/journal-1/decision`)).trim()
}

/** Process ids of guards. */
async function guards({ host }: Pick<Flipped, 'host'>): Promise<readonly string[]> {
  const pids = await host.machine.processes()
  const all = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
  )
  return all.flatMap(([pid, line]) => (/guard\.sh\0watch/.test(line) ? [String(pid)] : []))
}

function guardEnds(scene: Flipped): Promise<true> {
  return until('the end of the guard', 20_000, async () => ((await guards(scene)).length === 0 ? true : undefined))
}

function question(port: number): Question {
  return {
    title: `port ${port}`,
    from: 'host',
    request: { address: '127.0.0.1', port, path: '/', host: 'app.test' },
    expect: { status: [[200, 299]] },
  }
}

async function listen(): Promise<{ port: number; close(): Server }> {
  const server = createServer((_, response) => response.end('fine\n'))
  const port = await freePort()
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return { port, close: () => server.close() }
}
