import type { LedgerEntry } from '../../src/custody/ledger.ts'
import { sh } from '../../src/host/quote.ts'
import { refusal, usable } from '../../src/release/assessment.ts'
import { type Change, type Color, colorOfAll, NOOP, otherThan, type Place } from '../../src/release/model.ts'
import { Failure } from '../../src/release/reasons.ts'
import type { Confirmed, Live, Router, RouterFacts } from '../../src/routers/router.ts'
import type { Runtime, RuntimeFacts } from '../../src/runtimes/runtime.ts'

/** Both ports in memory: what they are asked is answered from a value, and what they change is a change by its title. */
export interface World {
  readonly live: Color
  /** Versions that run. */
  readonly runs: Readonly<Partial<Record<Color, string>>>
  readonly addresses: Readonly<Record<Color, Place>>
  /** Where requests go cannot be said. */
  readonly silent?: true
  /** What asking through the router shows. */
  readonly confirmed?: Confirmed
  /** What is wrong with a color: of the live one nobody knows who serves then. */
  readonly fault?: Color
  /** An idle color that runs all the same. */
  readonly stray?: true
}

function change(phase: Change['phase'], title: string): Change {
  const on = phase === 'traffic' ? 'all proxies' : 'all apps'
  return { kind: 'change', phase, title, on, reason: 'command-failed', effect: { does: title }, do: NOOP, undo: NOOP }
}

/** A router that is a word: the color that is live. */
export function fakeRouter(world: World): Router {
  const current: Live = world.silent
    ? { kind: 'absent', refusal: new Failure('drift', 'The router is silent.') }
    : { kind: 'color', color: world.live }
  return {
    name: 'The router',
    how: 'word',
    current: async () => current,
    holds: (color) => sh`[ ${color} = ${world.live} ]`,
    change: (from, to) => [change('traffic', `Send requests from ${colorOfAll(from)} to ${colorOfAll(to)}`)],
    prepare: () => [],
    finalize: () => [],
    retired: () => [],
    drain: () => [],
  }
}

/** What is known of it. */
export function fakeRouterFacts(world: World): RouterFacts {
  return {
    router: () => fakeRouter(world),
    addresses: world.addresses,
    sent: { host: 'shop.example.org', scheme: 'https' },
    confirm: async () => world.confirmed ?? { refusals: [], notes: [] },
    notes: (server) => (server === undefined ? [] : [{ code: 'server', about: [server], message: `It is ${server}.` }]),
  }
}

/** A runtime whose image of a version is called like the version. */
export function fakeRuntime(): Runtime {
  const nothing = { on: 'all apps', script: { shell: sh`:`, deadline: 1000 } } as const
  return {
    pull: (color, version) => [change('prepare', `Pull ${version} for ${color}`)],
    startDependencies: () => [],
    start: ({ color }, version) => [change('prepare', `Start ${color} with ${version}`)],
    calledHealthy: () => [],
    wake: (color) => ({ shell: sh`wake ${color}`, shown: `wake ${color}` }),
    exitWatch: () => nothing,
    occupies: () => nothing,
    whileOccupied: (_color, shell) => ({ shell, deadline: 0 }),
    accepted: () => nothing,
    recordVersion: () => [],
    discardBackups: () => [],
    drain: () => [],
    retire: ({ color }) => [change('retire', `Stop ${color}`)],
    identify: (color) => sh`identify ${color}`,
    identifyRunning: (color) => sh`identify ${color}`,
    prune: () => [],
  }
}

/** What is known of it. */
export function fakeRuntimeFacts(world: World): RuntimeFacts {
  const service = (color: Color) => ({
    container: { project: 'shop', service: color },
    places: [world.addresses[color]],
    fixedAddresses: [],
    names: [],
  })
  const fault = (color: Color) => new Failure('drift', `Somebody else sits at ${color}.`)
  return {
    project: 'shop',
    services: { blue: service('blue'), green: service('green') },
    callee: (at) => ({ kind: 'container', id: `${at.port}` }),
    at: (color, port) => ({ ...world.addresses[color], port }),
    runs: () => sh`:`,
    sides: ({ live, answering, ledger }) => {
      if (world.fault === live) return refusal(fault(live))
      const refusals = world.fault === otherThan(live) ? [fault(world.fault)] : []
      if (answering[live] === 'silent') return { ...usable({ own: false }), refusals }
      const version = world.runs[live] ?? releasedOn(ledger, live)
      const image = version === undefined ? {} : { image: version }
      return { ...usable({ previous: version === undefined ? {} : { version }, own: true, ...image }), refusals }
    },
    look: (color) => {
      const version = world.runs[color]
      return { state: version === undefined ? 'gone' : 'running', ...(version !== undefined && { version }) }
    },
    recorded: (to) => {
      const live = world.runs[otherThan(to)]
      return { has: () => false, named: (version) => version, ...(live !== undefined && { live }) }
    },
    plan: ({ to }) => ({ runtime: fakeRuntime(), warnings: [], notes: [], idleRuns: world.runs[to] !== undefined }),
    idleRuns: () => (world.stray ? [new Failure('drift', 'The idle color runs.')] : []),
    staysDown: () => [],
  }
}

function releasedOn(ledger: readonly LedgerEntry[], color: Color): string | undefined {
  return ledger.findLast((entry) => entry.color === color)?.version
}
