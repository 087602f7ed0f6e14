import { field, fields, integer, items, parseJson, text } from '../../../base/json.ts'
import { lines, type Shell, sh, userCommand } from '../../../host/quote.ts'
import type { PublishedPort } from '../route/public-route.ts'

/** The container in which Nginx runs, as Docker on the proxy host says. */
export interface NginxContainer {
  readonly name: string
  /** Its first process, as the host sees it. */
  readonly pid: number
  /** It shares the host's network: its ports are the host's. */
  readonly hostNetwork: boolean
  readonly ports: readonly PublishedPort[]
  readonly mounts: readonly Mount[]
  /** Files that the host does not have can be read and written there: asked only if there are such. */
  readonly writes?: true
}

/** A file or folder of the host, and where the container has it. */
export interface Mount {
  readonly source: string
  readonly destination: string
}

/** Where Nginx runs, by the command that runs it. */
export type Whereabouts =
  | { readonly kind: 'host' }
  /**
   * `query` prints one line of JSON, then one line for each mount: where it is in the container, a tab, and on the host.
   * `docker` is the command that reaches it.
   */
  | { readonly kind: 'container'; readonly query: Shell; readonly docker: Shell }
  /** In a container, but the command does not say plainly in which. */
  | { readonly kind: 'somewhere' }

const ONE_LINE = [
  '{"name":{{json .Name}},"pid":{{json .State.Pid}},"network":{{json .HostConfig.NetworkMode}}',
  ',"ports":{{json .NetworkSettings.Ports}},"mounts":{{json .Mounts}}}',
].join('')
const FORMAT = `${ONE_LINE}\n{{range .Mounts}}{{printf "%s\\t%s\\n" .Destination .Source}}{{end}}`

/** Options that take the next word as their value. */
const VALUED = new Set(
  [
    ['-H', '--host', '-c', '--context', '--config', '-l', '--log-level', '--tlscacert', '--tlscert', '--tlskey'],
    ['-f', '--file', '-p', '--project-name', '--profile', '--env-file', '--project-directory', '--ansi', '--progress'],
    ['--parallel', '-e', '--env', '-u', '--user', '-w', '--workdir', '--index', '--detach-keys'],
  ].flat(),
)

