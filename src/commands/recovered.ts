import { type Recovered, recoverySentence } from '../custody/recovery.ts'
import type { Log } from '../log.ts'
import type { Conclusion } from '../release/conclusion.ts'
import { COLORS } from '../release/words.ts'
import { type Report, reportOf } from '../report.ts'

/** Tells a person, and GitHub, how an earlier run was ended here. */
export function tellRecovered(recovered: Recovered, log: Log): void {
  const sentence = recoverySentence(recovered)
  if (sentence === undefined) return
  log.warning(sentence)
  if (recovered.deployment !== undefined) log.corrected(recovered.deployment, reportOfRecovered(recovered, sentence))
}

/** How the earlier run is known to have ended, as its own report would say it. */
export function reportOfRecovered({ how, holder }: Recovered, sentence: string): Report {
  const version = holder?.version ?? ''
  const color = COLORS.find((each) => each === holder?.color)
  const conclusion: Conclusion = {
    result: RESULTS[how],
    ...(how !== 'confirmed' && { reason: 'ended-from-outside' as const, failedStep: 'The run was ended from outside' }),
    sentences: [sentence],
    evidence: [],
    live: how === 'confirmed' || how === 'kept' ? { ...(color && { color }), version } : {},
    previous: {},
  }
  const figures = { version, duration: 0, roundTrips: 0, requests: 0, notes: [] }
  return reportOf(conclusion, figures, { steps: [], warnings: [] })
}

const RESULTS = {
  confirmed: 'released',
  restored: 'restored',
  undone: 'unchanged',
  kept: 'stranded',
  nothing: 'unchanged',
} as const
