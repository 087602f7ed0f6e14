import type { Ask } from '../../../judges/question.ts'
import { COLORS, type Color, colorOfAll } from '../../../release/model.ts'
import { answerOf } from '../../../release/sides.ts'
import type { Live, Router } from '../../router.ts'
import { liveFromUpstream } from '../config/upstream.ts'
import { drainWorkers } from '../drain.ts'
import { reloadRefusals } from '../refusals.ts'
import { finalizeReload, flipReload } from './changes.ts'
import type { ReloadFacts } from './facts.ts'
import { bothActive, isMarked, reloadHolds } from './holds.ts'
import { markIdle, unmark } from './marks.ts'
import { editServers, markServers } from './upstream-edit.ts'

/** Milliseconds in which a color that is up at all says something. */
const ANSWER_TIMEOUT = 3000
/** Milliseconds on top of the waiting itself. */
const SPARE = 20_000

/** Flips by rewriting the server lines of one upstream block, and a reload. */
export function reloadRouter(facts: ReloadFacts, ask: Ask): Router {
  const both = bothActive(facts)
  const withDown = (color: Color | undefined): string =>
    Buffer.from(markServers(Buffer.from(facts.text), facts.upstream, facts.addresses, color)).toString()
  const withLive = (color: Color): string => {
    const bytes = editServers(Buffer.from(facts.text), facts.upstream, { live: color, addresses: facts.addresses })
    return Buffer.from(bytes).toString()
  }
  return {
    name: 'Nginx',
    how: 'reload',
    current: async (signal) => (both ? oneThatAnswers(facts, ask, signal) : liveOf(facts)),
    holds: (color) => reloadHolds(facts, color),
    change: (from, to) => {
      const [previous, color] = [colorOfAll(from), colorOfAll(to)]
      const spared = (each: Color) => ({ color: each, holds: reloadHolds(facts, each) })
      const holds = { previous: spared(previous), next: spared(color) }
      const [before, after] = both ? [withDown(color), withDown(previous)] : [facts.text, withLive(color)]
      return [{ ...flipReload(facts.target, previous, color, before, after), holds }]
    },
    prepare: (to) => (both ? [markIdle(facts.target, facts.places, to, facts.text, withDown(to))] : []),
    retired: (color) => {
      if (facts.keeps || !(both || isMarked(facts))) return []
      return [unmark(facts.target, facts.places[color], color, withDown(color), withDown(undefined))]
    },
    finalize: () => finalizeReload(facts.target),
    drain: (_color, duration) => {
      const { master } = facts.target
      if (master === undefined) return []
      return [{ on: 'all proxies', script: { shell: drainWorkers(master, duration), deadline: duration + SPARE } }]
    },
  }
}

/** The block sends traffic to both: live is the color that answers, where exactly one does. */
async function oneThatAnswers(
  { upstream, addresses, places, proxy }: ReloadFacts,
  ask: Ask,
  signal: AbortSignal,
): Promise<Live> {
  const answered = await Promise.all(
    COLORS.map(async (color) => {
      const { host, port, container } = places[color]
      if (port === 0) return []
      const request = { address: host, port, path: '/', host: addresses[color] }
      const question = {
        title: addresses[color],
        from: proxy,
        request,
        expect: { status: [] },
        ...(container && { container }),
      }
      return typeof (await answerOf(question, ask, ANSWER_TIMEOUT, signal)) === 'string' ? [] : [color]
    }),
  )
  const [first, second] = answered.flat()
  if (second !== undefined) {
    const refusal = reloadRefusals['upstream-of-both-colors'](`The upstream ${upstream.name} in ${upstream.file}`)
    return { kind: 'foreign', refusal }
  }
  return { kind: 'color', color: first ?? 'blue' }
}

/** What the block says, where it is the one that is loaded. */
export function liveOf({ upstream, addresses }: Pick<ReloadFacts, 'upstream' | 'addresses'>): Live {
  const live = liveFromUpstream(upstream, addresses)
  const block = `The upstream ${upstream.name} in ${upstream.file}`
  const colors = `blue (${addresses.blue}) nor green (${addresses.green})`
  switch (live.kind) {
    case 'live':
      return { kind: 'color', color: live.color }
    case 'neither':
      return { kind: 'foreign', refusal: reloadRefusals['upstream-of-neither-color'](block, live.active, colors) }
    case 'mixed':
      return { kind: 'foreign', refusal: reloadRefusals['upstream-with-others'](block, live.foreign, colors) }
    case 'none-active':
      return { kind: 'absent', refusal: reloadRefusals['upstream-with-nothing'](block) }
    case 'both':
      return { kind: 'absent', refusal: reloadRefusals['upstream-undecided'](block) }
  }
}
