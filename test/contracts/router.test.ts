import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { readStateDirectory, stateDirectoryQuestion } from '../../src/custody/state-directory.ts'
import { executorOn } from '../../src/execute/executor.ts'
import { sections } from '../../src/host/sections.ts'
import { readInputs } from '../../src/inputs/read.ts'
import { assessFacts } from '../../src/planning/facts.ts'
import { surveyHost } from '../../src/planning/survey.ts'
import { beginnings } from '../../src/release/begun.ts'
import type { Executor } from '../../src/release/interpret.ts'
import { allTo, type Change, type Color, otherThan } from '../../src/release/model.ts'
import type { Progress } from '../../src/release/progress.ts'
import { assessNginx } from '../../src/routers/nginx/assessment.ts'
import { readRecord } from '../../src/routers/nginx/observe/loaded.ts'
import {
  beforeNginxQuestions,
  nginxFunction,
  nginxQuestions,
  readNginx,
} from '../../src/routers/nginx/observe/observation.ts'
import type { Router } from '../../src/routers/router.ts'
import { type Connections, connectAll } from '../../src/wiring/connect.ts'
import { ask, until } from '../lab/command.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { freePort } from '../lab/ports.ts'
import type { LabSite } from '../lab/site.ts'
import type { Flip } from '../lab/site-nginx.ts'
import { killedAt, readyToKill } from './killed.ts'

/**
 * What every router promises, proven on a real one: blue with `v1` and green with `v2` run behind it, blue is live.
 * A router that is no Nginx brings its own `Way`.
 */
interface Way {
  readonly name: string
  open(lab: Lab): Promise<Bench>
  /** What makes the router deaf to a flip, and what undoes that. */
  readonly deafen: (site: LabSite) => string
  readonly mend: (site: LabSite) => string
  /** A flip has at least so many commands at which it can be killed. */
  readonly commands: number
}

const switched = {
  deafen: ({ stateDirectory }: LabSite) => `chmod 0700 ${stateDirectory}`,
  mend: ({ stateDirectory }: LabSite) => `chmod 0711 ${stateDirectory}`,
}
const reloaded = {
  // `nginx -t` does not mind a port that is taken, and the master does not apply what it cannot listen on.
  deafen: ({ host }: LabSite) =>
    `echo 'server { listen 127.0.0.1:${host.port}; return 204; }' > /etc/nginx/conf.d/taken.conf`,
  mend: () => 'rm /etc/nginx/conf.d/taken.conf',
}
const byNginx = (name: Flip): Pick<Way, 'name' | 'open'> => ({ name, open: (lab) => openBench(lab, name) })
const ways: readonly Way[] = [
  { ...byNginx('switch'), ...switched, commands: 1 },
  { ...byNginx('switch-backed'), ...switched, commands: 1 },
  { ...byNginx('reload'), ...reloaded, commands: 8 },
  { ...byNginx('reload-both-lines'), ...reloaded, commands: 8 },
  {
    name: 'redis',
    open: openRedis,
    // A server that is short of replicas writes nothing.
    deafen: () => `${REDIS_CLI} CONFIG SET min-replicas-to-write 1`,
    mend: () => `${REDIS_CLI} CONFIG SET min-replicas-to-write 0`,
    commands: 1,
  },
  {
    name: 'command',
    open: openCommand,
    deafen: ({ directory }) => `touch ${directory}/deaf`,
    mend: ({ directory }) => `rm ${directory}/deaf`,
    commands: 1,
  },
]

/** It sends requests to both colors until one is marked. */
const BOTH = { name: 'reload-both-active' } as const
/** Every so manyth command is where a mark is killed: those between differ in what was read alone. */
const STRIDE = 3

const quiet: Progress = { step: (_title, work) => work(), output() {}, note() {}, warning() {} }
const never = new AbortController().signal

interface Bench extends AsyncDisposable {
  readonly site: LabSite
  readonly hands: Executor
  /** What is there now, observed anew, as each run does. */
  router(): Promise<Router>
  change(to: Color): Promise<Change>
  /** How the router's own questions on the host end, for each color. */
  holds(router: Router): Promise<Readonly<Record<Color, number>>>
  /** Name, inode, mode, owner and content of every file that a flip may touch. */
  files(): Promise<string>
  asRoot(command: string): Promise<string>
  /** Puts traffic on a color as its owner would. */
  flipByHand(color: Color): Promise<void>
  /** Every answer through the router is of this version. */
  serves(version: string): Promise<void>
}

