import type { Color } from '../../release/model.ts'
import { refusals } from '../../release/reasons.ts'

/** Why no release can go through commands of the user. */
export const commandRefusals = refusals({
  'live-command-failed': (host: string, said: string) => ({
    reason: 'command-failed',
    message: `\`live-command\` failed on ${host}: ${said}.`,
    remedy: { text: 'Correct it: it must end with 0, and print `blue`, `green` or nothing.' },
  }),
  'live-command-no-color': (host: string, printed: string) => ({
    reason: 'drift',
    message: `\`live-command\` printed \`${printed}\` on ${host}, which is neither \`blue\` nor \`green\`.`,
    remedy: { text: 'Correct it: the last line that it prints must be the color that is live, or nothing.' },
  }),
  'command-color-nowhere': (color: Color) => ({
    reason: 'drift',
    message: `Nothing says where ${color} is reached.`,
    remedy: { text: `Publish one port of its service on 127.0.0.1, or set \`${color}-address\`.` },
  }),
})
