import { smokeTest } from '../execute/smoke.ts'
import { everyHost, type Fleet } from '../host/fleet.ts'
import { requestFromRunner } from '../host/http.ts'
import { parseKnownHosts } from '../host/known-hosts.ts'
import { connect } from '../host/ssh.ts'
import { steadyHost } from '../host/steady-host.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Ask } from '../judges/question.ts'
import type { Adapters } from '../planning/survey.ts'
import type { Smoke } from '../release/model.ts'
import type { Progress } from '../release/progress.ts'
import { containerAddresses } from '../runtimes/compose/observe/container-address.ts'
import { adaptersFor } from './adapters.ts'

/** The machines of a release, connected, and how they are asked. */
export interface Connections extends AsyncDisposable {
  readonly fleet: Fleet
  /** The home directory of who logs in to the proxy. */
  readonly home: string
  readonly ask: Ask
  readonly adapters: Adapters
  /** Runs the user's tests against an application on a host. */
  smokeTest(smoke: Smoke, progress: Progress, signal: AbortSignal): Promise<string>
  /** Scripts run on hosts so far. */
  roundTrips(): number
  /** HTTP requests so far. */
  requests(): number
}

/** One connection a host. @throws HostError */
export async function connectAll(
  inputs: Inputs,
  signal: AbortSignal,
  progress: Pick<Progress, 'note'>,
): Promise<Connections> {
  const credentials = {
    knownHosts: parseKnownHosts(inputs.knownHosts),
    agent: process.env['SSH_AUTH_SOCK'],
    ...(inputs.privateKey !== undefined && { privateKey: inputs.privateKey }),
  }
  const first = await connect(inputs.host, credentials, { signal })
  // Undoing outlives a cancelled run: what is connected again is not ended by its signal.
  const host = steadyHost(first, (over) => connect(inputs.host, credentials, { signal: over }), {
    told: (sentence) => progress.note(sentence),
  })
  const fleet: Fleet = { apps: [host], proxies: [host] }
  const hosts = everyHost(fleet)
  const containers = containerAddresses()
  let fromRunner = 0
  return {
    fleet,
    home: host.home,
    adapters: adaptersFor(inputs),
    async ask(question, timeout, aborted) {
      const request = { ...question.request, timeout }
      if (question.from === 'runner') {
        fromRunner++
        return requestFromRunner(request, aborted)
      }
      const from = hosts.find(({ name }) => name === question.from)
      if (from === undefined) throw new TypeError(`There is no host ${question.from}.`)
      const place = { ...question, host: request.address, port: request.port }
      const address = await containers.find(from, place, aborted)
      return from.request({ ...request, address }, aborted).catch((cause: unknown) => {
        containers.doubt(place)
        throw cause
      })
    },
    smokeTest: async (smoke, progress, aborted) => {
      const address = await containers.find(host, smoke.address, aborted)
      return smokeTest({ ...smoke, address: { host: address, port: smoke.address.port } }, host, progress, aborted)
    },
    roundTrips: () => hosts.reduce((sum, each) => sum + each.roundTrips(), 0),
    requests: () => hosts.reduce((sum, each) => sum + each.requests(), fromRunner),
    async [Symbol.asyncDispose]() {
      await Promise.all(hosts.map((each) => each[Symbol.asyncDispose]()))
    },
  }
}
