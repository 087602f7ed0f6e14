import type { SshTarget } from '../host/target.ts'
import type { UploadLine } from '../planning/upload.ts'
import type { Color, Expectation, Match } from '../release/model.ts'

/** What a user asked for, checked. Durations are milliseconds. */
export interface Inputs {
  readonly command: Command
  /** The plan is only shown. */
  readonly dryRun: boolean
  readonly host: SshTarget
  /** Absent: the agent at `SSH_AUTH_SOCK`. */
  readonly privateKey?: string
  readonly knownHosts: string
  readonly application: ApplicationInputs
  readonly health: HealthInputs
  readonly route: RouteInputs
  readonly watch: number
  readonly hooks: HookInputs
  readonly after: AfterInputs
  readonly nginx: NginxInputs
  readonly router: RouterInputs
  readonly runtime: RuntimeInputs
  readonly custody: CustodyInputs
  /** An older commit may replace a newer one. */
  readonly allowDowngrade: boolean
  readonly github: GitHubInputs
}

/** The same with `~/` in the state directory replaced, so that its path is absolute. */
export function atHome(inputs: Inputs, home: string): Inputs {
  const stateDirectory = inputs.nginx.stateDirectory.replace(/^~\/+/, `${home === '/' ? '' : home}/`)
  return { ...inputs, nginx: { ...inputs.nginx, stateDirectory } }
}

/** How the target is held while it is changed. */
export interface CustodyInputs {
  /** How long to wait for another run. */
  readonly lockTimeout: number
  /** Time without heartbeat after which a lease is stale, and the guard acts. */
  readonly lease: number
}

export type Command = 'deploy' | 'rollback' | 'status' | 'check' | 'unlock'

/** What is released. */
export interface ApplicationInputs {
  readonly directory: string
  /** Without its color, or with `{color}` in place of it. */
  readonly service: string
  readonly services: { readonly blue?: string; readonly green?: string }
  /** Empty where a command needs none and none was given. */
  readonly version: string
  /** `{color}` and `{COLOR}` stand for a color in it. */
  readonly versionVariable: string
  /** The whole reference, with `{version}` in it; absent: as the compose file has it. */
  readonly image?: string
  /** The image is built on the host. */
  readonly build: boolean
  /** `{color}` may stand for a color in these, so that each color is a project, or has files, of its own. */
  readonly composeFiles: readonly string[]
  readonly projectName?: string
  readonly uploads: readonly UploadLine[]
  readonly pull: 'always' | 'missing' | 'never'
  readonly registry?: RegistryInputs
}

/** Commands of the user. */
export interface HookInputs {
  readonly beforeStart?: string
  readonly beforeFlip?: string
  readonly afterFlip?: string
  readonly afterRestore?: string
  readonly smokeTest?: string
  /** For each of them. */
  readonly timeout: number
}

/** What becomes of the previous color, and of images. */
export interface AfterInputs {
  readonly drain: number
  readonly previous: 'stop' | 'keep' | 'remove'
  /** Releases whose images stay. */
  readonly keepImages: number
}

/** A login for the pull alone. */
export interface RegistryInputs {
  readonly server: string
  readonly username: string
  readonly password: string
}

/** How the idle color is judged. */
export interface HealthInputs {
  readonly path: string
  readonly expect: Expectation
  /** What the public route may answer. */
  readonly route: Expectation['status']
  /** The health check of Docker decides alone: any answer of the color will do. */
  readonly byDocker: boolean
  /** The container's port at which health is asked; absent: the one that serves. */
  readonly port?: Readonly<Record<Color, number>>
  readonly host?: string
  readonly timeout: number
  readonly interval: number
}

/** The public route, where it is not to be found in the Nginx configuration. */
export interface RouteInputs {
  readonly url?: URL
  readonly match?: Match
}

export interface NginxInputs {
  readonly flip: 'auto' | 'switch' | 'reload'
  readonly upstream: string
  /** Absent: `nginx`, with `sudo -n` where needed. */
  readonly command?: string
  readonly file?: string
  readonly addresses: { readonly blue?: string; readonly green?: string }
  /** Absolute, or in the home directory: `~/…`. */
  readonly stateDirectory: string
  /** The state directory was named by the user. */
  readonly stateDirectoryGiven: boolean
}

/** What sends requests to the colors; what Nginx needs has its own place. */
export type RouterInputs =
  | { readonly kind: 'nginx' }
  /** `command` is that of the proxy host, with its options. */
  | { readonly kind: 'redis'; readonly command: string; readonly key: string; readonly password?: string }
  | { readonly kind: 'command'; readonly live: string; readonly flip: string }

/** What a color is. */
export type RuntimeInputs =
  | { readonly kind: 'compose' }
  | { readonly kind: 'command'; readonly start: string; readonly stop?: string }

/** What is reported to GitHub. */
export interface GitHubInputs {
  readonly token?: string
  readonly environment: string
  readonly environmentUrl?: URL
  readonly deployment: boolean
  readonly comment: boolean
  readonly commitStatus: boolean
}
