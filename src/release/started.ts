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

/** A script that knows which container was started: a later one of the same service is somebody else's. */
export function knowing(started: string | undefined, script: Shell): Shell {
  return started === undefined ? script : lines(sh`container_started=${started}`, script)
}
