import type { Color } from '../../release/model.ts'
import type { NginxContext } from '../../routers/nginx/check/context.ts'
import { reachedBy } from '../../routers/nginx/check/passes.ts'
import { sitesOf } from '../../routers/nginx/check/sites.ts'
import { liveNow, passesToColors } from '../../routers/nginx/check/switch-place.ts'
import type { Site } from '../../runtimes/compose/check/aliases.ts'
import { projectDirectory } from '../../runtimes/compose/check/context.ts'
import type { Context } from './context.ts'
import { meaningOf } from './meant-address.ts'
import type { Seen } from './seen.ts'

/** The scene as Nginx's findings need it. */
export function asNginx(context: Context): NginxContext {
  return { ...context, meaning: meaningOf(context), folder: projectDirectory(context) }
}

/** The addresses to which Nginx hands requests, each in one spelling. */
export function reachedIn(seen: Pick<Seen, 'nginx' | 'compose' | 'hostFacts'>): readonly string[] {
  return reachedBy({ ...seen, meaning: meaningOf(seen) })
}

/** The only color to which Nginx hands requests now. */
export function liveIn(context: Context): Color | undefined {
  const own = asNginx(context)
  return liveNow(own, passesToColors(own, context.colors))
}

/** Where containers reach the site at any address of the host. */
export function siteOf(context: Context): Site | undefined {
  const { nginx } = context
  if (nginx?.kind !== 'read' || nginx.container !== undefined) return undefined
  const servers = passesToColors(asNginx(context), context.colors).map(({ pass }) => pass.server.directive)
  const sites = sitesOf(nginx, [], servers).filter(({ address, host }) => address === '127.0.0.1' && host.includes('.'))
  const site = sites.find(({ tls }) => !tls) ?? sites[0]
  if (site === undefined) return undefined
  const usual = site.port === (site.tls ? 443 : 80) ? '' : `:${site.port}`
  return { name: site.host, url: `${site.tls ? 'https' : 'http'}://${site.host}${usual}` }
}
