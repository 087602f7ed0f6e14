import { notices } from '../base/notice.ts'
import type { Color } from '../release/model.ts'
import { refusals } from '../release/reasons.ts'

/** Why no release begins, for what only all parts of a target together show. */
export const planningRefusals = refusals({
  'host-silent': (host: string, code: number, stderr: string) => ({
    reason: 'command-failed',
    message: `${host} did not answer what it was asked (exit code ${code}): ${stderr}`,
  }),
  'switch-file-contradicts': (present: boolean, live: Color) => ({
    reason: 'drift',
    message: `The switch file \`green\` ${present ? 'is there' : 'is not there'}, and Nginx says that ${live} is live. Nginx looks for it in another folder, or its workers cannot pass through one on the way to it.`,
    remedy: {
      text: 'Run `sudo chmod o+x` for each of them, and see that Nginx runs without `PrivateTmp` and in the same container or host.',
    },
  }),
  /** Requests reach the other color: a reload would move them. */
  'not-loaded-and-elsewhere': (host: string, since: string, disk: Color, reached: Color) => ({
    reason: 'drift',
    message: `The configuration on disk is not the one that Nginx on ${host} has loaded: ${since} disk says ${disk}, and requests through Nginx reach ${reached}.`,
    remedy: { text: `Put back what sends requests to ${reached}; a reload would send them to ${disk}.` },
  }),
  'not-loaded': (host: string, changed: string, unclear: string, command: string) => ({
    reason: 'drift',
    message: `The configuration on disk is not known to be the one that Nginx on ${host} has loaded: ${changed}, and which color requests reach cannot be told, since ${unclear}.`,
    remedy: { text: `Run \`${command} -t\` and \`${command} -s reload\` at a quiet time, or put the files back.` },
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
  'idle-runs': (idle: Color, live: Color, running: readonly string[], previous: string, command: string) => ({
    reason: 'drift',
    message: `The idle color ${idle} runs (${running.join(', ')}), and \`previous: ${previous}\` means that it should not: it was started after ${live} had taken its place, by hand or with Docker.`,
    remedy: { text: 'Stop it:', command },
  }),
})

/** What is told where a release goes on. */
export const planningNotices = notices({
  'changed-alike': (changed: string, along: string) => ({
    message: `${changed} Nginx was loaded, but says the same as before${along}.`,
  }),
  'changed-and-reached': (changed: string, along: string, live: Color) => ({
    message: `${changed} Nginx was loaded${along}. Requests through Nginx reach ${live}, as the disk says.`,
  }),
  'changed-and-unreached': (changed: string, along: string) => ({
    message: `${changed} Nginx was loaded${along}. Neither color gets requests.`,
  }),
  'not-proven-loaded': (why: string) => ({
    message: `Not proven: that Nginx has loaded what \`nginx -T\` shows, since ${why}.`,
    unproven: true,
  }),
  'upload-passed-over': () => ({
    message:
      '`upload` was passed over: the files of the workspace belong to another version than the one that comes back.',
  }),
  'route-fails-already': (why: string) => ({
    message: `The public route fails already, while the live color is well: ${why}.`,
  }),
  'live-not-well': (at: string, why: string) => ({
    message: `The live color ${at} is not well: ${why}. The public route was therefore not tested before the release.`,
  }),
  'nothing-live': (at: string) => ({
    message: `Nothing answers at ${at}, where Nginx sends traffic. The public route was therefore not tested before the release.`,
  }),
  'stays-down': (name: string, policy: string) => ({
    message: `${name} is live, and would not run after a reboot: it has no restart policy, and the compose file says \`${policy}\`.`,
    remedy: { text: 'Run on the host:', command: `docker update --restart=${policy} ${name}` },
  }),
})

export type PlanningNotice = keyof typeof planningNotices
