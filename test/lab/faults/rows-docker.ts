import assert from 'node:assert/strict'
import { ask, must } from '../command.ts'
import type { Fault } from './fault.ts'
import type { Scene } from './scene.ts'
import { takePort } from './scene.ts'

/** Docker, compose and the image do not do what is asked of them. */
export const docker: readonly Fault[] = [
  {
    what: 'The user may not use Docker',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'docker-unavailable',
    reads: 'docker',
    left: 'nothing',
    arrange: async ({ root }) =>
      void (await root(
        "sed 's/^docker:.*/docker:x:41997:/' /etc/group >/run/group && mount --bind /run/group /etc/group",
      )),
    witness: async ({ login }) => assert.match((await login('docker ps')).stderr, /permission denied/i),
    mend: async ({ root }) => void (await root('umount /etc/group')),
  },
  {
    what: 'The Docker daemon does not answer',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'docker-unavailable',
    reads: 'ocker',
    left: 'nothing',
    arrange: async ({ root }) => void (await root(noDaemon)),
    witness: async ({ login }) =>
      assert.match((await login('docker ps')).stderr, /Cannot connect to the Docker daemon/),
    mend: async ({ root }) => void (await root(daemonAgain)),
  },
  {
    what: 'The Docker daemon goes away while a hook runs before the start',
    step: 'Start … with v3',
    result: 'unchanged',
    reason: 'start-failed',
    reads: 'was not started: Docker does not run on this host; start it.',
    left: 'nothing',
    inputs: () => ({ 'before-start': 'echo on my way; sleep 1' }),
    strike: async ({ root }, action) => {
      await action.logged(/^ {2}\| on my way/m)
      await root(noDaemon)
    },
    witness: async ({ login }) =>
      assert.match((await login('docker ps')).stderr, /Cannot connect to the Docker daemon/),
    mend: async ({ root }) => void (await root(daemonAgain)),
  },
  {
    what: 'The compose file is no YAML',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'compose-invalid',
    reads: 'ompose',
    left: 'nothing',
    arrange: changeCompose((text) => `${text}\n  - : [broken\n`),
    witness: async ({ site }) => assert.notEqual((await site.compose('config')).code, 0),
    mend: restoreCompose,
  },
  {
    what: 'The compose file has not the second service',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'compose-invalid',
    reads: 'web_blue',
    left: 'nothing',
    arrange: changeCompose((text) => text.replace('web_blue:', 'something_else:')),
    witness: async ({ site }) => assert.doesNotMatch((await site.compose('config', '--services')).stdout, /web_blue/),
    mend: restoreCompose,
  },
  {
    what: 'The image is not on the host, and is not to be pulled',
    step: 'Start … with v99',
    result: 'unchanged',
    reason: 'start-failed',
    reads:
      '`…` was not started: the image …:v99 is not on the host; let it be pulled (`pull: always`), or correct `version`.',
    left: 'nothing',
    inputs: () => ({ version: 'v99' }),
    witness: async ({ site }) =>
      assert.notEqual((await ask(['docker', 'image', 'inspect', `${site.repository}:v99`])).code, 0),
  },
  {
    what: 'Another container has the port of the idle color',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'drift',
    reads: '…, the address of …, is taken by the container …, so that `…` cannot be started there.',
    left: 'nothing',
    arrange: async ({ site, idle }) => {
      await noIdle({ site, idle })
      const name = `${site.project}-taker`
      const label = `blue-green-lab=${process.env['LAB_MARK']}`
      const port = `127.0.0.1:${site.ports[idle]}:3000`
      await must(['docker', 'run', '-d', '--name', name, '--label', label, '-p', port, `${site.repository}:v1`])
    },
    witness: async ({ site }) => assert.match(await must(['docker', 'port', `${site.project}-taker`]), /3000/),
    mend: async ({ site }) => void (await must(['docker', 'rm', '-f', `${site.project}-taker`])),
  },
  {
    what: 'A process that is no container has the port of the idle color, and says nothing',
    step: 'Start … with v3',
    result: 'unchanged',
    reason: 'start-failed',
    reads: 'something that is no container listens on …; `ss -ltnp` names it.',
    left: 'nothing',
    arrange: async ({ host, site, idle }) => {
      await noIdle({ site, idle })
      await takePort(host, site.ports[idle])
    },
    witness: async ({ root, site, idle }) =>
      assert.match(await root(`ss -Hltn 'sport = :${site.ports[idle]}'`), /LISTEN/),
    mend: async ({ root }) => void (await root('kill -9 $(cat /run/taker)')),
  },
]

