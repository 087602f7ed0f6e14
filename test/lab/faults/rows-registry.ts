import assert from 'node:assert/strict'
import type { Fault } from './fault.ts'
import type { ClosedRegistry } from './registry.ts'
import { PASSWORD, startClosedRegistry } from './registry.ts'
import type { Scene } from './scene.ts'

let registry: ClosedRegistry | undefined

/** The image cannot be pulled. */
export const pulls: readonly Fault[] = [
  {
    what: 'The registry refuses the login',
    reads: 'The image … was not pulled: the registry refuses it',
    inputs: (scene: Scene) => ({ ...login(scene), 'registry-password': 'a wrong one' }),
    witness: async () => assert.equal(await registry?.status('a wrong one'), 401),
  },
  {
    what: 'The registry has no such image',
    reads:
      'The image … was not pulled: the registry has no such image. See that it was built and pushed before this step, or correct `version`.',
    inputs: login,
    witness: async () => assert.equal(await registry?.status(PASSWORD), 200),
  },
  {
    what: 'The registry is down: it is tried twice again',
    reads: 'The image … was not pulled: the host does not reach the registry (',
    inputs: login,
    arrange: async (scene: Scene) => {
      await arrange(scene)
      await registry?.stop()
    },
    witness: async (_: Scene, run: { readonly stdout: string }) => {
      await assert.rejects(async () => registry?.status(PASSWORD))
      assert.equal(run.stdout.match(/That failed, and is tried again in 3 s/g)?.length, 2)
    },
  },
].map((row) => ({
  arrange,
  ...row,
  step: 'Pull …',
  result: 'unchanged' as const,
  reason: 'pull-failed',
  left: 'nothing: no login stays on the host',
  mend,
  also: async ({ root }: Scene) => {
    await root(`! grep -rqs "${registry?.address}" /home/deploy/.docker`)
  },
}))

function login(_scene: Scene): Readonly<Record<string, string>> {
  return {
    pull: 'always',
    registry: registry?.address ?? '',
    'registry-username': 'user',
    'registry-password': PASSWORD,
  }
}

async function arrange({ host, site, idle, root }: Scene): Promise<void> {
  registry = await startClosedRegistry()
  const file = `${site.directory}/compose.yaml`
  await root(`cp ${file} /run/compose.yaml`)
  const text = await host.readFile(file)
  const variable = `\${IMAGE_TAG_${idle.toUpperCase()}`
  await host.writeFile(file, text.replace(`${site.repository}:${variable}`, `${registry.address}/app:${variable}`))
}

async function mend({ root, site }: Scene): Promise<void> {
  await registry?.stop()
  await root(`cat /run/compose.yaml >${site.directory}/compose.yaml`)
}
