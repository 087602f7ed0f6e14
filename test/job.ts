/** Files that are run together, in an enclosure that nothing else uses meanwhile. */
export interface Job {
  /** Relative to the root. */
  readonly files: readonly string[]
  /** Milliseconds for one file. */
  readonly patience: number
  /** Names of tests; none but these are run. Absent: all. */
  readonly only?: readonly string[]
}

export interface Result {
  readonly passed: number
  readonly failed: number
  /** Files in which something failed. */
  readonly again: readonly string[]
  /** Names of the tests that failed; none if more than tests did. */
  readonly names: readonly string[]
  /** Milliseconds. */
  readonly duration: number
}

/** Begins the line that tells a job's result. */
export const RESULT = '\u001e'
