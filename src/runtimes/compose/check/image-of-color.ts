import type { Color } from '../../../release/model.ts'
import { variableName } from '../observe/image.ts'
import { interpolations, type Piece, written } from '../observe/interpolation.ts'

/** How a reference gets a version of a color's own; or why its text shows no tag that a version could take the place of. */
export type ColorImage =
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'impossible'; readonly why: string }

/** The tag of a reference, and what stands before it. */
interface Tagged {
  readonly repository: readonly Piece[]
  readonly tag: readonly Piece[]
}

/**
 * The image with a variable of the color's own for its tag, and what is written now for what holds while that is not
 * set: with none of the variables set it means the same image as before.
 * @param variable `version-variable`
 */
export function imageOfColor(image: string, variable: string, color: Color): ColorImage {
  const pieces = interpolations(image)
  const [own, other] = [variableName(variable, color), variableName(variable, color === 'blue' ? 'green' : 'blue')]
  if (pieces === undefined) return impossible(`\`${image}\` is not an image reference that compose can read`)
  if (image.includes('@')) return impossible(`\`${image}\` is pinned by a digest, and a version is a tag`)
  if (choosesWhole(pieces, variable)) {
    return impossible(`\`${image}\` takes the whole reference from ${variable}, and a version is no more than its tag`)
  }
  if (mentions(pieces, own)) return { kind: 'image', image }
  if (mentions(pieces, other)) return { kind: 'image', image: written(renamed(pieces, other, own)) }
  if (mentions(pieces, variable)) return { kind: 'image', image: written(within(pieces, variable, own)) }
  const made = withTag(pieces, variable, own)
  if (made !== undefined) return { kind: 'image', image: written(made) }
  return impossible(
    pieces.length === 1
      ? `\`${image}\` takes the whole reference from a variable, and a version is no more than its tag`
      : `\`${image}\` ends in a variable, which may hold a tag or none`,
  )
}

/** The same, undefined if there is none. */
export function ownImage(image: string, variable: string, color: Color): string | undefined {
  const own = imageOfColor(image, variable, color)
  return own.kind === 'image' ? own.image : undefined
}

/** The only variable in the tag of an image: what `version-variable` should be. */
export function tagVariable(image: string): string | undefined {
  const pieces = interpolations(image)
  const found = pieces && splitTag(pieces)?.tag
  const [only, ...others] = found ?? []
  if (only === undefined || typeof only === 'string' || others.length > 0) return undefined
  if (only.value.some((piece) => typeof piece !== 'string') || only.operator.includes('+')) return undefined
  return only.name.replace(/_(BLUE|GREEN)$/, '')
}

function impossible(why: string): ColorImage {
  return { kind: 'impossible', why }
}

/** The version would be the name of the image. */
function choosesWhole(pieces: readonly Piece[], variable: string): boolean {
  const [only, ...others] = pieces
  if (only === undefined || typeof only === 'string' || others.length > 0) return false
  return [variable, `${variable}_BLUE`, `${variable}_GREEN`].includes(only.name)
}

function mentions(pieces: readonly Piece[], name: string): boolean {
  return pieces.some((piece) => typeof piece !== 'string' && (piece.name === name || mentions(piece.value, name)))
}

function renamed(pieces: readonly Piece[], from: string, to: string): readonly Piece[] {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    return { ...piece, name: piece.name === from ? to : piece.name, value: renamed(piece.value, from, to) }
  })
}

/** Each place of the shared variable is one of the color's own first; what stands around it stays. */
function within(pieces: readonly Piece[], variable: string, own: string): readonly Piece[] {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    if (piece.name === variable) return { name: own, operator: ':-', value: [piece] }
    return { ...piece, value: within(piece.value, variable, own) }
  })
}

function withTag(pieces: readonly Piece[], variable: string, own: string): readonly Piece[] | undefined {
  const found = splitTag(pieces)
  if (found !== undefined) {
    const shared = found.tag.every((piece) => typeof piece === 'string')
      ? [{ name: variable, operator: ':-', value: found.tag }]
      : found.tag
    return [...found.repository, ':', { name: own, operator: ':-', value: shared }]
  }
  const last = pieces.at(-1)
  if (last === undefined) return undefined
  const latest = { name: variable, operator: ':-', value: ['latest'] }
  if (typeof last === 'string') {
    return last.endsWith('/') ? undefined : [...pieces, ':', { name: own, operator: ':-', value: [latest] }]
  }
  // A variable that is not set leaves its default, which is a reference of its own.
  const value = last.operator.endsWith('-') ? withTag(last.value, variable, own) : undefined
  return value && [...pieces.slice(0, -1), { ...last, value }]
}

/** The tag follows the last colon, if no slash comes after that: a registry's port is none. */
function splitTag(pieces: readonly Piece[]): Tagged | undefined {
  for (const [i, piece] of [...pieces.entries()].toReversed()) {
    if (typeof piece !== 'string') continue
    const at = Math.max(piece.lastIndexOf(':'), piece.lastIndexOf('/'))
    if (at < 0) continue
    if (piece[at] === '/') return undefined
    const [before, after] = [piece.slice(0, at), piece.slice(at + 1)]
    const tag = [...(after === '' ? [] : [after]), ...pieces.slice(i + 1)]
    const repository = [...pieces.slice(0, i), ...(before === '' ? [] : [before])]
    return tag.length === 0 || repository.length === 0 ? undefined : { repository, tag }
  }
  return undefined
}
