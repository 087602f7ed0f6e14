import { truncateSync } from 'node:fs'
import { error as annotate, summary } from '@actions/core'
import { summaryOf } from '../../github/texts/summary.ts'
import { sentenceOf } from '../../release/reasons.ts'
import { headlineOf, isGreen, type Report } from '../report.ts'
import { type Log, printable } from './log.ts'
import { handOver } from './runner-files.ts'

/** The outputs next to `report`, which has each of them as a key. */
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

/** Sets the outputs. Gives what a person should know if the runner does not take them. */
export function setOutputs(report: Report): readonly string[] {
  const named = Object.fromEntries(OUTPUTS.map((name) => [name, report[name]]))
  const { missing, why = '' } = handOver({ ...named, report: JSON.stringify(report) })
  if (missing.length === 0) return []
  const names = missing.map((name) => `\`${name}\``).join(', ')
  return [`The runner did not take the outputs ${names} (${why}): is its disk full? Their values are in this log.`]
}

/** Prints how it ended: one error says it all. */
export function tell(report: Report, log: Log): void {
  for (const sentence of report.notes) log.note(`Note: ${sentence}`)
  if (report.evidence.length > 0) log.note('What was printed last:')
  for (const line of report.evidence) log.output(line)
  const headline = headlineOf(report)
  if (isGreen(report.result)) log.note(headline)
  else {
    const shown = annotationOf(report)
    if (shown.at(-1) === MORE) for (const sentence of report.failure) log.note(sentence)
    annotate(printable(shown.join('\n')))
  }
}

/** Characters of a sentence in an annotation, and sentences: it is a box next to the log, and GitHub cuts it at 4096. */
const BRIEF = 600
const SENTENCES = 6
const MORE = 'The rest, with the commands to run, is in the log of this step and in its summary.'

/** What GitHub shows next to the log: the headline, and of each sentence what can be read there. */
export function annotationOf(report: Report): readonly string[] {
  const readable = report.failure.filter((sentence) => !sentence.includes('\n')).slice(0, SENTENCES)
  const lines = readable.map((line) => (line.length <= BRIEF ? line : `${line.slice(0, BRIEF)}…`))
  const whole = readable.length === report.failure.length && lines.every((line, i) => line === readable[i])
  return [headlineOf(report), ...lines, ...(whole ? [] : [MORE])]
}

/** Writes the job summary, in place of what was there. Gives what a person should know if that fails. */
export async function summarize(report: Report): Promise<readonly string[]> {
  const path = process.env['GITHUB_STEP_SUMMARY']
  if (!path) return []
  try {
    await summary.addRaw(summaryOf(report)).write({ overwrite: true })
    return []
  } catch (cause) {
    try {
      // Half a summary can say the opposite of the whole.
      truncateSync(path)
    } catch {
      // Nothing more can be done.
    }
    return [`The job summary could not be written (${sentenceOf(cause)}): is the disk of the runner full?`]
  } finally {
    summary.emptyBuffer()
  }
}
