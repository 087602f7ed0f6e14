import { COLORS, type Color, otherThan } from '../../../release/model.ts'
import type { ColorServices } from '../../../runtimes/runtime.ts'
import { normalizeAddress } from '../config/address.ts'
import { type Configuration, type Placed, positionOf, walk } from '../config/configuration.ts'
import type { Directive, Range } from '../config/syntax.ts'
import { findUpstreams, readServer, sameName, type Upstream, type UpstreamServer } from '../config/upstream.ts'
import { destinations, isPass, passesOf, statesOf } from '../config/usage.ts'
import type { HostAddresses } from '../observe/host-addresses.ts'
import type { ColorLink, FileOnHost } from '../observe/observation.ts'
import { colorAddresses, isPlacedAt } from './color-place.ts'

/** A place in the loaded configuration that holds the address of a color, and so decides where requests go. */
export interface Pointer {
  /** `/etc/nginx/conf.d/shop.conf:12`. */
  readonly position: string
  /** As Nginx calls it. */
  readonly file: string
  /** What is replaced, in UTF-16 units of the file. */
  readonly range: Range
  readonly color: Color
  /** What stands there for each color, without scheme and URI: an address or a part of one, or the name of an upstream. */
  readonly texts: Readonly<Record<Color, string>>
  /** Where requests get by it. */
  readonly addresses: Readonly<Record<Color, string>>
  /** What a pass that leads there is found to lead to: see `destinations`. */
  readonly leadsTo: readonly string[]
  /** When a name that stands there is resolved. */
  readonly resolved: 'when Nginx loads' | 'for each request'
}

/** Where each color can be reached by Nginx. */
export interface Reachable {
  readonly services: ColorServices
  /** The inputs `blue-address` and `green-address`. */
  readonly given: Readonly<Partial<Record<Color, string>>>
  /** Nginx is in a container with a network of its own. */
  readonly apart: boolean
  readonly host: HostAddresses
}

/** A link between two files, one for each color, which so decides where requests go. */
export interface LinkPointer {
  /** On the host, and as Nginx calls it. */
  readonly link: string
  readonly inNginx: string
  readonly color: Color
  /** Where it leads for each color, as a link says it. */
  readonly to: Readonly<Record<Color, string>>
  /** What Nginx reads there. */
  readonly texts: Readonly<Record<Color, string>>
  /** An address of each color that stands there. */
  readonly addresses: Readonly<Record<Color, string>>
  readonly leadsTo: readonly string[]
  readonly turned: ColorLink['turned']
}

/** How the configuration sends requests to the colors. */
export type Pointing =
  | { readonly kind: 'none' }
  /** By the server lines of one upstream block. */
  | { readonly kind: 'block'; readonly upstream: string }
  | { readonly kind: 'pointers'; readonly pointers: readonly Pointer[]; readonly links: readonly LinkPointer[] }

/**
 * Finds the places that hold an address of a color: server lines, values of `set` and `map` that a pass uses, and passes
 * themselves. A place whose own names say its color, as one of its kind says the other, leads there for good and is none.
 */
export function findPointing(
  configuration: Configuration,
  reachable: Reachable,
  files: ReadonlyMap<string, FileOnHost> = new Map(),
): Pointing {
  const upstreams = findUpstreams(configuration)
  const used = variablesOfPasses(configuration)
  const places = [...walk(configuration)].flatMap((placed) => {
    const found = valueIn(placed, used)
    return found === undefined ? [] : leading(configuration, upstreams, placed, found, reachable)
  })
  const named = new Set(
    places.flatMap(({ directive, texts }) =>
      directive.name === 'server' ? [] : COLORS.map((color) => texts[color].toLowerCase()),
    ),
  )
  const own = places.filter(({ directive, ancestors }) => {
    const around = ancestors.at(-1)
    return !(directive.name === 'server' && named.has((around?.args[0] ?? '').toLowerCase()))
  })
  const free = own.filter((place) => !(saysItsColor(place) && own.some((other) => isCounterpart(place, other))))
  const links = [...files].flatMap(([inNginx, file]) => linkAt(configuration, inNginx, file, free))
  const pointers = free.filter(({ file }) => !links.some(({ inNginx }) => inNginx === file))
  if (pointers.length === 0 && links.length === 0) return { kind: 'none' }
  const blocks = new Set(pointers.map(({ directive, ancestors }) => blockOf(directive, ancestors)))
  const [block] = blocks
  if (block !== undefined && blocks.size === 1 && links.length === 0) return { kind: 'block', upstream: block }
  return { kind: 'pointers', pointers, links }
}

