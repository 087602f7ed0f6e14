import type { Inputs } from '../inputs/inputs.ts'
import type { Adapters } from '../planning/survey.ts'
import { command as commandRouter } from '../routers/command/adapter.ts'
import { nginx } from '../routers/nginx/adapter.ts'
import { redis } from '../routers/redis/adapter.ts'
import type { RouterAdapter } from '../routers/router.ts'
import { command as commandRuntime } from '../runtimes/command/adapter.ts'
import { compose } from '../runtimes/compose/adapter.ts'
import type { RuntimeAdapter } from '../runtimes/runtime.ts'

/** The only place where the kinds of router and runtime have names. */
export function adaptersFor({ router, runtime }: Inputs): Adapters {
  return { router: routerFor(router.kind), runtime: runtimeFor(runtime.kind) }
}

function routerFor(kind: Inputs['router']['kind']): RouterAdapter {
  switch (kind) {
    case 'nginx':
      return nginx
    case 'redis':
      return redis
    case 'command':
      return commandRouter
  }
}

function runtimeFor(kind: Inputs['runtime']['kind']): RuntimeAdapter {
  switch (kind) {
    case 'compose':
      return compose
    case 'command':
      return commandRuntime
  }
}
