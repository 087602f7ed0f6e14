import type { HostName } from '../../../host/host.ts'
import type { Shell } from '../../../host/quote.ts'
import type { Color, Place } from '../../../release/model.ts'
import type { ColorAddresses, Upstream } from '../config/upstream.ts'
import type { LinkPointer, Pointer } from '../route/pointer.ts'

/** What a flip by reload works on. */
export interface ReloadFacts {
  readonly proxy: HostName
  readonly target: ReloadTarget
  readonly by: ByBlock | ByPointers
  readonly addresses: ColorAddresses
  readonly places: Readonly<Record<Color, Place>>
  /** The previous color goes on running. */
  readonly keeps: boolean
  /** The `down` of the idle color is ours: an earlier release left it. */
  readonly marked: boolean
}

/** The server lines of one upstream block send requests to the colors. */
export interface ByBlock {
  readonly kind: 'block'
  readonly upstream: Upstream
  readonly file: FileText
}

/** Places anywhere in the configuration do, and are changed together. */
export interface ByPointers {
  readonly kind: 'pointers'
  readonly pointers: readonly Pointer[]
  readonly links: readonly LinkPointer[]
  readonly files: readonly FileText[]
}

/** A file, and what Nginx reads in it. */
export interface FileText {
  readonly at: PointerFile
  readonly text: string
}

/** A file that a flip rewrites. */
export interface PointerFile {
  /** On the proxy host. */
  readonly file: string
  /** As Nginx calls it. */
  readonly inNginx: string
  /** The user may not write it, and `sudo -n dd` may. */
  readonly sudo: boolean
  /** It is in a container alone, where programs of that read and write it. */
  readonly inside?: { readonly docker: Shell; readonly container: string }
}

/** What a `reload` flip works on. */
export interface ReloadTarget {
  /** Of the application; a relative one from the home directory. */
  readonly directory: string
  readonly stateDirectory: string
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
