import type { HostName } from '../../../host/host.ts'
import type { Shell } from '../../../host/quote.ts'
import type { Color, Place } from '../../../release/model.ts'
import type { ColorAddresses, Upstream } from '../config/upstream.ts'
/** What a flip by reload works on. */
export interface ReloadFacts {
  readonly proxy: HostName
  readonly target: ReloadTarget
  readonly upstream: Upstream
  readonly addresses: ColorAddresses
  readonly places: Readonly<Record<Color, Place>>
  /** The file as Nginx reads it. */
  readonly text: string
  /** The previous color goes on running. */
  readonly keeps: boolean
  /** The `down` of the idle color is ours: an earlier release left it. */
  readonly marked: boolean
}

/** What a `reload` flip works on. */
export interface ReloadTarget {
  /** The file on the proxy host. */
  readonly file: string
  /** The same file as Nginx calls it. */
  readonly fileInNginx: string
  /** Of the application; a relative one from the home directory. */
  readonly directory: string
  readonly stateDirectory: string
  /** Name of the block. */
  readonly upstream: string
  /** Defines `run_nginx`. */
  readonly nginx: Shell
  /** Process id of the master, as the host sees it; absent where it cannot be seen. */
  readonly master?: number
  /** `PID:START` of each worker that planning saw, of whichever master. */
  readonly workers?: readonly string[]
  /** Where the master writes its errors, where that is a file of the host. */
  readonly errorLog?: string
  /** Name of the container in which Nginx runs, where it does. */
  readonly container?: string
}
