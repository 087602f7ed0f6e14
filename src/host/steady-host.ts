import pRetry from 'p-retry'
import { HostError, type HostName, mayPass, type Ran, type RunOptions, type Script } from './host.ts'
import { unlessAborted } from './limited.ts'
import { ending } from './remote-shell.ts'
import type { SshHost } from './ssh-host.ts'

/** Milliseconds in which a lost host must answer again: longer than sshd, or a network, takes to come back. */
const PATIENCE = 60_000
/** Milliseconds between two tries to reach a host that was given up, and for each of them. */
const SELDOM = 10_000
const BRIEF = 3000
/** Milliseconds between two sentences about it. */
const TOLD = 10_000
/** Milliseconds between SIGTERM and SIGKILL for what the lost connection left running. */
const GRACE = 5000

export interface Waiting {
  readonly told?: (sentence: string) => void
  /** Milliseconds. */
  readonly patience?: number
}

/**
 * A host whose connection is made again once it was lost. What was under way then has failed, and is not repeated; what
 * comes next finds a connection again, on a host where the commands that were cut off have been ended. All of it together
 * waits for a lost host once: after that it is tried seldom and briefly, so that a run whose host stays away comes to an end.
 * @param reconnect ends when its signal aborts
 * @param told hears, again and again, what is waited for
 */
export function steadyHost(
  first: SshHost,
  reconnect: (signal: AbortSignal) => Promise<SshHost>,
  { told = () => undefined, patience = PATIENCE }: Waiting = {},
): SshHost {
  const connections = [first]
  const orphans = new Set<number>()
  let current: Promise<SshHost> = Promise.resolve(first)
  let broken = false
  let givenUp: { readonly at: number; readonly cause: HostError } | undefined

  const once = async (signal: AbortSignal): Promise<SshHost> => {
    const host = await reconnect(signal)
    connections.push(host)
    for (const session of orphans) await host.run({ shell: ending(session, GRACE), deadline: GRACE + 10_000 })
    orphans.clear()
    return host
  }
  const again = async (): Promise<SshHost> => {
    const most = givenUp === undefined ? patience : BRIEF
    const over = AbortSignal.timeout(most)
    const end = performance.now() + most
    const pulse = setInterval(() => {
      const left = Math.max(0, Math.round((end - performance.now()) / 1000))
      told(`There is no connection to ${first.name}: waiting for it, for at most ${left} s more.`)
    }, TOLD)
    let last: unknown
    const attempt = (): Promise<SshHost> =>
      once(over).catch((cause: unknown) => {
        if (!over.aborted) last = cause
        throw cause
      })
    try {
      const host = await pRetry(attempt, {
        retries: Number.POSITIVE_INFINITY,
        minTimeout: 500,
        maxTimeout: 5000,
        signal: over,
        shouldRetry: ({ error }) =>
          error instanceof HostError && (error.reason === 'host-unreachable' || mayPass(error)),
      })
      givenUp = undefined
      return host
    } catch (cause) {
      if (!over.aborted) throw cause
      givenUp = { at: performance.now(), cause: givenUp?.cause ?? away(first.name, patience, last) }
      throw givenUp.cause
    } finally {
      clearInterval(pulse)
    }
  }
  const whole = (): Promise<SshHost> => {
    if (!broken) return current
    if (givenUp !== undefined && performance.now() - givenUp.at < SELDOM) return Promise.reject(givenUp.cause)
    broken = false
    current = again()
    // The next one tries again.
    current.catch(() => {
      broken = true
    })
    return current
  }
  const noticing = async <T>(work: (host: SshHost) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    // Whoever is cancelled does not wait for a host that comes back, while the connecting goes on for the undoing.
    const host = await (signal === undefined ? whole() : unlessAborted(whole(), signal))
    try {
      return await work(host)
    } catch (cause) {
      if (cause instanceof HostError && cause.reason === 'connection-lost') {
        if (host === (await current.catch(() => host))) broken = true
        if (cause.session !== undefined) orphans.add(cause.session)
      }
      throw cause
    }
  }
  const sum = (count: (host: SshHost) => number): number => connections.reduce((all, host) => all + count(host), 0)
  return {
    name: first.name,
    home: first.home,
    run: (script: Script, options?: RunOptions): Promise<Ran> =>
      noticing((host) => host.run(script, options), options?.signal),
    talk: (script, onLine) => noticing((host) => host.talk(script, onLine)),
    request: (request, signal) => noticing((host) => host.request(request, signal), signal),
    open: (address, port, signal) => noticing((host) => host.open(address, port, signal), signal),
    roundTrips: () => sum((host) => host.roundTrips()),
    requests: () => sum((host) => host.requests()),
    async [Symbol.asyncDispose]() {
      await Promise.all(connections.map((host) => host[Symbol.asyncDispose]()))
    },
  }
}

function away(name: HostName, patience: number, cause: unknown): HostError {
  const last = cause instanceof Error ? ` The last try: ${cause.message}` : ''
  return new HostError('host-unreachable', name, `${name} did not come back within ${patience / 1000} s.${last}`, {
    cause,
  })
}
