import type { ProjectFacts } from '../../runtimes/compose/assess/assessment.ts'
import type { Colors } from '../../runtimes/compose/check/context.ts'
import type { HostWish } from '../host/health.ts'
import type { Said } from '../judge.ts'
import type { Seen } from './seen.ts'

/** What findings are made from. */
export interface Context extends Seen, Said {
  /** The colors as they are, or as they can be written. */
  readonly colors?: Colors
  readonly facts?: ProjectFacts
  readonly hostWish?: HostWish
}
