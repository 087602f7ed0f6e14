import { defineAccepted } from '../host/accepted.ts'
import { lines, type Shell, sh } from '../host/quote.ts'

/** In the scripts that follow a start: the id of the container that it made, or nothing. See `knowing`. */
export const STARTED: Shell = sh`"\${container_started:-}"`

/** To be run at the end of a start: says which container it was. @param id a word of the shell */
export function saysStarted(id: Shell): Shell {
  return sh`echo "Container "${id}" was started."`
}

/** Which container a start made, by what it printed. */
export function readStarted(printed: readonly string[]): string | undefined {
  for (const line of printed) {
    const [, id] = /^Container ([0-9a-f]{64}) was started\.$/.exec(line) ?? []
    if (id !== undefined) return id
  }
  return undefined
}

/** Says how many connections a container accepted so far; nothing if that cannot be told. @param id a word of the shell */
export function saysAccepted(id: Shell): Shell {
  return lines(
    defineAccepted,
    sh`if counted=$(accepted ${id} 2>/dev/null); then ${saysCount(sh`"\${counted% *}"`)}; fi`,
  )
}

/** @param count a word of the shell */
export function saysCount(count: Shell): Shell {
  return sh`echo "It accepted "${count}" connections so far."`
}

/** What the color that requests leave had been called until they left it. */
export interface Opened {
  /** Process of its container: one that was started since counts from the beginning. */
  readonly process: number
  /** Connections that came from outside. */
  readonly count: number
  /** Hundredths of a second of the host's uptime. */
  readonly at: number
}

/** Says how many connections the color that requests leave had accepted by now. Each is a word of the shell. */
export function saysOpened({ process, count, at }: Readonly<Record<keyof Opened, Shell>>): Shell {
  return sh`echo "The color before it, process "${process}", had accepted "${count}" connections at "${at}"."`
}

const OPENED = /^The color before it, process (\d+), had accepted (\d+) connections at (\d+)\.$/

/** The same, read. */
export function readOpened(printed: readonly string[]): Opened | undefined {
  for (const line of printed) {
    const [, process, count, at] = OPENED.exec(line) ?? []
    if (process !== undefined) return { process: Number(process), count: Number(count), at: Number(at) }
  }
  return undefined
}

/** Who waits for a color knows, as `opened` and `opened_at`, how often it had been called when requests left it. */
export function knowingOpened(opened: Opened | undefined, script: Shell): Shell {
  if (opened === undefined) return script
  return lines(sh`opened=${`${opened.process} ${opened.count}`} opened_at=${opened.at}`, script)
}

/** The same, read. */
export function readAccepted(printed: readonly string[]): number | undefined {
  const said = printed.map((line) => /^It accepted (\d+) connections so far\.$/.exec(line)?.[1])
  const count = said.find((each) => each !== undefined)
  return count === undefined ? undefined : Number(count)
}

/** A line that says one of these: no person needs to read it. */
export function isForExecutor(line: string): boolean {
  return [readStarted([line]), readAccepted([line]), readOpened([line])].some((each) => each !== undefined)
}

/** A script that knows which container was started: a later one of the same service is somebody else's. */
export function knowing(started: string | undefined, script: Shell): Shell {
  return started === undefined ? script : lines(sh`container_started=${started}`, script)
}
