import { type Catalogue, catalogue, type Notice, sentence } from '../base/notice.ts'
import { HostError } from '../host/host.ts'

/** Each value that the `reason` output can have, with what it means. The documentation is made from it. */
export const REASONS = {
  'authentication-failed': 'The host refused the key or the user.',
  'build-failed': 'The image could not be built on the host.',
  cancelled: 'The run was cancelled.',
  'command-failed': 'A command on the host failed.',
  'command-timed-out': 'A command on the host did not end in time, and was ended.',
  'compose-invalid': 'Compose refuses the compose file, or it has no two colors that can be released.',
  'confirm-failed': 'The release could not be recorded in the ledger.',
  'connection-lost': 'The SSH connection broke.',
  'container-exited': 'The container of the new color ended or was restarted.',
  'container-replaced': 'Somebody removed or replaced the container of the new color while it was being released.',
  'docker-unavailable': 'Docker or Compose is missing on the host, not running, or not allowed for the user.',
  drift: 'What runs, or what Nginx has loaded, is not what the flip needs it to be.',
  'ended-from-outside': 'The run was ended from outside, and what it had begun was finished or undone for it.',
  'flip-without-effect': 'Nginx did not act on the flip.',
  'flipped-by-others': 'Somebody else sent traffic to the other color.',
  'foreign-upstream': 'The upstream sends traffic to something that is neither color.',
  'forwarding-refused': 'The SSH server does not allow forwarding.',
  'hook-failed': 'A hook (`before-start`, `before-flip`, `after-flip`) failed.',
  'guard-acted': 'No heartbeat of the run reached the host in time, and the guard there put traffic back.',
  'guard-failed': 'The guard could not be kept alive.',
  'host-incompatible': 'The host and this action have no common algorithm.',
  'host-key-mismatch': 'The host presented another key than the one that is known.',
  'host-key-revoked': 'The host presented a key that `known-hosts` revokes.',
  'host-key-unknown': 'No entry of `known-hosts` fits the host.',
  'host-unreachable': 'No connection to the host could be made.',
  'internal-error': 'A mistake of this action.',
  'invalid-inputs': 'Inputs are missing or wrong.',
  'nginx-file': 'The file that holds the upstream cannot be rewritten: by this user, or at all.',
  'nginx-refused': 'Nginx could not be run, or refuses its configuration.',
  'lease-held': 'Another run holds the target.',
  'lease-lost': 'The lease of this run was taken over by another one.',
  'left-behind': 'A run was ended from outside, and what it left half done is not recovered yet.',
  'login-shell-unusable': 'The user may log in, but not run commands.',
  'not-healthy': 'The new color did not get healthy before the deadline.',
  'not-proven': 'The new color does not answer where Nginx would reach it.',
  'nothing-was-live': 'The release failed, and nothing had been live before it.',
  'previous-gone': 'The previous color does not answer any more, so that traffic could not go back to it.',
  'public-route-failed': 'The new version was not seen through Nginx.',
  'recovery-failed': 'What an earlier run left half done could not be undone.',
  'older-commit': 'The commit is an ancestor of the one that is live.',
  'pull-failed': 'The image could not be pulled.',
  'rollback-impossible': 'The ledger has nothing that the rollback could go back to.',
  'smoke-test-failed': 'The smoke test failed.',
  'start-failed': 'The new color could not be started.',
  'state-directory': 'The state directory is missing, not writable, or belongs to another target.',
  superseded: 'A rollback asked the release to put the previous version back.',
  'too-much-output': 'What a host was asked about itself filled more than is read.',
  'upload-failed': 'A file of the workspace could not be put onto the host.',
  'verify-unusable': 'The public route fails already while the live color is well, so it cannot judge a release.',
  'watch-failed': 'The new color failed after the flip.',
} as const

export type Reason = keyof typeof REASONS

/** A failure with its reason code. The message is a sentence for the user: what failed, where, the last thing seen, what to do. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly reason: Reason
  /** The same as data; where no catalogue has it, its code is the reason. */
  readonly notice: Notice
  /** Further lines that prove it: container log, state, last answers. */
  readonly evidence: readonly string[]
  /** Of a change: its script ended before it did anything. */
  readonly notBegun?: true

  constructor(reason: Reason, message: string, options: FailureOptions = {}) {
    super(message, options)
    this.reason = reason
    this.notice = options.notice ?? { code: reason, about: [message], message }
    this.evidence = options.evidence ?? []
    if (options.notBegun) this.notBegun = true
  }
}

interface FailureOptions extends ErrorOptions {
  readonly notice?: Notice
  readonly evidence?: readonly string[]
  readonly notBegun?: true | undefined
}

/** Why something is refused, as its adapter's catalogue has it. */
interface Refusal extends Omit<Notice, 'code' | 'about'> {
  readonly reason: Reason
  readonly cause?: unknown
}

/** What an adapter refuses for, by code. */
export function refusals<Of extends Readonly<Record<string, (...about: never[]) => Refusal>>>(
  entries: Of,
): Catalogue<Of, Failure> {
  return catalogue(entries, ({ reason, cause, ...notice }: Refusal & Notice) => {
    return new Failure(reason, sentence(notice), { notice, ...(cause !== undefined && { cause }) })
  })
}

/** Begins a line by which the script of a change says that it did nothing, and why. */
export const NOT_BEGUN = 'Nothing was changed: '

/** What went wrong, for a person. */
export function sentenceOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(sentenceOf).join(' ')
  return cause instanceof Error ? cause.message : String(cause)
}

/** Somebody cancelled it: it did not fail by itself. */
export function wasCancelled(cause: unknown): boolean {
  if (cause instanceof HostError || cause instanceof Failure) return cause.reason === 'cancelled'
  return cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'TimeoutError')
}
