import { Script } from 'node:vm'
import type { Match } from '../release/model.ts'

/** Milliseconds for one match. A pattern that needs longer backtracks without end. */
const MOST = 250

/** Whether a text contains a match: `endless` where the pattern did not come to an end in time. */
export function matching(match: Match, text: string): 'yes' | 'no' | 'endless' {
  if (match.kind === 'text') return text.includes(match.text) ? 'yes' : 'no'
  // Nothing else ends a regular expression: while it runs, nothing of this process does.
  const pattern = `new RegExp(${JSON.stringify(match.source)}, ${JSON.stringify(match.flags)})`
  const script = new Script(`${pattern}.test(${JSON.stringify(text)})`)
  try {
    return script.runInThisContext({ timeout: MOST }) ? 'yes' : 'no'
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'endless'
    throw cause
  }
}

/** The match as the user wrote it. */
export function matchText(match: Match): string {
  return match.kind === 'text' ? `'${match.text}'` : `/${match.source}/${match.flags}`
}