/** A link that leads to places of one color, where its counterpart has the address of the other one and not of this. */
function linkAt(
  configuration: Configuration,
  inNginx: string,
  { path, link }: FileOnHost,
  places: readonly Led[],
): readonly LinkPointer[] {
  const within = places.filter(({ file }) => file === inNginx)
  const [first] = within
  if (link === undefined || first === undefined || within.some(({ color }) => color !== first.color)) return []
  const { color } = first
  const [own, others] = [color, otherThan(color)].map((each) => within.map(({ texts }) => texts[each]))
  if (others?.some((text) => !link.otherText.includes(text)) || own?.some((text) => link.otherText.includes(text)))
    return []
  const text = configuration.files.find((each) => each.path === inNginx)?.text ?? ''
  const both = (mine: string, other: string) => byColor((each) => (each === color ? mine : other))
  return [
    {
      link: path,
      inNginx,
      color,
      to: both(link.to, link.other),
      texts: both(text, link.otherText),
      addresses: first.addresses,
      leadsTo: within.flatMap((place) => blockOf(place.directive, place.ancestors)?.toLowerCase() ?? place.leadsTo),
      turned: link.turned,
    },
  ]
}

interface Led extends Pointer {
  readonly directive: Directive
  readonly ancestors: readonly Directive[]
}

/** A word of a directive, and the part of it that is an address or the name of an upstream. */
interface Value {
  readonly word: Range
  readonly text: string
}

/** A word that may hold where requests go. */
function valueIn({ directive, ancestors }: Placed, used: ReadonlySet<string>): Value | undefined {
  const { name, args, words } = directive
  const around = ancestors.at(-1)
  const value = (i: number): Value | undefined => {
    const word = words[i + 1]
    return word === undefined || args[i] === undefined ? undefined : { word, text: args[i] }
  }
  if (ancestors.some((block) => block.name === 'stream')) return undefined
  if (isPass({ directive, ancestors })) return value(0)
  if (name === 'set') return used.has(nameOf(args[0])) ? value(1) : undefined
  if (name === 'server' && around?.name === 'upstream' && directive.block === undefined)
    return inUse(readServer(directive)) ? value(0) : undefined
  if (around?.name === 'map' && used.has(nameOf(around.args[1]))) return value(0)
  return undefined
}

/** A line that gets no requests, or only those that the others fail, does not decide. */
function inUse({ down, backup }: UpstreamServer): boolean {
  return !(down || backup)
}

/** The same as a pointer; none where it leads to no color. */
function leading(
  configuration: Configuration,
  upstreams: readonly Upstream[],
  { directive, ancestors }: Placed,
  { word, text }: Value,
  reachable: Reachable,
): readonly Led[] {
  const written =
    configuration.files.find(({ path }) => path === directive.file)?.text.slice(word.start, word.end) ?? ''
  const authority = directive.name === 'server' ? text : authorityOf(text)
  const at = written.indexOf(authority)
  if (authority === '' || authority.includes('$') || at < 0) return []
  const texts =
    directive.name === 'set' && isColor(authority)
      ? textsOfWord(authority, configuration, reachable)
      : textsFor(authority, upstreams, configuration, reachable)
  if (texts === undefined) return []
  const start = word.start + at
  return [
    {
      position: positionOf(configuration, directive),
      file: directive.file,
      range: { start, end: start + authority.length },
      ...texts,
      // Passes name the block, and not what stands in it.
      ...(directive.name === 'server' && { leadsTo: [ancestors.at(-1)?.args[0]?.toLowerCase() ?? ''] }),
      resolved: directive.name === 'set' || ancestors.at(-1)?.name === 'map' ? 'for each request' : 'when Nginx loads',
      directive,
      ancestors,
    },
  ]
}

/** What stands at a place of this color for each of the two. */
function textsFor(
  authority: string,
  upstreams: readonly Upstream[],
  configuration: Configuration,
  reachable: Reachable,
) {
  const upstream = upstreams.find(({ name }) => sameName(name, authority))
  if (upstream !== undefined) return textsByName(upstream, upstreams, reachable)
  if (/:\d+$/.test(authority)) return textsByAddress(authority, reachable)
  // The port stands in the pass: `http://$host_of_color:8080`.
  const led = destinationsOf(configuration).find((each) => each.startsWith(`${authority.toLowerCase()}:`))
  const found = textsByAddress(led ?? authority, reachable)
  if (found === undefined) return undefined
  const texts = byColor((color) => found.texts[color].replace(/:\d+$/, ''))
  return { ...found, texts: { ...texts, [found.color]: authority } }
}

function textsByAddress(address: string, reachable: Reachable) {
  const color = colorAt(address, reachable)
  const { blue, green } = addressesLike(address, reachable)
  if (color === undefined || blue === undefined || green === undefined) return undefined
  const texts = { blue, green, [color]: address } as Record<Color, string>
  return { color, texts, addresses: texts, leadsTo: COLORS.map((each) => normalizeAddress(texts[each])) }
}

/** A variable that is the color itself, of which names are built: `http://site-$slot:8080`. */
function textsOfWord(word: Color, configuration: Configuration, reachable: Reachable) {
  const other = otherThan(word)
  const built = destinationsOf(configuration).filter((each) => {
    return colorAt(each, reachable) === word && colorAt(swapped(each), reachable) === other
  })
  const [first] = built
  if (first === undefined) return undefined
  const addresses = byColor((color) => (color === word ? first : swapped(first)))
  return { color: word, texts: byColor((color) => color), addresses, leadsTo: built }
}

