import { statSync, truncateSync } from 'node:fs'
import { saveState, setOutput } from '@actions/core'
import { sentenceOf } from '../../release/reasons.ts'

/**
 * Writes into one of the runner's files. A half of it would be taken for a mistake by the runner, and fail the step: what
 * could not be written whole is taken away again.
 * @returns why it could not be written; undefined if it was
 */
function written(variable: 'GITHUB_OUTPUT' | 'GITHUB_STATE', write: () => void): string | undefined {
  const path = process.env[variable] ?? ''
  const before = sizeOf(path)
  try {
    write()
    return undefined
  } catch (cause) {
    try {
      if (before !== undefined) truncateSync(path, before)
    } catch {
      // Nothing more can be done.
    }
    return sentenceOf(cause)
  }
}

/** Sets outputs; those that were set before are set again. Gives the names of those that could not be, with one reason. */
export function handOver(outputs: Readonly<Record<string, string | number>>): {
  readonly missing: readonly string[]
  readonly why?: string
} {
  const faults = Object.entries(outputs).flatMap(([name, value]) => {
    const why = written('GITHUB_OUTPUT', () => setOutput(name, value))
    return why === undefined ? [] : [{ name, why }]
  })
  const [first] = faults
  return { missing: faults.map(({ name }) => name), ...(first && { why: first.why }) }
}

/** Keeps something for `post`. @returns why it could not be kept; undefined if it was */
export function keepForPost(name: string, value: string): string | undefined {
  return written('GITHUB_STATE', () => saveState(name, value))
}

function sizeOf(path: string): number | undefined {
  try {
    return statSync(path).size
  } catch {
    return undefined
  }
}
