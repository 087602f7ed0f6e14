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

/** Why compose or docker failed that printed this, as the end of a sentence with its mend; undefined where it is not known. */
export function knownCause(output: string): string | undefined {
  for (const [pattern, sentence] of FAILURES) {
    const found = pattern.exec(output)
    if (found !== null) return sentence(found[1] ?? '')
  }
  return undefined
}

const FAILURES: readonly (readonly [RegExp, (found: string) => string])[] = [
  [
    /removing network: network (\S+) .*has active endpoints/,
    (network) =>
      `the definition of the network ${network} is not what it was made with, and compose (2.32 and later) would make it anew; the live color, which is on it, was not touched. Put the definition back, or run \`docker compose up -d\` when nobody needs the service.`,
  ],
  [
    /No such image: (\S*[^\s:])/i,
    (image) => `the image ${image} is not on the host; let it be pulled (\`pull: always\`), or correct \`version\`.`,
  ],
  [
    /Bind for (\S+) failed: port is already allocated/,
    (address) => `${address} is already published by another container; \`docker ps\` names it.`,
  ],
  [
    /listen tcp4? (\S+): bind: address already in use/,
    (address) => `something that is no container listens on ${address}; \`ss -ltnp\` names it.`,
  ],
  [
    /no configuration file provided/,
    () => 'there is no compose file in `directory`; correct `directory` or `compose-file`.',
  ],
  [
    /permission denied while trying to connect to the Docker daemon/i,
    () => 'this user may not use Docker; add it to the group `docker`.',
  ],
  [/Cannot connect to the Docker daemon/i, () => 'Docker does not run on this host; start it.'],
]

/** What a vigil of `watchService` saw. */
export function readSighting(printed: string): { readonly sentence: string; readonly evidence: readonly string[] } {
  const sighting = parseSighting(printed)
  return { sentence: sightingSentence(sighting), evidence: sighting.log }
}
