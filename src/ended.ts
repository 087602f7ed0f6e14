import { type Conclusion, refused } from './release/conclusion.ts'
import type { Figures } from './report.ts'

/** A run that came to an end by itself. */
export interface Ended {
  readonly conclusion: Conclusion
  readonly figures: Omit<Figures, 'duration' | 'command'>
  /** Something is left to the step after the job, or to the guard. */
  readonly unfinished?: true
}

/** A run that was refused before its first change. */
export function endedEarly(
  step: string,
  causes: readonly unknown[],
  version = '',
  result: 'unchanged' | 'problems' = 'unchanged',
): Ended {
  const conclusion = { ...refused(step, causes), result }
  return { conclusion, figures: { version, roundTrips: 0, requests: 0, notes: [] } }
}
