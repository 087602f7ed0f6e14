import {
  commentAnswer,
  commitAnswer,
  commitStatusAnswer,
  comparisonAnswer,
  deploymentAnswer,
  deploymentStatusAnswer,
  pullAnswer,
  runAnswer,
} from './github-answers.ts'
import type { Call, Operation } from './openapi.ts'

export interface KeptDeployment {
  readonly id: number
  readonly ref: string
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly payload: unknown
  /** The newest last. */
  readonly statuses: readonly KeptStatus[]
  readonly creator: string
}

export interface KeptStatus {
  readonly id: number
  readonly state: string
  readonly description: string
  readonly log_url: string
  readonly environment_url: string
}

export interface KeptComment {
  readonly id: number
  readonly pull: number
  readonly body: string
  readonly user: { readonly login: string; readonly type: string }
  readonly role: string
}

export interface KeptCommitStatus {
  readonly sha: string
  readonly context: string
  readonly state: string
  readonly description: string
}

/** What GitHub would show now. */
export interface State {
  readonly deployments: KeptDeployment[]
  readonly comments: KeptComment[]
  readonly commitStatuses: KeptCommitStatus[]
  /** How commits lie to each other, by `<base>...<head>`: `ahead` unless said otherwise. */
  readonly comparisons: Map<string, string>
  /** Runs by their id: `completed` or `in_progress`. */
  readonly runs: Map<number, string>
  /** Commits by the names that they have. */
  readonly names: Map<string, string>
  answer(operation: Operation, call: Call): { readonly status: number; readonly content: unknown }
  /** Something that was there before. */
  addDeployment(deployment: Partial<KeptDeployment>): KeptDeployment
  addComment(comment: Partial<KeptComment>): KeptComment
  /** The state that a deployment shows. */
  shown(id: number): string | undefined
}

const BOT = { login: 'github-actions[bot]', type: 'Bot' }

export function gitHubState(pulls: Readonly<Record<string, readonly number[]>>): State {
  let next = 1000
  const deployments: KeptDeployment[] = []
  const comments: KeptComment[] = []
  const commitStatuses: KeptCommitStatus[] = []
  const names = new Map<string, string>()
  const comparisons = new Map<string, string>()
  const runs = new Map<number, string>()

  const addDeployment = (given: Partial<KeptDeployment>): KeptDeployment => {
    const { ref = 'main', sha = ref, task = 'deploy', environment = 'production', payload = {} } = given
    const { statuses = [], creator = BOT.login, id = ++next } = given
    const made = { id, ref, sha, task, environment, payload, statuses, creator }
    deployments.push(made)
    return made
  }
  const addComment = (given: Partial<KeptComment>): KeptComment => {
    const { id = ++next, pull = 1, body = '', user = BOT, role = 'NONE' } = given
    const made = { id, pull, body, user, role }
    comments.push(made)
    return made
  }
  const page = <T>(all: readonly T[], { per_page = '30', page = '1' }: Call['query']): readonly T[] =>
    all.slice((Number(page) - 1) * Number(per_page), Number(page) * Number(per_page))
  const replace = <T extends { readonly id: number }>(all: T[], id: number, change: (one: T) => T): T | undefined => {
    const place = all.findIndex((one) => one.id === id)
    const found = all[place]
    if (found === undefined) return undefined
    all[place] = change(found)
    return all[place]
  }

  const routes: Readonly<Record<string, (values: Operation['values'], call: Call) => unknown>> = {
    'GET /repos/{owner}/{repo}/deployments': (_, { query }) => {
      const wanted = (one: KeptDeployment): boolean =>
        (['sha', 'ref', 'task', 'environment'] as const).every(
          (name) => query[name] === undefined || query[name] === one[name],
        )
      return page(deployments.filter(wanted).toReversed(), query).map(deploymentAnswer)
    },
    'POST /repos/{owner}/{repo}/deployments': (_, { body }) => {
      const given = body as { ref: string; task: string; environment: string; payload: unknown }
      return deploymentAnswer(addDeployment({ ...given, sha: names.get(given.ref) ?? given.ref }))
    },
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}': ({ deployment_id }) => {
      const found = deployments.find(({ id }) => id === Number(deployment_id))
      return found && deploymentAnswer(found)
    },
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': ({ deployment_id }, { query }) => {
      const found = deployments.find(({ id }) => id === Number(deployment_id))
      return found && page(found.statuses.toReversed(), query).map(deploymentStatusAnswer)
    },
    'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': ({ deployment_id }, { body }) => {
      const { state, description = '', log_url = '', environment_url = '' } = body as KeptStatus
      const made = { id: ++next, state, description, log_url, environment_url }
      const found = replace(deployments, Number(deployment_id), (one) => ({
        ...one,
        statuses: [...one.statuses, made],
      }))
      return found && deploymentStatusAnswer(made)
    },
    'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls': ({ commit_sha = '' }) =>
      (pulls[commit_sha] ?? []).map(pullAnswer),
    'GET /repos/{owner}/{repo}/commits/{ref}': ({ ref = '' }) => {
      const sha = names.get(ref)
      return sha === undefined ? undefined : commitAnswer(sha)
    },
    'GET /repos/{owner}/{repo}/compare/{basehead}': ({ basehead = '' }) =>
      comparisonAnswer(comparisons.get(basehead) ?? 'ahead'),
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}': ({ run_id }) => {
      const status = runs.get(Number(run_id))
      return status === undefined ? undefined : runAnswer(Number(run_id), status)
    },
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': ({ issue_number }, { query }) =>
      page(
        comments.filter(({ pull }) => pull === Number(issue_number)),
        query,
      ).map(commentAnswer),
    'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': ({ issue_number }, { body }) =>
      commentAnswer(addComment({ pull: Number(issue_number), body: (body as KeptComment).body })),
    'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': ({ comment_id }, { body }) => {
      const text = (body as KeptComment).body
      const found = replace(comments, Number(comment_id), (one) => ({ ...one, body: text }))
      return found && commentAnswer(found)
    },
    'POST /repos/{owner}/{repo}/statuses/{sha}': ({ sha = '' }, { body }) => {
      const { context, state, description } = body as KeptCommitStatus
      commitStatuses.push({ sha, context, state, description })
      return commitStatusAnswer({ sha, context, state, description })
    },
  }
  return {
    ...{ deployments, comments, commitStatuses, names, comparisons, runs, addDeployment, addComment },
    shown: (id) => deployments.find((one) => one.id === id)?.statuses.at(-1)?.state,
    answer: (operation, call) => {
      const values = Object.fromEntries(
        Object.entries(operation.values).map(([name, value]) => [name, decodeURIComponent(value)]),
      )
      const content = routes[operation.name]?.(values, call)
      if (content === undefined) return { status: 404, content: { message: 'Not Found' } }
      return { status: call.method === 'POST' ? 201 : 200, content }
    },
  }
}
