import type { Refusal } from './scene.ts'

/** The messages of the refusals that a finding tells in its own way. */
export function tellingOf(refusals: readonly Refusal[], pattern: RegExp): readonly string[] {
  return refusals.flatMap(({ message }) => (pattern.test(message) ? [message] : []))
}