/** What the benches of all routers have in common. */
type Common = Pick<Bench, 'hands' | 'change' | 'holds' | 'router'> & AsyncDisposable

async function openBench(lab: Lab, name: Flip): Promise<Bench> {
  const site = await lab.site(await lab.host(), { flip: name })
  await site.up('blue', 'v1')
  await site.up('green', 'v2')
  await site.host.exec(`chown deploy ${site.nginxFile}`)
  await readyToKill(site.host)
  const given = site.inputs({ version: 'v2' })
  const read = readInputs((input) => given[input] ?? '', undefined)
  assert.ok(read.kind === 'inputs')
  const { inputs } = read
  const connections = await connectAll(inputs, never, quiet)
  const [host] = connections.fleet.apps
  assert.ok(host)
  const asRoot = asRootOn(site)
  const directory = inputs.application.directory
  const questions = sections(
    { state: stateDirectoryQuestion(site.stateDirectory), ...nginxQuestions(undefined, undefined) },
    beforeNginxQuestions(directory, undefined),
  )
  const colorService = (color: Color) => ({
    container: { project: site.project, service: site.services[color] },
    places: [{ host: '127.0.0.1', port: site.ports[color] }],
    fixedAddresses: [],
    names: [],
  })
  const place = {
    proxy: host.name,
    directory,
    nginx: inputs.nginx,
    services: { blue: colorService('blue'), green: colorService('green') },
    previous: name === BOTH.name ? ('stop' as const) : ('keep' as const),
    goingBack: false,
    run: nginxFunction(directory, undefined),
  }
  const router = async () => {
    const ran = await host.run({ shell: questions.shell, deadline: 30_000 })
    const said = questions.read(ran.stdout)
    const state = readStateDirectory(said.state)
    const observed = readNginx(said, state.kind === 'usable' ? readRecord(state.loaded) : undefined)
    const ground = assessNginx(observed, { ...place, state })
    assert.deepEqual(ground.refusals, [])
    return (ground.value ?? assert.fail()).router(connections.ask)
  }
  return {
    ...common(connections, router),
    site,
    asRoot,
    flipByHand: async (color) => {
      await site.flipByHand(color)
      const version = color === 'green' ? 'v2' : 'v1'
      await until('the flip by hand', 5000, async () => ((await site.get()).version === version ? true : undefined))
      await site.host.reloadNginx()
    },
    serves: (version) => serves(site, version),
    files: () =>
      asRoot(
        `for file in ${site.nginxFile} ${site.stateDirectory}/green* ${site.stateDirectory}/backed*; do [ ! -e $file ] || { stat -c '%n %i %a %U %G' $file; sha256sum < $file; }; done`,
      ),
  }
}

function asRootOn(site: LabSite): Bench['asRoot'] {
  return async (command) => {
    const ended = await site.host.exec(command)
    assert.equal(ended.code, 0, `${command}: ${ended.stderr}`)
    return ended.stdout
  }
}

