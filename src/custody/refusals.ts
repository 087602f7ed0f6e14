import { type Fault, faultFix, faultSentence } from '../host/private-path.ts'
import type { Change } from '../release/model.ts'
import { Failure, refusals } from '../release/reasons.ts'
import { backSentence } from '../release/spared.ts'
import { holderSentence, readLease } from './lease.ts'
import type { Refusal } from './on-host/fence.ts'
import { stateDirectoryFix, type Target } from './state-directory.ts'

/** Somebody else has the lease, or had. */
export const LOST =
  'This run no longer holds the lease of the target: it was ended by `command: unlock`, or no heartbeat had reached the host for too long and another run took it over. Nothing more was changed.'

/** What a script behind the fence refused, as what it means. */
export function told(refusal: Refusal, directory: string, cause: unknown): Failure {
  if (refusal.kind === 'decided') return guardActed(refusal.decision, cause)
  if (refusal.kind === 'unwritten') return unwritten(refusal.file, cause)
  if (refusal.kind === 'unsafe') return unsafe(refusal.fault, directory, cause)
  const lease = readLease(refusal.by)
  const by = lease?.holder === undefined ? '' : ` It is held by ${holderSentence(lease.holder)} now.`
  return new Failure('lease-lost', `${LOST}${by}`, { cause })
}

/** What is not written down first cannot be undone by somebody else. */
function unwritten(file: string, cause: unknown): Failure {
  const look = `df ${file}; df -i ${file}; ls -ld ${file}`
  return new Failure(
    'state-directory',
    `${file} cannot be written, and nothing is changed that is not written there first: is the disk full, or does it belong to somebody else? See on the host: ${look}`,
    { cause },
  )
}

/** What others could change is not believed, followed or run. */
export function unsafe(fault: Fault, directory: string, cause?: unknown): Failure {
  return stateRefusals['state-unsafe'](directory, fault, cause)
}

/** What is wrong with the state directory, whoever asks. */
export const stateRefusals = refusals({
  'state-missing': (directory: string, user: string) => ({
    reason: 'state-directory',
    message: `The state directory ${directory} is missing, and ${user} may not make it.`,
    remedy: { text: 'Run on the host:', command: stateDirectoryFix(directory, user) },
  }),
  'state-closed': (directory: string, user: string, folder: string) => ({
    reason: 'state-directory',
    message: `${user} cannot pass through ${folder}, on the way to the state directory ${directory}.`,
    remedy: { text: 'Run on the host:', command: `sudo chmod o+x ${folder}` },
  }),
  'state-unsafe': (directory: string, fault: Fault, cause: unknown) => ({
    reason: 'state-directory',
    message: `The state directory ${directory} is not private: ${faultSentence(fault)}.`,
    remedy: { text: 'Run on the host:', command: faultFix(fault, directory).text },
    cause,
  }),
  'state-not-ours': (directory: string, user: string, owner: string) => ({
    reason: 'state-directory',
    message: `${user} may not write to the state directory ${directory}, which belongs to ${owner}.`,
    remedy: { text: 'Run on the host:', command: stateDirectoryFix(directory, user) },
  }),
  'ledger-closed': (directory: string, user: string, owner: string) => ({
    reason: 'state-directory',
    message: `${user} may not read ${directory}/ledger.jsonl, the record of releases, which belongs to ${owner}.`,
    remedy: {
      text: 'Release as one user; or run on the host:',
      command: `sudo chown ${user} ${directory}/ledger.jsonl`,
    },
  }),
  'state-of-other-target': (directory: string, other: Target, own: Target) => ({
    reason: 'state-directory',
    message: `The state directory ${directory} belongs to the upstream ${other.upstream} of the compose project ${other.project}, and this release is for ${own.upstream} of ${own.project}.`,
    remedy: {
      text: `Give this one a \`state-directory\` of its own; where the project was only renamed, remove ${directory}/target.`,
    },
  }),
})

export type StateCode = keyof typeof stateRefusals

/** The guard decided before this run did. */
export function guardActed(decision: string, cause?: unknown): Failure {
  if (decision === 'confirmed')
    return new Failure('confirm-failed', 'The host has confirmed this release: it stands, and traffic stays.', {
      cause,
    })
  const what =
    decision === 'kept'
      ? 'and found that the previous color did not answer while the new one did, so that traffic stayed'
      : 'and put traffic back'
  return new Failure(
    'guard-acted',
    `No heartbeat of this run reached the host in time: the guard there acted, ${what}.`,
    { cause },
  )
}

/** What became of a change after the lease was lost. @throws Failure where traffic stays, or nobody knows. */
export function endedElsewhere({ how }: Extract<Refusal, { kind: 'lost' }>, change: Change): readonly string[] {
  if (change.phase !== 'traffic' || how === 'restored' || how === 'undone') return []
  if (how === 'flipped-back') return change.holds === undefined ? [] : [backSentence(change.holds.previous.color)]
  if (how === 'kept')
    throw new Failure(
      'previous-gone',
      'The previous color did not answer any more, and the new one did: traffic stayed there.',
    )
  throw new Failure(
    'lease-lost',
    `The host does not say how this release ended ("${how}"): look at what Nginx says is live.`,
  )
}
