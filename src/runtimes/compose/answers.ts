import type { Reason } from '../../release/reasons.ts'
import { parseContainer } from './observe/container-json.ts'
import type { Container } from './observe/containers.ts'

/** What became of a container that a release started. */
export interface Sighting {
  /** Absent: it is gone, or Docker does not answer. */
  readonly container?: Container
  /** Of the container's main process when it ended, where that was seen. */
  readonly exitCode?: number
  /** Another container of the same service; unknown: Docker does not answer. */
  readonly instead?: Container | 'unknown'
  readonly log: readonly string[]
}

/** The same for a person. */
export interface Told {
  readonly reason: Reason
  readonly sentence: string
  readonly evidence: readonly string[]
}

/** Reads what `watchOccupant` and `occupies` print when they end with 9; undefined if it is something else. */
export function parseSighting(printed: string): Sighting | undefined {
  const found = /^started: (?:(\d+) )?(\{.*)?\ninstead: (unknown|\{.*)?$/m.exec(printed)
  if (found === null) return undefined
  const [whole, code, json, other] = found
  const log = printed.slice(found.index + whole.length + 1).split('\n')
  return {
    ...(json !== undefined && { container: parseContainer(json) }),
    ...(code !== undefined && { exitCode: Number(code) }),
    ...(other !== undefined && { instead: other === 'unknown' ? 'unknown' : parseContainer(other) }),
    log: log.at(-1) === '' ? log.slice(0, -1) : log,
  }
}

/** What a sighting means. */
export function tellSighting(sighting: Sighting): Told {
  const { container, instead, log } = sighting
  const ended = container === undefined || !['running', 'paused', 'restarting'].includes(container.state.status)
  if (instead === 'unknown' || !ended) {
    return { reason: 'container-exited', sentence: ownSentence(sighting), evidence: log }
  }
  if (instead !== undefined) return { reason: 'container-replaced', sentence: replacedSentence(instead), evidence: log }
  if (container !== undefined) return { reason: 'container-exited', sentence: ownSentence(sighting), evidence: log }
  return { reason: 'container-replaced', sentence: REMOVED, evidence: log }
}

/** What a script printed about the container that was started, as what it means; undefined if it printed no such thing. */
export function readSighting(printed: string): Told | undefined {
  const sighting = parseSighting(printed)
  return sighting && tellSighting(sighting)
}

const MEANWHILE = 'See that nothing runs compose or docker there meanwhile, by hand or in a hook, and run this again.'

const REMOVED = `Somebody removed the container that this release had started. ${MEANWHILE}`

function replacedSentence({ name, service, imageName }: Container): string {
  return `Somebody replaced the container of \`${service}\` that this release had started: ${name} of the image ${imageName} is there now, and was left as it is. ${MEANWHILE}`
}

function ownSentence({ container, exitCode }: Sighting): string {
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
