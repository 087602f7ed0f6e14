/** A value of a compose file with its variables: plain text as it is written, and what compose replaces. */
export type Piece = string | Interpolation

/** `${NAME:-value}`; without a value the operator is empty. */
export interface Interpolation {
  readonly name: string
  readonly operator: string
  readonly value: readonly Piece[]
}

/** Takes a value apart as compose does. Undefined if compose would refuse it. */
export function interpolations(text: string): readonly Piece[] | undefined {
  const read = readPieces(text, 0, false)
  return read !== undefined && read.end === text.length ? read.pieces : undefined
}

/** The value as it is written: always in braces, which alone can be the default of another variable. */
export function written(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : `\${${piece.name}${piece.operator}${written(piece.value)}}`))
    .join('')
}

interface ReadPieces {
  readonly pieces: readonly Piece[]
  readonly end: number
}

/** @param nested it ends before a closing brace */
function readPieces(text: string, from: number, nested: boolean): ReadPieces | undefined {
  const pieces: Piece[] = []
  let plain = ''
  let at = from
  while (at < text.length && !(nested && text[at] === '}')) {
    if (text[at] !== '$' || text[at + 1] === '$') {
      const length = text[at] === '$' ? 2 : 1
      plain += text.slice(at, at + length)
      at += length
      continue
    }
    const read = readVariable(text, at)
    if (read === undefined) return undefined
    if (plain !== '') pieces.push(plain)
    plain = ''
    pieces.push(read.piece)
    at = read.end
  }
  if (plain !== '') pieces.push(plain)
  return { pieces, end: at }
}

function readVariable(text: string, at: number): { readonly piece: Interpolation; readonly end: number } | undefined {
  const [bare, name] = /^\$([A-Za-z_][A-Za-z0-9_]*)/.exec(text.slice(at)) ?? []
  if (bare !== undefined && name !== undefined) {
    return { piece: { name, operator: '', value: [] }, end: at + bare.length }
  }
  const [head, braced, operator = ''] = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-?+])?/.exec(text.slice(at)) ?? []
  if (head === undefined || braced === undefined) return undefined
  const value = readPieces(text, at + head.length, true)
  if (value === undefined || text[value.end] !== '}') return undefined
  if (operator === '' && value.pieces.length > 0) return undefined
  return { piece: { name: braced, operator, value: value.pieces }, end: value.end + 1 }
}
