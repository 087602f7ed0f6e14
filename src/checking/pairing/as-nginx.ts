import type { Color } from '../../release/model.ts'
import type { NginxContext } from '../../routers/nginx/check/context.ts'
import { reachedBy } from '../../routers/nginx/check/passes.ts'
import { sitesOf } from '../../routers/nginx/check/sites.ts'
import { liveNow, passesToColors } from '../../routers/nginx/check/switch-place.ts'
import type { Site } from '../../runtimes/compose/check/aliases.ts'
import { projectDirectory } from '../../runtimes/compose/check/context.ts'
import { meaningOf } from './meant-address.ts'
import type { Scene } from './context.ts'
import type { Seen } from './seen.ts'

/** The scene as Nginx's findings need it. */
export function asNginx(scene: Scene): NginxContext {
  return { ...scene, meaning: meaningOf(scene), folder: projectDirectory(scene) }
}

/** The addresses to which Nginx hands requests, each in one spelling. */
export function reachedIn(seen: Pick<Seen, 'nginx' | 'compose' | 'facts'>): readonly string[] {
  return reachedBy({ ...seen, meaning: meaningOf(seen) })
}

/** The only color to which Nginx hands requests now. */
export function liveIn(scene: Scene): Color | undefined {
  const own = asNginx(scene)
  return liveNow(own, passesToColors(own, scene.colors))
}

/** Where containers reach the site at any address of the host. */
export function siteOf(scene: Scene): Site | undefined {
  const { nginx } = scene
  if (nginx?.kind !== 'read' || nginx.container !== undefined) return undefined
  const servers = passesToColors(asNginx(scene), scene.colors).map(({ pass }) => pass.server.directive)
  const sites = sitesOf(nginx, [], servers).filter(({ address, host }) => address === '127.0.0.1' && host.includes('.'))
  const site = sites.find(({ tls }) => !tls) ?? sites[0]
  if (site === undefined) return undefined
  const usual = site.port === (site.tls ? 443 : 80) ? '' : `:${site.port}`
  return { name: site.host, url: `${site.tls ? 'https' : 'http'}://${site.host}${usual}` }
}
