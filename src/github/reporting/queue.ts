import { sentenceOf } from '../../release/reasons.ts'
import { GitHubError } from '../api/retrying.ts'

export type QueueName = 'deployment' | 'comment' | 'status'

/** What the token needs for each, and the input that turns it off. */
const NEEDS: Readonly<
  Record<QueueName, { readonly permission: string; readonly what: string; readonly input: string }>
> = {
  deployment: { permission: 'deployments: write', what: 'the deployment', input: 'deployment' },
  comment: { permission: 'pull-requests: write', what: 'the comment on the pull request', input: 'pr-comment' },
  status: { permission: 'statuses: write', what: 'the commit status', input: 'commit-status' },
}

/** One kind of report: its calls go out in order, alongside the release and the other kinds. */
export interface Queue {
  readonly name: QueueName
  /** It failed in a way that no further call can mend. */
  closed(): boolean
  /** Somebody was told that it failed. */
  warned(): boolean
  /**
   * Does this once everything before it was done, or failed. Never throws. What is said on the way and gets no answer is
   * not worth a warning: the end is said again.
   */
  add(work: () => Promise<void>, when: 'on the way' | 'at the end'): Promise<void>
}

export interface QueueSetting {
  readonly signal: AbortSignal
  readonly fork: boolean
  /** Told once for each sentence. */
  readonly warn: (sentence: string) => void
}

/** Failures are warnings, one for each lane and kind, and never more than that. */
export function openQueue(name: QueueName, { signal, fork, warn }: QueueSetting): Queue {
  let tail = Promise.resolve()
  let closed = false
  let warned = false
  const failed = (cause: unknown, when: Parameters<Queue['add']>[1]): void => {
    // Who ended the reporting says so.
    if (signal.aborted) return
    closed ||= cause instanceof GitHubError && (cause.kind === 'not-allowed' || cause.kind === 'bad-token')
    if (!closed && when === 'on the way') return
    if (!warned) warn(queueWarning(name, cause, fork))
    warned = true
  }
  return {
    name,
    closed: () => closed,
    warned: () => warned,
    add: (work, when) => {
      tail = tail.then(async () => {
        if (!closed && !signal.aborted) await work().catch((cause: unknown) => failed(cause, when))
      })
      return tail
    },
  }
}

/** What could not be reported, and the line of YAML that mends it. */
export function queueWarning(name: QueueName, cause: unknown, fork: boolean): string {
  const { permission, what, input } = NEEDS[name]
  const kind = cause instanceof GitHubError ? cause.kind : 'no-answer'
  switch (kind) {
    case 'bad-token':
      return 'GitHub does not accept `github-token` (401), so that nothing is reported to it. Leave the input out to use the token of the job. The release does not depend on it.'
    case 'not-allowed':
      return fork
        ? `The token may not write ${what}: on a pull request from a fork it can only read, whatever the workflow says. Set \`${input}: false\` there. The release does not depend on it.`
        : `The token may not write ${what}. Add \`${permission}\` under \`permissions:\` of the job, or set \`${input}: false\`. The release does not depend on it.`
    case 'refused':
      return `GitHub refused ${what}: ${sentenceOf(cause)}. The release does not depend on it.`
    case 'no-answer':
      return `GitHub could not be told of ${what}: ${sentenceOf(cause)}. The release does not depend on it.`
  }
}

/** What was not said when the waiting was over. */
export function lateWarning(queues: readonly QueueName[], waited: number): string {
  const what = queues.map((name) => NEEDS[name].what).join(', ')
  return `GitHub was not told of ${what} within ${waited / 1000} s after the release. The end of the job tries once more. The release does not depend on it.`
}
