/** The event that started a run, as the runner tells it. */
export interface RunEvent {
  /** `push`, `workflow_run`; that of the caller in a reusable workflow. Empty outside of Actions. */
  readonly name: string
  readonly payload: unknown
  /** `GITHUB_SHA`, which for half of the events is only the newest commit of the default branch. */
  readonly sha?: string
  /** `GITHUB_REF_NAME`: a branch or a tag. */
  readonly ref?: string
}

/** Which commit an event is about: what a release without `version` releases, and what is reported. */
export type EventCommit =
  | { readonly kind: 'commit'; readonly commit: string }
  /** It is about a commit whose workflow, check or deployment did not succeed. */
  | { readonly kind: 'failed'; readonly commit: string; readonly why: string; readonly remedy: string }
  /** It does not say which commit is meant; `own` is that of the run. */
  | { readonly kind: 'unclear'; readonly why: string; readonly remedy: string; readonly own?: string }
  | { readonly kind: 'none' }

/** What is to be written if the newest commit of the default branch is meant after all. */
const NEWEST = `to release the newest commit of the default branch, ${line('github.sha')}`

/** Events whose `GITHUB_SHA` is the commit that is meant: https://docs.github.com/actions/reference/events-that-trigger-workflows */
const OWN = ['push', 'release', 'create', 'schedule', 'workflow_dispatch', 'workflow_call', '']

type Rule = (event: RunEvent) => EventCommit

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(OWN.map((name) => [name, own])),
  push: (event) =>
    at(event.payload, 'deleted') === true ? gone(event, 'the push deleted its branch or tag') : own(event),
  release: (event) => {
    const action = at(event.payload, 'action')
    return action === 'deleted' || action === 'unpublished' ? gone(event, `the release was ${action}`) : own(event)
  },
  merge_group: (event) => said(event, at(event.payload, 'merge_group', 'head_sha') ?? event.sha),
  pull_request: pull,
  pull_request_target: pull,
  pull_request_review: pull,
  pull_request_review_comment: pull,
  workflow_run: (event) => ended(event, 'workflow_run', 'conclusion', 'the workflow run that started this one'),
  check_run: (event) => ended(event, 'check_run', 'conclusion', 'the check that started this run'),
  check_suite: (event) => ended(event, 'check_suite', 'conclusion', 'the checks that started this run'),
  status: (event) =>
    succeeded(
      event,
      at(event.payload, 'sha'),
      at(event.payload, 'state'),
      'the commit status that started this run',
      'state',
    ),
  deployment: (event) => said(event, at(event.payload, 'deployment', 'sha') ?? event.sha),
  deployment_status: (event) =>
    succeeded(
      event,
      at(event.payload, 'deployment', 'sha'),
      at(event.payload, 'deployment_status', 'state'),
      'the deployment that started this run',
      'deployment_status.state',
    ),
  issue_comment: (event) =>
    at(event.payload, 'issue', 'pull_request') === undefined
      ? unclear(event, 'a comment on an issue names no commit', NEWEST)
      : unclear(
          event,
          'a comment on a pull request does not name its head',
          `${line('steps.head.outputs.sha')}, after the step \`head\` that docs/github.md shows`,
        ),
  repository_dispatch: (event) =>
    unclear(
      event,
      'only its sender knows which commit is meant',
      `let it send that, and ${line('github.event.client_payload.version')}`,
    ),
  registry_package: (event) =>
    unclear(
      event,
      'what was published is named by its tag',
      line('github.event.registry_package.package_version.container_metadata.tag.name'),
    ),
}

/** The one place that decides it, for the version, the ledger and all that is reported. */
export function commitOfEvent(event: RunEvent): EventCommit {
  const rule = Object.hasOwn(RULES, event.name) ? RULES[event.name] : undefined
  return rule?.(event) ?? unclear(event, 'it is about no commit', NEWEST)
}

