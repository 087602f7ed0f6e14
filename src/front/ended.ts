import type { Inputs } from '../inputs/inputs.ts'
import type { Begun } from '../release/begun.ts'
import { type Conclusion, cutShort, found } from '../release/conclusion.ts'
import type { Figures } from './report.ts'

/** A run that came to an end by itself. */
export interface Ended {
  readonly conclusion: Conclusion
  readonly figures: Omit<Figures, 'duration' | 'command'>
  /** Something is left to the step after the job, or to the guard. */
  readonly unfinished?: true
}

/**
 * A run that ended before it came to an outcome: what that means follows from what it had begun. A command that releases
 * nothing found a problem.
 */
export function early(command: Inputs['command'], begun: Begun, step: string, causes: readonly unknown[]) {
  if (command !== 'deploy' && command !== 'rollback') return { conclusion: found(step, causes), notes: [] }
  const unfinished = begun.kind !== 'nothing' && ({ unfinished: true } as const)
  return { conclusion: cutShort(begun, step, causes), notes: [], ...unfinished }
}

/** The same, where nothing else is known of the run. */
export function endedEarly(...how: Parameters<typeof early>): Ended {
  const { notes, ...ended } = early(...how)
  return { ...ended, figures: { version: '', roundTrips: 0, requests: 0, notes } }
}
