import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { executorOn } from '../../src/execute/executor.ts'
import type { Ran } from '../../src/host/host.ts'
import { type Shell, sh } from '../../src/host/quote.ts'
import { readInputs } from '../../src/inputs/read.ts'
import { assessFacts } from '../../src/planning/facts.ts'
import { surveyHost } from '../../src/planning/survey.ts'
import { beginnings } from '../../src/release/begun.ts'
import type { Executor } from '../../src/release/interpret.ts'
import type { Change, Color, Spared, Wait } from '../../src/release/model.ts'
import type { Progress } from '../../src/release/progress.ts'
import { knowing } from '../../src/release/started.ts'
import type { Runtime } from '../../src/runtimes/runtime.ts'
import { connectAll } from '../../src/wiring/connect.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabSite } from '../lab/site.ts'

/** What every runtime promises, proven on a real one: blue runs with `v1` and is live, green is started with `v2`. */
interface Way {
  readonly name: string
  /** Brings what it needs, starts blue with `v1`, and gives the inputs. */
  open(site: LabSite): Promise<Readonly<Record<string, string>>>
}

/** For both colors: `./color start` and `./color stop`, a process each. */
const SERVER = `
import { createServer } from 'node:http'
const [, , port, version] = process.argv
createServer((_, answer) => answer.end(version)).listen(Number(port), '127.0.0.1')
`

const ways: readonly Way[] = [
  {
    name: 'compose',
    async open(site) {
      await site.up('blue', 'v1')
      return {}
    },
  },
  {
    name: 'command',
    async open({ host, directory, ports }) {
      const script = `#!/bin/sh
case $COLOR in blue) port=${ports.blue} ;; green) port=${ports.green} ;; esac
if [ -e $COLOR.pid ]; then kill "$(cat $COLOR.pid)" 2>/dev/null; rm $COLOR.pid; fi
[ "$1" = start ] || exit 0
setsid ${process.execPath} server.mjs $port $VERSION >$COLOR.log 2>&1 & echo $! >$COLOR.pid
for try in 1 2 3 4 5 6 7 8 9; do curl -sf http://127.0.0.1:$port/ >/dev/null && exit; sleep 0.2; done
exit 1
`
      await host.writeFile(`${directory}/server.mjs`, SERVER, 'deploy')
      await host.writeFile(`${directory}/color`, script, 'deploy')
      const began = `chmod 0755 color && COLOR=blue VERSION=v1 ./color start`
      const ended = await host.exec(`cd ${directory} && ${began}`, { user: 'deploy' })
      assert.equal(ended.code, 0, ended.stderr)
      return {
        runtime: 'command',
        'start-command': './color start',
        'stop-command': './color stop',
        'blue-address': `127.0.0.1:${ports.blue}`,
        'green-address': `127.0.0.1:${ports.green}`,
      }
    },
  },
]

const quiet: Progress = { step: (_title, work) => work(), output() {}, note() {}, warning() {} }
const never = new AbortController().signal
/** Requests go there, or don't, for a script that asks. */
const goesTo = (color: Color, there: boolean): Spared => ({ color, holds: there ? sh`exit 0` : sh`exit 1` })

interface Bench extends AsyncDisposable {
  readonly site: LabSite
  readonly runtime: Runtime
  readonly hands: Executor
  run(shell: Shell): Promise<Ran>
  ask(wait: Wait): Promise<Ran>
  /** The version that answers at a color; empty if none does. */
  at(color: Color): Promise<string>
}

