import type { EventCommit } from '../github/reporting/event.ts'
import { knownHostsMistakes } from '../host/known-hosts.ts'
import { repairPrivateKey } from '../host/private-key.ts'
import { parseTarget, type SshTarget } from '../host/target.ts'
import { parseUpload, type UploadLine } from '../planning/upload.ts'
import type { Color } from '../release/model.ts'
import type { Command, GitHubInputs, HealthInputs, Inputs, RegistryInputs } from './inputs.ts'
import { routerInputs, runtimeInputs } from './kinds.ts'
import { present, type Reading, reading } from './reading.ts'

export type InputsOrMistakes =
  | { readonly kind: 'inputs'; readonly inputs: Inputs }
  | { readonly kind: 'mistakes'; readonly command: Inputs['command']; readonly mistakes: readonly string[] }

/** A tag of an image: https://docs.docker.com/reference/cli/docker/image/tag/ */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const VARIABLE = /^(?!\d)(?:[A-Za-z0-9_]|\{(?:color|COLOR)\})+$/
const SERVICE = /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/
const SERVICE_BY_COLOR = /^(?:[a-zA-Z0-9_]|\{color\})(?:[a-zA-Z0-9._-]|\{color\})*$/
/** A reference without blanks: https://github.com/distribution/reference/blob/main/regexp.go */
const IMAGE = /^[a-z0-9][a-zA-Z0-9._:/@-]*(?:\{version\}[a-zA-Z0-9._:/@-]*)*$/
/** What may stand in the name of an Nginx upstream and of a folder. */
const UPSTREAM = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/**
 * Strings into `Inputs`. All mistakes are reported together, each a sentence with its mend.
 * @param get the text of an input, empty where it is not given
 * @param about what a deploy takes for `version` if it is not given
 */
export function readInputs(get: (name: string) => string, about: EventCommit = { kind: 'none' }): InputsOrMistakes {
  const read = reading(get)
  const command = read.choice('command', ['deploy', 'rollback', 'status', 'check', 'unlock'])
  const service = read.word(
    'service',
    SERVICE_BY_COLOR,
    'the name of the compose service without its color, such as `web`, or with `{color}` in its place',
  )
  const upstream =
    read.optionalWord('upstream', UPSTREAM, 'the name of the Nginx upstream, such as `app`') ?? withoutColor(service)
  const stateDirectory = stateDirectoryIn(read)
  const inputs: Inputs = {
    command,
    dryRun: dryRun(read, command),
    allowDowngrade: read.choice('allow-downgrade', ['false', 'true']) === 'true',
    host: host(read),
    ...privateKey(read),
    knownHosts: knownHosts(read),
    application: {
      directory: directory(read),
      service,
      services: pair(
        read.optionalWord('blue-service', SERVICE, 'the name of a compose service'),
        read.optionalWord('green-service', SERVICE, 'the name of a compose service'),
      ),
      version: version(read, command, about),
      versionVariable: read.word(
        'version-variable',
        VARIABLE,
        'the name of a variable, such as `IMAGE_TAG` or `{COLOR}_TAG`',
        'IMAGE_TAG',
      ),
      ...present(
        'image',
        read.optionalWord('image', IMAGE, 'a reference of an image, such as `ghcr.io/acme/shop:{version}`'),
      ),
      build: read.flag('build', false),
      composeFiles: read.list('compose-file').map((file) => read.operand('compose-file', file, read.below)),
      ...present(
        'projectName',
        read.optionalWord(
          'project-name',
          /^(?:[a-z0-9]|\{color\})(?:[a-z0-9_-]|\{color\})*$/,
          'a compose project name: lower case letters, digits, `-` and `_`, and `{color}`',
        ),
      ),
      uploads: uploads(read),
      pull: read.choice('pull', ['always', 'missing', 'never']),
      ...present('registry', registry(read)),
    },
    health: {
      ...healthAsked(read),
      ...present('port', healthPort(read)),
      ...present(
        'host',
        read.optionalWord('health-host', /^[^\s/-][^\s/]*$/, 'a `Host` header, such as `example.org`'),
      ),
      timeout: read.duration('health-timeout', '60s'),
      interval: read.duration('health-interval', '1s'),
    },
    route: { ...present('url', read.url('verify-url')), ...present('match', read.match('verify-match')) },
    watch: read.duration('watch', '15s', 'zero allowed'),
    hooks: {
      ...present('beforeStart', read.optional('before-start')),
      ...present('beforeFlip', read.optional('before-flip')),
      ...present('afterFlip', read.optional('after-flip')),
      ...present('afterRestore', read.optional('after-restore')),
      ...present('smokeTest', read.optional('smoke-test')),
      timeout: read.duration('hook-timeout', '10m'),
    },
    after: {
      drain: read.duration('drain-timeout', '30s', 'zero allowed'),
      previous: read.choice('previous', ['stop', 'keep', 'remove']),
      keepImages: read.count('keep-images', '3'),
    },
    nginx: {
      flip: read.choice('flip', ['auto', 'switch', 'reload']),
      upstream,
      ...nginxCommand(read.text('nginx', 'nginx')),
      ...present('file', read.operand('nginx-file', read.optional('nginx-file'), read.below)),
      addresses: pair(read.address('blue-address'), read.address('green-address')),
      stateDirectory: (stateDirectory ?? `/var/lib/blue-green/${upstream}`).replace(/(?<=.)\/+$/, ''),
      stateDirectoryGiven: stateDirectory !== undefined,
    },
    router: routerInputs(read),
    runtime: runtimeInputs(read),
    custody: { lockTimeout: read.duration('lock-timeout', '0s', 'zero allowed'), lease: lease(read) },
    github: github(read),
  }
  const mistakes = read.mistakes()
  return mistakes.length > 0 ? { kind: 'mistakes', command, mistakes } : { kind: 'inputs', inputs }
}

