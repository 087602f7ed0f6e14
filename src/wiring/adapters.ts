import type { Inputs } from '../inputs/inputs.ts'
import type { Adapters } from '../planning/survey.ts'
import { command } from '../routers/command/adapter.ts'
import { nginx } from '../routers/nginx/adapter.ts'
import { redis } from '../routers/redis/adapter.ts'
import type { RouterAdapter } from '../routers/router.ts'
import { compose } from '../runtimes/compose/adapter.ts'

/** The only place where the kinds of router and runtime have names. */
export function adaptersFor({ router }: Inputs): Adapters {
  return { router: routerFor(router.kind), runtime: compose }
}

function routerFor(kind: Inputs['router']['kind']): RouterAdapter {
  switch (kind) {
    case 'nginx':
      return nginx
    case 'redis':
      return redis
    case 'command':
      return command
  }
}
