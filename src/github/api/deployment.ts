import type { Color } from '../../release/model.ts'
import type { Side } from '../../release/serving.ts'
import type { Common, GitHub, Rest } from './client.ts'

export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'error'

/** A deployment that is to be made. */
export interface NewDeployment {
  readonly commit: string
  readonly environment: string
  readonly upstream: string
  readonly pull?: number
  readonly description: string
  readonly payload: Payload
}

/** Kept with the deployment, so that whoever finds it knows what it is about. */
export interface Payload {
  readonly version: string
  readonly command: string
  readonly color?: Color
  /** What served before. */
  readonly before?: Side
  readonly upstream: string
  /** `<id>/<attempt>` of the run, and its address. */
  readonly run: string
  readonly 'run-url': string
  readonly pulls: readonly number[]
  /** A commit status was set as well. */
  readonly status: boolean
  /** Address of the application. */
  readonly site?: string
}

export interface DeploymentStatus {
  readonly state: DeploymentState
  readonly description: string
  readonly logUrl: string
  readonly environment: string
  readonly environmentUrl?: string
}

/** What GitHub says of a deployment, as far as it is read here. */
export interface Deployment {
  readonly id: number
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly payload: Partial<Payload>
  /** Made for a job that has an `environment:` of its own. */
  readonly byActions: boolean
}

/** Two services of one environment are two tasks: neither takes the place of the other. */
export function taskOf(upstream: string): string {
  return `deploy:${upstream}`
}

/**
 * Makes it, once: where an earlier try may have made it unnoticed, it is looked for first.
 * @param suspected there was such a try before this call
 */
export function createDeployment(github: GitHub, wanted: NewDeployment, suspected: boolean): Promise<number> {
  const { commit, environment, upstream, pull, description, payload } = wanted
  return github.call(async (rest, common, attempt) => {
    const made = attempt > 1 || suspected ? await ownDeployment(rest, common, wanted) : undefined
    if (made !== undefined) return { data: made }
    const { data, status } = await rest.repos.createDeployment({
      ...common,
      ref: commit,
      environment,
      description,
      task: taskOf(upstream),
      payload: { ...payload },
      auto_merge: false,
      required_contexts: [],
      production_environment: isProduction(environment),
      transient_environment: isTransient(environment, pull),
    })
    if (status === 201 && 'id' in data) return { data: data.id }
    throw new Error(`GitHub answered ${status} in place of making a deployment.`)
  })
}

type Own = Pick<NewDeployment, 'commit' | 'environment' | 'upstream' | 'payload'>

/** The deployment that a run has made, where it has. */
export function findDeployment(github: GitHub, own: Own): Promise<number | undefined> {
  return github.call(async (rest, common) => ({ data: await ownDeployment(rest, common, own) }))
}

async function ownDeployment(
  rest: Rest,
  common: Common,
  { commit, environment, upstream, payload }: Own,
): Promise<number | undefined> {
  const task = taskOf(upstream)
  const { data } = await rest.repos.listDeployments({ ...common, sha: commit, environment, task })
  return data.map(deploymentFrom).find((deployment) => deployment.payload.run === payload.run)?.id
}

export async function readDeployment(github: GitHub, id: number): Promise<Deployment> {
  return deploymentFrom(await github.call((rest, common) => rest.repos.getDeployment({ ...common, deployment_id: id })))
}

/** The deployment of an earlier run that is known by its address alone. */
export async function findEarlier(
  github: GitHub,
  { environment, upstream }: { readonly environment: string; readonly upstream: string },
  is: (payload: Partial<Payload>) => boolean,
): Promise<number | undefined> {
  const task = taskOf(upstream)
  const data = await github.call((rest, common) =>
    rest.repos.listDeployments({ ...common, environment, task, per_page: 100 }),
  )
  return data.map(deploymentFrom).find(({ payload }) => is(payload))?.id
}

/** The state that is shown. */
export async function latestState(github: GitHub, id: number): Promise<string | undefined> {
  return (await statusesOf(github, id))[0]?.state
}