/** Where the passes of `http` lead now. */
function destinationsOf(configuration: Configuration): readonly string[] {
  return passesOf(configuration).flatMap((pass) =>
    statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state)),
  )
}

function isColor(text: string): text is Color {
  return text === 'blue' || text === 'green'
}

function byColor<V>(of: (color: Color) => V): Record<Color, V> {
  return { blue: of('blue'), green: of('green') }
}

/** An upstream of one color, where there is one of the other: the one that is called the same but for the color. */
function textsByName(upstream: Upstream, upstreams: readonly Upstream[], reachable: Reachable) {
  const color = colorOfUpstream(upstream, reachable)
  if (color === undefined) return undefined
  const of = (each: Color) => upstreams.filter((one) => colorOfUpstream(one, reachable) === each)
  const [others, same] = [of(otherThan(color)), of(color)]
  const alike = others.find(({ name }) => name !== upstream.name && sameName(name, swapped(upstream.name)))
  const other = alike ?? (others.length === 1 && same.length === 1 ? others[0] : undefined)
  if (other === undefined) return undefined
  const chosen = byColor((each) => (each === color ? upstream : other))
  const first = ({ servers }: Upstream) => servers.find(({ down }) => !down)?.address ?? ''
  return {
    color,
    texts: byColor((each) => chosen[each].name),
    addresses: byColor((each) => first(chosen[each])),
    leadsTo: COLORS.map((each) => chosen[each].name.toLowerCase()),
  }
}

function colorOfUpstream({ servers }: Upstream, reachable: Reachable): Color | undefined {
  const colors = new Set(servers.filter(({ down }) => !down).map(({ address }) => colorAt(address, reachable)))
  return colors.size === 1 ? [...colors][0] : undefined
}

function colorAt(address: string, reachable: Reachable): Color | undefined {
  const { services, given, apart, host } = reachable
  const found = COLORS.filter((color) => {
    const known = given[color]
    if (known !== undefined) return normalizeAddress(known) === normalizeAddress(address)
    return isPlacedAt(services[color], address, apart, host) === true
  })
  return found.length === 1 ? found[0] : undefined
}

function addressesLike(address: string, { services, given, apart, host }: Reachable) {
  return colorAddresses([address], services, given, apart, host)
}

/** `http://127.0.0.1:8080/api/` as `127.0.0.1:8080`. */
function authorityOf(text: string): string {
  return /^(?:[a-z]+:\/\/)?([^/?]*)/i.exec(text)?.[1] ?? ''
}

/** The variables on which some pass depends, by other variables too. */
function variablesOfPasses(configuration: Configuration): ReadonlySet<string> {
  const all = [...walk(configuration)]
  const used = new Set(all.filter(isPass).flatMap(({ directive }) => variablesIn(directive.args[0])))
  for (let before = -1; before !== used.size; ) {
    before = used.size
    for (const { directive, ancestors } of all) {
      const around = ancestors.at(-1)
      const made = directive.name === 'set' ? directive.args[0] : around?.name === 'map' ? around.args[1] : undefined
      const from = directive.name === 'set' ? directive.args[1] : directive.args[0]
      if (made !== undefined && used.has(nameOf(made))) for (const name of variablesIn(from)) used.add(name)
    }
  }
  return used
}

function variablesIn(text = ''): readonly string[] {
  return [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name)
}

function nameOf(variable = ''): string {
  return variable.replace(/^\$/, '')
}

/** Names of a place: its upstream, location, host and file. */
function namesOf({ directive, ancestors, file }: Led): readonly string[] {
  const around = ancestors.flatMap((block) => {
    if (block.name === 'upstream' || block.name === 'location') return block.args
    if (block.name !== 'server') return []
    return (block.block ?? []).filter(({ name }) => name === 'server_name').flatMap(({ args }) => args)
  })
  const own = directive.name === 'set' ? [directive.args[0] ?? ''] : []
  return [...around, ...own, file.slice(file.lastIndexOf('/') + 1)]
}

function saysItsColor(place: Led): boolean {
  return namesOf(place).some((name) => hasWord(name, place.color))
}

/** A place of the other color, whose names are the same but for the word. */
function isCounterpart(one: Led, other: Led): boolean {
  if (one.color === other.color) return false
  const [names, others] = [namesOf(one), namesOf(other)]
  if (names.length !== others.length || names.every((name, i) => name === others[i])) return false
  return names.every((name, i) => others[i] === name || others[i] === swapped(name))
}

function hasWord(name: string, color: Color): boolean {
  return new RegExp(`(^|[^a-z])${color}([^a-z]|$)`, 'i').test(name)
}

/** `app_blue` as `app_green`, and the other way round. */
function swapped(name: string): string {
  return name.replace(/blue|green/gi, (word) => (word.toLowerCase() === 'blue' ? 'green' : 'blue'))
}

/** The upstream around a server line; undefined for every other place. */
function blockOf({ name }: Directive, ancestors: readonly Directive[]): string | undefined {
  return name === 'server' ? ancestors.at(-1)?.args[0] : undefined
}
