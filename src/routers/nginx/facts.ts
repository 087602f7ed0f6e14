import type { StateDirectory } from '../../custody/state-directory.ts'
import type { HostName } from '../../host/host.ts'
import type { Shell } from '../../host/quote.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import type { Ask } from '../../judges/question.ts'
import type { Color, Place, Question } from '../../release/model.ts'
import type { Failure } from '../../release/reasons.ts'
import type { ColorServices } from '../../runtimes/runtime.ts'
import type { Router, RouterContext } from '../router.ts'
import type { Configuration, ServerBlock } from './config/configuration.ts'
import type { Loaded } from './observe/loaded.ts'
import { nginxFunction } from './observe/observation.ts'
import type { PublishedPort } from './route/public-route.ts'
import type { SwitchFacts } from './switch/holds.ts'

/** An Nginx that can flip this target. */
export interface NginxFacts {
  readonly how: 'switch' | 'reload'
  readonly router: (ask: Ask) => Router
  /** Where Nginx reaches each color, and the same as the proxy host can ask it. */
  readonly addresses: Readonly<Record<Color, Place>>
  /** The server blocks that use the upstream, and the names of its upstreams. */
  readonly servers: readonly ServerBlock[]
  readonly upstreams: readonly string[]
  /** Absent where Nginx could not be read: a switch that is proven by what it answers alone. */
  readonly configuration?: Configuration
  /** Whether that is what runs. */
  readonly loaded?: Loaded
  /** Given where Nginx is in a container with a network of its own: how the host reaches its listeners. */
  readonly publishedPorts?: readonly PublishedPort[]
  /** What sends requests is gone with the container of Nginx: the previous color goes on running. */
  readonly keeps?: true
  /** The switch, where it was read just now. */
  readonly seen?: SwitchFacts
  /** The public route, where it is known from before. */
  readonly route?: Question
  /** Why Nginx is taken for what it was, where it cannot be read. */
  readonly fault?: Failure
}

/** What judging an Nginx needs to know apart from its configuration. */
export interface NginxPlace {
  readonly proxy: HostName
  /** Of the application. */
  readonly directory: string
  readonly nginx: Inputs['nginx']
  readonly url?: URL
  readonly state: StateDirectory
  readonly services: ColorServices
  /** What becomes of the previous color. */
  readonly previous: 'stop' | 'keep' | 'remove'
  /** A switch goes back, and is looked at, without a configuration that `nginx -t` accepts. */
  readonly goingBack: boolean
  /** Defines `run_nginx`. */
  readonly run: Shell
}

/** The same, of what any router is told. */
export function nginxPlace({ host, inputs, state, services }: RouterContext): NginxPlace {
  return {
    proxy: host,
    directory: inputs.application.directory,
    nginx: inputs.nginx,
    ...(inputs.route.url !== undefined && { url: inputs.route.url }),
    state,
    services,
    previous: inputs.after.previous,
    goingBack: ['rollback', 'status', 'unlock'].includes(inputs.command),
    run: nginxFunction(inputs.application.directory, inputs.nginx.command),
  }
}
