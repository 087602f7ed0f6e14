import type { Ask } from '../../../judges/question.ts'
import { COLORS, type Color, colorOfAll } from '../../../release/model.ts'
import { answerOf } from '../../../release/sides.ts'
import type { Live, Router } from '../../router.ts'
import { drainWorkers } from '../drain.ts'
import { reloadRefusals } from '../refusals.ts'
import { finalizeReload, flipReload } from './changes.ts'
import type { ByBlock, ReloadFacts } from './facts.ts'
import { reloadHolds } from './holds.ts'
import { markIdle, unmark } from './marks.ts'
import { blockTitle, bothActive, isMarked, liveOf } from './sent.ts'

/** Milliseconds in which a color that is up at all says something. */
const ANSWER_TIMEOUT = 3000
/** Milliseconds on top of the waiting itself. */
const SPARE = 20_000

/** Flips by rewriting what holds the address of a color, and a reload. */
export function reloadRouter(facts: ReloadFacts, ask: Ask): Router {
  const { by } = facts
  const both = bothActive(facts)
  return {
    name: 'Nginx',
    how: 'reload',
    current: async (signal) => (both && by.kind === 'block' ? oneThatAnswers(facts, by, ask, signal) : liveOf(facts)),
    holds: (color) => reloadHolds(facts, color),
    change: (from, to) => {
      const [previous, color] = [colorOfAll(from), colorOfAll(to)]
      const spared = (each: Color) => ({ color: each, holds: reloadHolds(facts, each) })
      const holds = { previous: spared(previous), next: spared(color) }
      return [{ ...flipReload(facts, previous, color), holds }]
    },
    prepare: (to) => (both ? [markIdle(facts, to)] : []),
    retired: (color) => {
      if (facts.keeps || !(both || isMarked(facts))) return []
      return [unmark(facts, color)]
    },
    finalize: () => finalizeReload(facts),
    drain: (_color, duration) => {
      const { master } = facts.target
      if (master === undefined) return []
      return [{ on: 'all proxies', script: { shell: drainWorkers(master, duration), deadline: duration + SPARE } }]
    },
  }
}

/** The block sends traffic to both: live is the color that answers, where exactly one does. */
async function oneThatAnswers(
  { addresses, places, proxy }: ReloadFacts,
  { upstream }: ByBlock,
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
    const refusal = reloadRefusals['upstream-of-both-colors'](blockTitle(upstream))
    return { kind: 'foreign', refusal }
  }
  return { kind: 'color', color: first ?? 'blue' }
}
