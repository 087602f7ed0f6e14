import type { Report } from '../../front/report.ts'
import type { Color } from '../../release/model.ts'
import type { Side } from '../../release/serving.ts'
import type { NewDeployment } from '../api/deployment.ts'
import type { Subject } from '../reporting/subject.ts'
import { endedBody, lostBody, type Page } from './comment-body.ts'
import { descriptionOf, type Signs, signsOf } from './outcome.ts'

/** Everything that reporting needs to know, as plain data: `post` goes on with it where `main` was killed. */
export interface About {
  readonly subject: Subject
  readonly commit: string
  readonly environment: string
  readonly upstream: string
  readonly version: string
  readonly command: string
  readonly color?: Color
  /** What served before. */
  readonly before?: Side
  readonly site?: string
  readonly reports: { readonly deployment: boolean; readonly comment: boolean; readonly status: boolean }
}

/** What is to stand at GitHub in the end. */
export interface Final {
  readonly result: string
  readonly signs: Pick<Signs, 'deployment' | 'commit'>
  readonly description: string
  readonly comment: string
}

/** Undefined where nothing was to be changed. */
export function finalOf(about: About, report: Report): Final | undefined {
  const signs = signsOf(report.result)
  return (
    signs && {
      result: report.result,
      signs,
      description: descriptionOf(report),
      comment: endedBody(pageOf(about), report),
    }
  )
}

/** For a run that was killed, and of which nobody knows yet how it went on. */
export function lostFinal(about: About): Final {
  return {
    result: 'lost',
    signs: { deployment: 'error', commit: 'error' },
    description: 'Ended from outside before it could put things right',
    comment: lostBody(pageOf(about), about.version),
  }
}

export function pageOf({ environment, upstream, site, subject }: About): Page {
  return { environment, upstream, ...(site !== undefined && { site }), run: subject.run }
}

/** The deployment of this run. */
export function deploymentOf(about: About, pulls: readonly number[]): NewDeployment {
  const { commit, environment, upstream, version, command, color, before, site, subject, reports } = about
  return {
    commit,
    environment,
    upstream,
    ...(subject.pull !== undefined && { pull: subject.pull }),
    description: (version === '' ? `Rollback of ${upstream}` : `${version} to ${upstream}`).slice(0, 140),
    payload: {
      version,
      command,
      ...(before !== undefined && { before }),
      ...(color !== undefined && { color }),
      upstream,
      run: `${subject.run.id}/${subject.run.attempt}`,
      'run-url': subject.run.url,
      pulls,
      status: reports.status,
      ...(site !== undefined && { site }),
    },
  }
}
