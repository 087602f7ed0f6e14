import type { Finding } from '../checking/finding.ts'
import { counted } from '../checking/pages.ts'
import type { Command } from '../inputs/inputs.ts'
import type { Situation } from '../planning/status.ts'
import type { Conclusion, Result } from '../release/conclusion.ts'
import type { PlannedItem } from '../release/planned.ts'
import { type Log, type Step, seconds } from './actions/log.ts'

/** The figures of a run, next to its conclusion. */
export interface Figures {
  /** Absent where the inputs could not be read. */
  readonly command?: Command
  readonly version: string
  /** Milliseconds. */
  readonly duration: number
  /** Scripts run on hosts. */
  readonly roundTrips: number
  /** HTTP requests asked through hosts and from the runner. */
  readonly requests: number
  /** What a person should know: what was not proven, what cannot be promised here. */
  readonly notes: readonly string[]
  /** What a dry run would change. */
  readonly plan?: readonly PlannedItem[]
  readonly status?: Situation
  /** Lines that the summary shows as they are. */
  readonly shown?: readonly string[]
  /** Of the deployment at GitHub, where there is one. */
  readonly deploymentId?: number
  /** Of `check`. */
  readonly findings?: readonly Finding[]
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
    command: figures.command ?? '',
    wanted: figures.version,
    'round-trips': figures.roundTrips,
    requests: figures.requests,
    ...(figures.plan && { plan: figures.plan }),
    ...(figures.status && { status: figures.status }),
    ...(figures.shown && { shown: figures.shown }),
    steps: log.steps as readonly Step[],
    notes: figures.notes,
    warnings: log.warnings,
    ...(figures.findings && { findings: figures.findings }),
    failure: conclusion.sentences,
    evidence: conclusion.evidence,
  }
}

export type Report = ReturnType<typeof reportOf>

/** Characters of a text in a report, and entries of a list: more than any that a person reads. */
const TEXT = 4000
const ENTRIES = 500
/** Bytes of the whole report as JSON: the runner takes an output of one MB. */
const WHOLE = 900_000

/** The same report within what the runner takes: if it is larger, texts and lists are cut, and say so. */
export function boundedReport(report: Report): Report {
  if (fits(report)) return report
  const cut = shortened(report, TEXT, ENTRIES) as Report
  if (fits(cut)) return cut
  const shorter = shortened(report, TEXT / 10, ENTRIES / 10) as Report
  if (fits(shorter)) return shorter
  const { plan: _plan, status: _status, shown: _shown, findings: _findings, ...rest } = shorter
  return { ...rest, notes: [...rest.notes, LEFT_OUT] }
}

function fits(report: Report): boolean {
  return Buffer.byteLength(JSON.stringify(report)) <= WHOLE
}

const LEFT_OUT = 'The report was too long for the runner: plan, findings and status are left out.'

function shortened(value: unknown, most: number, entries: number): unknown {
  if (typeof value === 'string') {
    if (value.length <= most) return value
    return `${value.slice(0, most)}… (${(value.length - most).toLocaleString('en-US')} more characters)`
  }
  if (Array.isArray(value)) return value.slice(0, entries).map((inner) => shortened(inner, most, entries))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner, most, entries)]))
}

/** Whether the step succeeds. */
export function isGreen(result: Result): boolean {
  return ['released', 'rolled-back', 'planned', 'ok'].includes(result)
}

/** How it ended, in one sentence. */
export function headlineOf(report: Report): string {
  const live = `${report.version || 'an unknown version'} on ${report.color}`
  const time = seconds(report['duration-ms'])
  const not = report.command === 'rollback' ? 'Not rolled back' : 'Not released'
  switch (report.result) {
    case 'planned':
      return `Planned: ${report.wanted} would go live${report.color ? ` in place of ${live}` : ', where nothing is'}, by ${report.plan?.length ?? 0} steps. Nothing was changed.`
    case 'ok':
      if (report.findings) return `Nothing would stop a deploy${told(report, ': ')}.`
      if (report.command === 'unlock') return `Nobody holds the target any more.${report.color && ` ${live} serves.`}`
      return report.color === '' ? 'All is well.' : `All is well: ${live} serves.`
    case 'problems': {
      if (report.findings) return `A deploy would be refused${told(report, ': ')}.`
      const serves = report.color === '' ? '' : ` ${live} serves.`
      return `Found ${report.failure.length} problem${report.failure.length === 1 ? '' : 's'}.${serves}`
    }
    case 'rolled-back':
      return `Rolled back: ${live} is live again${before(report)}. It took ${time}, ${report['round-trips']} round trips and ${report.requests} requests.`
    case 'released':
      return `Released: ${live} is live${before(report)}. It took ${time}, ${report['round-trips']} round trips and ${report.requests} requests.`
    case 'unchanged':
      return `${not}, live traffic was not touched${report.color ? `: ${live} serves` : ''}.`
    case 'restored':
      return report.reason === 'nothing-was-live'
        ? `${not}. Nothing was live before, and the state before is back${proven(report)}.`
        : report.color === ''
          ? `${not}. Traffic was put back${proven(report)}.`
          : `${not}: ${live} serves again${proven(report)}.`
    case 'stranded':
      return `Stranded: ${report.wanted} failed, and the state before it could not be restored or confirmed.`
  }
}

function told({ findings = [] }: Report, before: string): string {
  const counts = counted(findings)
  return counts === '' ? '' : `${before}${counts}`
}

function proven(report: Report): string {
  const after = report['restored-after-ms']
  return after === undefined ? '' : `, proven ${seconds(after)} after the fault was noticed`
}

function before(report: Report): string {
  if (report['previous-color'] === '') return ', where nothing was live before'
  return ` in place of ${report['previous-version'] || 'an unknown version'} on ${report['previous-color']}`
}
