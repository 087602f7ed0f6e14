import { lines, type Shell, sh } from '../../../host/quote.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import type { Live } from '../../router.ts'
import { colorOf, liveFromUpstream, type Upstream } from '../config/upstream.ts'
import { reloadRefusals } from '../refusals.ts'
import type { LinkPointer, Pointer } from '../route/pointer.ts'
import { type Rewrite, rewriteOf } from './edit.ts'
import type { ByPointers, FileText, PointerFile, ReloadFacts } from './facts.ts'
import { editServers, markServers } from './upstream-edit.ts'

/** A file, and how it is rewritten. */
export interface FileRewrite {
  readonly at: PointerFile
  readonly rewrite: Rewrite
}

/** The files from the way in which they send requests to one color to the way in which they send them to the other. */
export function flipped(facts: ReloadFacts, from: Color, to: Color): readonly FileRewrite[] {
  const { by } = facts
  if (by.kind === 'pointers') {
    return by.files.map((file) => ({
      at: file.at,
      rewrite: rewriteOf(pointingTo(by.pointers, file, from), pointingTo(by.pointers, file, to)),
    }))
  }
  const [before, after] = bothActive(facts)
    ? [marked(facts, to), marked(facts, from)]
    : [by.file.text, withLive(facts, to)]
  return [{ at: by.file.at, rewrite: rewriteOf(before, after) }]
}

/** The file of a block from one mark to another: `down` at the lines of a color, or of none. */
export function remarked(facts: ReloadFacts, before: Color | 'as it is' | 'none', after: Color | 'none'): FileRewrite {
  const { by } = facts
  if (by.kind !== 'block') throw new TypeError('Only a block has marks.')
  const text = (mark: Color | 'none') => marked(facts, mark === 'none' ? undefined : mark)
  const now = before === 'as it is' ? by.file.text : text(before)
  return { at: by.file.at, rewrite: rewriteOf(now, text(after)) }
}

function marked({ by, addresses }: ReloadFacts, color: Color | undefined): string {
  if (by.kind !== 'block') throw new TypeError('Only a block has marks.')
  return Buffer.from(markServers(Buffer.from(by.file.text), by.upstream, addresses, color)).toString()
}

function withLive({ by, addresses }: ReloadFacts, color: Color): string {
  if (by.kind !== 'block') throw new TypeError('Only a block has server lines.')
  return Buffer.from(editServers(Buffer.from(by.file.text), by.upstream, { live: color, addresses })).toString()
}

/** A link, and where it led and is to lead. */
export interface LinkTurn {
  readonly link: string
  readonly from: string
  readonly to: string
  readonly sudo: boolean
}

/** The links from one color to the other. */
export function turned(facts: ReloadFacts, from: Color, to: Color): readonly LinkTurn[] {
  return linksOf(facts).map(({ link, to: leads, turned: by }) => ({
    link,
    from: leads[from],
    to: leads[to],
    sudo: by === 'by sudo',
  }))
}

/** The links that a flip turns. */
export function linksOf({ by }: ReloadFacts): readonly LinkPointer[] {
  return by.kind === 'block' ? [] : by.links
}

/** The files that a flip rewrites. */
export function filesOf({ by }: ReloadFacts): readonly PointerFile[] {
  return by.kind === 'block' ? [by.file.at] : by.files.map(({ at }) => at)
}

/** The text of a file in which each of its pointers leads to a color. */
export function pointingTo(pointers: readonly Pointer[], { at, text }: FileText, color: Color): string {
  return pointers
    .filter(({ file }) => file === at.inNginx)
    .toSorted((one, other) => other.range.start - one.range.start)
    .reduce((edited, { range, texts }) => edited.slice(0, range.start) + texts[color] + edited.slice(range.end), text)
}

/** An earlier release left its mark at one of two lines. */
export function isMarked({ marked: ours, by, addresses }: ReloadFacts): boolean {
  if (by.kind !== 'block') return false
  const colors = new Set(by.upstream.servers.map((server) => colorOf(server, addresses)))
  return ours && COLORS.every((color) => colors.has(color))
}

/** The lines of both colors are active. */
export function bothActive({ by, addresses }: Pick<ReloadFacts, 'by' | 'addresses'>): boolean {
  return by.kind === 'block' && liveFromUpstream(by.upstream, addresses).kind === 'both'
}

/** What the configuration says, where it is the one that is loaded. */
export function liveOf({ by, addresses }: Pick<ReloadFacts, 'by' | 'addresses'>): Live {
  if (by.kind === 'pointers') return liveByPointers(colored(by))
  const live = liveFromUpstream(by.upstream, addresses)
  const block = blockTitle(by.upstream)
  const colors = `blue (${addresses.blue}) nor green (${addresses.green})`
  switch (live.kind) {
    case 'live':
      return { kind: 'color', color: live.color }
    case 'neither':
      return { kind: 'foreign', refusal: reloadRefusals['upstream-of-neither-color'](block, live.active, colors) }
    case 'mixed':
      return { kind: 'foreign', refusal: reloadRefusals['upstream-with-others'](block, live.foreign, colors) }
    case 'none-active':
      return { kind: 'absent', refusal: reloadRefusals['upstream-with-nothing'](block) }
    case 'both':
      return { kind: 'absent', refusal: reloadRefusals['upstream-undecided'](block) }
  }
}

/** All that decides, with the color that it has now. */
function colored({ pointers, links }: ByPointers): readonly Colored[] {
  return [...pointers, ...links.map(({ link, color }) => ({ position: link, color }))]
}

type Colored = Pick<Pointer, 'position' | 'color'>

