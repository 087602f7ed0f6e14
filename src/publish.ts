import { error as annotate, setOutput, summary } from '@actions/core'
import { summaryOf } from './github/summary.ts'
import { type Log, printable } from './log.ts'
import { headlineOf, isGreen, type Report } from './report.ts'

/** The outputs beside `report`, which has each of them as a key. */
const OUTPUTS = [
  'result',
  'reason',
  'failed-step',
  'color',
  'version',
  'previous-color',
  'previous-version',
  'deployment-id',
  'duration-ms',
] as const

/** Sets the outputs; those that were set before are set anew. */
export function setOutputs(report: Report): void {
  for (const name of OUTPUTS) setOutput(name, report[name])
  setOutput('report', JSON.stringify(report))
}

/** Prints how it ended: one error says it all. */
export function tell(report: Report, log: Log): void {
  for (const sentence of report.notes) log.note(`Note: ${sentence}`)
  if (report.evidence.length > 0) log.note('What was printed last:')
  for (const line of report.evidence) log.output(line)
  const headline = headlineOf(report)
  if (isGreen(report.result)) log.note(headline)
  else annotate(printable([headline, ...report.failure].join('\n')))
}

/** Writes the job summary, in place of what was there. */
export async function summarize(report: Report): Promise<void> {
  if (!process.env['GITHUB_STEP_SUMMARY']) return
  await summary.addRaw(summaryOf(report)).write({ overwrite: true })
  summary.emptyBuffer()
}
