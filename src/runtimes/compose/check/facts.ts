import type { SeenFile } from '../../../checking/finding.ts'
import { answers } from '../../../checking/host/answers.ts'
import { fromHome, lines, type Shell, sh } from '../../../host/quote.ts'
import type { Section } from '../../../host/sections.ts'
import { type ComposeTarget, compose, enter } from '../change/command.ts'
import { composeFilesQuestion, readComposeFiles, unreadableQuestion } from './files.ts'
import { type PlainRun, readRuns, runsQuestion } from './runs.ts'

/** Services that name one of these, by the keys of their environment: in the JSON of `docker compose config`. */
const CALLERS_AWK = String.raw`
/^    "[^"]+": \{/ && services { service = $1; gsub(/[":]/, "", service) }
/^  "[^"]+": \{/ { services = ($1 == "\"services\":") }
/^      "[^"]+": [\[{]/ && services { part = $1; gsub(/[":]/, "", part) }
services && part == "environment" && /^        "/ {
  key = $1; gsub(/[":]/, "", key)
  rest = substr($0, index($0, ": ") + 2)
  count = split(names, each, " ")
  for (i = 1; i <= count; i++)
    if (service != each[i] && match(rest, "(//|@|\")" each[i] "(:[0-9]+|/)")) print service, each[i], key
}
`

/** What a check knows of Docker and of the compose files, on top of what every release knows. */
export interface ComposeFacts {
  readonly memory: {
    /** Bytes that can be had without swap. */
    readonly available?: number
    /** Bytes, by the name of the container. */
    readonly uses: ReadonlyMap<string, number>
  }
  /** Bytes free where docker keeps images. */
  readonly disk?: { readonly free: number; readonly folder: string }
  /** By id. */
  readonly images: ReadonlyMap<string, SeenImage>
  /** Folders from which compose started a service, by the service. */
  readonly projects: readonly { readonly service: string; readonly folder: string }[]
  /** Services whose environment names one of the application's services. */
  readonly callers: readonly { readonly service: string; readonly callee: string; readonly variable: string }[]
  /** Why Docker does not answer; empty where it does. */
  readonly engine: string
  /** The folder of the compose file, where the user may not write there. */
  readonly closed?: string
  /** Containers that run, and that no compose file made. */
  readonly runs: readonly PlainRun[]
  /** IPv4 subnets of docker's networks: `10.1.2.0/24`. */
  readonly subnets: readonly { readonly subnet: string; readonly network: string }[]
  /** IPv4 subnets to which this host has a route, but for the default one. */
  readonly routes: readonly string[]
  readonly composeFiles: readonly SeenFile[]
  /** Files of the project that the user may not read; of what is only mounted, too. */
  readonly unreadable: readonly string[]
}

export interface SeenImage {
  /** Bytes. */
  readonly size: number
  /** TCP ports on which its containers listen. */
  readonly ports: readonly number[]
}

type Question =
  | 'memory'
  | 'disk'
  | 'images'
  | 'projects'
  | 'engine'
  | 'runs'
  | 'folder'
  | 'subnets'
  | 'callers'
  | 'files'
  | 'unreadable'

/**
 * What is asked for them. It changes nothing.
 * @param callees services whose callers are looked for
 */
