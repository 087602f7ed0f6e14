import { seconds } from '../../front/actions/log.ts'
import type { Report } from '../../front/report.ts'
import { code, shortened } from './markdown.ts'

/** Characters that GitHub takes as the description of a deployment's or a commit's status. */
const DESCRIPTION = 140

/** What GitHub shows for each way in which a run can end; none where nothing was to be changed. */
export interface Signs {
  readonly deployment: 'success' | 'failure' | 'error'
  readonly commit: 'success' | 'failure' | 'error'
  readonly mark: string
}

const SIGNS: Readonly<Partial<Record<string, Signs>>> = {
  released: { deployment: 'success', commit: 'success', mark: '✅' },
  'rolled-back': { deployment: 'success', commit: 'success', mark: '✅' },
  unchanged: { deployment: 'failure', commit: 'failure', mark: '❌' },
  restored: { deployment: 'failure', commit: 'failure', mark: '❌' },
  stranded: { deployment: 'error', commit: 'error', mark: '🚨' },
}

/** Undefined for what changes nothing: `planned`, `ok`, `problems`. */
export function signsOf(result: string): Signs | undefined {
  return SIGNS[result]
}

/** In at most 140 characters: what serves, and what failed. */
export function descriptionOf(report: Report): string {
  return shortened(oneLine(whatHappened(report)), DESCRIPTION)
}

/** The step that goes on, as a description. */
export function stepDescription(title: string): string {
  return shortened(oneLine(title), DESCRIPTION)
}

function whatHappened(report: Report): string {
  const live = sentenceSide({ color: report.color || undefined, version: report.version || undefined })
  const step = report['failed-step']
  const failed = report.reason === 'cancelled' ? 'Cancelled' : step === '' ? 'Ended from outside' : `Failed: ${step}`
  switch (report.result) {
    case 'released':
    case 'rolled-back': {
      const before =
        report['previous-color'] === '' ? '' : `, in place of ${report['previous-version'] || 'an unknown version'}`
      const took = report['duration-ms'] === 0 ? '' : ` (${seconds(report['duration-ms'])})`
      if (report.color === '') return `${report.wanted} was released; what serves now could not be seen`
      return `${live} is live${before}${took}`
    }
    case 'unchanged':
      return report.color === '' ? failed : `${live} serves, untouched. ${failed}`
    case 'restored':
      return report.reason === 'nothing-was-live'
        ? `Nothing was live before, and nothing is now. ${failed}`
        : report.color === ''
          ? `Traffic was put back. ${failed}`
          : `${live} serves again. ${failed}`
    default:
      return `Stranded: ${report.color === '' ? 'what serves is not known' : `${live} serves now`}. ${failed}`
  }
}

/** What serves now, as Markdown. */
export function liveMarkdown({ color, version }: SideOrUnknown, nothing = 'nothing'): string {
  if (color === undefined) return nothing
  return `${version === undefined ? 'an unknown version' : code(version)} on ${color}`
}

/** As they stand in a report: what is not known is empty or absent. */
export interface SideOrUnknown {
  readonly color?: string | undefined
  readonly version?: string | undefined
}

export function sidesOf(report: Report): { readonly now: SideOrUnknown; readonly before: SideOrUnknown } {
  return {
    now: { color: report.color || undefined, version: report.version || undefined },
    before: { color: report['previous-color'] || undefined, version: report['previous-version'] || undefined },
  }
}

/** A side in plain words. */
function sentenceSide({ color, version }: SideOrUnknown): string {
  return `${version ?? 'An unknown version'} on ${color ?? 'an unknown color'}`
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim()
}
