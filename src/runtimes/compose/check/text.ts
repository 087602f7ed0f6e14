import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml'
import type { Replacement, SeenFile } from '../../../checking/finding.ts'
import { listOf, readPart, readTop, type WrittenList, type WrittenNetworks, type WrittenTop } from './parts.ts'

/** Where something is written in a file, within one line. */
export interface Token {
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly written: string
  readonly quoted: boolean
}

/** A service as its compose file writes it. */
export interface WrittenService {
  readonly file: SeenFile
  readonly name: Token
  readonly from: number
  readonly to: number
  /** `{ image: … }` on a line: nothing can be added as a line of its own. */
  readonly flow: boolean
  /** Before each of its keys. */
  readonly indent: string
  /** Absent where the service does not write it itself, but takes it over from elsewhere. */
  readonly image?: Token
  readonly containerName?: Token
  readonly ports: readonly WrittenPort[]
  /** Absent where it writes none itself. */
  readonly networks?: WrittenNetworks
  readonly volumes?: WrittenList
  /** Lists that it writes itself, by their keys. */
  readonly keys: readonly string[]
}

/** An item of `ports`: as one text, or the published port of one in several lines. */
export type WrittenPort =
  | { readonly kind: 'short'; readonly token: Token }
  | {
      readonly kind: 'published'
      readonly token: Token
      /** Of the key `published`, before which an address can be written. */
      readonly key: Token
      readonly flow: boolean
      /** Absent if it writes none. */
      readonly address?: Token
    }
  | { readonly kind: 'unknown' }

/** What one compose file says of its services, as it is written. */
export interface ComposeText {
  readonly file: SeenFile
  readonly services: ReadonlyMap<string, WrittenService>
  /** `networks` of the whole file. */
  readonly networks: WrittenTop
  /** Where other services name one: in `depends_on`, as far as that can be replaced. */
  readonly mentions: (name: string) => Mentions
  /** Services whose command, entrypoint or health check says the name as that of a host, and by which key. */
  readonly callersOf: (name: string) => readonly Tie[]
  /** The image of a service as it is written, wherever it takes it from. */
  readonly imageOf: (name: string) => string | undefined
}

/** A service that names another one. */
export interface Tie {
  readonly service: string
  /** The key by which it does. */
  readonly by: string
}

export interface Mentions {
  readonly tokens: readonly Token[]
  /** Services that name it in another way. */
  readonly others: readonly Tie[]
}

