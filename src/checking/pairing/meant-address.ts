import { normalizeAddress, parseAddress } from '../../routers/nginx/config/address.ts'
import { ANY_HOST, endsAt, meantBy, type PublishedAt } from '../../routers/nginx/observe/host-addresses.ts'
import { loopbackOf } from '../../routers/nginx/route/color-place.ts'
import { projectOf } from '../../runtimes/compose/check/context.ts'
import { writtenAddress } from '../../runtimes/compose/observe/address.ts'
import type { Seen } from './seen.ts'

/**
 * Gives one spelling to each address by which Nginx reaches a port of this host: `0.0.0.0:3000`, `[::1]:3000` and a name
 * that leads here are `127.0.0.1:3000`, if something that is published there answers at all of them.
 */
export function meaningOf(seen: Pick<Seen, 'nginx' | 'compose' | 'hostFacts'>): (written: string) => string {
  const { nginx, hostFacts } = seen
  const read = nginx?.kind === 'read' ? nginx : undefined
  const host = read?.addresses ?? ANY_HOST
  const apart = read?.container !== undefined && !read.container.hostNetwork
  const ofProject = projectOf(seen)?.services.flatMap(({ ports }) => ports) ?? []
  const published: readonly PublishedAt[] = [
    ...ofProject.flatMap(({ protocol, published: port, address }) =>
      protocol === 'tcp' && /^\d+$/.test(port) ? [{ address, port: Number(port) }] : [],
    ),
    ...hostFacts.runs.flatMap(({ ports }) => ports.map((port) => ({ address: port.address, port: port.host }))),
  ]
  return (written) => {
    const found = apart ? undefined : published.find((each) => endsAt(written, each, host) === 'there')
    if (found !== undefined) return writtenAddress(loopbackOf(found))
    const parsed = parseAddress(written)
    if (parsed.kind === 'unix' || written.includes('$')) return normalizeAddress(written)
    const [meant] = apart && parsed.host !== 'localhost' ? [] : (meantBy(parsed, host) ?? [])
    return meant === undefined ? normalizeAddress(written) : writtenAddress({ host: meant, port: parsed.port })
  }
}
