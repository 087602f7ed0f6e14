import pRetry from 'p-retry'
import { HostError, mayPass, type Ran, type RunOptions, type Script } from './host.ts'
import { unlessAborted } from './limited.ts'
import { ending } from './remote-shell.ts'
import type { SshHost } from './ssh-host.ts'

/** Milliseconds in which a lost host must answer again: longer than sshd, or a network, takes to come back. */
const PATIENCE = 60_000
/** Milliseconds between SIGTERM and SIGKILL for what the lost connection left running. */
const GRACE = 5000

/**
 * A host whose connection is made anew once it was lost. What was under way then has failed, and is not repeated; what
 * comes next finds a connection again, on a host where the commands that were cut off have been ended.
 */
export function steadyHost(first: SshHost, reconnect: () => Promise<SshHost>): SshHost {
  const connections = [first]
  const orphans = new Set<number>()
  let current: Promise<SshHost> = Promise.resolve(first)
  let broken = false

  const anew = async (): Promise<SshHost> => {
    const host = await pRetry(reconnect, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 500,
      maxTimeout: 5000,
      maxRetryTime: PATIENCE,
      shouldRetry: ({ error }) => error instanceof HostError && mayPass(error),
    })
    connections.push(host)
    for (const session of orphans) await host.run({ shell: ending(session, GRACE), deadline: GRACE + 10_000 })
    orphans.clear()
    return host
  }
  const whole = (): Promise<SshHost> => {
    if (!broken) return current
    broken = false
    current = anew()
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
