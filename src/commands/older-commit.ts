import { type Failure, refusals } from '../release/reasons.ts'
import type { Run } from './run.ts'

/** Why an older commit does not replace a newer one by accident of the queue; undefined where it is none. */
export async function refuseOlder(
  { inputs, origin, lookup, log }: Run,
  live: string | undefined,
): Promise<Failure | undefined> {
  const { commit } = origin
  if (inputs.command === 'rollback' || inputs.allowDowngrade) return undefined
  if (live === undefined || commit === undefined || live === commit) return undefined
  const how = (await lookup?.compare(live, commit)) ?? 'unknown'
  if (how === 'unknown')
    log.warning(`GitHub could not say whether ${commit.slice(0, 7)} is older than ${live.slice(0, 7)}, which is live.`)
  if (how !== 'behind') return undefined
  return orderRefusals['older-commit'](commit.slice(0, 7), live.slice(0, 7))
}

const orderRefusals = refusals({
  'older-commit': (commit: string, live: string) => ({
    reason: 'older-commit',
    message: `The commit ${commit} is an ancestor of ${live}, which is live: a newer one was released meanwhile.`,
    remedy: {
      text: 'To release the older one on purpose, set `allow-downgrade: true`, or use `command: rollback`.',
    },
  }),
})
