import type { Inputs } from './inputs.ts'
import { type Conclusion, refused } from './release/conclusion.ts'
import type { Figures } from './report.ts'

/** A run that came to an end by itself. */
export interface Ended {
  readonly conclusion: Conclusion
  readonly figures: Omit<Figures, 'duration' | 'command'>
  /** Something is left to the step after the job, or to the guard. */
  readonly unfinished?: true
}

/** A run that was refused before its first change. A command that releases nothing found a problem. */
export function endedEarly(command: Inputs['command'], step: string, causes: readonly unknown[], version = ''): Ended {
  const releases = command === 'deploy' || command === 'rollback'
  const conclusion = { ...refused(step, causes), result: releases ? ('unchanged' as const) : ('problems' as const) }
  return { conclusion, figures: { version, roundTrips: 0, requests: 0, notes: [] } }
}
