import type { RouterInputs, RuntimeInputs } from './inputs.ts'
import { present, type Reading } from './reading.ts'

/** What sends requests to the colors. */
export function routerInputs(read: Reading): RouterInputs {
  const kind = read.choice('router', ['nginx', 'redis', 'command'])
  const [key, password] = [read.optional('redis-key'), read.optional('redis-password')]
  const command = read.text('redis', 'redis-cli')
  const [live, flip] = [read.optional('live-command'), read.optional('flip-command')]
  if (kind === 'nginx') return { kind }
  if (kind === 'command') {
    if (live === undefined) read.mistake('live-command', 'is missing; write what prints `blue` or `green`')
    if (flip === undefined) read.mistake('flip-command', 'is missing; write what moves requests to `$COLOR`')
    return { kind, live: live ?? '', flip: flip ?? '' }
  }
  if (key === undefined) read.mistake('redis-key', 'is missing; write the key that holds `blue` or `green`')
  return { kind, command, key: key ?? '', ...present('password', password) }
}

/** What a color is. */
export function runtimeInputs(read: Reading): RuntimeInputs {
  const kind = read.choice('runtime', ['compose', 'command'])
  const [start, stop] = [read.optional('start-command'), read.optional('stop-command')]
  if (kind === 'compose') return { kind }
  if (start === undefined) read.mistake('start-command', 'is missing; write what starts `$COLOR` with `$VERSION`')
  for (const color of ['blue-address', 'green-address']) {
    if (read.optional(color) === undefined)
      read.mistake(color, 'is missing; write where that color listens, as `host:port`')
  }
  return { kind, start: start ?? '', ...present('stop', stop) }
}
