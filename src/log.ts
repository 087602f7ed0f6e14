import { stripVTControlCharacters } from 'node:util'
import { warning as annotate, endGroup, info, startGroup } from '@actions/core'
import type { Progress } from './release/progress.ts'
import { Failure, sentenceOf } from './release/reasons.ts'

/** Nothing is silent for longer than this, in milliseconds. */
const SILENCE = 10_000

/** One step as the report shows it. */
export interface Step {
  readonly title: string
  readonly result: 'ok' | 'failed'
  /** Milliseconds. */
  readonly 'duration-ms': number
  /** What was seen, or why it failed. */
  readonly note?: string
}

/** The job log, and what the report keeps of it. */
export interface Log extends Progress {
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
}

function output(line: string): void {
  for (const part of line.split(/[\r\n]/)) info(`  | ${printable(part)}`)
}

/** Writes to the job log through `@actions/core`. */
export function jobLog(): Log {
  const steps: Step[] = []
  const warnings: string[] = []
  return {
    steps,
    warnings,
    async step(title, work) {
      const began = performance.now()
      const elapsed = (): number => Math.round(performance.now() - began)
      startGroup(title)
      const pulse = setInterval(() => info(`… still at it after ${seconds(elapsed())}`), SILENCE)
      try {
        const result = await work()
        const note = typeof result === 'string' ? result : undefined
        steps.push({ title, result: 'ok', 'duration-ms': elapsed(), ...(note === undefined ? {} : { note }) })
        endGroup()
        info(printable(`✓ ${title} (${seconds(elapsed())})${note === undefined ? '' : `: ${note}`}`))
        return result
      } catch (cause) {
        const note = sentenceOf(cause)
        if (cause instanceof Failure) for (const line of cause.evidence) output(line)
        steps.push({ title, result: 'failed', 'duration-ms': elapsed(), note })
        endGroup()
        info(printable(`✗ ${title} (${seconds(elapsed())}): ${note}`))
        throw cause
      } finally {
        clearInterval(pulse)
      }
    },
    output,
    note: (sentence) => info(printable(sentence)),
    warning: (sentence) => {
      warnings.push(sentence)
      annotate(printable(sentence))
    },
  }
}

/**
 * A line that cannot be taken for a workflow command. The runner obeys `::command::` at the beginning of a line and
 * `##[command]` anywhere in one (actions/runner, ActionCommand.cs), and ends a line at a carriage return too.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[^\P{Cc}\t]/gu, ''))
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1:\u200b').replaceAll('##[', '#\u200b#['))
    .join('\n')
}

export function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
