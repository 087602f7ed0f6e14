import type { Ask } from '../../../judges/question.ts'
import { COLORS, type Color, colorOfAll, type Question } from '../../../release/model.ts'
import { answerOf } from '../../../release/sides.ts'
import type { Live, Router } from '../../router.ts'
import { drainClients } from '../drain.ts'
import { finalizeSwitch, flipSwitch, prepareSwitch } from './changes.ts'
import { type Marker, type SwitchFacts, switchHolds } from './holds.ts'
import { switchRefusals } from './refusals.ts'

/** Milliseconds for `/.blue-green`: nothing but Nginx has to answer. */
const MARKER_TIMEOUT = 5000
/** Milliseconds on top of the waiting itself. */
const SPARE = 20_000
const OK: readonly (readonly [number, number])[] = [[200, 200]]

/** Flips by renaming a file that the loaded configuration looks for at each request. */
export function switchRouter(facts: SwitchFacts, ask: Ask): Router {
  const asked = (color: Color): readonly Question[] =>
    facts.markers.map((marker) => ({
      ...markerQuestion(facts, marker),
      expect: {
        status: OK,
        match: { kind: 'pattern', source: `^${escaped(facts.names[color])}(_backed)?$`, flags: 'm' },
      },
    }))
  return {
    name: 'Nginx',
    how: 'switch',
    current: (signal) => current(facts, ask, signal),
    holds: (color) => switchHolds(facts, color),
    change: (from, to) => {
      const [previous, next] = [colorOfAll(from), colorOfAll(to)]
      const spared = (color: Color) => ({ color, holds: switchHolds(facts, color) })
      const holds = { previous: spared(previous), next: spared(next) }
      return [flipSwitch(facts.files, previous, next, asked, holds)]
    },
    prepare: () => prepareSwitch(facts.files),
    finalize: () => finalizeSwitch(facts.files),
    retired: () => [],
    drain: (_color, duration) => [
      { on: 'all proxies', script: { shell: drainClients(facts.clients, duration), deadline: duration + SPARE } },
    ],
  }
}

async function current(facts: SwitchFacts, ask: Ask, signal: AbortSignal): Promise<Live> {
  const said = await Promise.all(
    facts.markers.map(async (marker) => {
      const question = markerQuestion(facts, marker)
      const answer = await answerOf(question, ask, MARKER_TIMEOUT, signal)
      if (typeof answer === 'string') return { marker, color: undefined, why: answer }
      const lines = answer.body.split(/\r?\n/).map((line) => line.trim().replace(/_backed$/, ''))
      const color = answer.status === 200 ? COLORS.find((each) => lines.includes(facts.names[each])) : undefined
      return { marker, color, why: `${question.title} answered ${answer.status}: ${lines[0]?.slice(0, 80) ?? ''}` }
    }),
  )
  const silent = said.find(({ color }) => color === undefined)
  if (silent !== undefined)
    return { kind: 'absent', refusal: switchRefusals['switch-silent'](silent.marker.server, silent.why) }
  const [first, ...others] = said
  const other = others.find(({ color }) => color !== first?.color)
  if (first?.color === undefined) return { kind: 'absent', refusal: switchRefusals['switch-unasked']() }
  if (other === undefined) return { kind: 'color', color: first.color }
  return {
    kind: 'foreign',
    refusal: switchRefusals['switch-disagrees'](
      first.marker.server,
      first.color,
      other.marker.server,
      `${other.color}`,
    ),
  }
}

function markerQuestion({ proxy }: SwitchFacts, { server, request }: Marker): Question {
  return { title: `${request.path} of ${server}`, from: proxy, request, expect: { status: OK } }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
