import { lines, type Shell, sh } from '../../host/quote.ts'
import { type Change, type Color, colorOfAll } from '../../release/model.ts'
import type { Router } from '../router.ts'
import { askRedis, type RedisServer } from './server.ts'

/** A key that says which color is live. */
export interface RedisKey extends RedisServer {
  readonly key: string
  /** What it held when it was read: a color, or nothing. */
  readonly was: Color | ''
}

/** Milliseconds. */
const DEADLINE = 30_000

/**
 * Compares and sets in one command of the server: what somebody else has set meanwhile is never written over.
 * https://redis.io/docs/latest/develop/programmability/eval-intro/
 */
const COMPARE_AND_SET = `local now = redis.call('GET', KEYS[1]) or ''
if now == ARGV[2] then return 'there' end
if now ~= ARGV[1] then return 'holds ' .. now end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
return 'there'`.replaceAll('\n', ' ')

/** Flips by setting a key that the application, or what stands before it, reads. */
export function redisRouter(redis: RedisKey): Router {
  const spared = (color: Color) => ({ color, holds: holdsKey(redis, color) })
  return {
    name: 'Redis',
    how: `change of the key \`${redis.key}\` in Redis`,
    current: async () => ({ kind: 'color', color: redis.was === '' ? 'green' : redis.was }),
    holds: (color) => holdsKey(redis, color),
    change: (from, to) => {
      const [previous, next] = [colorOfAll(from), colorOfAll(to)]
      // Before the first release it holds nothing, and holds nothing again once that is undone.
      const origin = redis.was === '' ? '' : previous
      return [{ ...setKey(redis, origin, next), holds: { previous: spared(previous), next: spared(next) } }]
    },
    prepare: () => [],
    finalize: () => [],
    retired: () => [],
    drain: () => [],
  }
}

/** See `Router.holds`. */
function holdsKey(redis: RedisKey, color: Color): Shell {
  return lines(
    askRedis(redis, ['GET', redis.key]),
    sh`echo ${`The key ${redis.key} holds `}"$value"`,
    sh`case $value in ${color}) exit 0 ;; blue | green | '') exit 1 ;; *) exit 2 ;; esac`,
  )
}

function setKey(redis: RedisKey, from: Color | '', to: Color): Change {
  const { key } = redis
  const written = (value: Color | '') => value || 'nothing'
  return {
    kind: 'change',
    phase: 'traffic',
    title: `Set the key ${key} from ${written(from)} to ${to}`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: {
      does: `Compares the key with ${written(from)} and sets it, in one command of the server; then reads it back`,
      undoes: `Sets it back to ${written(from)} in the same way`,
    },
    do: { shell: moves(redis, from, to), deadline: DEADLINE },
    undo: { shell: moves(redis, to, from), deadline: DEADLINE },
    manualUndo: from === '' ? `redis-cli DEL ${key}` : `redis-cli SET ${key} ${from}`,
  }
}

/** Ends with 0 once the key holds what it should, and with 1 if somebody has set it to something else. */
function moves(redis: RedisKey, from: Color | '', to: Color | ''): Shell {
  return lines(
    askRedis(redis, ['EVAL', COMPARE_AND_SET, '1', redis.key, from, to]),
    sh`[ "$value" = there ] || { echo ${`The key ${redis.key} was changed meanwhile: Redis says `}"$value." >&2; exit 1; }`,
    askRedis(redis, ['GET', redis.key]),
    sh`[ "$value" = ${to} ] || { echo ${`The key ${redis.key} was read back, and holds `}"$value." >&2; exit 1; }`,
  )
}
