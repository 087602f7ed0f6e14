import type { Copy, Edit, Replacement } from '../../../checking/finding.ts'
import type { ComposePort, ComposeService } from '../observe/project.ts'
import { replaceToken, unquoted, type WrittenPort, type WrittenService } from './text.ts'

/** What a color's service is to be; what is absent stays as it is written. */
export interface Wish {
  readonly name?: string
  readonly image?: string
  /** Of each item of `ports`, in order. */
  readonly ports?: readonly WishedPort[]
  /** An item of `ports` for a service that has none. */
  readonly addedPort?: string
  /** Two containers cannot have one name. */
  readonly withoutContainerName?: boolean
  /** One more network, by its key, beside those that it is in; with an address of its own there. */
  readonly network?: { readonly key: string; readonly address?: string; readonly beside: readonly string[] } | undefined
  /** Its networks by their keys alone: no alias is shared with what it is written from. */
  readonly withoutAliases?: readonly string[]
  /** An item for `volumes`. */
  readonly volume?: string
  /** `restart: unless-stopped`. */
  readonly added?: readonly string[]
}

/** `host` is the port of the host. */
export interface WishedPort {
  readonly port: ComposePort
  readonly host: number
}

interface Changed {
  readonly replacements: readonly Replacement[]
  readonly without: readonly number[]
  /** Whole lines after the one with the name. */
  readonly second: string
}

/** Makes a written service what is wished. Undefined where that cannot be done by its text. */
export function changeService(written: WrittenService, wish: Wish): readonly Edit[] | undefined {
  const changed = changesOf(written, wish)
  if (changed === undefined) return undefined
  const { replacements, without, second } = changed
  const volume = wish.volume === undefined ? [] : volumeEdit(written, wish.volume)
  if (volume === undefined) return undefined
  return [
    ...replacements,
    ...volume,
    ...without.map((line): Edit => ({ kind: 'remove', line })),
    ...(second === '' ? [] : [{ kind: 'insert', after: written.from, text: second } as const]),
  ]
}

/** Writes a service once more, as is wished; a wished volume is not part of that. Undefined where that cannot be done by its text. */
export function copyService(written: WrittenService, wish: Wish): Copy | undefined {
  const changed = changesOf(written, wish)
  return changed && { kind: 'copy', from: written.from, to: written.to, ...changed }
}

function changesOf(written: WrittenService, wish: Wish): Changed | undefined {
  const replacements: Replacement[] = []
  const without: number[] = []
  const second: string[] = [...(wish.added ?? [])]
  if (wish.name !== undefined) replacements.push(replaceToken(written.name, wish.name))
  if (wish.image !== undefined) {
    if (written.image === undefined) second.unshift(`image: ${wish.image}`)
    else if (unquoted(written.image) !== wish.image)
      replacements.push(replaceToken(written.image, wish.image, written.flow))
  }
  if (wish.addedPort !== undefined) second.push(`ports: ["${wish.addedPort}"]`)
  for (const port of portChanges(written, wish.ports ?? [], second) ?? [undefined]) {
    if (port === undefined) return undefined
    replacements.push(port)
  }
  if (wish.withoutContainerName && written.containerName !== undefined) {
    if (written.flow) return undefined
    without.push(written.containerName.line)
  }
  if (wish.network !== undefined) {
    const line = networksLine(written, wish.network)
    if (line === undefined) return undefined
    second.push(line)
    const { from, to } = written.networks ?? { from: 0, to: -1 }
    for (let each = from; each <= to; each++) without.push(each)
  }
  if (wish.withoutAliases !== undefined && wish.network === undefined && written.networks !== undefined) {
    const { from, to } = written.networks
    for (let each = from; each <= to; each++) without.push(each)
    second.push(`networks: [${wish.withoutAliases.map((key) => JSON.stringify(key)).join(', ')}]`)
  }
  if (second.length > 0 && written.flow) return undefined
  return { replacements, without, second: second.map((line) => `${written.indent}${line}\n`).join('') }
}

