import { Failure } from '../release/reasons.ts'
import type { Color } from '../release/words.ts'
import type { Router } from '../routers/router.ts'
import type { Survey } from './survey.ts'

/**
 * The color that the router says is live.
 * @throws Failure where it cannot say, or its files say otherwise.
 */
export async function liveColor(router: Router, survey: Survey, signal: AbortSignal): Promise<Color> {
  const live = await router.current(signal)
  if (live.kind !== 'color') {
    throw new Failure(live.kind === 'foreign' ? 'foreign-upstream' : 'drift', `${live.why}.`)
  }
  if (
    router.how === 'switch' &&
    survey.state.kind === 'usable' &&
    survey.state.files.has('green') !== (live.color === 'green')
  ) {
    const file = survey.state.files.has('green') ? 'is there' : 'is not there'
    throw new Failure(
      'drift',
      `The switch file \`green\` ${file}, and Nginx says that ${live.color} is live. Nginx looks for it in another folder, or its workers cannot pass through one on the way to it: sudo chmod o+x each of them, and see that Nginx runs without \`PrivateTmp\` and in the same container or host.`,
    )
  }
  return live.color
}