/** Hands, and questions, for a router. */
function common(connections: Connections, router: () => Promise<Router>): Common {
  const { fleet, ask } = connections
  const [host] = fleet.apps
  assert.ok(host)
  const reach = {
    fleet,
    ask,
    progress: quiet,
    begun: beginnings(),
    signal: never,
    undoing: () => never,
    confirm: async () => {},
  }
  return {
    hands: executorOn({
      ...reach,
      smokeTest: async () => '',
      explain: () => undefined,
      readSighting: () => undefined,
    }),
    router,
    async change(to) {
      const [change, ...others] = (await router()).change(allTo(otherThan(to)), allTo(to), { next: 'v2' })
      assert.ok(change && others.length === 0)
      return change
    },
    async holds(asked) {
      const ask = (color: Color) => host.run({ shell: asked.holds(color), deadline: 30_000 })
      const [blue, green] = await Promise.all([ask('blue'), ask('green')])
      return { blue: blue.code, green: green.code }
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  }
}

/** A bench for what is no Nginx: seen as a release sees it. */
async function openOther(site: LabSite, more: Readonly<Record<string, string>>): Promise<Common> {
  await site.up('blue', 'v1')
  await site.up('green', 'v2')
  await readyToKill(site.host)
  const given = site.inputs({ version: 'v2', ...more })
  const read = readInputs((input) => given[input] ?? '', undefined)
  assert.ok(read.kind === 'inputs', JSON.stringify(read))
  const { inputs } = read
  const connections = await connectAll(inputs, never, quiet)
  const [host] = connections.fleet.apps
  assert.ok(host)
  return common(connections, async () => {
    const survey = await surveyHost(host, inputs, connections.adapters, never)
    const facts = assessFacts(survey, inputs, host.name)
    assert.deepEqual(facts.refusals, [])
    return (facts.value ?? assert.fail()).router.router(connections.ask)
  })
}

const KEY = 'shop:live'
const REDIS_PORT = await freePort()
const REDIS_CLI = `redis-cli -p ${REDIS_PORT}`

async function openRedis(lab: Lab): Promise<Bench> {
  const site = await lab.site(await lab.host({ nginx: 'stopped' }))
  const asRoot = asRootOn(site)
  const server = spawn('redis-server', ['--port', `${REDIS_PORT}`, '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
    cwd: '/',
  })
  await until('Redis', 10_000, async () => (await ask(REDIS_CLI.split(' ').concat('PING'))).code === 0 || undefined)
  await asRoot(`${REDIS_CLI} SET ${KEY} blue`)
  const bench = await openOther(site, { router: 'redis', redis: REDIS_CLI, 'redis-key': KEY })
  const files = async () => (await asRoot(`${REDIS_CLI} GET ${KEY}`)).trim()
  return {
    ...bench,
    site,
    asRoot,
    files,
    flipByHand: async (color) => void (await asRoot(`${REDIS_CLI} SET ${KEY} ${color}`)),
    serves: async (version) => assert.equal(await files(), version === 'v2' ? 'green' : 'blue'),
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]()
      server.kill()
    },
  }
}

async function openCommand(lab: Lab): Promise<Bench> {
  const site = await lab.site(await lab.host({ nginx: 'stopped' }))
  const alias = `${site.directory}/alias`
  await site.host.writeFile(alias, 'blue\n', 'deploy')
  const bench = await openOther(site, {
    router: 'command',
    'live-command': 'cat alias',
    'flip-command': '[ ! -e deaf ] || exit 0\necho "$COLOR" >alias.new\nmv alias.new alias',
  })
  const asRoot = asRootOn(site)
  const files = async () => (await site.host.readFile(alias)).trim()
  return {
    ...bench,
    site,
    asRoot,
    files,
    flipByHand: (color) => site.host.writeFile(alias, `${color}\n`, 'deploy'),
    serves: async (version) => assert.equal(await files(), version === 'v2' ? 'green' : 'blue'),
  }
}

/** Every answer through the router is of this version, on connections of their own. */
async function serves(site: LabSite, version: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 12 }, () => site.get()))
  assert.deepEqual(new Set(answers.map((answer) => answer.version)), new Set([version]))
}

let lab: Lab
const benches = new Map<string, Bench>()
before(async () => {
  lab = await openLab()
  for (const way of ways) benches.set(way.name, await way.open(lab))
  benches.set(BOTH.name, await openBench(lab, BOTH.name))
})
after(() => lab.dispose())

