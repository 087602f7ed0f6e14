import type { HostName } from '../host/host.ts'
import { shownPath } from '../host/target.ts'
import { type Assessment, usable } from '../release/assessment.ts'
import type { Question } from '../release/model.ts'
import { routeNotices } from './refusals.ts'

/** The public route as the user names it: asked from the proxy host if its host is a loopback address, else from the runner. */
export function routeByUrl(url: URL, proxy: HostName, expect: Question['expect']): Assessment<Question> {
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const loopback = name === 'localhost' || name === '::1' || /^127\./.test(name)
  const tls = url.protocol === 'https:'
  const question: Question = {
    title: `the public route ${url.origin}${shownPath(`${url.pathname}${url.search}`)}`,
    from: loopback ? proxy : 'runner',
    request: {
      address: name,
      port: Number(url.port) || (tls ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      host: url.host,
      ...(tls && { tls: { serverName: name, verify: !loopback } }),
    },
    expect,
  }
  return usable(question, tls && loopback ? [routeNotices['certificate-unverified-loopback'](url.host)] : [])
}