/** Reads `docker exec proxy nginx` and `docker compose exec -T proxy nginx`, with whatever options. */
export function whereabouts(command: string | undefined): Whereabouts {
  const words = (command ?? 'nginx').trim().split(/\s+/)
  const at = words.findIndex((word) => /(^|\/)(docker|docker-compose|podman|nerdctl)$/.test(word))
  if (at < 0) return { kind: 'host' }
  const program = words[at]?.replace(/^.*\//, '')
  const exec = words.indexOf('exec', at)
  const name = words[afterOptions(words, exec + 1)]
  const plain = words.every((word) => /^[A-Za-z0-9_@%+=:,./~-]+$/.test(word))
  if (!plain || exec < 0 || name === undefined || !/^docker/.test(program ?? '')) return { kind: 'somewhere' }
  const compose = program === 'docker-compose' || words.slice(at, exec).includes('compose')
  if (!compose) {
    const globals = words.slice(0, exec).filter((word) => word !== 'container')
    return { kind: 'container', query: inspect(globals, sh`${name}`), docker: userCommand(globals.join(' ')) }
  }
  const before = userCommand(words.slice(0, exec).join(' '))
  const docker = program === 'docker' ? words.slice(0, words.indexOf('compose', at)) : [...words.slice(0, at), 'docker']
  return {
    kind: 'container',
    query: lines(sh`id=$(${before} ps -q ${name} | head -n 1)`, inspect(docker, sh`"$id"`)),
    docker: userCommand(docker.join(' ')),
  }
}

function afterOptions(words: readonly string[], from: number): number {
  const word = words[from]
  if (word === undefined || !word.startsWith('-')) return from
  return afterOptions(words, from + (VALUED.has(word) ? 2 : 1))
}

function inspect(docker: readonly string[], container: Shell): Shell {
  return sh`${userCommand(docker.join(' '))} inspect --type container --format ${FORMAT} ${container}`
}

/** Reads what the query printed; undefined where there is no such container. */
export function readContainer(said: string): NginxContainer | undefined {
  const [line = '', ...more] = said.split('\n')
  if (!line.startsWith('{')) return undefined
  const found = parseJson(line, 'What `docker inspect` printed')
  return {
    name: text(field(found, 'name')).replace(/^\//, ''),
    pid: integer(field(found, 'pid')),
    hostNetwork: text(field(found, 'network')) === 'host',
    ports: Object.entries(fields(field(found, 'ports'))).flatMap(([port, bindings]) =>
      port.endsWith('/tcp') ? items(bindings).map((binding) => published(port, binding)) : [],
    ),
    mounts: items(field(found, 'mounts')).map((mount) => ({
      source: text(field(mount, 'Source')),
      destination: text(field(mount, 'Destination')),
    })),
    ...(more.includes('writes') && { writes: true }),
  }
}

/** Where the host has a path of the container; undefined where it has it not. */
export function onHost({ mounts }: Pick<NginxContainer, 'mounts'>, path: string): string | undefined {
  const [mount] = mounts
    .filter(({ destination }) => path === destination || path.startsWith(`${destination}/`))
    .toSorted((one, other) => other.destination.length - one.destination.length)
  return mount && `${mount.source}${path.slice(mount.destination.length)}`
}

/** The other way round: where the container has a path of the host; undefined where it is not mounted. */
export function inContainer({ mounts }: Pick<NginxContainer, 'mounts'>, path: string): string | undefined {
  const [mount] = mounts
    .filter(({ source }) => path === source || path.startsWith(`${source}/`))
    .toSorted((one, other) => other.source.length - one.source.length)
  const found = mount && `${mount.destination}${path.slice(mount.source.length)}`
  // Something else may be mounted over it.
  return found !== undefined && onHost({ mounts }, found) === path ? found : undefined
}

/** Sets `name` to that of the container, given the lines of the query in `$container`. */
export const nameOfContainer = sh`name=$(printf '%s\\n' "$container" | sed -n '1s/^{"name":"\\/\\{0,1\\}\\([^"]*\\)".*/\\1/p')`

/** Prints `writes` if a file of the configuration in `$dump` is in the container alone, and programs there can write it. */
export function writesQuestion(docker: Shell): Shell {
  return lines(
    sh`inside() { printf '%s\\n' "$dump" | sed -n 's/^# configuration file \\(.*\\):$/\\1/p' | while read -r path; do`,
    sh`  case \${path##*/} in nginx.conf | mime.types | *_params) continue ;; esac`,
    sh`  at=$(on_host "$path"); [ -n "$at" ] && [ -e "$at" ] || { echo "$path"; break; }`,
    sh`done; }`,
    nameOfContainer,
    sh`[ -z "$(inside)" ] || ! ${docker} exec "$name" sh -c 'command -v dd && command -v cat' >/dev/null 2>&1 </dev/null || echo writes`,
  )
}

/** Defines `on_host`, which does the same for `$1`, given the lines of the query in `$container`. */
export const defineOnHost = lines(
  sh`on_host() { printf '%s\\n' "$container" | WANTED=$1 awk -F '\\t' ${`
    NR > 1 && NF == 2 && (ENVIRON["WANTED"] == $1 || index(ENVIRON["WANTED"], $1 "/") == 1) && length($1) > best {
      best = length($1); host = $2 substr(ENVIRON["WANTED"], best + 1)
    }
    END { if (best) print host }`}; }`,
)

function published(port: string, binding: unknown): PublishedPort {
  return {
    container: Number.parseInt(port, 10),
    address: text(field(binding, 'HostIp')),
    port: Number(text(field(binding, 'HostPort'))),
  }
}