/** All networks in one line. Undefined where what is written of them would be lost. */
function networksLine(
  { networks, keys }: WrittenService,
  { key, address, beside }: NonNullable<Wish['network']>,
): string | undefined {
  const taken = keys.includes('<<') || keys.includes('extends')
  const names = networks === undefined ? beside : networks.names
  if (names === undefined || keys.includes('network_mode')) return undefined
  // What another definition says of its networks cannot be seen here.
  if (networks === undefined && taken && beside.some((name) => name !== 'default')) return undefined
  const own = `${key}: {${address === undefined ? '' : ` ipv4_address: ${address} `}}`
  return `networks: { ${[...names.filter((name) => name !== key).map((name) => `${JSON.stringify(name)}: {}`), own].join(', ')} }`
}

/** One more item. Undefined where the list cannot be added to. */
function volumeEdit({ volumes, keys, from, indent, flow }: WrittenService, item: string): readonly Edit[] | undefined {
  const quoted = JSON.stringify(item)
  if (volumes?.kind === 'lines')
    return [{ kind: 'insert', after: volumes.after, text: `${volumes.indent}- ${quoted}\n` }]
  if (volumes?.kind === 'brackets') {
    const { line, column, empty } = volumes
    return [{ kind: 'replace', line, column, old: '', text: empty ? quoted : `${quoted}, ` }]
  }
  if (keys.includes('volumes') || keys.includes('extends') || keys.includes('<<') || flow) return undefined
  return [{ kind: 'insert', after: from, text: `${indent}volumes: [${quoted}]\n` }]
}

/** Undefined where the ports are not written so that they could be replaced. */
function portChanges(
  written: WrittenService,
  ports: readonly WishedPort[],
  second: string[],
): readonly Replacement[] | undefined {
  if (ports.length === 0) return []
  if (!written.keys.includes('ports') && !written.keys.includes('extends')) {
    second.push(`ports: [${ports.map((port) => JSON.stringify(shortPort(port))).join(', ')}]`)
    return []
  }
  if (written.ports.length !== ports.length) return undefined
  const changes = ports.map((port, i): readonly Replacement[] | undefined => {
    const item = written.ports[i]
    if (item === undefined || item.kind === 'unknown') return undefined
    if (item.kind === 'short') return [replaceToken({ ...item.token, quoted: true }, shortPort(port))]
    return [replaceToken({ ...item.token, quoted: true }, String(port.host)), ...addressChange(item, port)]
  })
  return changes.every((change) => change !== undefined) ? changes.flat() : undefined
}

/** An item of several lines gets one more, right before the port that it publishes. */
function addressChange(
  { key, flow, address }: Extract<WrittenPort, { kind: 'published' }>,
  { port }: WishedPort,
): readonly Replacement[] {
  const at = wishedAddress(port)
  if (address !== undefined) return unquoted(address) === at ? [] : [replaceToken({ ...address, quoted: true }, at)]
  const { line, column } = key
  const after = flow ? ', ' : `\n${' '.repeat(column)}`
  return [{ kind: 'replace', line, column, old: '', text: `host_ip: ${JSON.stringify(at)}${after}` }]
}

/** Nothing is opened to everybody; Nginx reaches it on this host. */
function wishedAddress({ address }: ComposePort): string {
  return ['', '0.0.0.0', '::'].includes(address) ? '127.0.0.1' : address
}

function shortPort({ port, host }: WishedPort): string {
  const { target, protocol } = port
  const at = wishedAddress(port)
  const place = at.includes(':') ? `[${at}]` : at
  return `${place}:${host}:${target}${protocol === 'tcp' ? '' : `/${protocol}`}`
}

/** The service's ports, each at the port of the host that is said, else at its own. */
export function portsAt(
  service: ComposeService,
  moved: ReadonlyMap<string, number>,
): readonly WishedPort[] | undefined {
  const ports = service.ports.map((port) => ({ port, host: moved.get(port.published) ?? Number(port.published) }))
  return ports.every(({ host }) => host > 0) ? ports : undefined
}
