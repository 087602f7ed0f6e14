import { type Color, otherThan } from '../../../release/model.ts'
import { normalizeAddress } from '../config/address.ts'
import { type Directive, parseFile, type Range } from '../config/syntax.ts'
import { type ColorAddresses, colorOf, readServer, sameName, type Upstream } from '../config/upstream.ts'

/** What the block is to do after the edit. */
export interface ServerEdit {
  readonly live: Color
  readonly addresses: ColorAddresses
}

/** New text for a part of the old one. */
interface Replacement {
  readonly range: Range
  readonly text: string
}

/**
 * The bytes of a file in which an upstream block sends traffic to one color. Where the block has lines of that color,
 * they lose `down`, and the other's get it; where it has none, the other's address is replaced and its parameters
 * stay. Every other byte stays, whatever the encoding. Editing twice changes nothing more.
 * @param bytes of the file that holds the server lines (`upstream.servers[0].file`), as Nginx reads it.
 * @throws Error with a sentence, where the file's server lines are not those of `upstream`, or no line is a color's.
 */
export function editServers(bytes: Uint8Array, upstream: Upstream, edit: ServerEdit): Uint8Array<ArrayBuffer> {
  return editedLines(bytes, upstream, (text, file, lines) => replacements(text, file, lines, upstream, edit))
}

/**
 * The same where the lines of one color get `down`, or of none, and all others of the colors lose it.
 * @throws Error as `editServers`
 */
export function markServers(
  bytes: Uint8Array,
  upstream: Upstream,
  addresses: ColorAddresses,
  down: Color | undefined,
): Uint8Array<ArrayBuffer> {
  return editedLines(bytes, upstream, (_text, _file, lines) =>
    lines.flatMap((line) => {
      const color = colorOf(readServer(line), addresses)
      if (color === undefined) return []
      return color === down ? withDown(line) : withoutDown(line)
    }),
  )
}

function editedLines(
  bytes: Uint8Array,
  upstream: Upstream,
  edits: (text: string, file: string, lines: readonly Directive[]) => readonly Replacement[],
): Uint8Array<ArrayBuffer> {
  // One character a byte, so that offsets are bytes and nothing is decoded away.
  const text = Buffer.from(bytes).toString('latin1')
  const file = upstream.servers[0]?.file ?? upstream.file
  const lines = serverLines(parseFile(file, text), upstream)
  refuseOther(file, lines, upstream)
  return Uint8Array.from(Buffer.from(replace(text, edits(text, file, lines)), 'latin1'))
}

function replacements(
  text: string,
  file: string,
  lines: readonly Directive[],
  upstream: Upstream,
  edit: ServerEdit,
): readonly Replacement[] {
  const mine = lines.filter((line) => colorOf(readServer(line), edit.addresses) === edit.live)
  const others = lines.filter((line) => colorOf(readServer(line), edit.addresses) === otherThan(edit.live))
  if (mine.length > 0) return [...mine.flatMap(withoutDown), ...others.flatMap(withDown)]
  if (others.length === 0) {
    const { blue, green } = edit.addresses
    throw new Error(
      `The upstream ${upstream.name} in ${file} has no server line with the address of blue (${blue}) or green (${green}). ` +
        'Set `blue-address` and `green-address` to the addresses in that block.',
    )
  }
  return others.flatMap((line) => [...withAddress(text, line, edit.addresses[edit.live]), ...withoutDown(line)])
}

/** The lines in the block of this name, or all of a file that is included into the block. */
function serverLines(directives: readonly Directive[], upstream: Upstream): readonly Directive[] {
  const within = (level: readonly Directive[]): readonly Directive[] =>
    level.flatMap((directive) => {
      if (directive.name === 'stream') return []
      const found = directive.name === 'upstream' && sameName(directive.args[0] ?? '', upstream.name)
      return found ? [directive] : within(directive.block ?? [])
    })
  const block = within(directives)[0]
  const level = block?.block ?? directives
  return level.filter((directive) => directive.name === 'server' && !directive.block)
}

function refuseOther(file: string, lines: readonly Directive[], upstream: Upstream): void {
  const there = lines.map((line) => normalizeAddress(readServer(line).address)).join(', ')
  const expected = readAddresses(upstream)
  if (there === expected && upstream.servers.every((server) => server.file === file)) return
  throw new Error(
    `The server lines of the upstream ${upstream.name} in ${file} can't be edited: Nginx reads ${expected || 'none'}, ` +
      `and the file has ${there || 'none'}. Put all server lines of the block into one file, and set \`nginx-file\` to it.`,
  )
}

function readAddresses(upstream: Upstream): string {
  return upstream.servers.map((server) => normalizeAddress(server.address)).join(', ')
}

/** Quotes around the address stay. */
function withAddress(text: string, line: Directive, address: string): readonly Replacement[] {
  const range = line.words[1]
  if (!range) return []
  const [quote = ''] = /^["']/.exec(text.slice(range.start, range.end)) ?? []
  return [{ range, text: `${quote}${address}${quote}` }]
}

function withDown(line: Directive): readonly Replacement[] {
  const last = line.words.at(-1)
  if (!last || line.args.slice(1).includes('down')) return []
  return [{ range: { start: last.end, end: last.end }, text: ' down' }]
}

function withoutDown(line: Directive): readonly Replacement[] {
  return line.words
    .filter((_, i) => i > 1 && line.args[i - 1] === 'down')
    .map((range) => ({ range: { start: range.start, end: range.end }, text: '' }))
}

function replace(text: string, parts: readonly Replacement[]): string {
  return parts
    .toSorted((one, other) => other.range.start - one.range.start)
    .reduce((edited, { range, text: piece }) => {
      const before = edited.slice(0, range.start)
      // The blank before a word goes with it, but no line end: a comment may stand there.
      return (piece === '' ? before.replace(/[ \t]+$/, '') : before) + piece + edited.slice(range.end)
    }, text)
}