/** `auto_inactive` is off: it would take the other services of the environment too, and spare production. */
export async function setDeploymentStatus(github: GitHub, id: number, status: DeploymentStatus): Promise<void> {
  const { state, description, logUrl, environment, environmentUrl } = status
  await github.call((rest, common) =>
    rest.repos.createDeploymentStatus({
      ...common,
      deployment_id: id,
      state,
      description,
      environment,
      log_url: logUrl,
      ...(environmentUrl !== undefined && { environment_url: environmentUrl }),
      auto_inactive: false,
    }),
  )
}

/** Of so many deployments it is asked whether they are still shown as active; so many that are not end the search. */
const LOOKED_AT = 20
const ENOUGH = 3

/** Sets the earlier deployments of the same environment and task inactive that are still shown as active. */
export async function retireEarlier(
  github: GitHub,
  { id, environment, task }: Pick<Deployment, 'id' | 'environment' | 'task'>,
  by: { readonly description: string; readonly logUrl: string },
): Promise<void> {
  const listed = await github.call((rest, common) =>
    rest.repos.listDeployments({ ...common, environment, task, per_page: 100 }),
  )
  const earlier = listed.filter((other) => other.id < id).sort((one, other) => other.id - one.id)
  let inactive = 0
  for (const other of earlier.slice(0, LOOKED_AT)) {
    const state = await latestState(github, other.id)
    if (state === 'inactive') inactive++
    if (inactive >= ENOUGH) return
    if (state !== 'success') continue
    await github.call((rest, common) =>
      rest.repos.createDeploymentStatus({
        ...common,
        deployment_id: other.id,
        state: 'inactive',
        description: by.description,
        log_url: by.logUrl,
        environment,
        auto_inactive: false,
      }),
    )
  }
}

/**
 * Whether GitHub makes a deployment of its own for this job, because the job has an `environment:`. Its last status
 * would say the opposite of ours where a later step of the job fails, and drops the address of the site.
 */
export async function hasCompetitor(
  github: GitHub,
  { commits, environment, runId }: { commits: readonly string[]; environment: string; runId: number },
): Promise<boolean> {
  for (const sha of new Set(commits)) {
    const listed = await github.call((rest, common) =>
      rest.repos.listDeployments({ ...common, environment, sha, task: 'deploy' }),
    )
    for (const { id } of listed
      .map(deploymentFrom)
      .filter(({ byActions }) => byActions)
      .slice(0, 3)) {
      const statuses = await statusesOf(github, id)
      const addresses = statuses.flatMap(({ log_url, target_url }) => [`${log_url}/`, `${target_url}/`])
      if (addresses.some((address) => address.includes(`/runs/${runId}/`))) return true
    }
  }
  return false
}

export function competitorWarning(environment: string): string {
  return (
    `The job has an \`environment:\`, for which GitHub makes a deployment of its own, next to the one that is made here, and the last of the two to change hides the other. ` +
    `Write \`environment: { name: ${environment}, deployment: false }\` in the job; or \`deployment: false\` in the inputs, to keep GitHub's alone.`
  )
}

function statusesOf(github: GitHub, id: number) {
  return github.call((rest, common) => rest.repos.listDeploymentStatuses({ ...common, deployment_id: id }))
}

function isProduction(environment: string): boolean {
  return /^prod(uction)?($|[-_/. ])/i.test(environment)
}

/** An environment of one pull request ends with it. */
function isTransient(environment: string, pull: number | undefined): boolean {
  return pull !== undefined && new RegExp(`(^|\\D)${pull}(\\D|$)`).test(environment)
}

interface Listed {
  readonly id: number
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly payload?: unknown
  readonly creator?: { readonly login?: string } | null
}

function deploymentFrom({ id, sha, task, environment, payload, creator }: Listed): Deployment {
  // GitHub gives back as text what was sent as text.
  const read = typeof payload === 'string' ? parsed(payload) : payload
  const known = typeof read === 'object' && read !== null ? (read as Partial<Payload>) : {}
  return { id, sha, task, environment, payload: known, byActions: creator?.login === 'github-actions[bot]' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
