import type { Copy, Edit, FileChange, Replacement } from '../finding.ts'

/** Every line that changes of files touch, as one sentence a file; none if nothing changes. */
export function changeSentences(changes: readonly FileChange[]): readonly string[] {
  const byPath = Map.groupBy(changes, ({ file }) => file.path)
  return [...byPath].flatMap(([path, same]) => {
    const lines = same[0]?.file.text.split('\n') ?? []
    const told = same.flatMap(({ edits }) => edits.toSorted((one, other) => placeOf(one) - placeOf(other)))
    const parts = [...new Set(told.map((edit) => sentence(edit, lines)))]
    return parts.length === 0 ? [] : [`In ${path}: ${parts.join('; ')}.`]
  })
}

function sentence(edit: Edit, lines: readonly string[]): string {
  switch (edit.kind) {
    case 'replace':
      return `line ${edit.line}: ${replaced(edit)}`
    case 'insert':
      return `after line ${edit.after}: ${quoted(edit.text)}`
    case 'remove':
      return `line ${edit.line}: ${quoted(lines[edit.line - 1] ?? '')} is taken out`
    case 'copy':
      return copied(edit, lines)
  }
}

function copied({ from, to, replacements, without, second }: Copy, lines: readonly string[]): string {
  const changed = replacements.map(replaced)
  const dropped = without.map((line) => `without ${quoted(lines[line - 1] ?? '')}`)
  const added = second === '' ? [] : [`with ${quoted(second)}`]
  return `lines ${from} to ${to} once more (${[...changed, ...added, ...dropped].join(', ')})`
}

function replaced({ old, text }: Replacement): string {
  return old === '' ? `${quoted(text)} is added` : `${quoted(old)} becomes ${quoted(text)}`
}

function quoted(text: string): string {
  return `\`${text
    .trim()
    .replace(/\s*\n\s*/g, ' / ')
    .replaceAll('`', "'")}\``
}

function placeOf(edit: Edit): number {
  return 'line' in edit ? edit.line : edit.kind === 'insert' ? edit.after : edit.to
}
