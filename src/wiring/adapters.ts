import type { Inputs } from '../inputs/inputs.ts'
import type { Adapters } from '../planning/survey.ts'
import { nginx } from '../routers/nginx/adapter.ts'
import { compose } from '../runtimes/compose/adapter.ts'

/** The only place where the kinds of router and runtime have names. */
export function adaptersFor(_inputs: Inputs): Adapters {
  return { router: nginx, runtime: compose }
}
