import type { Intent, Onlooker } from '../../front/actions/log.ts'
import type { Report } from '../../front/report.ts'
import type { GitHubInputs } from '../../inputs/inputs.ts'
import type { GitHub } from '../api/client.ts'
import { commitNamed } from '../api/commit-status.ts'
import { correctRun } from '../api/correct.ts'
import { competitorWarning, hasCompetitor } from '../api/deployment.ts'
import { type About, type Final, finalOf, pageOf } from '../texts/about.ts'
import { underWayBody } from '../texts/comment-body.ts'
import { descriptions } from '../texts/descriptions.ts'
import { stepDescription } from '../texts/outcome.ts'
import { publisher } from './publisher.ts'
import { lateWarning, openQueue, type Queue, type QueueName } from './queue.ts'
import { commitOf, type Subject } from './subject.ts'

/** Follows a run and reports it, in queues of its own: nothing in it delays a release, and no failure of it is one. */
export interface Reporting extends Onlooker {
  deploymentId(): number | undefined
  /**
   * Says how it ended, and waits for that so many milliseconds at most, or until it is hurried.
   * @returns what a person should mend
   */
  end(report: Report, patience: number, hurry: AbortSignal): Promise<readonly string[]>
}

export interface Setting {
  readonly inputs: GitHubInputs
  readonly upstream: string
  readonly version: string
  readonly command: string
  readonly subject: Subject
  readonly open: (signal: AbortSignal) => GitHub
  /** Keeps something for `post`, which goes on where this was killed. */
  readonly save: (name: StateName, value: string) => void
}

/** What is kept for `post`. */
export type StateName = 'github' | 'deployment-id' | 'github-final' | `github-done-${QueueName}`

export function beginReporting(setting: Setting): Reporting {
  const { inputs, subject, save } = setting
  const warnings = new Set<string>()
  const over = new AbortController()
  const warn = (sentence: string): void => void warnings.add(sentence)
  const github = setting.open(over.signal)
  const queues = queuesOf(inputs).map((name) => openQueue(name, { signal: over.signal, fork: subject.fork, warn }))
  const queue = (name: QueueName): Queue | undefined => queues.find((one) => one.name === name)
  let known: Promise<About> | undefined
  let ending = false
  let planned = false

  const said = publisher(
    github,
    () => known ?? Promise.reject(new TypeError('Nothing is known of the run yet.')),
    (id) => save('deployment-id', String(id)),
  )
  /** What is on the way is not worth saying once the end is known. */
  const add = (name: QueueName, work: () => Promise<void>): void => {
    queue(name)?.add(async () => (ending ? undefined : work()), 'on the way')
  }
  const describe = descriptions((title) =>
    add('deployment', () => said.deployment('in_progress', stepDescription(title))),
  )

  /** What it is about is settled once; the calls wait for it, and nobody else does. */
  const settle = (intent?: Intent): void => {
    const version = intent?.version ?? setting.version
    const { commit, lookup } = commitOf(subject, version, intent?.commit)
    const about = aboutOf(setting, version, commit, intent)
    save('github', JSON.stringify(about))
    if (lookup === undefined) {
      known = Promise.resolve(about)
      return
    }
    known = commitNamed(github, lookup, commit).then((named) => {
      const found = { ...about, commit: named }
      save('github', JSON.stringify(found))
      return found
    })
  }
  let looked = false
  const warnOfCompetitor = async (): Promise<void> => {
    if (said.deploymentId() === undefined || looked) return
    looked = true
    const { commit, environment } = await (known as Promise<About>)
    const commits = [subject.runCommit, commit]
    const found = await hasCompetitor(github, { commits, environment, runId: subject.run.id })
    if (found) warn(competitorWarning(environment))
  }
  const send = (name: QueueName, final: Final): (() => Promise<void>) => {
    const { signs, description, comment } = final
    if (name === 'deployment') return () => said.finalDeployment(final)
    if (name === 'comment') return () => said.comment(comment)
    return () => said.status(signs.commit, description)
  }

  return {
    deploymentId: said.deploymentId,
    waiting: (sentence) => {
      if (known !== undefined || setting.command !== 'deploy') return
      settle()
      add('deployment', () => said.deployment('queued', stepDescription(sentence)))
      add('status', () => said.status('pending', stepDescription(sentence)))
    },
    stepBegan: (title) => {
      if (planned) describe.next(title)
    },
    planned: (intent) => {
      planned = true
      settle(intent)
      const title = `Releasing ${intent.version} on ${intent.color}`
      add('deployment', () => said.deployment('in_progress', stepDescription(title)))
      queue('deployment')?.add(warnOfCompetitor, 'on the way')
      add('status', () => said.status('pending', stepDescription(title)))
      add('comment', async () => said.comment(underWayBody(pageOf(await (known as Promise<About>)), intent)))
      describe.begin()
    },
    settled: (settled) => {
      const { environment } = inputs
      const own = `${subject.run.id}/${subject.run.attempt}`
      if (settled.run === '') return
      queue('deployment')?.add(
        () => correctRun(github, { environment, upstream: setting.upstream }, settled, own),
        'at the end',
      )
    },
    end: async (report, patience, hurry) => {
      ending = true
      describe.stop()
      // A rollback that was refused is told on the commit of the run: nobody knows which other one it was about. That the
      // release in its watch was put back is told by that one.
      const refused = setting.command === 'rollback' && report.result === 'unchanged'
      if (known === undefined && (setting.command === 'deploy' || refused)) settle()
      const stop = (): void => over.abort()
      const late = setTimeout(stop, patience)
      hurry.addEventListener('abort', stop)
      if (hurry.aborted) stop()
      const about = await known
      const final = about && finalOf(about, report)
      if (final !== undefined) save('github-final', JSON.stringify(final))
      const done = queues.map(async (one) => {
        let finished = false
        await one.add(async () => {
          if (final !== undefined) await send(one.name, final)()
          finished = true
        }, 'at the end')
        if (one.name === 'deployment') await one.add(warnOfCompetitor, 'on the way')
        if (finished || one.closed()) save(`github-done-${one.name}`, 'true')
        return finished || one.closed() || one.warned() ? [] : [one.name]
      })
      const unsaid = (await Promise.all(done)).flat()
      clearTimeout(late)
      if (unsaid.length > 0) warn(lateWarning(unsaid, patience))
      return [...warnings]
    },
  }
}

function queuesOf({ deployment, comment, commitStatus }: GitHubInputs): readonly QueueName[] {
  return [
    ...(deployment ? (['deployment'] as const) : []),
    ...(comment ? (['comment'] as const) : []),
    ...(commitStatus ? (['status'] as const) : []),
  ]
}

function aboutOf(setting: Setting, version: string, commit: string, intent?: Intent): About {
  const { inputs, upstream, subject, command } = setting
  const { environment, environmentUrl, deployment, comment, commitStatus } = inputs
  return {
    ...{ subject, commit, environment, upstream, version, command },
    ...(intent && { color: intent.color, before: intent.live }),
    ...(environmentUrl !== undefined && { site: published(environmentUrl) }),
    reports: { deployment, comment, status: commitStatus },
  }
}

/** Everybody who sees the repository sees it: without its query, which may be a secret. */
function published(url: URL): string {
  const shown = new URL(url)
  shown.search = ''
  return shown.href
}
