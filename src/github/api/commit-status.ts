import type { GitHub } from './client.ts'

export interface CommitStatus {
  readonly commit: string
  readonly environment: string
  readonly upstream: string
  readonly state: 'pending' | 'success' | 'failure' | 'error'
  readonly description: string
  readonly url: string
}

/** Sets the status that can be made a required check: `<environment>/<upstream>`. */
export async function setCommitStatus(github: GitHub, status: CommitStatus): Promise<void> {
  const { commit, environment, upstream, state, description, url } = status
  await github.call((rest, common) =>
    rest.repos.createCommitStatus({
      ...common,
      sha: commit,
      context: `${environment}/${upstream}`,
      state,
      description,
      target_url: url,
    }),
  )
}

/** The commit that a version names, where GitHub knows it: a tag, a branch, or the beginning of a commit. */
export async function commitNamed(github: GitHub, version: string, otherwise: string): Promise<string> {
  return github
    .call((rest, common) => rest.repos.getCommit({ ...common, ref: version, per_page: 1 }))
    .then(({ sha }) => sha)
    .catch(() => otherwise)
}
