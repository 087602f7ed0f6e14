import assert from 'node:assert/strict'
import { ask } from '../command.ts'
import type { Fault, Seen } from './fault.ts'
import { mendedBy } from './nginx-faults.ts'
import { commandsIn } from './printed.ts'
import type { Scene } from './scene.ts'

const common = {
  ground: { host: { engine: 'own' }, site: { compose: 'each' } },
  alone: true,
  restarts: true,
  lost: {
    what: 'what is asked while Docker is away: without `live-restore` it takes every container with it',
    by: /./,
  },
} as const

/** The Docker daemon really ends, on a host that has one to itself. */
export const engine: readonly Fault[] = [
  {
    ...common,
    what: 'The Docker daemon is restarted while the new version gets healthy',
    step: 'Wait until slow-boot on … is healthy',
    result: 'unchanged',
    reason: 'container-exited',
    // That it is gone, that Docker does not answer, or that it was restarted from outside: as it is seen first.
    reads: 'The container …',
    left: 'nothing; Docker has restarted the live color',
    inputs: () => ({ version: 'slow-boot', 'health-timeout': '20s' }),
    strike: async ({ host }, action) => {
      await action.logged(/Wait until slow-boot/)
      await host.engine?.stop()
      await host.engine?.start()
    },
    witness: restarted,
  },
  {
    ...common,
    what: 'The Docker daemon is restarted in the watch',
    step: 'Watch v3 on … for 20 s',
    result: 'restored',
    reason: 'container-exited',
    reads: 'The container …',
    left: 'nothing; Docker has restarted the live color',
    inputs: () => ({ watch: '20s' }),
    strike: async ({ host }, action) => {
      await action.logged(/Watch v3 on/)
      await host.engine?.stop()
      await host.engine?.start()
    },
    witness: restarted,
  },
  {
    ...common,
    what: 'The Docker daemon is stopped in the watch, and stays away',
    step: 'Watch v3 on … for 20 s',
    result: 'stranded',
    reason: 'container-exited',
    reads: 'The container …Undo: Flip the switch…Requests go to …, where nothing answers',
    left: 'traffic on the previous version, which Docker has stopped with all others; the log has the commands that start it',
    inputs: () => ({ watch: '20s' }),
    strike: async ({ host }, action) => {
      await action.logged(/Watch v3 on/)
      await host.engine?.stop()
    },
    witness: async ({ login, site }) => {
      assert.match((await login('docker ps')).stderr, /Cannot connect to the Docker daemon/)
      assert.notEqual((await ask(['curl', '--silent', '--fail', site.publicUrl])).code, 0)
    },
    also: async (scene, run) => {
      await scene.host.engine?.start()
      await mendedBy(scene, commandsIn(run.stdout))
    },
  },
]

/** The containers of before run, and were started since. */
async function restarted({ site, live }: Scene, { since }: Seen): Promise<void> {
  const found = (await site.containers()).find(({ service }) => service === site.services[live])
  assert.equal(found?.status, 'running')
  assert.ok(Date.parse(found.startedAt) / 1000 > Number(since), `${found.startedAt}, ${since}`)
}
