import { plural } from '../../base/plural.ts'
import { type Intent, seconds } from '../../front/actions/log.ts'
import type { Report } from '../../front/report.ts'
import { failureOf, firstWithin, notesOf, printedLast, stepsTable } from './evidence.ts'
import { code, folded, link } from './markdown.ts'
import { liveMarkdown, sidesOf, signsOf } from './outcome.ts'

/** GitHub takes 65,536 characters; what is kept for `post` must fit into a variable as well. */
const LIMIT = 60_000

/** What a comment is about. */
export interface Page {
  readonly environment: string
  readonly upstream: string
  /** Of the application. */
  readonly site?: string
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string }
}

/** Hidden in the first line: one comment for each environment and upstream. */
export function markerOf({ environment, upstream }: Pick<Page, 'environment' | 'upstream'>): string {
  return `<!-- blue-green-release ${encodeURIComponent(environment)}/${encodeURIComponent(upstream)} -->`
}

/** Hidden in the second line: who wrote it last, so that a correction never overwrites a newer run's. */
export function runMarkerOf({ run }: Pick<Page, 'run'>): string {
  return `<!-- run ${run.id}/${run.attempt} -->`
}

/** While the release is under way. */
export function underWayBody(page: Page, intent: Intent): string {
  return body(page, [
    `### 🚧 Releasing ${code(intent.version)} to ${target(page)}`,
    `**Now:** ${liveMarkdown(intent.live)}. ${code(intent.version)} is being started on ${intent.color}.`,
    links(page),
  ])
}

/** How it ended. */
export function endedBody(page: Page, report: Report): string {
  const { now, before } = sidesOf(report)
  const good = signsOf(report.result)?.deployment === 'success'
  const nothing = good || report.reason === 'nothing-was-live' ? 'nothing' : 'not known'
  const live = [
    `**Now:** ${liveMarkdown(now, nothing)}`,
    ...(good ? [`**Before:** ${liveMarkdown(before)}`] : []),
    ...(report['duration-ms'] > 0 ? [`**Took:** ${seconds(report['duration-ms'])}`] : []),
  ].join(' · ')
  const head = [titleOf(page, report), live, ...failureOf(report), links(page)]
  const steps =
    report.steps.length === 0 ? [] : [folded(plural(report.steps.length, 'step'), stepsTable(report.steps), !good)]
  return firstWithin(LIMIT, [
    () => body(page, [...head, ...steps, ...printedLast(report), ...notesOf(report)]),
    () => body(page, [...head, ...steps]),
    () => body(page, head),
    () => body(page, [titleOf(page, report), live, links(page)]),
  ])
}

/** When the run that had begun was ended from outside, and nobody knows yet how it went on. */
export function lostBody(page: Page, version: string): string {
  return body(page, [
    `### 🚨 The release of ${code(version)} to ${target(page)} was ended from outside`,
    `**Now:** not known. It was ended before it could put things right; the next release starts from what the router says is live.`,
    links(page),
  ])
}

function titleOf(page: Page, report: Report): string {
  const mark = signsOf(report.result)?.mark ?? '❌'
  const [wanted, where] = [code(report.wanted), target(page)]
  switch (report.result) {
    case 'released':
      return `### ${mark} ${wanted} is live on ${where}`
    case 'rolled-back':
      return `### ${mark} ${where} is back on ${wanted}`
    case 'unchanged': {
      if (report.command !== 'rollback') return `### ${mark} ${wanted} was not released to ${where}`
      return `### ${mark} ${where} was not rolled back${report.wanted === '' ? '' : ` to ${wanted}`}`
    }
    case 'restored':
      return `### ${mark} ${wanted} failed on ${where}, and the state before it is back`
    default:
      return `### ${mark} ${wanted} is stranded on ${where}`
  }
}

function target({ environment, upstream }: Page): string {
  return `${code(environment)} (${code(upstream)})`
}

function links({ run, site }: Page): string {
  return [link('Run', run.url), ...(site === undefined ? [] : [link('Site', site)])].join(' · ')
}

function body(page: Page, parts: readonly string[]): string {
  return [`${markerOf(page)}\n${runMarkerOf(page)}`, ...parts].join('\n\n')
}
