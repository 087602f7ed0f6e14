import { countOn } from '../host/accepted.ts'
import type { Host } from '../host/host.ts'
import { type ColorStatus, statusOf } from '../planning/status.ts'
import { surveyHost } from '../planning/survey.ts'
import type { Serving, Side } from '../release/conclusion.ts'
import { sentenceOf } from '../release/reasons.ts'
import { COLORS, type Color } from '../release/words.ts'
import type { Router } from '../routers/router.ts'
import type { Connections } from '../wiring.ts'
import { first } from './connected.ts'
import type { Run } from './run.ts'

/** Milliseconds for the question; less when the run was cancelled, as the runner kills it soon. */
const PATIENCE = 15_000
const WHEN_CANCELLED = 3000

/**
 * Asks Nginx, docker and the colors what serves now. Never throws: what could not be asked is said.
 * @param router asked where the configuration is not one that a release could begin with any more
 */
export async function whatServes(
  { fleet, ask }: Connections,
  { inputs, cancelled }: Run,
  router?: Router,
): Promise<Serving> {
  const host = first(fleet.apps)
  const signal = AbortSignal.timeout(cancelled() === undefined ? PATIENCE : WHEN_CANCELLED)
  try {
    const survey = await surveyHost(host, inputs, signal)
    const { live, goesTo, colors, problems } = await statusOf({
      ...{ inputs, survey, host: host.name, ask, signal },
      count: countOn(host, signal),
    })
    if (live.color !== undefined) return { kind: 'serves', live }
    const why = problems.map(sentenceOf).join(' ')
    if (goesTo !== undefined) return { kind: 'silent', color: goesTo, why }
    const chosen = router && (await chosenBy(router, host, signal))
    const container = colors.find(({ color }) => color === chosen)
    if (container?.state.startsWith('running')) return { kind: 'serves', live: sideOf(container) }
    return chosen === undefined
      ? { kind: 'unknown', why }
      : { kind: 'silent', color: chosen, why: 'its container does not run.' }
  } catch (cause) {
    return { kind: 'unknown', why: signal.aborted ? 'the host did not answer in time.' : sentenceOf(cause) }
  }
}

/** The one color to which requests go, by the question that the router gives for the host. */
async function chosenBy(router: Router, host: Host, signal: AbortSignal): Promise<Color | undefined> {
  const asked = COLORS.map(async (color) => {
    const { code } = await host.run({ shell: router.holds(color), deadline: PATIENCE }, { signal })
    return code === 0 ? [color] : []
  })
  const [color, other] = (await Promise.all(asked)).flat()
  return other === undefined ? color : undefined
}

function sideOf({ color, version }: ColorStatus): Side {
  return { color, ...(version !== undefined && { version }) }
}
