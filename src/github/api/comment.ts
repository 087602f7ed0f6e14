import type { GitHub } from './client.ts'

/** Comments are looked through so many pages of a hundred far. */
const PAGES = 20

/** How many pull requests a commit may be told on. */
const PULLS = 5

/** Writes the comment that begins with this marker, or a new one where there is none. */
export async function putComment(github: GitHub, pull: number, marker: string, body: string): Promise<void> {
  const found = await findComment(github, pull, marker)
  if (found !== undefined) return editComment(github, found.id, body)
  await github.call(async (rest, common, attempt) => {
    // An earlier try may have written it unnoticed.
    const again = attempt > 1 ? await findComment(github, pull, marker) : undefined
    if (again !== undefined) return { data: await editComment(github, again.id, body) }
    await rest.issues.createComment({ ...common, issue_number: pull, body })
    return { data: undefined }
  })
}

/** Writes over the comment that begins with this marker, and only while this run was the last to write it. */
export async function correctComment(
  github: GitHub,
  pull: number,
  marker: string,
  runMarker: string,
  body: string,
): Promise<void> {
  const found = await findComment(github, pull, marker)
  if (found?.body.includes(runMarker)) await editComment(github, found.id, body)
}

/** The pull requests that a commit belongs to. */
export async function pullsOf(github: GitHub, commit: string): Promise<readonly number[]> {
  const data = await github.call((rest, common) =>
    rest.repos.listPullRequestsAssociatedWithCommit({ ...common, commit_sha: commit }),
  )
  return data.map(({ number }) => number).slice(0, PULLS)
}

interface Found {
  readonly id: number
  readonly body: string
}

/** One that is ours: anybody may write a marker, but a stranger's comment must not become the place where we write. */
async function findComment(github: GitHub, pull: number, marker: string): Promise<Found | undefined> {
  for (let page = 1; page <= PAGES; page++) {
    const data = await github.call((rest, common) =>
      rest.issues.listComments({ ...common, issue_number: pull, per_page: 100, page }),
    )
    const found = data.find((comment) => comment.body?.startsWith(marker) && isTrusted(comment))
    if (found !== undefined) return { id: found.id, body: found.body ?? '' }
    if (data.length < 100) return undefined
  }
  return undefined
}

function isTrusted({
  user,
  author_association: role,
}: {
  user?: { type?: string } | null
  author_association?: string
}) {
  return user?.type === 'Bot' || /^(OWNER|MEMBER|COLLABORATOR)$/.test(role ?? '')
}

async function editComment(github: GitHub, id: number, body: string): Promise<void> {
  await github.call((rest, common) => rest.issues.updateComment({ ...common, comment_id: id, body }))
}
