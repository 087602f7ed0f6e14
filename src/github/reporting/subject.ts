import { at, commitOfEvent, eventIn, text, versionCommit } from './event.ts'

/** What the runner says of this run: its environment and the event. */
export interface Runner {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly payload: unknown
}

/** The run, the repository and the commit that GitHub is told of; plain data, so that `post` and others can go on. */
export interface Subject {
  readonly owner: string
  readonly repo: string
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string }
  readonly event: string
  /** The commit that the event is about, the head of a pull request and never its merge; where it names none that of the run. */
  readonly commit: string
  /** The event names no commit: no pull request is told of this one. */
  readonly unclear?: true
  /** The commit that the run itself is of: on a pull request its merge. */
  readonly runCommit: string
  /** A branch or a tag. */
  readonly ref?: string
  /** Where the event names one. */
  readonly pull?: number
  /** The pull request comes from another repository, so that the token can only read. */
  readonly fork: boolean
}

/** Undefined where this is no run of GitHub Actions. */
export function subjectOf({ environment, payload }: Runner): Subject | undefined {
  const [owner = '', repo = ''] = (environment['GITHUB_REPOSITORY'] ?? '').split('/')
  const id = Number(environment['GITHUB_RUN_ID'])
  const runCommit = environment['GITHUB_SHA'] ?? ''
  if (owner === '' || repo === '' || !(id > 0)) return undefined
  const event = eventIn(environment, payload)
  const server = environment['GITHUB_SERVER_URL'] ?? 'https://github.com'
  const attempt = Number(environment['GITHUB_RUN_ATTEMPT']) || 1
  const about = commitOfEvent(event)
  const pull = pullOf(payload)
  return {
    owner,
    repo,
    run: { id, attempt, url: `${server}/${owner}/${repo}/actions/runs/${id}` },
    event: event.name,
    commit: about.kind === 'commit' ? about.commit : runCommit,
    runCommit,
    ...(event.ref !== undefined && { ref: event.ref }),
    ...(about.kind !== 'commit' && { unclear: true as const }),
    ...(pull !== undefined && { pull }),
    fork: isFork(payload, `${owner}/${repo}`),
  }
}

/**
 * The commit that a version stands for, as far as that can be told without asking; `lookup` where GitHub knows whether
 * the version names one.
 * @param recorded of the release that is put back, from the ledger
 */
export function commitOf(
  { commit, event, ref, unclear }: Pick<Subject, 'commit' | 'event' | 'ref' | 'unclear'>,
  version: string,
  recorded?: string,
): { readonly commit: string; readonly lookup?: string } {
  if (recorded !== undefined) return { commit: recorded }
  const known = { event, own: commit, ...(ref !== undefined && { ref }), ...(!unclear && { commit }) }
  return { commit, ...versionCommit(known, version) }
}

function pullOf(payload: unknown): number | undefined {
  const number = at(payload, 'pull_request', 'number')
  if (typeof number === 'number') return number
  const issue = at(payload, 'issue', 'number')
  return typeof issue === 'number' && at(payload, 'issue', 'pull_request') !== undefined ? issue : undefined
}

function isFork(payload: unknown, repository: string): boolean {
  if (at(payload, 'pull_request') === undefined) return false
  const head = at(payload, 'pull_request', 'head', 'repo', 'full_name')
  return head !== undefined && text(head)?.toLowerCase() !== repository.toLowerCase()
}
