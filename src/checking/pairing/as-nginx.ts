import type { Color } from '../../release/words.ts'
import type { NginxContext } from '../../routers/nginx/check/context.ts'
import { reachedBy } from '../../routers/nginx/check/passes.ts'
import { liveNow, passesToColors } from '../../routers/nginx/check/switch-place.ts'
import { meaningOf } from './meant-address.ts'
import type { Scene } from './scene.ts'
import { projectDirectory, type Seen } from './seen.ts'

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
