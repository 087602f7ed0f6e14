import type { ProjectFacts } from '../../runtimes/compose/assess/assessment.ts'
import type { Colors } from '../../runtimes/compose/check/context.ts'
import type { Said } from '../judge.ts'
import type { Seen } from './seen.ts'

/** What findings are made from. */
export interface Context extends Seen, Said {
  /** The colors as they are, or as they can be written. */
  readonly colors?: Colors
  readonly facts?: ProjectFacts
  readonly hostWish?: HostWish
}

/** A color that is healthy only if it is asked by the name of its site. */
export interface HostWish {
  /** What was asked, as in reports. */
  readonly title: string
  /** How it answers a deploy. */
  readonly why: string
  readonly host: string
}
