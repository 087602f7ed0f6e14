import { stripVTControlCharacters } from 'node:util'
import { warning as annotate, endGroup, info, startGroup } from '@actions/core'
import type { Color } from '../../release/model.ts'
import type { Mark, Progress, Renamed } from '../../release/progress.ts'
import { Failure, sentenceOf } from '../../release/reasons.ts'
import type { Side } from '../../release/serving.ts'
import type { Redact } from '../redaction.ts'

/** Nothing is silent for longer than this, in milliseconds. */
const SILENCE = 10_000
/** A step that is over within so many milliseconds is one line; a longer one shows that it has begun. */
const BRIEF = 500

/** GitHub shows ten annotations of a step, and nobody reads more than a few. */
const ANNOTATIONS = 6

/** One step as the report shows it. */
export interface Step {
  readonly title: string
  readonly result: 'ok' | 'failed'
  /** Milliseconds. */
  readonly 'duration-ms': number
  /** Milliseconds from the beginning of the run. */
  readonly 'began-ms': number
  /** Where it moved traffic. */
  readonly mark?: Mark
  /** What was seen, or why it failed. */
  readonly note?: string
}

/** The job log, and what the report keeps of it. */
export interface Log extends Progress {
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
  /** Told once it is decided what will be done, before the first change. */
  planned(intent: Intent): void
  /** Told where what another run had begun was ended here. */
  settled(settled: Settled): void
}

/** What a release is about to do. */
export interface Intent {
  readonly version: string
  readonly color: Color
  /** What serves meanwhile. */
  readonly live: Side
  /** Of the release that is put back, from the ledger. */
  readonly commit?: string
}

/** How a run ended that another one found half done. */
export interface Settled {
  /** Address of the run, and what it released; each may be empty. */
  readonly run: string
  readonly version: string
  /** `kept`: traffic stayed on the new color, because the previous one did not answer. `nothing`: it had changed nothing. */
  readonly how: 'confirmed' | 'restored' | 'flipped-back' | 'undone' | 'kept' | 'nothing'
  /** What served when that was asked afterwards; empty when it could not be told. */
  readonly live: Side
  readonly sentence: string
}

/** Follows a run from outside, and never delays it. */
export interface Onlooker {
  /** It waits for another run. */
  waiting(sentence: string): void
  stepBegan(title: string): void
  planned(intent: Intent): void
  settled(settled: Settled): void
}

export interface LogOptions {
  /** Takes secrets out of what is printed: beside the runner's own masks, which know no parts of them. */
  readonly redact?: Redact
  readonly onlooker?: Onlooker
}

/** Writes to the job log through `@actions/core`. */
export function jobLog({ redact = (text) => text, onlooker }: LogOptions = {}): Log {
  const start = performance.now()
  const steps: Step[] = []
  const warnings: string[] = []
  /** What was printed in the step that goes on: evidence is not told twice. */
  const told = new Set<string>()
  /** Opens the group of the step in progress, once. */
  let open = (): void => undefined

  const shown = (text: string): string => printable(redact(text))
  const grouped = (title: string) => {
    let opened = false
    open = () => {
      if (!opened) startGroup(shown(title))
      opened = true
    }
    const late = setTimeout(() => open(), BRIEF)
    return () => {
      clearTimeout(late)
      open = () => undefined
      if (opened) endGroup()
    }
  }
  let shownLines = shortOutput()
  const print = (line: string): void => {
    open()
    for (const part of redact(line).split(/[\r\n]/)) info(`  | ${printable(part)}`)
  }
  const output = (line: string): Promise<void> | undefined => {
    if (!shownLines.take(line)) return drained()
    told.add(line)
    print(line)
    return drained()
  }
  /** The end of what a step printed, if that was too much to show as it came. */
  const lastLines = (): void => {
    const { leftOut, lines } = shownLines.rest()
    shownLines = shortOutput()
    if (leftOut > 0) info(`  | … ${leftOut.toLocaleString('en-US')} lines were left out …`)
    for (const line of lines) {
      told.add(line)
      print(line)
    }
  }
  return {
    steps,
    warnings,
    async step(title, work, mark) {
      const began = performance.now()
      onlooker?.stepBegan(title)
      const elapsed = (): number => Math.round(performance.now() - began)
      told.clear()
      const close = grouped(title)
      const pulse = setInterval(() => info(`… still at it after ${seconds(elapsed())}`), SILENCE)
      const end = (result: Step['result'], note?: string, name = title): void => {
        lastLines()
        steps.push({
          ...{ title: name, result, 'duration-ms': elapsed(), 'began-ms': Math.round(began - start) },
          ...(mark && { mark }),
          ...(note !== undefined && { note }),
        })
        close()
        const sign = result === 'ok' ? '✓' : '✗'
        info(shown(`${sign} ${name} (${seconds(elapsed())})${note === undefined ? '' : `: ${note}`}`))
      }
      try {
        const result = await work()
        if (isRenamed(result)) end('ok', result.note, result.title(title))
        else end('ok', typeof result === 'string' ? result : undefined)
        return result
      } catch (cause) {
        lastLines()
        if (cause instanceof Failure) for (const line of cause.evidence) if (!told.has(line)) output(line)
        end('failed', sentenceOf(cause))
        throw cause
      } finally {
        clearInterval(pulse)
      }
    },
    output,
    planned: (intent) => onlooker?.planned(intent),
    settled: (settled) => onlooker?.settled(settled),
    note: (sentence, mark) => {
      info(shown(sentence))
      if (mark === 'waiting') onlooker?.waiting(sentence)
    },
    warning: (sentence) => {
      warnings.push(sentence)
      if (warnings.length <= ANNOTATIONS) annotate(shown(sentence))
      else info(`Warning: ${shown(sentence)}`)
    },
  }
}

/**
 * A line that cannot be taken for a workflow command. The runner obeys `::command::` at the beginning of a line and
 * `##[command]` anywhere in one (actions/runner, ActionCommand.cs), and ends a line at a carriage return too.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replace(/[^\P{Cc}\t]/gu, ''))
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1:\u200b').replaceAll('##[', '#\u200b#['))
    .join('\n')
}

/** What is shown of what a step prints: so many lines and characters as they come, and so many lines at its end. */
const SHOWN = { lines: 2000, characters: 256 * 1024, last: 100 } as const

/** Says of each line whether it is shown as it comes; the last ones of the others are kept for the end. */
function shortOutput() {
  const last: string[] = []
  let [lines, characters, leftOut] = [0, 0, 0]
  return {
    take(line: string): boolean {
      if (lines < SHOWN.lines && characters < SHOWN.characters) {
        lines += 1
        characters += line.length
        return true
      }
      last.push(line)
      if (last.length > SHOWN.last) {
        last.shift()
        leftOut += 1
      }
      return false
    },
    rest: () => ({ leftOut, lines: last }),
  }
}

/** Milliseconds for which a host is slowed down by a log that nobody reads. */
const SLOWED = 500

/** Resolves once the log was read so far, or a moment has passed: a release does not stand still for its log. */
function drained(): Promise<void> | undefined {
  if (!process.stdout.writableNeedDrain) return undefined
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(late)
      process.stdout.off('drain', done)
      resolve()
    }
    const late = setTimeout(done, SLOWED)
    process.stdout.once('drain', done)
  })
}

export function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

function isRenamed(result: unknown): result is Renamed {
  return (
    typeof result === 'object' &&
    result !== null &&
    'title' in result &&
    'note' in result &&
    typeof result.title === 'function'
  )
}
