import type { Block, Draft, FileChange, Finding } from '../finding.ts'
import { type Carrying, changeBlock } from './change-block.ts'
import { changeSentences } from './change-sentences.ts'

const KINDS = ['compose', 'nginx'] as const

/** Those that change files of one kind, and that one block does together: the first of them, and what is as urgent. */
export function changedTogether(drafts: readonly Draft[], kind: 'compose' | 'nginx'): readonly Draft[] {
  const changing = drafts.filter(({ changes = [] }) => changes.some(({ file }) => file.kind === kind))
  // What is needed does not bring along what may be wished otherwise.
  return changing.filter(({ severity }) => (severity !== 'problem') === (changing[0]?.severity !== 'problem'))
}

/**
 * Changes of a kind of files are one block: each would find the file changed by the other.
 * @param carrying how a kind of files is changed
 */
export function findingsOf(
  drafts: readonly Draft[],
  carrying: (kind: 'compose' | 'nginx') => Carrying,
): readonly Finding[] {
  const blocks = new Map<Draft, Block>()
  const waiting = new Set<Draft>()
  const together = new Set<Draft>()
  for (const kind of KINDS) {
    const changing = drafts.filter(({ changes = [] }) => changes.some(({ file }) => file.kind === kind))
    const now = changedTogether(drafts, kind)
    const [first] = now
    if (first === undefined) continue
    for (const each of changing) if (!now.includes(each)) waiting.add(each)
    for (const each of now.slice(1)) together.add(each)
    blocks.set(first, changeBlock(merged(now.flatMap(({ changes = [] }) => changes)), carrying(kind)))
  }
  return drafts.map((draft) => {
    const { changes = [], tells: _, otherwise: __, afterwards = [], fix, ...finding } = draft
    const lines = changeSentences(changes.filter(({ file }) => file.kind === 'compose'))
    const block = blocks.get(draft)
    const later = waiting.has(draft)
      ? ' The check prints the block for it once the file above is mended.'
      : together.has(draft)
        ? ' The block above that changes the same file does it.'
        : ''
    return {
      ...finding,
      fix: {
        text: [fix.text, ...lines].join(' ') + later,
        blocks: [...fix.blocks, ...(block ? [block] : []), ...(waiting.has(draft) ? [] : afterwards)],
      },
    }
  })
}

function merged(changes: readonly FileChange[]): readonly FileChange[] {
  const byPath = Map.groupBy(changes, ({ file }) => file.path)
  return [...byPath.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ file: first.file, edits: same.flatMap(({ edits }) => edits) }]
  })
}
