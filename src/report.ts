import { error as annotate, setOutput, summary } from '@actions/core'
import type { Finding } from './checking/finding.ts'
import { counted, findingsForSummary } from './checking/pages.ts'
import type { Command } from './inputs.ts'
import { type Log, printable, type Step, seconds } from './log.ts'
import type { Situation } from './planning/status.ts'
import type { Conclusion, Result } from './release/conclusion.ts'
import type { PlannedItem } from './release/planned.ts'

/** The figures of a run beside its conclusion. */
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
  /** Of `check`. */
  readonly findings?: readonly Finding[]
}

/** The outputs beside `report`, which has each of them as a key. */
const OUTPUTS = [
  'result',
  'reason',
  'failed-step',
  'color',
  'version',
  'previous-color',
  'previous-version',
  'duration-ms',
] as const

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

/** Sets the outputs, writes the job summary, and prints how it ended. */
export async function publish(report: Report, log: Log): Promise<void> {
  for (const name of OUTPUTS) setOutput(name, report[name])
  setOutput('report', JSON.stringify(report))
  for (const sentence of report.notes) log.note(`Note: ${sentence}`)
  if (report.evidence.length > 0) log.note('What was printed last:')
  for (const line of report.evidence) log.output(line)
  const headline = headlineOf(report)
  if (isGreen(report.result)) log.note(headline)
  else annotate(printable([headline, ...report.failure].join('\n')))
  if (process.env['GITHUB_STEP_SUMMARY']) await summary.addRaw(summaryOf(report, headline)).write()
}

/** Whether the step succeeds. */
export function isGreen(result: Result): boolean {
  return ['released', 'rolled-back', 'planned', 'ok'].includes(result)
}

function headlineOf(report: Report): string {
  const live = `${report.version || 'an unknown version'} on ${report.color}`
  const time = seconds(report['duration-ms'])
  const not = report.command === 'rollback' ? 'Not rolled back' : 'Not released'
  switch (report.result) {
    case 'planned':
      return `Planned: ${report.wanted} would go live${report.color ? ` in place of ${live}` : ', where nothing is'}, by ${report.plan?.length ?? 0} steps. Nothing was changed.`
    case 'ok':
      if (report.findings) return `Nothing would stop a deploy${told(report, ': ')}.`
      if (report.command === 'unlock') return 'Nobody holds the target any more.'
      return report.color === '' ? 'All is well.' : `All is well: ${live} serves.`
    case 'problems': {
      if (report.findings) return `A deploy would be refused${told(report, ': ')}.`
      const serves = report.color === '' ? '' : ` ${live} serves.`
      return `There are problems: ${report.failure.length}.${serves}`
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

/** Untrusted text stands in code spans and blocks only. */
function summaryOf(report: Report, headline: string): string {
  const rows = report.steps.map(
    (step) => `| ${step.result === 'ok' ? '✓' : '✗'} | ${code(step.title)} | ${seconds(step['duration-ms'])} |`,
  )
  const failure = report.failure.flatMap((sentence) => ['', block(sentence)])
  const evidence =
    report.evidence.length > 0
      ? [
          '',
          '<details open><summary>What was printed last</summary>',
          '',
          block(report.evidence.join('\n')),
          '',
          '</details>',
        ]
      : []
  const notes = [...report.notes, ...report.warnings].map((sentence) => `- ${prose(sentence)}`)
  return [
    `### ${isGreen(report.result) ? '✅' : '❌'} ${prose(headline)}`,
    ...(report.findings ? findingsForSummary(report.findings, prose) : failure),
    ...(report.shown ? ['', block(report.shown.join('\n'))] : []),
    '',
    '| | step | time |',
    '| --- | --- | --- |',
    ...rows,
    ...evidence,
    '',
    ...notes,
    '',
  ].join('\n')
}

/** A sentence in which what stands between backticks is code, and nothing else is Markdown. */
function prose(text: string): string {
  const parts = printable(text).replaceAll('\n', ' ').split('`')
  const escaped = (part: string): string => part.replace(/[\\`*_{}[\]<>()#|~&@]/g, '\\$&')
  if (parts.length % 2 === 0) return escaped(parts.join('`'))
  return parts.map((part, i) => (i % 2 === 0 ? escaped(part) : part && `\`${part}\``)).join('')
}

function code(text: string): string {
  return `\`${printable(text).replace(/[`|\n]/g, ' ')}\``
}

function block(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${fence}text\n${printable(text)}\n${fence}`
}