function liveByPointers(pointers: readonly Colored[]): Live {
  const of = (color: Color) => pointers.filter((pointer) => pointer.color === color)
  const [blue, green] = [of('blue'), of('green')]
  if (blue.length === 0 || green.length === 0) return { kind: 'color', color: blue.length > 0 ? 'blue' : 'green' }
  return { kind: 'foreign', refusal: reloadRefusals['pointers-disagree'](positions(blue), positions(green)) }
}

function positions(pointers: readonly Colored[]): readonly string[] {
  return pointers.map(({ position }) => position)
}

export function blockTitle({ name, file }: Upstream): string {
  return `The upstream ${name} in ${file}`
}

/** What requests are sent by, for sentences: `The upstream web`. */
export function senderOf({ by }: ReloadFacts): string {
  return by.kind === 'block' ? `The upstream ${by.upstream.name}` : 'Nginx'
}

/** What `active` prints of a color: see `defineActive`. */
export function activeWords(facts: ReloadFacts, color: Color): readonly string[] {
  const { by, addresses } = facts
  if (by.kind === 'pointers') return [color]
  const written = by.upstream.servers
    .filter((server) => colorOf(server, addresses) === color)
    .map(({ address }) => address)
  return [...new Set([addresses[color], ...written])]
}

/** The same of what planning read. */
export function activeThen(facts: ReloadFacts): readonly string[] {
  const { by } = facts
  if (by.kind === 'pointers') {
    const colors = new Set(colored(by).map(({ color }) => color))
    return colors.size === 1 ? [...colors] : ['neither']
  }
  const working = by.upstream.servers.filter(({ down }) => !down)
  const primary = working.filter(({ backup }) => !backup)
  return (primary.length > 0 ? primary : working).map(({ address }) => address)
}

/**
 * Defines `active`, which prints where requests are sent, given what `nginx -T` prints: the addresses of a block's servers
 * that get any; of pointers the color that all of them have, or `neither`.
 */
export function defineActive({ by }: ReloadFacts): Shell {
  if (by.kind === 'block') {
    return lines(
      sh`export ${`UPSTREAM=${by.upstream.name.toLowerCase()}`} ${`SERVERS_IN=${by.file.at.inNginx}`}`,
      sh`active() { awk ${ACTIVE}; }`,
    )
  }
  const told = [
    ...by.files.flatMap((file) => {
      const texts = { blue: pointingTo(by.pointers, file, 'blue'), green: pointingTo(by.pointers, file, 'green') }
      return toldApart(file.at.inNginx, texts)
    }),
    ...by.links.flatMap(({ inNginx, texts }) => toldApart(inNginx, texts)),
  ]
  const words = told.flatMap(({ file, line, counts }, i) => [
    `POINTER_IN_${i + 1}=# configuration file ${file}:`,
    `POINTER_LINE_${i + 1}=${line}`,
    ...COLORS.map((color) => `POINTER_${color}_${i + 1}=${counts[color]}`),
  ])
  return lines(
    words.length === 0 ? sh`:` : sh`export ${words}`,
    sh`active() { awk -v count=${told.length} ${POINTING}; }`,
  )
}

/** The lines by which a file that points to one color is told from one that points to the other, and how often each occurs. */
function toldApart(file: string, texts: Readonly<Record<Color, string>>) {
  const all = { blue: texts.blue.split('\n'), green: texts.green.split('\n') }
  const count = (color: Color, line: string) => all[color].filter((each) => each === line).length
  const differing = COLORS.flatMap((color) => all[color]).filter(
    (line) => line.trim() !== '' && count('blue', line) !== count('green', line),
  )
  return [...new Set(differing)].map((line) => ({
    file,
    line,
    counts: { blue: count('blue', line), green: count('green', line) },
  }))
}

const POINTING = `
/^# configuration file \\/.*:$/ { here = $0 }
{ for (i = 1; i <= count; i++) if (here == ENVIRON["POINTER_IN_" i] && $0 == ENVIRON["POINTER_LINE_" i]) seen[i]++ }
END { blue = green = 1
  for (i = 1; i <= count; i++) {
    if (seen[i] + 0 != ENVIRON["POINTER_blue_" i]) blue = 0
    if (seen[i] + 0 != ENVIRON["POINTER_green_" i]) green = 0
  }
  print blue ? "blue" : green ? "green" : "neither" }`

/** The addresses of the block's servers that get requests, in what `nginx -T` prints. */
const ACTIVE = `
function ended(statement,   word, i, n) {
  n = split(statement, word, /[ \\t]+/); i = word[1] == "" ? 2 : 1
  if (word[i] != "server" || !(inside || (depth == 0 && here))) return
  down = backup = 0
  for (n = n; n > i + 1; n--) { if (word[n] == "down") down = 1; if (word[n] == "backup") backup = 1 }
  if (down) return
  if (backup) spare = spare " " word[i + 1]; else first = first " " word[i + 1]
}
/^# configuration file .*:$/ { here = $0 == "# configuration file " ENVIRON["SERVERS_IN"] ":"; text = ""; depth = inside = 0; next }
{ if (match($0, /^#|[ \\t;{}]#/)) $0 = substr($0, 1, RSTART - (substr($0, RSTART, 1) == "#"))
  gsub(/["'\\r]/, "")
  text = text " " $0
  while (match(text, /[;{}]/)) {
    part = substr(text, 1, RSTART - 1); mark = substr(text, RSTART, 1); text = substr(text, RSTART + 1)
    if (mark == ";") ended(part)
    else if (mark == "{") {
      depth++; sub(/^[ \\t]+/, "", part); sub(/[ \\t]+$/, "", part)
      if (tolower(part) ~ /^upstream[ \\t]/) { sub(/^upstream[ \\t]+/, "", part); if (tolower(part) == ENVIRON["UPSTREAM"]) inside = depth }
    } else { if (inside == depth) inside = 0; depth-- }
  } }
END { print first == "" ? spare : first }`
