import { parseContainer } from './compose-container-json.ts'
import type { Container } from './compose-containers.ts'

/** What a vigil saw. */
export interface Sighting {
  /** Absent: the container is gone, or Docker does not answer. */
  readonly container?: Container
  /** Of the container's main process when it ended, where that was seen. */
  readonly exitCode?: number
  readonly log: readonly string[]
}

/** Reads what `watchService` printed when it ended with 9. */
export function parseSighting(stdout: string): Sighting {
  const [first = '', ...log] = stdout.split('\n')
  const trimmed = log.at(-1) === '' ? log.slice(0, -1) : log
  const [, code, json = ''] = /^(?:(\d+) )?(\{.*)?$/.exec(first) ?? []
  const exit = code === undefined ? {} : { exitCode: Number(code) }
  return json === '' ? { ...exit, log: trimmed } : { ...exit, container: parseContainer(json), log: trimmed }
}

/** A sighting in words, without the log. */
export function sightingSentence({ container, exitCode }: Sighting): string {
  if (container === undefined) return 'The container is gone, or Docker does not answer.'
  const { name, state } = container
  if (state.outOfMemory) return `The container ${name} ran out of memory; raise its memory limit.`
  if (state.status === 'exited' || state.status === 'dead')
    return `The container ${name} ended with exit code ${state.exitCode}.`
  if (state.restarts > 0 || state.status === 'restarting') {
    const known = exitCode ?? (state.status === 'restarting' ? state.exitCode : undefined)
    const ended = known === undefined ? 'ended' : `ended with exit code ${known}`
    const times = state.restarts === 1 ? 'once' : `${state.restarts} times`
    return `The container ${name} ${ended} and was restarted by Docker, ${times} so far.`
  }
  if (state.status === 'running') return `The container ${name} was restarted from outside at ${state.startedAt}.`
  return `The container ${name} is ${state.status}, and should be running.`
}

/** What a vigil of `watchService` saw. */
export function readSighting(printed: string): { readonly sentence: string; readonly evidence: readonly string[] } {
  const sighting = parseSighting(printed)
  return { sentence: sightingSentence(sighting), evidence: sighting.log }
}
