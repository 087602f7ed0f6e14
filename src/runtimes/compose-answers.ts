import { parseContainer } from './compose-container-json.ts'
import type { Container } from './compose-containers.ts'

/** What a vigil saw. */
export interface Sighting {
  /** Absent: the container is gone, or Docker does not answer. */
  readonly container?: Container
  readonly log: readonly string[]
}

/** Reads what `watchService` printed when it ended with 9. */
export function parseSighting(stdout: string): Sighting {
  const [first = '', ...log] = stdout.split('\n')
  const trimmed = log.at(-1) === '' ? log.slice(0, -1) : log
  return first === '' ? { log: trimmed } : { container: parseContainer(first), log: trimmed }
}

/** A sighting in words, without the log. */
export function sightingSentence({ container }: Sighting): string {
  if (container === undefined) return 'The container is gone, or Docker does not answer.'
  const { name, state } = container
  if (state.outOfMemory) return `The container ${name} ran out of memory; raise its memory limit.`
  if (state.status === 'exited' || state.status === 'dead')
    return `The container ${name} ended with exit code ${state.exitCode}.`
  if (state.restarts > 0 || state.status === 'restarting') {
    return `The container ${name} ended and was restarted by Docker, ${state.restarts} times so far${state.status === 'restarting' ? `; its last exit code was ${state.exitCode}` : ''}.`
  }
  if (state.status === 'running') return `The container ${name} was restarted from outside at ${state.startedAt}.`
  return `The container ${name} is ${state.status}, and should be running.`
}

/** What a vigil of `watchService` saw. */
export function readSighting(printed: string): { readonly sentence: string; readonly evidence: readonly string[] } {
  const sighting = parseSighting(printed)
  return { sentence: sightingSentence(sighting), evidence: sighting.log }
}
