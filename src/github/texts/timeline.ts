import type { Step } from '../../front/actions/log.ts'
import type { Report } from '../../front/report.ts'
import { COLORS, otherThan } from '../../release/model.ts'
import { timeOf } from './evidence.ts'
import { block } from './markdown.ts'
import { signsOf } from './outcome.ts'

/** A step that took less than this part of the run would be a line without a width. */
const VISIBLE = 0.02

/**
 * The run as a Mermaid chart, where it says more than the table: which version served when. Undefined where traffic was
 * never moved.
 */
export function timelineOf(report: Report): string | undefined {
  const flip = report.steps.find(({ mark }) => mark === 'flip')
  if (flip === undefined) return undefined
  const end = Math.max(...report.steps.map(endOf))
  const shown = report.steps.filter((step) => step.mark !== undefined || step['duration-ms'] >= end * VISIBLE)
  return block(
    [
      'gantt',
      '  dateFormat x',
      '  axisFormat %s s',
      `  tickInterval ${tick(end)}second`,
      '  section traffic',
      ...served(report, flip, end).map(([name, from, to]) => row(name, 'active, ', from, to)),
      '  section steps',
      ...shown.map((step) => row(step.title, look(step), step['began-ms'], endOf(step))),
    ],
    'mermaid',
  )
}

/** Who served from when to when. */
function served(report: Report, flip: Step, end: number): readonly (readonly [string, number, number])[] {
  const before = report['previous-color']
    ? `${report['previous-version'] || 'unknown version'} on ${report['previous-color']}`
    : 'nothing'
  const back = report.steps.find((step) => step.mark === 'flip-back' && step.result === 'ok')
  const until = back === undefined ? end : endOf(back)
  return [
    [before, 0, endOf(flip)] as const,
    [wantedSide(report), endOf(flip), until] as const,
    ...(back === undefined ? [] : [[before, until, end] as const]),
  ].filter(([, from, to]) => to > from)
}

function wantedSide(report: Report): string {
  const from = COLORS.find((color) => color === report['previous-color'])
  const good = signsOf(report.result)?.deployment === 'success'
  const to = good ? report.color : from && otherThan(from)
  return to ? `${report.wanted} on ${to}` : report.wanted
}

/** Seconds between two marks of the axis: at most ten of them. */
function tick(end: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600]
  return steps.find((step) => end / 1000 / step <= 10) ?? 1800
}

function look(step: Step): string {
  if (step.result === 'failed') return 'crit, '
  return step.mark === undefined ? 'done, ' : 'active, '
}

function row(name: string, tags: string, from: number, to: number): string {
  return `  ${plainName(name)} ${timeOf(to - from)} :${tags}${from}, ${Math.max(to, from + 1)}`
}

/** Mermaid gives a meaning to most punctuation. */
function plainName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N} ._/()@-]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 60) || 'step'
  )
}

function endOf(step: Step): number {
  return step['began-ms'] + step['duration-ms']
}
