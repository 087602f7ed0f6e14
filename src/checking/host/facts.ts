import { type Lease, readLease } from '../../custody/lease.ts'
import type { Section } from '../../host/sections.ts'
import { readComposeFiles } from '../../runtimes/compose/check/files.ts'
import { type PlainRun, readRuns } from '../../runtimes/compose/check/runs.ts'
import type { SeenFile } from '../finding.ts'
import type { FactsQuestion } from './facts-question.ts'

/** What a check knows of a host, on top of what every release knows. What could not be found out is absent or empty. */
export interface HostFacts {
  readonly user: string
  readonly groups: readonly string[]
  /** Their home. */
  readonly home: string
  /** Commands that are not there. */
  readonly missingTools: readonly string[]
  /** Where `nginx` is, and its version: `1.22.1`. */
  readonly nginx?: { readonly path: string; readonly version: string }
  /** TCP ports on which something listens. */
  readonly listening: ReadonlySet<number>
  readonly security: {
    readonly enforcing: boolean
    /** Whether SELinux lets Nginx connect to ports of its choice; absent where that is not known. */
    readonly network?: boolean
    /** SELinux label of the state directory, or of the nearest folder above it. */
    readonly label: string
  }
  /** Properties of Nginx's systemd unit. */
  readonly unit: Readonly<Record<string, string>>
  /** Of logind: what becomes of processes after the logout. */
  readonly login: Readonly<Record<string, string>>
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
  /** The run that holds the target now, as its heart beats. */
  readonly holder?: NonNullable<Lease['holder']>
  /** Files in the own layer of the container in which Nginx runs: a recreation would lose them. */
  readonly layer: readonly string[]
  /** Files of the state directory that the user may not write. */
  readonly unwritable: readonly string[]
}

export interface SeenImage {
  /** Bytes. */
  readonly size: number
  /** TCP ports on which its containers listen. */
  readonly ports: readonly number[]
}

type Said = Readonly<Record<FactsQuestion, Section | undefined>>

/** Reads the answers; one that is missing says nothing. */
export function readFacts(said: Said): HostFacts {
  const linesOf = (name: FactsQuestion): readonly string[] =>
    (said[name]?.stdout ?? '').split('\n').filter((line) => line !== '')
  const words = (name: FactsQuestion, key: string): readonly string[] =>
    linesOf(name).flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))
  const [path, version] = [linesOf('nginx')[0], words('nginx', 'version')[0]]
  const network = words('security', 'network')[0]
  const available = words('memory', 'available')[0]
  const closed = linesOf('folder')[0]
  const { holder } = readLease(words('lease', 'held')[0] ?? '') ?? {}
  const [free, ...folder] = words('disk', 'free')[0]?.split(' ') ?? []
  return {
    user: words('user', 'name')[0] ?? '',
    groups: words('user', 'group'),
    home: words('user', 'home')[0] ?? '',
    missingTools: said.tools === undefined ? [] : linesOf('tools'),
    ...(path?.startsWith('/') && { nginx: { path, version: version?.split(' ')[0] ?? '' } }),
    listening: new Set(linesOf('ports').map((port) => Number.parseInt(port, 16))),
    security: {
      enforcing: words('security', 'enforcing')[0] === '1',
      ...(network && { network: network === 'on' }),
      label: words('security', 'label')[0]?.split(' ')[0] ?? '',
    },
    unit: settings(linesOf('unit')),
    login: settings(linesOf('login')),
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
    ...(holder && { holder }),
    layer: linesOf('layer'),
    unwritable: words('lease', 'unwritable'),
  }
}

/** The last assignment of each counts. */
function settings(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^\s*(\w+)=(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value.trim()]]
    }),
  )
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
