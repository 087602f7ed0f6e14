import type { Finding } from '../checking/finding.ts'
import type { Situation } from '../planning/status.ts'
import type { Conclusion } from '../release/conclusion.ts'
import { refused } from '../release/conclusion.ts'
import type { PlannedItem } from '../release/planned.ts'

/** What a command found or did, as far as it knows it by itself. */
export interface Told {
  readonly conclusion: Conclusion
  readonly notes: readonly string[]
  /** The version of the plan, where there was one. */
  readonly version?: string
  /** What a dry run shows. */
  readonly plan?: readonly PlannedItem[]
  readonly status?: Situation
  /** The same for a person. */
  readonly shown?: readonly string[]
  /** Of `check`. */
  readonly findings?: readonly Finding[]
  /** A preparation was not undone. */
  readonly left?: true
  /** Something was left to the step after the job, or to the guard. */
  readonly unfinished?: true
}

/** What an attempt that failed comes to. It leaves the command by `ending`. */
class Failed extends Error {
  override readonly name = 'Failed'
  readonly told: Told

  constructor(told: Told, cause: unknown) {
    super(told.conclusion.sentences.join(' '), { cause })
    this.told = told
  }
}

/** A command that could not begin, for what a step of this title met. */
export function refusedAt(title: string): (cause: unknown) => Told {
  return (cause) => ({ conclusion: refused(title, [cause]), notes: [] })
}

/** Work without which a command cannot go on: what it throws ends the command, with what `told` makes of it. */
export async function attempt<T>(work: Promise<T>, told: (cause: unknown) => Told | Promise<Told>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new Failed(await told(cause), cause)
  }
}

/** What a command tells: what it says itself, or what the attempt that failed came to. */
export async function ending<T extends Told>(command: Promise<T>): Promise<T | Told> {
  try {
    return await command
  } catch (cause) {
    if (cause instanceof Failed) return cause.told
    throw cause
  }
}
