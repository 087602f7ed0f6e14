import assert from 'node:assert/strict'
import { must } from '../command.ts'
import { freePort } from '../ports.ts'
import type { Fault } from './fault.ts'
import {
  after,
  before,
  behindAWall,
  breakConfiguration,
  foreign,
  mendedBy,
  onMyWay,
  refuses,
  reload,
  resets,
  unbreak,
} from './nginx-faults.ts'
import { commandsIn } from './printed.ts'
import { takePort } from './scene.ts'

/** Nginx, its configuration, and what it reaches. */
export const nginx: readonly Fault[] = [
  {
    what: 'Somebody else has broken the configuration of Nginx',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'nginx-refused',
    reads: 'zz-foreign.conf',
    left: 'nothing',
    arrange: breakConfiguration,
    witness: refuses,
    mend: unbreak,
  },
  {
    what: 'Somebody breaks the configuration after the flip, and the release fails: a switch needs no reload',
    step: 'Hook after-flip',
    result: 'restored',
    reason: 'hook-failed',
    reads: 'It ended with exit code 4',
    left: 'nothing',
    inputs: () => after,
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await breakConfiguration(scene)
    },
    witness: refuses,
    mend: unbreak,
  },
  {
    what: 'Somebody breaks the configuration before a flip by reload',
    step: 'Point the upstream from … and reload Nginx',
    result: 'restored',
    reason: 'flip-without-effect',
    reads: 'zz-foreign.conf',
    left: 'nothing',
    ground: reload,
    inputs: () => before,
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await breakConfiguration(scene)
    },
    witness: refuses,
    mend: unbreak,
  },
  {
    what: 'Somebody breaks the configuration after a flip by reload, and the release fails',
    step: 'Hook after-flip',
    result: 'stranded',
    reason: 'hook-failed',
    reads: 'It ended with exit code 4…Undo: Point the upstream…zz-foreign.conf',
    left: 'traffic on the new version; the log has the commands that put it back',
    lost: resets(),
    alone: true,
    ground: reload,
    inputs: () => after,
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await breakConfiguration(scene)
    },
    witness: refuses,
    also: async (scene, run) => {
      assert.equal((await scene.site.get()).version, 'v3')
      await unbreak(scene)
      await mendedBy(scene, commandsIn(run.stdout))
    },
  },
  {
    what: 'Nginx does not take the reload: a foreign server block has a port that is taken',
    step: 'Point the upstream from … and reload Nginx',
    result: 'restored',
    reason: 'flip-without-effect',
    reads: 'the old workers go on: the master did not take the configuration.',
    left: 'nothing: the file is as it was, and the workers never changed',
    alone: true,
    ground: reload,
    inputs: () => before,
    strike: async ({ host }, action) => {
      await action.logged(onMyWay)
      const port = await freePort()
      await takePort(host, port)
      await host.writeFile(foreign, `server { listen 127.0.0.1:${port}; }\n`)
    },
    witness: async ({ root }) => {
      await root('nginx -t')
      assert.match(await root('cat /var/log/nginx/error.log'), /\[emerg\].*Address already in use/)
    },
    mend: async (scene) => {
      await scene.root(`rm ${foreign}; kill -9 $(cat /run/taker)`)
    },
  },
  {
    what: 'Nginx does not reach the new color: the public route answers 502',
    step: 'See v3 on the public route …',
    result: 'restored',
    reason: 'public-route-failed',
    reads: 'answered 502, wanted 200-299',
    left: 'nothing',
    lost: {
      what: 'what is asked until the flip is undone: without `backed` Nginx has nobody else to ask',
      by: /^(GET|POST) 50[24]$/,
    },
    ground: { site: { flip: 'switch' } },
    ...behindAWall(),
  },
  {
    what: 'Nginx does not reach the new color: the public route is answered by the previous version (`backed`)',
    step: 'See v3 on the public route …',
    result: 'restored',
    reason: 'public-route-failed',
    reads: "answered 200, but the body does not contain 'version v3'",
    left: 'nothing',
    ...behindAWall(),
  },
  {
    what: 'The previous color has died meanwhile, and the release fails',
    step: 'Hook after-flip',
    result: 'stranded',
    reason: 'hook-failed',
    reads:
      'It ended with exit code 4…The previous color does not answer any more (…), and the new one does: traffic stays there.',
    left: 'traffic on the new version; the log has the commands that put it back',
    alone: true,
    // On a busy machine a container takes its time to die.
    inputs: () => ({ ...after, 'after-flip': 'echo on my way; sleep 5; echo no; exit 4' }),
    strike: async ({ site, live }, action) => {
      await action.logged(onMyWay)
      const found = (await site.containers()).find(({ service }) => service === site.services[live])
      await must(['docker', 'kill', found?.id ?? ''])
    },
    witness: async ({ site, live }) => {
      const found = (await site.containers()).find(({ service }) => service === site.services[live])
      assert.equal(found?.status, 'exited')
    },
    also: async (scene, run) => {
      assert.equal((await scene.site.get()).version, 'v3')
      assert.equal(run.outputs['version'], 'v3')
      await mendedBy(scene, commandsIn(run.stdout))
    },
  },
  {
    what: 'Docker goes away after the flip, and the release fails: traffic goes back, the new container stays',
    step: 'Hook after-flip',
    result: 'restored',
    reason: 'hook-failed',
    reads: 'It ended with exit code 4…Left behind, because its undo failed: Start …',
    left: 'the container of the new version, until the step after the job finds Docker again: the report says so',
    unfinished: true,
    inputs: () => after,
    strike: async ({ root }, action) => {
      await action.logged(onMyWay)
      await root('rm /run/docker.sock')
    },
    witness: async ({ login }) =>
      assert.match((await login('docker ps')).stderr, /Cannot connect to the Docker daemon/),
    mend: async ({ root }) => void (await root('ln -sf engine/docker.sock /run/docker.sock')),
  },
]