async function openBench(lab: Lab, way: Way): Promise<Bench> {
  const site = await lab.site(await lab.host())
  const more = await way.open(site)
  const given = site.inputs({ version: 'v2', ...more })
  const read = readInputs((input) => given[input] ?? '', undefined)
  assert.ok(read.kind === 'inputs', JSON.stringify(read))
  const { inputs } = read
  const connections = await connectAll(inputs, never, quiet)
  const { fleet, ask, adapters } = connections
  const [host] = fleet.apps
  assert.ok(host)
  const facts = assessFacts(await surveyHost(host, inputs, adapters, never), inputs, host.name)
  assert.deepEqual(facts.refusals, [])
  const { runtime } = (facts.value ?? assert.fail()).runtime.plan({
    ...{ inputs, ledger: [], to: 'green' },
    side: { previous: { version: 'v1' }, own: true },
  })
  const run = (shell: Shell) => host.run({ shell, deadline: 30_000 })
  return {
    site,
    runtime,
    hands: executorOn({
      ...{ fleet, ask, progress: quiet, begun: beginnings(), signal: never },
      undoing: () => never,
      confirm: async () => {},
      smokeTest: async () => '',
      explain: adapters.runtime.explain,
      readSighting: adapters.runtime.readSighting,
    }),
    run,
    ask: ({ script }) => host.run(script),
    at: async (color) => {
      const answer = await site.getColor(color).catch(() => undefined)
      return answer?.version ?? answer?.body.trim() ?? ''
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  }
}

/** The only change of a kind. */
function only(changes: readonly Change[]): Change {
  const [change, ...others] = changes
  assert.ok(change && others.length === 0)
  return change
}

let lab: Lab
const benches = new Map<string, Bench>()
before(async () => {
  lab = await openLab()
  for (const way of ways) benches.set(way.name, await openBench(lab, way))
})
after(() => lab.dispose())

describe('a runtime', () => {
  for (const { name } of ways) {
    test(`by ${name}`, { timeout: 300_000 }, async (t) => {
      await using bench = benches.get(name) ?? assert.fail()
      const { runtime, hands, at } = bench
      const start = only(runtime.start(goesTo('green', false), 'v2'))

      await t.test('starts a color, again as well, and takes it away', async () => {
        for (const time of ['once', 'again']) {
          await hands.change(start)
          await answers(bench, 'green', 'v2', time)
          assert.equal(await at('blue'), 'v1')
        }
        await hands.undo(start)
        assert.equal(await at('green'), '')
        await hands.undo(start)
        assert.equal(await at('blue'), 'v1')
      })

      await t.test('gives back what somebody sends requests to while it is taken away', async () => {
        await hands.change(start)
        const flipped = only(runtime.start(goesTo('green', true), 'v2'))
        await assert.rejects(hands.undo(flipped), /just then, and was started again/)
        await answers(bench, 'green', 'v2')
      })

      await t.test('says who runs, as members of an object', async () => {
        const ran = await bench.run(runtime.identifyRunning('green'))
        assert.equal(ran.code, 0, ran.stderr)
        const identity = JSON.parse(`{${ran.stdout}}`) as Record<string, unknown>
        assert.deepEqual(Object.keys(identity).toSorted(), ['compose', 'container', 'digests', 'image'])
        assert.ok(identity['container'] && identity['image'])
      })

      await t.test('watches what was started, and lets requests go there', async () => {
        const { stdout } = await bench.run(
          sh`docker ps --quiet --no-trunc --filter ${`label=com.docker.compose.project=${bench.site.project}`} --filter ${`label=com.docker.compose.service=${bench.site.services.green}`}`,
        )
        const started = stdout.trim() || undefined
        const told = (wait: Wait) =>
          bench.ask({ ...wait, script: { ...wait.script, shell: knowing(started, wait.script.shell) } })
        assert.equal((await told(runtime.occupies('green'))).code, 0)
        const moved = runtime.whileOccupied('green', sh`echo moved`, { arrivals: false })
        assert.match((await told({ on: 'all apps', script: moved })).stdout, /^moved$/m)
        assert.equal((await told(runtime.exitWatch('green', 1000))).code, 0)
      })

      await t.test('lets a color finish, and says so', async () => {
        for (const wait of runtime.drain('blue', 2000, 0))
          assert.match((await bench.ask(wait)).stdout, /open connection/)
      })

      await t.test('stops a color to which no requests go, and wakes it', async () => {
        await hands.change(only(runtime.retire(goesTo('blue', false))))
        assert.equal(await at('blue'), '')
        assert.equal((await bench.run(runtime.wake('blue').shell)).code, 0)
        await answers(bench, 'blue', 'v1')
      })

      await t.test('starts what it stopped again at once if requests go there by then', async () => {
        await assert.rejects(
          hands.change(only(runtime.retire(goesTo('blue', true)))),
          /just then, and was started again/,
        )
        await answers(bench, 'blue', 'v1')
      })
    })
  }
})

async function answers({ at }: Bench, color: Color, version: string, time = ''): Promise<void> {
  const end = Date.now() + 10_000
  while ((await at(color)) !== version && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(await at(color), version, `${color} ${time}`)
}
