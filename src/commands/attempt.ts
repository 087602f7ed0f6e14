import { refused } from '../release/conclusion.ts'
import type { Told } from './connected.ts'

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
