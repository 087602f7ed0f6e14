import { sha256 } from '../../base/hash.ts'
import { lines, type Shell, sh } from '../../host/quote.ts'
import { type Change, NOOP } from '../../release/model.ts'

/** One line of a journal: a change that was begun, or is to be carried on after the confirmation. */
export interface JournalEntry {
  readonly index: number
  /** The session on the host in which it was begun, and when that was started, as proc(5) counts it. */
  readonly session: { readonly leader: number; readonly started: string }
  readonly change: Change
}

/** What an earlier run left half done. */
export interface Journal {
  readonly number: number
  readonly decision: Decision
  /** Traffic was put back by somebody else, and not by a run or its guard. */
  readonly byOthers?: true
  /** The change of traffic was seen to end well: only then can somebody else have put it back. */
  readonly moved?: true
  readonly entries: readonly JournalEntry[]
}

/** What became of a release; `undecided` may mean that it never came to its flip. */
export type Decision = 'undecided' | 'restoring' | 'restored' | 'kept' | 'confirmed'

/** SHA-256 of a script: what a plan and a journal name in place of what it does. */
export function scriptHash(shell: Shell): string {
  return sha256(shell.text)
}

/**
 * A change as the journal has it: its undo, and of its `do` the hash alone, as that may hold what must not stay on the
 * host. What follows the confirmation is never undone but carried on, and is there whole.
 */
export function journalLine(index: number, change: Change): string {
  const { do: forward, effect: _shown, ...rest } = change
  const kept = change.phase === 'retire' ? { do: forward } : {}
  return JSON.stringify({ index, hash: scriptHash(forward.shell), change: { ...rest, ...kept } })
}

/** Prints what `readJournal` reads, in a shell that has `stateShell`. */
export function journalQuestion(): Shell {
  return lines(
    sh`cat "$journal/decision"`,
    sh`cat "$journal/changes"`,
    sh`[ ! -e "$journal/moved" ] || printf '\\nmoved\\n'`,
  )
}

/** A line that is none was torn by a crash: what it names never began. */
export function readJournal(number: number, printed: string): Journal {
  const [first = '', ...rest] = printed.split('\n')
  const [word = '', ...more] = first.trim().split(' ')
  const byOthers = more.includes('others') ? { byOthers: true as const } : {}
  const moved = rest.includes('moved') ? { moved: true as const } : {}
  return { number, decision: decisionOf(word), ...byOthers, ...moved, entries: rest.flatMap(entryOf) }
}

/** As a file says it. */
export function decisionOf(word: string): Decision {
  return word === 'restoring' || word === 'restored' || word === 'kept' || word === 'confirmed' ? word : 'undecided'
}

function entryOf(line: string): readonly JournalEntry[] {
  const [, leader = '', started = '', json = ''] = /^(\d+) (\d*) (\{.*\})$/.exec(line) ?? []
  try {
    const found = asNow(JSON.parse(json))
    if (!isEntry(found)) return []
    const session = { leader: Number(leader), started }
    return [{ index: found.index, session, change: { ...found.change, do: found.change.do ?? NOOP } }]
  } catch {
    return []
  }
}

/** What version 0.1 called some fields of a change: its journal may be the one that is found. */
const FORMER: Readonly<Record<string, keyof Change>> = {
  again: 'retry',
  tolerated: 'bestEffort',
  remains: 'irreversible',
  byHand: 'manualUndo',
  restored: 'undoProof',
  ends: 'endpoints',
}

function asNow(found: unknown): unknown {
  if (typeof found !== 'object' || found === null || !('change' in found)) return found
  const fields = Object.entries(found.change ?? {}).map(([name, value]) => [FORMER[name] ?? name, value])
  return { ...found, change: Object.fromEntries(fields) }
}

/** Written by this action, and readable by its user alone: the rest of its shape is believed. */
function isEntry(found: unknown): found is { index: number; change: Change } {
  if (typeof found !== 'object' || found === null || !('index' in found) || !('change' in found)) return false
  const { index, change } = found
  return typeof index === 'number' && typeof change === 'object' && change !== null && 'title' in change
}
