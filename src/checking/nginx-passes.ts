import { normalizeAddress, parseAddress } from '../routers/nginx-address.ts'
import { type Configuration, httpDirectives } from '../routers/nginx-config.ts'
import { findUpstreams, sameName } from '../routers/nginx-upstream.ts'
import { destinations, type Pass, passesOf, statesOf } from '../routers/nginx-usage.ts'

/** A pass of `http`, and the addresses to which it hands requests. */
export interface ReachingPass {
  readonly pass: Pass
  /** In one spelling; `localhost` as 127.0.0.1. */
  readonly addresses: readonly string[]
  /** It names an upstream block. */
  readonly upstream?: string
}

/** All of them, in the order in which Nginx reads them. */
export function reachingPasses(configuration: Configuration): readonly ReachingPass[] {
  const https = new Set(httpDirectives(configuration))
  const upstreams = findUpstreams(configuration)
  return passesOf(configuration)
    .filter(({ server }) => https.has(server.directive))
    .map((pass) => {
      const all = statesOf(pass.server).flatMap((state) => destinations(configuration, pass, state))
      const found = [...new Set(all)].map((to) => upstreams.find(({ name }) => sameName(name, to)) ?? to)
      const addresses = found.flatMap((each) =>
        typeof each === 'string' ? [each] : each.servers.filter(({ down }) => !down).map(({ address }) => address),
      )
      const named = found.find((each) => typeof each !== 'string')
      return {
        pass,
        addresses: [...new Set(addresses.map(plainAddress))],
        ...(typeof named === 'object' && { upstream: named.name }),
      }
    })
}

/** One spelling, with `localhost` as an address. */
export function plainAddress(written: string): string {
  const address = parseAddress(written)
  return address.kind === 'name' && address.host === 'localhost'
    ? `127.0.0.1:${address.port}`
    : normalizeAddress(written)
}