/** Reads a compose file as text. Undefined where it is no YAML, or has no services. */
export function readComposeText(file: SeenFile): ComposeText | undefined {
  const counter = new LineCounter()
  const document = parseDocument(file.text, { lineCounter: counter, merge: true, logLevel: 'silent' })
  const services: unknown = document.errors.length > 0 ? undefined : document.get('services', true)
  if (!isMap(services)) return undefined
  const place = placing(file, counter)
  const entries = services.items.flatMap((pair, i) => {
    const written = readService(pair, services.items[i + 1], services, place, { file, counter })
    return written === undefined ? [] : [[written.name.written.replace(/^["']|["']$/g, ''), written] as const]
  })
  const plain: unknown = document.toJS({ maxAliasCount: 1000 })
  const definitions = valueAt(plain, 'services')
  return {
    file,
    services: new Map(entries),
    networks: readTop(document.contents, 'networks', file.text, counter),
    imageOf: (name) => {
      const image = valueAt(valueAt(definitions, name), 'image')
      return typeof image === 'string' ? image : undefined
    },
    callersOf: (name) => callersOf(definitions, name),
    mentions: (name) => ({
      tokens: services.items.flatMap((pair) => dependsOn(pair.value, name, place)),
      others: mentioning(definitions, name),
    }),
  }
}

/** The token with another text in its place; quoted where it was, or where it stands in a flow. */
export function replaceToken(token: Token, text: string, flow = false): Replacement {
  const quoted = token.quoted || flow
  return {
    kind: 'replace',
    line: token.line,
    column: token.column,
    old: token.written,
    text: quoted ? JSON.stringify(text) : text,
  }
}

/** Without its quotes. */
export function unquoted({ written, quoted }: Token): string {
  return quoted ? written.slice(1, -1) : written
}

type Place = (node: unknown) => Token | undefined

/** Undefined for what is no scalar, and for what goes over several lines. */
function placing(file: SeenFile, counter: LineCounter): Place {
  return (node) => {
    if (!isScalar(node) || !node.range) return undefined
    const [start, end] = node.range
    const written = file.text.slice(start, end)
    if (written === '' || written.includes('\n')) return undefined
    const { line, col } = counter.linePos(start)
    return { line, column: col - 1, written, quoted: /^["']/.test(written) }
  }
}

function readService(
  pair: Pair,
  next: Pair | undefined,
  services: YAMLMap,
  place: Place,
  { file, counter }: { readonly file: SeenFile; readonly counter: LineCounter },
): WrittenService | undefined {
  const name = place(pair.key)
  const body = pair.value
  if (name === undefined || !isMap(body) || !body.range || services.flow) return undefined
  const to = lastLine(file.text, body.range[1])
  const following = place(next?.key)
  if (following !== undefined && following.line <= to) return undefined
  const first = body.items[0]?.key
  const firstKey = place(first)
  const bodyOf = (key: string): unknown =>
    body.items.find((item) => isScalar(item.key) && item.key.value === key)?.value
  const [image, containerName] = [place(bodyOf('image')), place(bodyOf('container_name'))]
  const networks = readPart(body, 'networks', file.text, counter)
  const volumes = listOf(body, 'volumes', file.text, counter)
  const flow = body.flow === true
  const column = firstKey?.column ?? name.column + 2
  return {
    file,
    name,
    from: name.line,
    to,
    flow: flow || firstKey?.line === name.line,
    indent: ' '.repeat(column),
    ...(image && { image }),
    ...(containerName && { containerName }),
    ...(networks && { networks }),
    ...(volumes && { volumes }),
    ports: portsOf(bodyOf('ports'), place),
    keys: body.items.flatMap((item) => (isScalar(item.key) ? [String(item.key.value)] : [])),
  }
}

function portsOf(ports: unknown, place: Place): readonly WrittenPort[] {
  if (!isSeq(ports)) return []
  return ports.items.map((item): WrittenPort => {
    const short = place(item)
    if (short !== undefined) return { kind: 'short', token: short }
    const pair = isMap(item) ? item.items.find(({ key }) => isScalar(key) && key.value === 'published') : undefined
    const [key, token] = [place(pair?.key), place(pair?.value)]
    const written = isMap(item) ? item.get('host_ip', true) : undefined
    const address = place(written)
    if (!isMap(item) || key === undefined || token === undefined) return { kind: 'unknown' }
    if (written !== undefined && address === undefined) return { kind: 'unknown' }
    return { kind: 'published', token, key, flow: item.flow === true, ...(address && { address }) }
  })
}

function dependsOn(service: unknown, name: string, place: Place): readonly Token[] {
  const value = isMap(service) ? service.get('depends_on', true) : undefined
  const named = isSeq(value) ? value.items : isMap(value) ? value.items.map(({ key }) => key) : []
  return named.flatMap((node) => {
    const token = isScalar(node) && node.value === name ? place(node) : undefined
    return token === undefined ? [] : [token]
  })
}

/** Services that link to one, share its network or volumes, or are made from it. */
function mentioning(services: unknown, name: string): readonly Tie[] {
  if (typeof services !== 'object' || services === null) return []
  const entries: readonly [string, unknown][] = Object.entries(services)
  return entries.flatMap(([other, body]) => {
    if (other === name) return []
    const { links, volumes_from: volumes, extends: base, ...rest } = asRecord(body)
    const from = typeof base === 'string' ? base : asRecord(base)['file'] === undefined ? asRecord(base)['service'] : ''
    const names = (list: unknown) => Array.isArray(list) && list.some((each) => String(each).split(':')[0] === name)
    const keys = [
      ...(names(links) ? ['links'] : []),
      ...(names(volumes) ? ['volumes_from'] : []),
      ...['network_mode', 'pid', 'ipc'].filter((key) => rest[key] === `service:${name}`),
      ...(from === name ? ['extends'] : []),
    ]
    return keys.map((by) => ({ service: other, by }))
  })
}

/** As in `http://web:8080` or `tcp://user@web`, or a word of its own with a port behind it. */
function callersOf(services: unknown, name: string): readonly Tie[] {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '\\$&')
  const host = new RegExp(`(?://|@)${plain}(?![A-Za-z0-9_.-])|(?:^|[\\s"'=,])${plain}:\\d`)
  return Object.entries(asRecord(services)).flatMap(([service, body]) => {
    if (service === name) return []
    const found = ['command', 'entrypoint', 'healthcheck'].filter((key) =>
      host.test(JSON.stringify(valueAt(body, key)) ?? ''),
    )
    return found.map((by) => ({ service, by }))
  })
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function valueAt(value: unknown, key: string): unknown {
  return asRecord(value)[key]
}

/** Line of the last byte before an offset that is no blank and no line of its own comment. */
function lastLine(text: string, end: number): number {
  return text.slice(0, end).trimEnd().split('\n').length
}
