import type { Settled } from '../../front/actions/log.ts'
import type { Report } from '../../front/report.ts'
import { reportOfSettled } from '../reporting/settled.ts'
import { endedBody, markerOf, type Page, runMarkerOf } from '../texts/comment-body.ts'
import { descriptionOf, signsOf } from '../texts/outcome.ts'
import type { GitHub } from './client.ts'
import { correctComment } from './comment.ts'
import { setCommitStatus } from './commit-status.ts'
import { type Deployment, findEarlier, readDeployment, retireEarlier, setDeploymentStatus } from './deployment.ts'

/**
 * Corrects what GitHub shows of an earlier run, once somebody else has ended what that had begun: the guard, `post`,
 * `unlock`, or the next run. Its comment is left alone if a newer run has written it since.
 * @param own `<id>/<attempt>` of this run, which may be another attempt of that one
 */
export async function correctRun(
  github: GitHub,
  where: { readonly environment: string; readonly upstream: string },
  settled: Settled,
  own: string,
): Promise<void> {
  const { run, version } = settled
  const id = await findEarlier(
    github,
    where,
    (payload) => payload['run-url'] === run && payload.run !== own && (version === '' || payload.version === version),
  )
  if (id === undefined) return
  const deployment = await readDeployment(github, id)
  await correctAs(github, deployment, reportOfSettled(settled, deployment.payload))
}

async function correctAs(github: GitHub, deployment: Deployment, report: Report): Promise<void> {
  const signs = signsOf(report.result)
  if (signs === undefined) return
  const { id } = deployment
  const page = pageOfDeployment(deployment)
  const { environment, task, sha, payload } = deployment
  const { url: logUrl } = page.run
  const description = descriptionOf(report)
  const site = page.site === undefined ? {} : { environmentUrl: page.site }
  await setDeploymentStatus(github, id, { state: signs.deployment, description, environment, logUrl, ...site })
  for (const pull of payload.pulls ?? []) {
    await correctComment(github, pull, markerOf(page), runMarkerOf(page), endedBody(page, report))
  }
  if (payload.status === true) {
    const { environment, upstream } = page
    await setCommitStatus(github, { commit: sha, environment, upstream, state: signs.commit, description, url: logUrl })
  }
  if (signs.deployment !== 'success') return
  await retireEarlier(github, { id, environment, task }, { description: `${report.version} took its place`, logUrl })
}

function pageOfDeployment({ environment, payload }: Deployment): Page {
  const [id, attempt] = (payload.run ?? '').split('/').map(Number)
  const run = { id: id ?? 0, attempt: attempt ?? 0, url: payload['run-url'] ?? '' }
  const { upstream = '', site } = payload
  return { environment, upstream, run, ...(site !== undefined && { site }) }
}
