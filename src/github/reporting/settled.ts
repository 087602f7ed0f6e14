import type { Settled } from '../../front/actions/log.ts'
import { type Report, reportOf } from '../../front/report.ts'
import type { Result } from '../../release/conclusion.ts'
import type { Side } from '../../release/serving.ts'

/** What is known of the run that was ended from outside. */
interface Known {
  readonly version?: string
  readonly command?: string
  /** What served before it. */
  readonly before?: Side
}

/** A run that somebody else has ended, in the form of a report of its own. */
export function reportOfSettled({ how, sentence, live }: Settled, known: Known): Report {
  const { version = '', command, before = {} } = known
  const rollback = command === 'rollback'
  const sentences = how === 'confirmed' || sentence === '' ? [] : [sentence]
  const conclusion = {
    result: resultOf(how, rollback),
    ...(how === 'flipped-back' && { reason: 'flipped-by-others' as const }),
    sentences,
    evidence: [],
    live,
    previous: before,
  }
  const notes = how === 'confirmed' && sentence !== '' ? [sentence] : []
  const figures = { version, duration: 0, roundTrips: 0, requests: 0, notes }
  return reportOf(conclusion, { ...figures, command: rollback ? 'rollback' : 'deploy' }, { steps: [], warnings: [] })
}

function resultOf(how: Settled['how'], rollback: boolean): Result {
  switch (how) {
    case 'confirmed':
      return rollback ? 'rolled-back' : 'released'
    case 'restored':
    case 'flipped-back':
      return 'restored'
    case 'undone':
    case 'nothing':
      return 'unchanged'
    case 'kept':
      return 'stranded'
  }
}
