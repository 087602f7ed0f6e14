/** Files that are run together, in an enclosure that nothing else uses meanwhile. */
export interface Job {
  /** Relative to the root. */
  readonly files: readonly string[]
  /** Milliseconds for one file. */
  readonly patience: number
}

export interface Result {
  readonly passed: number
  readonly failed: number
  /** Files in which something failed. */
  readonly again: readonly string[]
  /** Milliseconds. */
  readonly duration: number
}

/** Begins the line that tells a job's result. */
export const RESULT = '\u001e'
