import assert from 'node:assert/strict'
import type { Fault } from './fault.ts'
import { type ClosedRegistry, PASSWORD, startClosedRegistry } from './registry.ts'
import type { Scene } from './scene.ts'

/** The image cannot be pulled. */
export const pulls: readonly Fault[] = [
  pullRow({
    what: 'The registry refuses the login',
    reads: 'The image … was not pulled: the registry refuses it',
    password: 'a wrong one',
    witness: async (registry) => assert.equal(await registry.status('/v2/', 'a wrong one'), 401),
  }),
  pullRow({
    what: 'The registry has no such image',
    reads:
      'The image … was not pulled: the registry has no such image. See that it was built and pushed before this step, or correct `version`.',
    witness: async (registry) => {
      assert.equal(await registry.status('/v2/', PASSWORD), 200)
      assert.equal(await registry.status('/v2/app/manifests/v3', PASSWORD), 404)
    },
  }),
  pullRow({
    what: 'The registry is down: it is tried twice again',
    reads: 'The image … was not pulled: the host does not reach the registry (',
    down: true,
    witness: (registry) => assert.rejects(registry.status('/v2/', PASSWORD)),
    also: async (_, run) => assert.equal(run.stdout.match(/That failed, and is tried again in 3 s/g)?.length, 2),
  }),
]

interface Pull extends Pick<Fault, 'what' | 'reads' | 'also'> {
  readonly password?: string
  readonly down?: true
  readonly witness: (registry: ClosedRegistry) => Promise<void>
}

/** Each has a registry of its own: rows are under way at the same time. */
function pullRow({ what, reads, password = PASSWORD, down, witness, also }: Pull): Fault {
  let opened: ClosedRegistry | undefined
  const registry = (): ClosedRegistry => {
    assert.ok(opened)
    return opened
  }
  return {
    what,
    step: 'Pull …',
    result: 'unchanged',
    reason: 'pull-failed',
    reads,
    left: 'nothing: no login stays on the host',
    arrange: async (scene) => {
      opened = await startClosedRegistry()
      await pullsFrom(scene, opened.address)
      if (down) await opened.stop()
    },
    inputs: () => ({
      pull: 'always',
      registry: registry().address,
      'registry-username': 'user',
      'registry-password': password,
    }),
    witness: () => witness(registry()),
    also: async (scene, run) => {
      await scene.root(`! grep -rqs "${registry().address}" /home/deploy/.docker`)
      await also?.(scene, run)
    },
    mend: async (scene) => {
      await opened?.stop()
      await pullsAsBefore(scene)
    },
  }
}

/** The image of the idle color is of that registry. */
export async function pullsFrom({ host, site, idle, root }: Scene, address: string): Promise<void> {
  const file = `${site.directory}/compose.yaml`
  await root(`cp ${file} /run/compose.yaml`)
  const text = await host.readFile(file)
  const variable = `\${IMAGE_TAG_${idle.toUpperCase()}`
  await host.writeFile(file, text.replace(`${site.repository}:${variable}`, `${address}/app:${variable}`))
}

async function pullsAsBefore({ root, site }: Scene): Promise<void> {
  await root(`cat /run/compose.yaml >${site.directory}/compose.yaml`)
}
