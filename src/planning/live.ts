import type { Color } from '../release/model.ts'
import type { Router } from '../routers/router.ts'

/**
 * The color that the router says is live.
 * @throws Failure if it cannot say.
 */
export async function liveColor(router: Router, signal: AbortSignal): Promise<Color> {
  const live = await router.current(signal)
  if (live.kind !== 'color') throw live.refusal
  return live.color
}
