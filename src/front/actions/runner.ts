import { readFileSync } from 'node:fs'

/** What the runner says of this run; what cannot be used is left out, and said. */
export interface RunnerFacts {
  /** The event: an object, empty if it cannot be read. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly eventName: string
  readonly sha: string
  readonly runId: number
  readonly actor: string
  readonly serverUrl: string
  /** Of GitHub's REST interface; absent if it is none. */
  readonly apiUrl?: string
  /** Names of the variables that cannot be used, with a sentence. */
  readonly unusable: ReadonlyMap<string, string>
}

type Environment = Readonly<Record<string, string | undefined>>

/** @param read gives the text of a file, or throws */
export function readRunner(environment: Environment, read: (path: string) => string): RunnerFacts {
  const unusable = new Map<string, string>()
  const payload = eventOf(environment['GITHUB_EVENT_PATH'] ?? '', read)
  if (typeof payload === 'string') unusable.set('GITHUB_EVENT_PATH', payload)
  const api = environment['GITHUB_API_URL'] || 'https://api.github.com'
  const usable = /^https?:$/.test(URL.parse(api)?.protocol ?? '')
  if (!usable) unusable.set('GITHUB_API_URL', unusableApi(api))
  return {
    payload: typeof payload === 'string' ? {} : payload,
    eventName: environment['GITHUB_EVENT_NAME'] ?? '',
    sha: environment['GITHUB_SHA'] ?? '',
    runId: Number.parseInt(environment['GITHUB_RUN_ID'] ?? '', 10),
    actor: environment['GITHUB_ACTOR'] ?? '',
    serverUrl: environment['GITHUB_SERVER_URL'] || 'https://github.com',
    ...(usable && { apiUrl: api }),
    unusable,
  }
}

/** The event, or a sentence that says why it is not known. */
function eventOf(path: string, read: (path: string) => string): Readonly<Record<string, unknown>> | string {
  if (path === '') return {}
  const unknown = (why: string): string =>
    `The event of this run is not known: the file ${path}, which GITHUB_EVENT_PATH names, ${why}.`
  let text: string
  try {
    text = read(path)
  } catch (cause) {
    return unknown(`cannot be read (${cause instanceof Error ? cause.message.replace(/,.*/s, '') : cause})`)
  }
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch {
    return unknown('is not JSON')
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return unknown('holds no object')
  return event as Readonly<Record<string, unknown>>
}

function unusableApi(api: string): string {
  return `GITHUB_API_URL is \`${api.slice(0, 200)}\`, which is not a URL: GitHub is asked nothing, and nothing is reported to it.`
}

/**
 * The runner of this process, read before anything else is: `@actions/github` reads the same variables when it is loaded,
 * and what it cannot use would end the process with a stack trace.
 */
export const runner: RunnerFacts = readRunner(process.env, (path) => readFileSync(path, 'utf8'))
for (const name of runner.unusable.keys()) delete process.env[name]
