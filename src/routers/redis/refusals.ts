import type { Color } from '../../release/model.ts'
import { refusals } from '../../release/reasons.ts'

/** Why no release can go through a key in Redis. */
export const redisRefusals = refusals({
  'redis-silent': (host: string, said: string) => ({
    reason: 'command-failed',
    message: `Redis could not be asked on ${host}: ${said}.`,
    remedy: {
      text: 'Correct `redis` or `redis-password`, so that this answers on the host:',
      command: 'redis-cli PING',
    },
  }),
  'redis-no-color': (host: string, key: string, value: string) => ({
    reason: 'drift',
    message: `The key \`${key}\` in Redis on ${host} holds \`${value}\`, which is neither \`blue\` nor \`green\`.`,
    remedy: { text: 'Correct `redis-key`, or set the key to the color that is live.' },
  }),
  'redis-color-nowhere': (color: Color) => ({
    reason: 'drift',
    message: `Nothing says where ${color} is reached.`,
    remedy: { text: `Publish one port of its service on 127.0.0.1, or set \`${color}-address\`.` },
  }),
})
