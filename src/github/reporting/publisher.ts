import type { GitHub } from '../api/client.ts'
import { pullsOf, putComment } from '../api/comment.ts'
import { type CommitStatus, setCommitStatus } from '../api/commit-status.ts'
import {
  createDeployment,
  type DeploymentState,
  retireEarlier,
  setDeploymentStatus,
  taskOf,
} from '../api/deployment.ts'
import { type About, deploymentOf, type Final, pageOf } from '../texts/about.ts'
import { markerOf } from '../texts/comment-body.ts'

/** What can be said to GitHub about one run. Each throws where it could not be said. */
export interface Publisher {
  /** Makes the deployment where there is none yet, and sets its status. */
  deployment(state: DeploymentState, description: string): Promise<void>
  comment(body: string): Promise<void>
  status(state: CommitStatus['state'], description: string): Promise<void>
  /** The deployment as it is to stand; after a success the earlier ones of its task are inactive. */
  finalDeployment(final: Final): Promise<void>
  deploymentId(): number | undefined
}

/**
 * @param about may get to know more while it goes on
 * @param id of the deployment, where it is made already
 * @param made told as soon as there is a deployment
 */
export function publisher(
  github: GitHub,
  about: () => Promise<About>,
  made: (id: number) => void = () => undefined,
  id?: number,
): Publisher {
  let suspected = false
  let pulls: Promise<readonly number[]> | undefined
  const knownPulls = async (): Promise<readonly number[]> => {
    const { subject, commit } = await about()
    if (subject.pull !== undefined) return [subject.pull]
    if (subject.unclear && commit === subject.runCommit) return []
    pulls ??= pullsOf(github, commit)
    return pulls.catch((cause: unknown) => {
      pulls = undefined
      throw cause
    })
  }
  const ensured = async (): Promise<number> => {
    if (id !== undefined) return id
    const known = await about()
    // For a correction only: the deployment does not depend on them.
    const told = known.reports.comment ? await knownPulls().catch(() => []) : []
    try {
      id = await createDeployment(github, deploymentOf(known, told), suspected)
    } finally {
      suspected = true
    }
    made(id)
    return id
  }
  const deployment: Publisher['deployment'] = async (state, description) => {
    const { environment, site, subject } = await about()
    const logUrl = subject.run.url
    const urls = { logUrl, ...(site !== undefined && { environmentUrl: site }) }
    await setDeploymentStatus(github, await ensured(), { state, description, environment, ...urls })
  }
  return {
    deployment,
    deploymentId: () => id,
    comment: async (body) => {
      const marker = markerOf(pageOf(await about()))
      for (const pull of await knownPulls()) await putComment(github, pull, marker, body)
    },
    status: async (state, description) => {
      const { commit, environment, upstream, subject } = await about()
      await setCommitStatus(github, { commit, environment, upstream, state, description, url: subject.run.url })
    },
    finalDeployment: async ({ signs, description }) => {
      await deployment(signs.deployment, description)
      if (signs.deployment !== 'success' || id === undefined) return
      const { environment, upstream, version, subject } = await about()
      const by = { description: `${version} took its place`.slice(0, 140), logUrl: subject.run.url }
      await retireEarlier(github, { id, environment, task: taskOf(upstream) }, by)
    },
  }
}