/** The event of a run, from the runner's environment and the event file. */
export function eventIn(environment: Readonly<Record<string, string | undefined>>, payload: unknown): RunEvent {
  const { GITHUB_SHA: sha, GITHUB_REF_NAME: ref, GITHUB_EVENT_NAME: name = '' } = environment
  return { name, payload, ...(sha && { sha }), ...(ref && { ref }) }
}

/** Events that are about one commit, whatever the version of it is called. */
const ABOUT_ONE = /^(?:push|release|create|merge_group|pull_request.*)$/

/** What is known of the commits of a run. */
export interface Known {
  /** Name of the event. */
  readonly event: string
  /** The commit that it is about, if it says so. */
  readonly commit?: string
  /** That of the run. */
  readonly own?: string
  /** A branch or a tag. */
  readonly ref?: string
}

/**
 * The commit that a version stands for, as far as that can be told without asking; `lookup` is what GitHub may know it
 * by, and then `commit` stands only until that was asked, or for want of a better one.
 */
export function versionCommit(
  { event, commit, own, ref }: Known,
  version: string,
): { readonly commit?: string; readonly lookup?: string } {
  if (commit !== undefined && event.startsWith('pull_request')) return { commit }
  if (/^[0-9a-f]{40}$/.test(version)) return { commit: version }
  // `sha-1a2b3c4` is what docker/metadata-action makes.
  const short = /^(?:sha-)?([0-9a-f]{7,40})$/.exec(version)?.[1]
  const same = version === '' || version === ref || (short !== undefined && commit?.startsWith(short))
  if (commit !== undefined && (same || ABOUT_ONE.test(event))) return { commit }
  const known = commit ?? own
  return { ...(known !== undefined && { commit: known }), ...(version !== '' && { lookup: short ?? version }) }
}

/** What is to be written into the workflow. */
function line(expression: string): string {
  return `write \`version: \${{ ${expression} }}\``
}

function own({ sha }: RunEvent): EventCommit {
  return sha === undefined || sha === '' ? { kind: 'none' } : { kind: 'commit', commit: sha }
}

/** Its head, since the merge that GitHub tests is on no branch; what was merged is released as it stands on its base. */
function pull(event: RunEvent): EventCommit {
  const closed = at(event.payload, 'action') === 'closed'
  if (!closed) return said(event, at(event.payload, 'pull_request', 'head', 'sha'))
  if (at(event.payload, 'pull_request', 'merged') !== true)
    return gone(event, 'the pull request was closed without a merge')
  return said(event, at(event.payload, 'pull_request', 'merge_commit_sha'))
}

function ended(event: RunEvent, key: string, field: string, what: string): EventCommit {
  return succeeded(event, at(event.payload, key, 'head_sha'), at(event.payload, key, field), what, `${key}.${field}`)
}

function succeeded(event: RunEvent, commit: unknown, outcome: unknown, what: string, where: string): EventCommit {
  const found = said(event, commit)
  if (found.kind !== 'commit' || outcome === 'success') return found
  const how = typeof outcome === 'string' ? `ended as \`${outcome}\`` : 'has not ended'
  const remedy = `give the job the line \`if: github.event.${where} == 'success'\``
  return { kind: 'failed', commit: found.commit, why: `${what} ${how}`, remedy }
}

function said(event: RunEvent, commit: unknown): EventCommit {
  const named = text(commit)
  if (named !== undefined) return { kind: 'commit', commit: named }
  return unclear(event, 'its event file names no commit', 'write the image tag to release')
}

function gone({ sha }: RunEvent, why: string): EventCommit {
  const remedy = 'write the image tag to release, or leave such events out of `on:`'
  return { kind: 'unclear', why, remedy, ...(sha && { own: sha }) }
}

function unclear({ name, sha }: RunEvent, why: string, remedy: string): EventCommit {
  return { kind: 'unclear', why: `the event is \`${name}\`: ${why}`, remedy, ...(sha && { own: sha }) }
}

/** A text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What stands there in parsed JSON. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  )
}
