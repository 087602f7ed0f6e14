import type { Color } from '../release/model.ts'
import type { Router } from '../routers/router.ts'
import { planningRefusals } from './refusals.ts'
import type { Survey } from './survey.ts'

/**
 * The color that the router says is live.
 * @throws Failure where it cannot say, or its files say otherwise.
 */
export async function liveColor(router: Router, survey: Survey, signal: AbortSignal): Promise<Color> {
  const live = await router.current(signal)
  if (live.kind !== 'color') throw live.refusal
  if (
    router.how === 'switch' &&
    survey.state.kind === 'usable' &&
    survey.state.files.has('green') !== (live.color === 'green')
  ) {
    throw planningRefusals['switch-file-contradicts'](survey.state.files.has('green'), live.color)
  }
  return live.color
}