describe('a router', { concurrency: true }, () => {
  for (const way of ways) {
    test(`by ${way.name}`, { timeout: 360_000 }, async (t) => {
      await using bench = benches.get(way.name) ?? assert.fail()
      const { site, hands } = bench
      const original = await bench.files()

      await t.test('says which color is live, as it is loaded', async () => {
        assert.deepEqual(await (await bench.router()).current(never), { kind: 'color', color: 'blue' })
        for (const color of ['green', 'blue'] as const) {
          await bench.flipByHand(color)
          const router = await bench.router()
          assert.deepEqual(await router.current(never), { kind: 'color', color })
          assert.deepEqual(await bench.holds(router), { [color]: 0, [otherThan(color)]: 1 })
        }
      })

      await t.test('readies nothing twice', async () => {
        for (const change of (await bench.router()).prepare('green')) await hands.change(change)
        assert.deepEqual((await bench.router()).prepare('green'), [])
      })

      await t.test('moves all traffic, and nothing more when it is done again', async () => {
        const change = await bench.change('green')
        const before = await bench.files()
        await hands.change(change)
        await bench.serves('v2')
        const moved = await bench.files()
        await hands.change(change)
        assert.equal(await bench.files(), moved)
        await bench.serves('v2')
        assert.deepEqual(await (await bench.router()).current(never), { kind: 'color', color: 'green' })
        for (const time of ['once', 'again']) {
          await hands.undo(change)
          assert.equal(await bench.files(), before, `undone ${time}`)
          await bench.serves('v1')
        }
        assert.deepEqual(await (await bench.router()).current(never), { kind: 'color', color: 'blue' })
      })

      await t.test('undoes nothing where nothing was done', async () => {
        const change = await bench.change('green')
        const before = await bench.files()
        await hands.undo(change)
        assert.equal(await bench.files(), before)
        await bench.serves('v1')
      })

      await t.test('undoes what was killed at any of its commands', async () => {
        const change = await bench.change('green')
        const before = await bench.files()
        let n = 1
        while (n < 60 && (await killedAt(site.host, change.do, n))) {
          await hands.undo(change)
          assert.equal(await bench.files(), before, `killed before its command ${n}`)
          await bench.serves('v1')
          n++
        }
        await bench.serves('v2')
        await hands.undo(change)
        assert.equal(await bench.files(), before)
        assert.ok(n > way.commands, `${n - 1} commands`)
      })

      await t.test('says that it does not act on a flip, and goes back', async () => {
        const change = await bench.change('green')
        const before = await bench.files()
        await bench.asRoot(way.deafen(site))
        await assert.rejects(hands.change(change), { reason: 'flip-without-effect' })
        await bench.serves('v1')
        await hands.undo(change)
        assert.equal(await bench.files(), before)
        await bench.asRoot(way.mend(site))
        await bench.serves('v1')
        await hands.change(await bench.change('green'))
        await bench.serves('v2')
      })

      await t.test('leaves nothing of its own once it is settled', async () => {
        for (const change of (await bench.router()).finalize()) await hands.change(change)
        const left = await bench.asRoot(`ls ${site.stateDirectory}`)
        assert.doesNotMatch(left, /nginx-(file|mark|unmark)|^backed$/m)
        await hands.change(await bench.change('blue'))
        await bench.serves('v1')
        for (const change of (await bench.router()).finalize()) await hands.change(change)
        const names = (text: string) => text.split('\n').filter((line) => line.startsWith(site.nginxFile))
        assert.deepEqual(names(await bench.files()), names(original))
      })
    })
  }
})

test('a block with both lines active: its marks, killed at commands of theirs', { timeout: 480_000 }, async () => {
  await using bench = benches.get(BOTH.name) ?? assert.fail()
  const { site, hands } = bench
  const original = await bench.files()
  const router = await bench.router()
  const [mark] = router.prepare('green')
  const [flip] = router.change(allTo('blue'), allTo('green'), { next: 'v2' })
  const [unmark] = router.retired('blue')
  assert.ok(mark && flip && unmark)

  let n = 1
  for (; n < 60 && (await killedAt(site.host, mark.do, n)); n += STRIDE) {
    await hands.undo(mark)
    assert.equal(await bench.files(), original, `killed before its command ${n}`)
  }
  assert.ok(n > 8, `${n} commands`)
  await serves(site, 'v1')
  assert.deepEqual(await bench.holds(router), { blue: 0, green: 1 })
  const marked = await bench.files()
  await hands.undo(mark)
  assert.equal(await bench.files(), original)
  await hands.change(mark)

  for (n = 5; n < 60 && (await killedAt(site.host, flip.do, n)); n += 2 * STRIDE) {
    await hands.undo(flip)
    assert.equal(await bench.files(), marked, `killed before its command ${n}`)
    await serves(site, 'v1')
  }
  await serves(site, 'v2')
  await hands.undo(flip)
  await serves(site, 'v1')
  await hands.change(flip)
  for (const change of router.finalize()) await hands.change(change)

  const flipped = await bench.files()
  await assert.rejects(hands.change(unmark), /blue still answers at 127\.0\.0\.1:\d+: its server line .* keeps `down`/)
  assert.equal(await bench.files(), flipped)
  await serves(site, 'v2')
  assert.equal((await site.compose('stop', site.services.blue)).code, 0)
  const text = await site.host.readFile(site.nginxFile)
  for (n = 2; n < 60 && (await killedAt(site.host, unmark.do, n)); n += STRIDE) {
    await hands.change(unmark)
    assert.equal(await bench.files(), original, `killed before its command ${n}`)
    await serves(site, 'v2')
    await site.host.exec(`cat > ${site.nginxFile}`, { input: text })
    await site.host.reloadNginx()
  }
  assert.equal(await bench.files(), original)
  assert.doesNotMatch(await bench.asRoot(`ls ${site.stateDirectory}`), /nginx-(file|mark|unmark)/)
})
