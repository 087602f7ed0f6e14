import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import { COLORS } from '../../../release/model.ts'
import type { NginxFacts, NginxPlace } from '../facts.ts'
import { nginxNotices, nginxRefusals } from '../refusals.ts'
import { pairNames } from '../route/pair.ts'
import type { SwitchFacts } from './holds.ts'
import { switchRouter } from './router.ts'
import { markerPath } from './server.ts'

/**
 * A switch of which nothing is known but where its files are and where it can be asked: it needs no right to run Nginx.
 * The addresses are those of the compose file; that Nginx has the same ones is not proven.
 */
export function blindSwitch(place: NginxPlace, url: URL, why: string): Assessment<NginxFacts> {
  const { proxy, nginx, state, services } = place
  const [blue, green] = COLORS.map((color) => services[color].places[0])
  if (blue === undefined || green === undefined) {
    return refusal(nginxRefusals['nginx-unreadable-without-addresses'](proxy, why))
  }
  const names = pairNames(nginx.upstream)
  const tls = url.protocol === 'https:'
  const request = {
    address: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (tls ? 443 : 80),
    path: markerPath,
    host: url.host,
    ...(tls && { tls: { serverName: url.hostname, verify: false } }),
  }
  const present = state.kind === 'usable' ? state.files : new Set<string>()
  const facts: SwitchFacts = {
    files: { directory: nginx.stateDirectory, backed: present.has('backed') || present.has('backed.off'), present },
    names: { blue: names.blue, green: names.green },
    proxy,
    markers: [{ server: url.host, request }],
    // Over TLS it may be HTTP/2.
    clients: { kind: 'seen', ports: [{ port: request.port, multiplexed: tls }] },
  }
  return usable(
    {
      how: 'switch',
      router: (ask) => switchRouter(facts, ask),
      addresses: { blue, green },
      servers: [],
      upstreams: [],
    },
    [nginxNotices['not-proven-unread'](proxy, why, `${url.host}${markerPath}`)],
  )
}
