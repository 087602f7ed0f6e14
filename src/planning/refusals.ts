import { notices } from '../base/notice.ts'
import type { Color } from '../release/model.ts'
import { refusals } from '../release/reasons.ts'

/** Why no release begins, for what only all parts of a target together show. */
export const planningRefusals = refusals({
  'host-silent': (host: string, code: number, stderr: string) => ({
    reason: 'command-failed',
    message: `${host} did not answer what it was asked (exit code ${code}): ${stderr}`,
  }),
  'route-unusable': (why: string) => unusable(why),
  /** It does not answer at all, or says that the one who asks may not. */
  'route-refuses': (why: string) => unusable(why),
  'rollback-impossible': (why: string, remedy: string) => ({
    reason: 'rollback-impossible',
    message: why,
    remedy: { text: remedy },
  }),
})

export type PlanningCode = keyof typeof planningRefusals

function unusable(why: string) {
  return {
    reason: 'verify-unusable',
    message: `The public route cannot judge a release: the live color is well when asked directly, and through Nginx it is not. ${why}.`,
    remedy: { text: 'Set `verify-url` (and `verify-match`) to what the application answers through Nginx.' },
  } as const
}

/** What is wrong with a target that is only looked at. */
export const statusRefusals = refusals({
  'live-unwell': (color: Color, why: string) => ({
    reason: 'not-healthy',
    message: `The live color ${color} is not well: ${why}.`,
  }),
  'route-fails': (why: string) => ({
    reason: 'public-route-failed',
    message: `The live color is well, and through Nginx it is not: ${why}.`,
  }),
  'left-behind': (lease: string, journal: string) => ({
    reason: 'left-behind',
    message: `A run was ended from outside, and what it left is not recovered yet (lease ${lease}; journal ${journal}).`,
    remedy: { text: 'The next deploy or rollback recovers it; `command: unlock` does only that.' },
  }),
  'serves-unrecorded': (recorded: string, serves: string, image: string) => ({
    reason: 'drift',
    message: `The last release that the ledger has is ${recorded}, and ${serves} serves (image ${image}…): somebody changed it by hand.`,
    remedy: { text: 'Deploy what is wanted, or roll back.' },
  }),
})

/** What is told where a release goes on. */
export const planningNotices = notices({
  'upload-passed-over': () => ({
    message:
      '`upload` was passed over: the files of the workspace belong to another version than the one that comes back.',
  }),
  'route-unknown': () => ({
    message: 'The public route is not asked: it is not known. What the router says is the proof of the flip.',
    remedy: { text: 'Set `verify-url` to what visitors ask.' },
    unproven: true,
  }),
  'route-fails-already': (why: string) => ({
    message: `The public route fails already, while the live color is well: ${why}.`,
  }),
  'live-not-well': (at: string, why: string) => ({
    message: `The live color ${at} is not well: ${why}. The public route was therefore not tested before the release.`,
  }),
  'nothing-live': (at: string) => ({
    message: `Nothing answers at ${at}, where requests go. The public route was therefore not tested before the release.`,
  }),
})

export type PlanningNotice = keyof typeof planningNotices
