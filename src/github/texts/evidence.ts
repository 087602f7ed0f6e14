import { plural } from '../../base/plural.ts'
import { type Step, seconds } from '../../front/actions/log.ts'
import { headlineOf, isGreen, type Report } from '../../front/report.ts'
import { block, cell, code, folded, paragraph, prose, shortened } from './markdown.ts'
import { signsOf } from './outcome.ts'

/** Characters of a sentence, and of a line that was printed: enough for any that a person reads. */
const SENTENCE = 4000
const LINE = 500
const NOTES = 30

/** The outcome in one line. */
export function headingOf(report: Report): string {
  const mark = signsOf(report.result)?.mark ?? (isGreen(report.result) ? '✅' : '❌')
  return `### ${mark} ${prose(shortened(headlineOf(report), SENTENCE))}`
}

/** What failed, and what to do. */
export function failureOf(report: Report): readonly string[] {
  return report.failure.map((sentence) => paragraph(shortened(sentence, SENTENCE)))
}

/** The steps with their times, and what was seen in each. */
export function stepsTable(steps: readonly Step[]): string {
  const rows = steps.map((step) => {
    const ok = step.result === 'ok'
    // Why a step failed stands above the table.
    const seen = ok && step.note !== undefined ? prose(shortened(step.note, SENTENCE)) : ''
    return [ok ? '✓' : '❌', code(step.title), timeOf(step['duration-ms']), seen]
  })
  const columns = rows.some(([, , , seen]) => seen !== '') ? 4 : 3
  const [head, align] = [
    ['', 'step', 'time', 'seen'],
    ['---', '---', '--:', '---'],
  ].map((row) => row.slice(0, columns))
  return table(
    head ?? [],
    align ?? [],
    rows.map((row) => row.slice(0, columns)),
  )
}

/** In one piece, in a narrow column too. */
export function timeOf(milliseconds: number): string {
  return seconds(milliseconds).replace(' ', '\u00a0')
}

/** The last lines of the failed container's log, and what else proves it. */
export function printedLast(report: Report): readonly string[] {
  if (report.evidence.length === 0) return []
  const lines = report.evidence.map((line) => shortened(line, LINE))
  return [folded(`What was printed last (${plural(lines.length, 'line')})`, block(lines))]
}

/** What was not proven, and what should be mended. */
export function notesOf(report: Report): readonly string[] {
  const warnings = report.warnings.map((sentence) => `- ⚠️ ${prose(shortened(sentence, SENTENCE))}`)
  const notes = report.notes.map((sentence) => `- ${prose(shortened(sentence, SENTENCE))}`)
  const all = [...warnings, ...notes].slice(0, NOTES)
  return all.length === 0 ? [] : [all.join('\n')]
}

export function table(head: readonly string[], align: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(align), ...rows.map(line)].join('\n')
}

/** The first that is not larger than so many bytes. */
export function firstWithin(bytes: number, variants: readonly (() => string)[]): string {
  let text = ''
  for (const variant of variants) {
    text = variant()
    if (Buffer.byteLength(text) <= bytes) return text
  }
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '')
}