/** The target's name where the service is written with `{color}`: without that and the `-` or `_` next to it. */
function withoutColor(service: string): string {
  return service.replace(/[-_]?\{color\}/g, '').replace(/^[-_]+/, '') || 'app'
}

const NOWHERE: SshTarget = { user: '', host: '', port: 22 }

function host(read: Reading): SshTarget {
  const hosts = read.list('host')
  const [first] = hosts
  if (first === undefined) {
    read.mistake(
      'host',
      'is missing; write where to release to, such as `deploy@example.org` or `deploy@example.org:2222`',
    )
    return NOWHERE
  }
  if (hosts.length > 1) read.mistake('host', `names ${hosts.length} hosts; this version releases to one`)
  const target = parseTarget(first)
  if ('mistake' in target) {
    read.mistake('host', target.mistake)
    return NOWHERE
  }
  return target
}

/** Relative to the home directory; `~/shop` is written for the same. Nothing in it is for a shell to expand. */
function directory(read: Reading): string {
  const written = read.text('directory', '.')
  const below = /^(?:~|\$HOME|\$\{HOME\})(?:\/+(.*))?$/.exec(written)
  if (below) return below[1] || '.'
  if (/^~/.test(written)) {
    read.mistake('directory', `is \`${written}\`, in the home directory of another user; write its absolute path`)
  }
  return written
}

/** Anything that an application says is an answer; what Nginx says in its place is none. */
const ANSWERED = [[100, 599]] as const
const NOT_FAILED = [[100, 499]] as const

/** With `health-path: none` Docker alone says whether a color is healthy, and the color only has to answer. */
function healthAsked(read: Reading): Pick<HealthInputs, 'path' | 'expect' | 'route' | 'byDocker'> {
  const match = present('match', read.match('health-match'))
  if (read.optional('health-path') === 'none')
    return { path: '/', expect: { status: ANSWERED, ...match }, route: NOT_FAILED, byDocker: true }
  const status = read.statuses('health-status', '200-299')
  return { path: read.path('health-path', '/'), expect: { status, ...match }, route: status, byDocker: false }
}

/** One port, or a line `blue PORT` and a line `green PORT`. */
function healthPort(read: Reading): HealthInputs['port'] {
  const written = read.list('health-port')
  if (written.length === 0) return undefined
  const ports = written.map((line) => /^(?:(blue|green)\s+)?([1-9]\d{0,4})$/.exec(line))
  const of = (color: Color) => ports.find((port) => port?.[1] === undefined || port[1] === color)?.[2]
  const [blue, green] = [of('blue'), of('green')]
  const fits = ports.every((port) => port !== null && Number(port[2]) < 65_536)
  if (fits && blue !== undefined && green !== undefined && (ports.length === 1 || ports.every((port) => port?.[1])))
    return { blue: Number(blue), green: Number(green) }
  read.mistake(
    'health-port',
    `is \`${written.join(' ')}\`; write one port, or a line \`blue 8081\` and a line \`green 9081\``,
  )
  return undefined
}

/** Absolute, or `~/…`: `atHome` makes that absolute. */
function stateDirectoryIn(read: Reading): string | undefined {
  const written = read.optional('state-directory')?.replace(/^\$(?:HOME|\{HOME\})(?=\/)/, '~')
  if (written !== undefined && !/^~?\/[^\0\n]+$/.test(written)) {
    const mistake = `is \`${written}\`, which is neither an absolute path nor \`~/…\`; write it as the host sees it`
    read.mistake('state-directory', mistake)
  }
  return written
}