export function composeFactsQuestions(
  target: ComposeTarget,
  callees: readonly string[],
): Readonly<Record<Question, Shell>> {
  return {
    memory: lines(
      sh`sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/available \\1/p; s/^SwapFree: *\\([0-9]*\\) kB/swap \\1/p' /proc/meminfo`,
      sh`docker stats --no-stream --format 'uses {{.Name}} {{.MemUsage}}' 2>/dev/null`,
    ),
    disk: lines(
      sh`root=$(docker info --format '{{.DockerRootDir}}' 2>/dev/null) && [ -n "$root" ] || exit 0`,
      sh`while [ ! -e "$root" ]; do root=$(dirname "$root"); done`,
      sh`df -Pk "$root" | awk -v root="$root" 'NR == 2 { print "free", $4, root }'`,
    ),
    images: lines(
      sh`ids=$(docker ps --all --quiet --no-trunc 2>/dev/null) && [ -n "$ids" ] || exit 0`,
      sh`images=$(docker inspect --format '{{.Image}}' $ids 2>/dev/null | sort -u)`,
      sh`docker image inspect --format '{{.Id}} {{.Size}}{{range $port, $_ := .Config.ExposedPorts}} {{$port}}{{end}}' $images 2>/dev/null`,
    ),
    projects: sh`docker ps --all --format '{{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.project.working_dir"}}' 2>/dev/null | sort -u`,
    engine: sh`docker version --format '{{.Server.Version}}' 2>&1 >/dev/null`,
    runs: runsQuestion(),
    folder: sh`cd -- ${fromHome(target.directory)} 2>/dev/null && { [ -w . ] || [ -w .blue-green ] || pwd; }`,
    subnets: lines(
      sh`docker network ls --quiet 2>/dev/null | xargs -r docker network inspect --format '{{$name := .Name}}{{range .IPAM.Config}}{{printf "subnet %s %s\\n" .Subnet $name}}{{end}}' 2>/dev/null`,
      // Destination and mask of each route, in hexadecimal, the first byte last.
      sh`awk 'NR > 1 { print "route", $2, $8 }' /proc/net/route 2>/dev/null`,
    ),
    callers: lines(
      enter(target),
      sh`${compose(target, ['--profile', '*', 'config', '--format', 'json'])} 2>/dev/null | LC_ALL=C awk -v ${`names=${callees.join(' ')}`} ${CALLERS_AWK}`,
    ),
    files: composeFilesQuestion(target),
    unreadable: unreadableQuestion(target),
  }
}

/** Reads the answers. */
export function readComposeFacts(said: Readonly<Record<Question, Section | undefined>>): ComposeFacts {
  const { linesOf, words } = answers(said)
  const available = words('memory', 'available')[0]
  const closed = linesOf('folder')[0]
  const [free, ...folder] = words('disk', 'free')[0]?.split(' ') ?? []
  return {
    memory: {
      ...(available && { available: Number(available) * 1024 }),
      uses: new Map(words('memory', 'uses').flatMap(usage)),
    },
    ...(free && { disk: { free: Number(free) * 1024, folder: folder.join(' ') } }),
    images: new Map(linesOf('images').flatMap(image)),
    projects: linesOf('projects').flatMap((line) => {
      const [service = '', ...rest] = line.split(' ')
      return service !== '' && rest.length > 0 ? [{ service, folder: rest.join(' ') }] : []
    }),
    callers: linesOf('callers').flatMap((line) => {
      const [service = '', callee = '', variable = ''] = line.split(' ')
      return variable === '' ? [] : [{ service, callee, variable }]
    }),
    subnets: words('subnets', 'subnet').flatMap((line) => {
      const [subnet = '', network = ''] = line.split(' ')
      return subnet.includes('.') ? [{ subnet, network }] : []
    }),
    routes: words('subnets', 'route').flatMap(route),
    engine: said.engine === undefined || said.engine.code === 0 ? '' : linesOf('engine').join(' '),
    ...(closed && { closed }),
    runs: readRuns(linesOf('runs')),
    unreadable: linesOf('unreadable'),
    composeFiles: readComposeFiles(said.files?.stdout ?? ''),
  }
}

/** `shop-web-1 12.5MiB / 1.9GiB`: what is used, not the limit. */
function usage(line: string): readonly (readonly [string, number])[] {
  const [, name, number, unit = ''] = /^(\S+) ([\d.]+)\s*([kKMGT]?i?B) \//.exec(line) ?? []
  if (name === undefined) return []
  const powers: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4 }
  const power = powers[unit.charAt(0).toUpperCase()] ?? 0
  return [[name, Number(number) * (unit.includes('i') ? 1024 : 1000) ** power]]
}

function image(line: string): readonly (readonly [string, SeenImage])[] {
  const [id = '', size = '', ...ports] = line.split(' ')
  if (!/^\d+$/.test(size)) return []
  const tcp = ports.flatMap((port) => (/^\d+(\/tcp)?$/.test(port) ? [Number.parseInt(port, 10)] : []))
  return [[id, { size: Number(size), ports: tcp }]]
}

/** `00DCA8C0 00FFFFFF` of /proc/net/route is 192.168.220.0/24. */
function route(line: string): readonly string[] {
  const [destination, mask] = line
    .split(' ')
    .map((hex) => [...hex.matchAll(/../g)].reverse().map(([byte]) => Number.parseInt(byte, 16)))
  if (destination?.length !== 4 || mask?.length !== 4 || mask.every((byte) => byte === 0)) return []
  const bits = mask.map((byte) => byte.toString(2).replaceAll('0', '').length).reduce((sum, ones) => sum + ones, 0)
  return [`${destination.join('.')}/${bits}`]
}
