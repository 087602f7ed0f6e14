import type { Draft, FileChange } from '../finding.ts'
import { changedTogether } from './together.ts'

/** Whether changes of the compose files do what their findings promise. */
export type Verdict = { readonly kind: 'good' } | { readonly kind: 'bad'; readonly why: string }

/** The sets of findings whose changes of compose files are tried: all that one block does, and each by itself. */
export function setsToTry(drafts: readonly Draft[]): readonly (readonly Draft[])[] {
  const all = changedTogether(drafts, 'compose')
  return all.length < 2 ? all.map((draft) => [draft]) : [all, ...all.map((draft) => [draft])]
}

/** What findings change in compose files. */
export function composeChanges(drafts: readonly Draft[]): readonly FileChange[] {
  return drafts.flatMap(({ changes = [] }) => changes.filter(({ file }) => file.kind === 'compose'))
}

/**
 * What becomes of the findings: a change that does not hold is told in words, with what to write by hand. If changes
 * hold only one by one, the first of them is the block now, and the others wait for the next check.
 */
export function settled(
  drafts: readonly Draft[],
  sets: readonly (readonly Draft[])[],
  verdicts: readonly Verdict[],
): readonly Draft[] {
  if (verdicts[0]?.kind === 'good') return drafts
  const alone = new Map(sets.flatMap((set, i) => (set.length === 1 ? [[set[0], verdicts[i]] as const] : [])))
  const first = drafts.find((draft) => alone.get(draft)?.kind === 'good')
  return drafts.map((draft) => {
    const verdict = alone.get(draft)
    if (verdict === undefined || draft === first) return draft
    const { changes: _, otherwise = [], ...rest } = draft
    const { text, blocks } = draft.fix
    if (verdict.kind === 'good') {
      return {
        ...rest,
        fix: { text: `${text} The check prints the block for it once the file above is changed.`, blocks },
      }
    }
    return {
      ...rest,
      fix: {
        text: `${text} It has to be written by hand, because ${verdict.why}.`,
        blocks: [...blocks, ...otherwise],
      },
    }
  })
}
