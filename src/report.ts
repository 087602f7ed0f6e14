import { type Log, type Step, seconds } from './log.ts'
import type { Conclusion } from './release/conclusion.ts'

/** The figures of a run beside its conclusion. */
export interface Figures {
  readonly version: string
  /** Milliseconds. */
  readonly duration: number
  /** Scripts run on hosts. */
  readonly roundTrips: number
  /** HTTP requests asked through hosts and from the runner. */
  readonly requests: number
  /** What a person should know: what was not proven, what cannot be promised here. */
  readonly notes: readonly string[]
  /** Of the deployment at GitHub, where there is one. */
  readonly deploymentId?: number
}

/** Everything about a run; the keys are those of the outputs. */
export function reportOf(conclusion: Conclusion, figures: Figures, log: Pick<Log, 'steps' | 'warnings'>) {
  const { live, previous } = conclusion
  return {
    result: conclusion.result,
    reason: conclusion.reason ?? '',
    'failed-step': conclusion.failedStep ?? '',
    color: live.color ?? '',
    version: live.version ?? '',
    'previous-color': previous.color ?? '',
    'previous-version': previous.version ?? '',
    'deployment-id': figures.deploymentId?.toString() ?? '',
    'duration-ms': Math.round(figures.duration),
    ...(conclusion.restoredAfter !== undefined && { 'restored-after-ms': Math.round(conclusion.restoredAfter) }),
    wanted: figures.version,
    'round-trips': figures.roundTrips,
    requests: figures.requests,
    steps: log.steps as readonly Step[],
    notes: figures.notes,
    warnings: log.warnings,
    failure: conclusion.sentences,
    evidence: conclusion.evidence,
  }
}

export type Report = ReturnType<typeof reportOf>

/** How it ended, in one sentence. */
export function headlineOf(report: Report): string {
  const live = `${report.version || 'an unknown version'} on ${report.color}`
  const time = seconds(report['duration-ms'])
  switch (report.result) {
    case 'released':
      return `Released: ${live} is live${before(report)}. It took ${time}, ${report['round-trips']} round trips and ${report.requests} requests.`
    case 'unchanged':
      return `Not released, live traffic was not touched${report.color ? `: ${live} serves` : ''}.`
    case 'restored':
      return report.reason === 'nothing-was-live'
        ? `Not released. Nothing was live before, and the state before is back${proven(report)}.`
        : `Not released: ${live} serves again${proven(report)}.`
    case 'stranded':
      return `Stranded: ${report.wanted} failed, and the state before it could not be restored or confirmed.`
  }
}

function proven(report: Report): string {
  const after = report['restored-after-ms']
  return after === undefined ? '' : `, proven ${seconds(after)} after the fault was noticed`
}

function before(report: Report): string {
  if (report['previous-color'] === '') return ', where nothing was live before'
  return ` in place of ${report['previous-version'] || 'an unknown version'} on ${report['previous-color']}`
}
