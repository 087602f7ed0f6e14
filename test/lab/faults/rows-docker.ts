import assert from 'node:assert/strict'
import { ask, must } from '../command.ts'
import type { Fault } from './fault.ts'
import { noIdle } from './idle.ts'
import { type Scene, takePort } from './scene.ts'

/** Docker, compose and the image do not do what is asked of them. */
export const docker: readonly Fault[] = [
  {
    what: 'The user may not use Docker',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'docker-unavailable',
    reads: 'Docker does not answer on …Run on the host: sudo usermod -aG docker deploy',
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
    reads: 'Docker does not answer on …',
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
    left: 'the journal, until the step after the job finds Docker again',
    unfinished: true,
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
    reads: 'Compose cannot read the compose file in … on …',
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
    reads: 'The compose project … has no services `web_blue` and `web_green`',
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
