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
    sh`if counted=$(accepted ${id} 2>/dev/null); then echo "It accepted \${counted% *} connections so far."; fi`,
  )
}

/** The same, read. */
export function readAccepted(printed: readonly string[]): number | undefined {
  const said = printed.map((line) => /^It accepted (\d+) connections so far\.$/.exec(line)?.[1])
  const count = said.find((each) => each !== undefined)
  return count === undefined ? undefined : Number(count)
}

/** A line that says one of the two: no person needs to read it. */
export function isForHands(line: string): boolean {
  return readStarted([line]) !== undefined || readAccepted([line]) !== undefined
}

/** A script that knows which container was started: a later one of the same service is somebody else's. */
export function knowing(started: string | undefined, script: Shell): Shell {
  return started === undefined ? script : lines(sh`container_started=${started}`, script)
}
