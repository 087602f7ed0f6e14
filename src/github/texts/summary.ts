import { findingsForSummary } from '../../checking/pages.ts'
import type { Report } from '../../front/report.ts'
import { failureOf, firstWithin, headingOf, notesOf, printedLast, stepsTable, table } from './evidence.ts'
import { block, prose } from './markdown.ts'
import { liveMarkdown, sidesOf, signsOf } from './outcome.ts'
import { timelineOf } from './timeline.ts'

/** GitHub refuses a job summary that is larger. */
const LIMIT = 1024 * 1024

/** The job summary, as Markdown: what is not our own stands in code, or has no meaning but itself. */
export function summaryOf(report: Report): string {
  const { now, before } = sidesOf(report)
  const sides = table(
    ['', 'before', 'now'],
    ['---', '---', '---'],
    [['serves', liveMarkdown(before), liveMarkdown(now, report.result === 'stranded' ? 'not known' : 'nothing')]],
  )
  const changed = signsOf(report.result) !== undefined && (before.color !== undefined || now.color !== undefined)
  const why = report.findings ? [findingsForSummary(report.findings, prose).join('\n')] : failureOf(report)
  const shown = report.shown ? [block(report.shown)] : []
  const head = [headingOf(report), ...why, ...(changed ? [sides] : []), ...shown]
  const steps = report.steps.length === 0 ? [] : [stepsTable(report.steps)]
  const timeline = timelineOf(report)
  const parts = [...(timeline === undefined ? [] : [timeline]), ...steps]
  return firstWithin(LIMIT, [
    () => joined([...head, ...parts, ...printedLast(report), ...notesOf(report)]),
    () => joined([...head, ...steps, ...notesOf(report)]),
    () => joined(head),
    () => joined([headingOf(report)]),
  ])
}

function joined(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}
