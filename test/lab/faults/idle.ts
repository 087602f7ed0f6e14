import assert from 'node:assert/strict'
import { must } from '../command.ts'
import type { Scene } from './scene.ts'

/** Ids of the idle color's containers, those that have ended too. */
async function idleContainers({ site, idle }: Pick<Scene, 'site' | 'idle'>): Promise<readonly string[]> {
  const all = await site.containers()
  return all.filter(({ service }) => service === site.services[idle]).map(({ id }) => id)
}

/** Frees its port. */
export async function noIdle(scene: Pick<Scene, 'site' | 'idle'>): Promise<void> {
  const ids = await idleContainers(scene)
  if (ids.length > 0) await must(['docker', 'rm', '-f', ...ids])
}

/** A reboot would bring a refused container back. */
export async function nothingIdle(scene: Scene): Promise<void> {
  assert.deepEqual(await idleContainers(scene), [])
}
