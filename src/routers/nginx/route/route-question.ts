import type { HostName } from '../../../host/host.ts'
import { shownPath, withoutQuery } from '../../../host/target.ts'
import type { HealthInputs, RouteInputs } from '../../../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../../../release/assessment.ts'
import type { Question } from '../../../release/model.ts'
import { routeByUrl } from '../../verify-url.ts'
import type { NginxFacts } from '../facts.ts'
import { nginxNotices, nginxRefusals } from '../refusals.ts'
import { publicRoutes, unusableSentence } from './public-route.ts'

/** The public route: how the application is asked through Nginx. Its match is added for each version. */
export function publicRoute(
  facts: NginxFacts,
  proxy: HostName,
  health: HealthInputs,
  route: RouteInputs,
): Assessment<Question> {
  const expect = { status: health.route }
  if (route.url !== undefined) return routeByUrl(route.url, proxy, expect)
  if (facts.route !== undefined) {
    // What was remembered of it has no query.
    const { request } = facts.route
    const path = withoutQuery(health.path) === request.path ? health.path : request.path
    return usable({ ...facts.route, request: { ...request, path }, expect })
  }
  if (facts.configuration === undefined) return refusal(nginxRefusals['route-unread']())
  const { upstreams, servers, publishedPorts } = facts
  const { routes, unusable } = publicRoutes(facts.configuration, servers, {
    healthPath: health.path,
    upstreams,
    ...(publishedPorts && { publishedPorts }),
  })
  const best = routes.find(({ reaches }) => reaches !== 'elsewhere')
  if (best === undefined) {
    const tried = [
      ...unusable.map(unusableSentence),
      ...routes.map(
        ({ server }) => `the server block ${server} does not lead ${shownPath(health.path)} to the upstream`,
      ),
    ]
    const closed = unusable.some(({ reason }) => reason === 'client-certificate')
    return refusal(nginxRefusals[closed ? 'route-closed' : 'route-missing'](tried))
  }
  const { address, port, path, host, tls } = best
  const scheme = tls ? 'https' : 'http'
  const question: Question = {
    title: `the public route ${scheme}://${host}${shownPath(path)} (${address}:${port})`,
    from: proxy,
    request: { address, port, path, host, ...(tls && { tls: { serverName: host, verify: false } }) },
    expect,
  }
  return usable(question, tls ? [nginxNotices['certificate-unverified'](address)] : [])
}
