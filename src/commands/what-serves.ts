import { countOn } from '../host/accepted.ts'
import type { Host } from '../host/host.ts'
import { statusOf } from '../planning/status.ts'
import { surveyHost } from '../planning/survey.ts'
import { COLORS, type Color } from '../release/model.ts'
import type { Plan } from '../release/plan.ts'
import { sentenceOf } from '../release/reasons.ts'
import type { Serving } from '../release/serving.ts'
import { howItAnswers } from '../release/sides.ts'
import type { Router } from '../routers/router.ts'
import type { Connections } from '../wiring/connect.ts'
import { first } from './connected.ts'
import type { Run } from './run.ts'

/** Milliseconds for the question; less when the run was cancelled, as the runner kills it soon. */
const PATIENCE = 15_000
const WHEN_CANCELLED = 3000

/**
 * Asks Nginx, docker and the colors what serves now. Never throws: what could not be asked is said.
 * @param plan its router is asked when the configuration is not one that a release could begin with any more
 */
export async function whatServes(
  { fleet, ask, adapters }: Connections,
  { inputs, cancelled }: Run,
  plan?: Plan,
): Promise<Serving> {
  const host = first(fleet.apps)
  const signal = AbortSignal.timeout(cancelled() === undefined ? PATIENCE : WHEN_CANCELLED)
  try {
    const survey = await surveyHost(host, inputs, adapters, signal)
    const { live, goesTo, colors, problems } = await statusOf({
      ...{ inputs, survey, host: host.name, ask, signal },
      count: countOn(host, signal),
    })
    if (live.color !== undefined) return { kind: 'serves', live }
    const why = problems.map(sentenceOf).join(' ')
    if (goesTo !== undefined) return { kind: 'silent', color: goesTo, why }
    const chosen = plan && (await chosenBy(plan.router, host, signal))
    if (plan === undefined || chosen === undefined) return { kind: 'unknown', why }
    const { next, previous } = plan.questions
    const answers = await howItAnswers(chosen === plan.to ? next : previous, ask, signal)
    if (answers.kind === 'silent') return { kind: 'silent', color: chosen, why: `${answers.why}.` }
    const version = colors.find(({ color }) => color === chosen)?.version
    return { kind: 'serves', live: { color: chosen, ...(version !== undefined && { version }) } }
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
