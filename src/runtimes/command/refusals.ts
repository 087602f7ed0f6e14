import { notices } from '../../base/notice.ts'
import type { Color } from '../../release/model.ts'
import { refusals } from '../../release/reasons.ts'

/** Why commands of the user can't be what a color is. */
export const commandRefusals = refusals({
  'color-address-missing': (color: Color) => ({
    reason: 'drift',
    message: `Nothing says where ${color} is reached.`,
    remedy: { text: `Set \`${color}-address\` to where what \`start-command\` starts listens.` },
  }),
})

/** What a person should know of such a release. */
export const commandNotices = notices({
  'nothing-stops': () => ({
    message: 'There is no `stop-command`: the previous color keeps running, and so does a version that was refused.',
  }),
})
