import { normalizeAddress } from '../config/address.ts'
import { type Configuration, httpDirectives } from '../config/configuration.ts'
import { findUpstreams, sameName } from '../config/upstream.ts'
import { destinations, type Pass, passesOf, statesOf } from '../config/usage.ts'
import type { NginxContext } from './context.ts'

/** A pass of `http`, and the addresses to which it hands requests. */
export interface ReachingPass {
  readonly pass: Pass
  /** In one spelling. */
  readonly addresses: readonly string[]
  /** It names an upstream block. */
  readonly upstream?: string
}

/**
 * All of them, in the order in which Nginx reads them.
 * @param meaning gives one spelling to each address
 */
export function reachingPasses(
  configuration: Configuration,
  meaning: (written: string) => string = normalizeAddress,
): readonly ReachingPass[] {
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
        addresses: [...new Set(addresses.map(meaning))],
        ...(typeof named === 'object' && { upstream: named.name }),
      }
    })
}

/** The addresses to which Nginx hands requests, each in one spelling. */
export function reachedBy({ nginx, meaning }: Pick<NginxContext, 'nginx' | 'meaning'>): readonly string[] {
  if (nginx?.kind !== 'read') return []
  return reachingPasses(nginx.configuration, meaning).flatMap(({ addresses }) => addresses)
}