/** The new version does not become, or does not stay, what it should be. */
export const versions: readonly Fault[] = [
  ...[
    {
      what: 'The container ends right away, again and again',
      version: 'exits',
      reason: 'container-exited',
      reads: 'exit',
      said: /fatal: no configuration/,
    },
    {
      what: 'The container runs and never answers',
      version: 'loops',
      reason: 'not-healthy',
      reads: 'No good answer 2 times in a row within 4 s (… tries). The last one: ',
    },
    {
      what: 'The container takes connections and never answers',
      version: 'closes-hang',
      reason: 'not-healthy',
      reads: 'No good answer 2 times in a row within 4 s (… tries). The last one: ',
    },
    {
      what: 'The new version is never healthy',
      version: 'never-healthy',
      reason: 'not-healthy',
      reads: 'answered 503, wanted 200-299',
    },
    {
      what: 'The new version is healthy once and then not',
      version: 'once-healthy',
      reason: 'not-healthy',
      reads: 'answered 503, wanted 200-299',
    },
    {
      what: 'The new version boots for longer than it may',
      version: 'slow-boot',
      reason: 'not-healthy',
      reads: 'No good answer 2 times in a row within 3 s',
      more: { 'health-timeout': '3s' },
    },
  ].map(
    ({ what, version, reason, reads, said, more }): Fault => ({
      what,
      step: `Wait until ${version} on … is healthy`,
      result: 'unchanged',
      reason,
      reads,
      left: 'nothing: the container is removed once its log is saved',
      inputs: () => ({ version, ...more }),
      strike: async () => {},
      witness: async (_, run) => assert.match(run.stdout, said ?? /version|No good answer/),
      also: nothingIdle,
    }),
  ),
  {
    what: 'The new version is killed for the memory that it takes, before it is healthy',
    step: 'Wait until memory on … is healthy',
    result: 'unchanged',
    reason: 'container-exited',
    reads: 'memory',
    left: 'nothing: the container is removed once its log is saved',
    ground: { site: { extra: ['mem_limit: 128m', 'memswap_limit: 128m'] } },
    inputs: () => ({ version: 'memory', 'health-match': 'never said', 'health-timeout': '30s' }),
    witness: async (_, run) => assert.match(run.stdout, /137|memory/),
    also: nothingIdle,
  },
  {
    what: 'The new version is never healthy for longer than ten seconds',
    step: 'Wait until never-healthy on … is healthy',
    result: 'unchanged',
    reason: 'not-healthy',
    reads: 'No good answer 2 times in a row within 12 s',
    left: 'nothing: the container is removed once its log is saved',
    inputs: () => ({ version: 'never-healthy', 'health-timeout': '12s' }),
    witness: async (_, run) => assert.match(run.stdout, /… still at it after 10/),
    also: nothingIdle,
  },
  {
    what: 'The new version dies in the watch',
    step: 'Watch dies-later on … for 6 s',
    result: 'restored',
    reason: 'container-exited',
    reads: 'exit',
    left: 'nothing',
    inputs: () => ({ version: 'dies-later', watch: '6s' }),
    lost: {
      what: 'POSTs in flight on the container that died; Nginx asks the previous color for the others',
      by: /^POST 50[24]$/,
    },
    witness: async (_, run) => assert.match(run.stdout, /fatal: out of luck/),
    also: nothingIdle,
  },
  {
    what: 'The new version answers 500 in the watch',
    step: 'Watch fails-later on … for 6 s',
    result: 'restored',
    reason: 'watch-failed',
    reads: '3 failures in a row in the watch: … answered 500, wanted 200-299',
    left: 'nothing',
    inputs: () => ({ version: 'fails-later', watch: '6s' }),
    lost: { what: 'what the new version answers with 500', by: /^(GET|POST) 500$/ },
    witness: async (_, run) => assert.match(run.stdout, /answered 500/),
    also: nothingIdle,
  },
  {
    what: 'The new version is killed for its memory in the watch',
    step: 'Watch memory on … for 8 s',
    result: 'restored',
    reason: 'container-exited',
    reads: 'memory',
    left: 'nothing',
    ground: { site: { extra: ['mem_limit: 128m', 'memswap_limit: 128m'] } },
    inputs: () => ({ version: 'memory', watch: '8s' }),
    lost: { what: 'POSTs in flight on the container that died', by: /^POST 50[24]$/ },
    witness: async (_, run) => assert.match(run.stdout, /137|memory/),
    also: nothingIdle,
  },
]

const noDaemon = 'rm /run/docker.sock'
const daemonAgain = 'ln -sf engine/docker.sock /run/docker.sock'

function changeCompose(change: (text: string) => string) {
  return async ({ host, site, root }: Scene): Promise<void> => {
    const file = `${site.directory}/compose.yaml`
    await root(`cp ${file} /run/compose.yaml`)
    await host.writeFile(file, change(await host.readFile(file)))
  }
}

async function restoreCompose({ root, site }: Scene): Promise<void> {
  await root(`cat /run/compose.yaml >${site.directory}/compose.yaml`)
}

async function idleContainers({ site, idle }: Pick<Scene, 'site' | 'idle'>): Promise<readonly string[]> {
  const all = await site.containers()
  return all.filter(({ service }) => service === site.services[idle]).map(({ id }) => id)
}

async function noIdle(scene: Pick<Scene, 'site' | 'idle'>): Promise<void> {
  const ids = await idleContainers(scene)
  if (ids.length > 0) await must(['docker', 'rm', '-f', ...ids])
}

/** A reboot would bring a refused container back. */
async function nothingIdle(scene: Scene): Promise<void> {
  assert.deepEqual(await idleContainers(scene), [])
}