/** Whoever asks to be shown something must not find it done. */
function dryRun(read: Reading, command: Inputs['command']): boolean {
  const asked = read.choice('dry-run', ['false', 'true']) === 'true'
  if (asked && command === 'unlock')
    read.mistake('dry-run', 'shows a deploy or a rollback, and not an `unlock`; look with `command: status` first')
  return asked
}

/** Shorter ones would be broken by a network that hiccups. */
function lease(read: Reading): number {
  const duration = read.duration('lease', '30s')
  if (duration < 3000) read.mistake('lease', 'is shorter than 3s, which a slow network or a busy host would break')
  return duration
}

function privateKey(read: Reading): { privateKey?: string } {
  const text = read.optional('private-key')
  if (text === undefined) return {}
  const repaired = repairPrivateKey(text)
  if ('key' in repaired) return { privateKey: repaired.key }
  read.mistake('private-key', repaired.mistake)
  return {}
}

function knownHosts(read: Reading): string {
  const text = read.optional('known-hosts') ?? ''
  for (const mistake of knownHostsMistakes(text)) read.mistake('known-hosts', mistake)
  return text
}

/** What was released last is not to be found out from the commit of the run: only a deploy takes that. */
function version(read: Reading, command: Command, about: EventCommit): string {
  const given = read.optional('version')
  if (command === 'deploy' && (given === undefined || isOf(given, about))) {
    if (about.kind === 'unclear') read.mistake('version', `is missing, and ${about.why}; ${about.remedy}`)
    if (about.kind === 'failed') read.mistake('version', `would be ${about.commit}, but ${about.why}; ${about.remedy}`)
    if (about.kind === 'unclear' || about.kind === 'failed') return ''
  }
  const decided = given ?? (command === 'deploy' || command === 'check' ? ownVersion(about) : '')
  if (decided === '') return ''
  if (decided === undefined)
    read.mistake('version', 'is missing, and there is no commit to take it from; write the image tag to release')
  else if (!TAG.test(decided)) {
    read.mistake(
      'version',
      `is \`${decided}\`, which cannot be an image tag: letters, digits, \`_\`, \`.\` and \`-\`, at most 128 of them`,
    )
  }
  return decided ?? ''
}

/** Whether a version names the commit that did not succeed. */
function isOf(version: string, about: EventCommit): boolean {
  if (about.kind !== 'failed') return false
  const short = version.replace(/^sha-/, '')
  return /^[0-9a-f]{7,40}$/.test(short) && about.commit.startsWith(short)
}

/** A check releases nothing, so that any commit is good enough. */
function ownVersion(about: EventCommit): string | undefined {
  return about.kind === 'unclear' ? about.own : about.kind === 'none' ? undefined : about.commit
}

function uploads(read: Reading): readonly UploadLine[] {
  const lines = read.list('upload').map(parseUpload)
  return lines.flatMap((line) => {
    if (!('mistake' in line)) return [line]
    read.mistake('upload', line.mistake)
    return []
  })
}

/** All three or none. */
function registry(read: Reading): RegistryInputs | undefined {
  const [server, username, password] = [
    read.operand('registry', read.optional('registry'), () => 'its name, such as `ghcr.io`'),
    read.operand('registry-username', read.optional('registry-username'), () => 'the name of a user'),
    read.optional('registry-password'),
  ]
  // What is given to `docker login` as its address, anybody on the host can read.
  if (server?.includes('@'))
    read.mistake(
      'registry',
      'has a user in it; write its name alone, and give the rest as `registry-username` and `registry-password`',
    )
  if (username === undefined && password === undefined) return undefined
  if (username === undefined) read.mistake('registry-username', 'is missing beside `registry-password`')
  if (password === undefined) read.mistake('registry-password', 'is missing beside `registry-username`')
  return { server: server ?? '', username: username ?? '', password: password ?? '' }
}

function github(read: Reading): GitHubInputs {
  const environment = read.optionalWord('environment', /^\P{Cc}{1,255}$/u, 'the name of an environment, in one line')
  return {
    ...present('token', read.optional('github-token')),
    environment: environment ?? 'production',
    ...present('environmentUrl', read.url('environment-url')),
    deployment: read.flag('deployment', true),
    comment: read.flag('pr-comment', true),
    commitStatus: read.flag('commit-status', false),
  }
}

/** The default means: with `sudo -n` where needed. What else is given is run as it is. */
function nginxCommand(command: string): { command?: string } {
  return command === 'nginx' ? {} : { command }
}

function pair<V>(blue: V | undefined, green: V | undefined): { blue?: V; green?: V } {
  return { ...present('blue', blue), ...present('green', green) }
}
