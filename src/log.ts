import { stripVTControlCharacters } from 'node:util'
import { warning as annotate, endGroup, info, startGroup } from '@actions/core'
import type { Progress } from './release/progress.ts'
import { Failure, sentenceOf } from './release/reasons.ts'

/** Nothing is silent for longer than this, in milliseconds. */
const SILENCE = 10_000
/** A step that is over within so many milliseconds is one line; a longer one shows that it has begun. */
const BRIEF = 500

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

/** Writes to the job log through `@actions/core`. */
export function jobLog(): Log {
  const steps: Step[] = []
  const warnings: string[] = []
  /** What was printed in the step that goes on: evidence is not told twice. */
  const told = new Set<string>()
  /** Opens the group of the step in progress, once. */
  let open = (): void => undefined

  const grouped = (title: string) => {
    let opened = false
    open = () => {
      if (!opened) startGroup(printable(title))
      opened = true
    }
    const late = setTimeout(() => open(), BRIEF)
    return () => {
      clearTimeout(late)
      open = () => undefined
      if (opened) endGroup()
    }
  }
  const output = (line: string): void => {
    told.add(line)
    open()
    for (const part of line.split(/[\r\n]/)) info(`  | ${printable(part)}`)
  }
  return {
    steps,
    warnings,
    async step(title, work) {
      const began = performance.now()
      const elapsed = (): number => Math.round(performance.now() - began)
      told.clear()
      const close = grouped(title)
      const pulse = setInterval(() => info(`… still at it after ${seconds(elapsed())}`), SILENCE)
      const end = (result: Step['result'], note?: string): void => {
        steps.push({ title, result, 'duration-ms': elapsed(), ...(note === undefined ? {} : { note }) })
        close()
        const mark = result === 'ok' ? '✓' : '✗'
        info(printable(`${mark} ${title} (${seconds(elapsed())})${note === undefined ? '' : `: ${note}`}`))
      }
      try {
        const result = await work()
        end('ok', typeof result === 'string' ? result : undefined)
        return result
      } catch (cause) {
        if (cause instanceof Failure) for (const line of cause.evidence) if (!told.has(line)) output(line)
        end('failed', sentenceOf(cause))
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
