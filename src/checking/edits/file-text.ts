import { hereDocument, lines as joined, type Shell, sh, words } from '../../host/quote.ts'
import type { Copy, Edit, Replacement } from '../finding.ts'

/** What a changed file is made of, from top to bottom. */
type Piece =
  | {
      readonly kind: 'lines'
      readonly from: number
      readonly to: number
      readonly replacements: readonly Replacement[]
      readonly without: readonly number[]
    }
  | { readonly kind: 'text'; readonly text: string }

/** The text after the edits. */
export function editedText(text: string, edits: readonly Edit[]): string {
  const all = linesOf(text)
  const made = piecesOf(all.length, edits).map((piece) => {
    if (piece.kind === 'text') return piece.text
    const numbers = numbersOf(piece).filter((number) => !piece.without.includes(number))
    return numbers.map((number) => `${replaced(all[number - 1] ?? '', number, piece.replacements)}\n`).join('')
  })
  const whole = made.join('')
  const cut = !text.endsWith('\n') && piecesOf(all.length, edits).at(-1)?.kind === 'lines' && all.length > 0
  return cut ? whole.slice(0, -1) : whole
}

/** Commands that print the same, from the file in `$1`: nothing of it but what changes stands in them. */
export function editingCommands(text: string, edits: readonly Edit[]): Shell {
  const all = linesOf(text)
  const pieces = piecesOf(all.length, edits)
  return joined(
    ...pieces.flatMap((piece, i) => {
      if (piece.kind === 'text') return [hereDocument(piece.text)]
      const open = piece.to === all.length && !text.endsWith('\n') && i < pieces.length - 1
      return [printing(piece, all), ...(open ? [sh`echo`] : [])]
    }),
  )
}

function linesOf(text: string): readonly string[] {
  const all = text.split('\n')
  return all.at(-1) === '' ? all.slice(0, -1) : all
}

function piecesOf(count: number, edits: readonly Edit[]): readonly Piece[] {
  const replacements = edits.filter((edit) => edit.kind === 'replace')
  const without = edits.flatMap((edit) => (edit.kind === 'remove' ? [edit.line] : []))
  const placed = edits.flatMap((edit): readonly { readonly after: number; readonly piece: Piece }[] => {
    if (edit.kind === 'insert') return [{ after: edit.after, piece: { kind: 'text', text: edit.text } }]
    return edit.kind === 'copy' ? copied(edit).map((piece) => ({ after: edit.to, piece })) : []
  })
  const cuts = [...new Set(placed.map(({ after }) => after))].sort((one, other) => one - other)
  const pieces: Piece[] = []
  let from = 1
  for (const cut of [...cuts, count]) {
    if (cut >= from) pieces.push({ kind: 'lines', from, to: cut, replacements, without })
    from = Math.max(from, cut + 1)
    pieces.push(...placed.flatMap(({ after, piece }) => (after === cut && cuts.includes(cut) ? [piece] : [])))
    if (cut === count) break
  }
  return pieces
}

function copied({ from, to, second, replacements, without }: Copy): readonly Piece[] {
  const rest = { kind: 'lines', replacements, without } as const
  if (second === '') return [{ ...rest, from, to }]
  const others: readonly Piece[] = from < to ? [{ ...rest, from: from + 1, to }] : []
  return [{ ...rest, from, to: from }, { kind: 'text', text: second }, ...others]
}

function numbersOf({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

/** Those of one line, the last column first: what comes before a change keeps its place. */
function within(replacements: readonly Replacement[], line: number): readonly Replacement[] {
  return replacements.filter((each) => each.line === line).toSorted((one, other) => other.column - one.column)
}

function replaced(line: string, number: number, replacements: readonly Replacement[]): string {
  return within(replacements, number).reduce(
    (text, { column, old, text: next }) => text.slice(0, column) + next + text.slice(column + old.length),
    line,
  )
}

function printing(piece: Extract<Piece, { kind: 'lines' }>, all: readonly string[]): Shell {
  const { from, to, replacements, without } = piece
  const changes = numbersOf(piece).flatMap((number) => {
    let line = all[number - 1] ?? ''
    return within(replacements, number).map((each) => {
      const script = `${number}${substitution(line, each)}`
      line = line.slice(0, each.column) + each.text + line.slice(each.column + each.old.length)
      return script
    })
  })
  const dropped = without.filter((number) => number >= from && number <= to).map((number) => `${number}d`)
  const scripts = [...changes, ...dropped, `${from},${to}p`].map((script) => sh`-e ${script}`)
  return sh`sed -n ${words(scripts)} "$1"`
}

/** By the text itself where it is the first of its kind in the line, else by its column, in bytes. */
function substitution(line: string, { column, old, text }: Replacement): string {
  const mark = ['#', '|', '%', '~', ','].find((each) => !old.includes(each) && !text.includes(each)) ?? '\u0001'
  const next = text.replace(/[\\&\n]/g, '\\$&')
  const pattern = old.replace(/[\\.*^$[\]]/g, '\\$&')
  if (old !== '' && line.indexOf(old) === column) return `s${mark}${pattern}${mark}${next}${mark}`
  const bytes = Buffer.byteLength(line.slice(0, column))
  const counts = [...Array<number>(Math.floor(bytes / 255)).fill(255), bytes % 255]
  const before = counts.map((count) => `.\\{${count}\\}`).join('')
  return `s${mark}^\\(${before}\\)${pattern}${mark}\\1${next}${mark}`
}
