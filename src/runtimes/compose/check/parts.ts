import { isMap, isScalar, isSeq, type LineCounter, type YAMLMap } from 'yaml'

/** `networks` of a service, from the line of its key to its last one. */
export interface WrittenNetworks {
  readonly from: number
  readonly to: number
  /** Absent where more than names is written there. */
  readonly names?: readonly string[]
}

/** A list to which an item can be added. */
export type WrittenList =
  /** Whole lines: after this one, with this before the dash. */
  | { readonly kind: 'lines'; readonly after: number; readonly indent: string }
  /** In brackets: right after the opening one. */
  | { readonly kind: 'brackets'; readonly line: number; readonly column: number; readonly empty: boolean }

/** A key of the whole file, to which an entry can be added. */
export type WrittenTop =
  | { readonly kind: 'absent'; readonly lines: number }
  | { readonly kind: 'lines'; readonly after: number; readonly indent: string }
  | { readonly kind: 'other' }

/** Names that a service writes under a key; undefined where it does not write the key. */
export function readPart(body: YAMLMap, key: string, text: string, counter: LineCounter): WrittenNetworks | undefined {
  const pair = pairOf(body, key)
  if (pair === undefined || !isScalar(pair.key) || !pair.key.range) return undefined
  const from = counter.linePos(pair.key.range[0]).line
  const { value } = pair
  const end = isSeq(value) || isMap(value) ? value.range?.[1] : undefined
  const to = end === undefined ? from : text.slice(0, end).trimEnd().split('\n').length
  const names = namesIn(value)
  return { from, to, ...(names && { names }) }
}

/** Undefined where there is no such list, or none that can be added to. */
export function listOf(body: YAMLMap, key: string, text: string, counter: LineCounter): WrittenList | undefined {
  const value = pairOf(body, key)?.value
  if (!isSeq(value) || !value.range) return undefined
  if (value.flow) {
    const { line, col } = counter.linePos(value.range[0])
    return { kind: 'brackets', line, column: col, empty: value.items.length === 0 }
  }
  const { line } = counter.linePos(value.range[0])
  const indent = /^(\s*)-/.exec(text.split('\n')[line - 1] ?? '')?.[1]
  return indent === undefined ? undefined : { kind: 'lines', after: line - 1, indent }
}

/** Where an entry of a key of the whole file goes. */
export function readTop(contents: unknown, key: string, text: string, counter: LineCounter): WrittenTop {
  if (!isMap(contents) || contents.flow) return { kind: 'other' }
  const pair = pairOf(contents, key)
  if (pair === undefined) return { kind: 'absent', lines: text.trimEnd().split('\n').length }
  const { value } = pair
  const first = isMap(value) && !value.flow ? value.items[0]?.key : undefined
  if (!isScalar(first) || !first.range || !isScalar(pair.key) || !pair.key.range) return { kind: 'other' }
  const { col } = counter.linePos(first.range[0])
  return { kind: 'lines', after: counter.linePos(pair.key.range[0]).line, indent: ' '.repeat(col - 1) }
}

function pairOf(map: YAMLMap, key: string) {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key)
}

/** Undefined where something else than names is written. */
function namesIn(value: unknown): readonly string[] | undefined {
  if (isSeq(value)) {
    const names = value.items.map((item) => (isScalar(item) ? String(item.value) : undefined))
    return names.every((name) => name !== undefined) ? names : undefined
  }
  if (!isMap(value)) return undefined
  const names = value.items.map(({ key, value: each }) => {
    const nothing = each === null || (isScalar(each) && each.value === null) || (isMap(each) && each.items.length === 0)
    return isScalar(key) && nothing ? String(key.value) : undefined
  })
  return names.every((name) => name !== undefined) ? names : undefined
}
