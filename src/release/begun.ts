import type { Change } from './model.ts'

/** What a run has begun to change on its hosts. Whatever ends it says what is true of that. */
export type Begun =
  | { readonly kind: 'nothing' }
  /** `preparations`: nothing of it moves traffic. Newest last. */
  | { readonly kind: 'preparations' | 'traffic'; readonly changes: readonly Change[] }

/** Keeps what a run has begun, from before the moment at which it could be true. */
export interface Beginnings {
  begins(change: Change): void
  /** All of it was finished or undone, and proven. */
  settled(): void
  soFar(): Begun
}

export function beginnings(): Beginnings {
  let changes: readonly Change[] = []
  return {
    begins(change) {
      changes = [...changes, change]
    },
    settled() {
      changes = []
    },
    soFar() {
      if (changes.length === 0) return { kind: 'nothing' }
      const traffic = changes.some(({ phase }) => phase === 'traffic')
      return { kind: traffic ? 'traffic' : 'preparations', changes }
    },
  }
}
