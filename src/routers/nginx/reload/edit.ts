import { sha256 } from '../../../base/hash.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'

/** One line of the file, before and after. Each is told from equal lines by which of them it is, counted from 1. */
export interface LineEdit {
  readonly from: string
  readonly to: string
  readonly fromOccurrence: number
  readonly toOccurrence: number
}

/** Edits, and the SHA-256 of the file that they were made for and of what becomes of it. */
export interface Rewrite {
  readonly edits: readonly LineEdit[]
  readonly before: string
  readonly after: string
}

/**
 * How one text becomes another. A flip changes no line's number.
 * @throws Error where the two texts have not equally many lines.
 */
export function rewriteOf(before: string, after: string): Rewrite {
  const [from, to] = [before.split('\n'), after.split('\n')]
  if (from.length !== to.length) throw new Error('A flip must not change the number of lines.')
  const occurrence = (all: readonly string[], i: number): number =>
    all.slice(0, i + 1).filter((line) => line === all[i]).length
  const edits = from.flatMap((line, i) => {
    const next = to[i] ?? ''
    if (line === next) return []
    return [{ from: line, to: next, fromOccurrence: occurrence(from, i), toOccurrence: occurrence(to, i) }]
  })
  return { edits, before: sha256(before), after: sha256(after) }
}

/** The rewrite that takes this one back. */
export function backwards({ edits, before, after }: Rewrite): Rewrite {
  const back = edits.map(({ from, to, fromOccurrence, toOccurrence }) => ({
    from: to,
    to: from,
    fromOccurrence: toOccurrence,
    toOccurrence: fromOccurrence,
  }))
  return { edits: back, before: after, after: before }
}

/**
 * Defines `edited`, which prints `$file` after the edits, and fails where a line is neither as it was nor as it is to be:
 * lines that somebody else changed meanwhile stay as they are, a missing last line end stays missing.
 */
export function defineEdited({ edits }: Rewrite): Shell {
  const environment = edits.map(
    ({ from, to, fromOccurrence, toOccurrence }, i) =>
      sh`export ${`FROM_${i + 1}=${from}`} ${`TO_${i + 1}=${to}`} ${`AT_${i + 1}=${fromOccurrence}`} ${`IS_${i + 1}=${toOccurrence}`}`,
  )
  return lines(
    ...environment,
    sh`edited() { awk -v count=${edits.length} ${EDIT} < "$file" && { [ -n "$(tail -c 1 "$file")" ] || echo; }; }`,
  )
}

const EDIT = `
NR > 1 { printf "\\n" }
{ line = $0; seen[line]++
  for (i = 1; i <= count; i++) {
    if (line == ENVIRON["FROM_" i] && seen[line] == ENVIRON["AT_" i]) { line = ENVIRON["TO_" i]; done[i] = 1; break }
    if (line == ENVIRON["TO_" i] && seen[line] == ENVIRON["IS_" i]) done[i] = 1
  }
  printf "%s", line }
END { for (i = 1; i <= count; i++) if (!done[i]) exit 3 }`

/**
 * Defines `put`, which writes `$text` into `$file` in place: that keeps inode, mode and owner, and needs no room on a
 * full disk. It does not truncate first. `write` is `dd`, or that with other rights; `push`
 * brings what was written to where Nginx reads it.
 */
export const definePut = lines(
  sh`sum() { sha256sum | cut -c1-64; }`,
  sh`put() {`,
  sh`  printf '%s' "$text" | write of="$file" bs=65536 conv=notrunc 2>/dev/null || { echo "cannot write $file" >&2; return 1; }`,
  sh`  size=$(printf '%s' "$text" | wc -c | tr -d ' ')`,
  sh`  [ "$size" = "$(wc -c < "$file" | tr -d ' ')" ] || write of="$file" bs=1 seek="$size" count=0 2>/dev/null </dev/null || return 1`,
  sh`  push || { echo "cannot write $file" >&2; return 1; }`,
  sh`  [ "$(sum < "$file")" = "$(printf '%s' "$text" | sum)" ] || { echo "$file does not hold what was written to it" >&2; return 1; }`,
  sh`  sync "$file" 2>/dev/null || sync`,
  sh`}`,
)

/** Defines `torn`: whether `$file` begins as one of two files and goes on as the other, as a write that was cut off leaves it. */
export const defineTorn = lines(
  sh`mixed() {`,
  sh`  at=$(cmp -l "$1" "$file" 2>/dev/null | { read -r byte rest; echo "$byte"; })`,
  sh`  [ -n "$at" ] || at=$(($({ wc -c < "$1"; wc -c < "$file"; } | sort -n | head -n 1) + 1))`,
  sh`  [ "$(tail -c "+$at" "$file" | sum)" = "$(tail -c "+$at" "$2" | sum)" ]`,
  sh`}`,
  sh`torn() { mixed "$1" "$2" || mixed "$2" "$1"; }`,
)
