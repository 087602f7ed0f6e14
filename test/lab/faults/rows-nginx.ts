import assert from 'node:assert/strict'
import { must, until } from '../command.ts'
import type { Fault } from './fault.ts'
import { commandsIn } from './printed.ts'
import type { Scene } from './scene.ts'
import { takePort } from './scene.ts'

const reload = { site: { flip: 'reload' } } as const
const foreign = '/etc/nginx/conf.d/zz-foreign.conf'
/** A hook gives the test a moment in which to make the fault. */
const before = { 'before-flip': 'echo on my way; sleep 1' }
const after = { 'after-flip': 'echo on my way; sleep 1; echo no; exit 4', 'hook-timeout': '10s' }
const onMyWay = /^ {2}\| on my way/m

/** Nginx, its configuration, its rights and its disk. */
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
    result: 'stranded',
    reason: 'flip-without-effect',
    reads: 'the old workers go on: the master did not take the configuration; its error log says why',
    left: 'traffic on the previous version; that it is there could not be proven',
    alone: true,
    ground: reload,
    inputs: () => before,
    strike: async ({ host, site }, action) => {
      await action.logged(onMyWay)
      const port = site.publicPort + 1000
      await takePort(host, port)
      await host.writeFile(foreign, `server { listen 127.0.0.1:${port}; }\n`)
    },
    witness: async ({ root }) => {
      await root('nginx -t')
      assert.match(await root('cat /var/log/nginx/error.log'), /\[emerg\].*Address already in use/)
    },
    also: async (scene, run) => {
      assert.equal((await scene.site.get()).version, scene.previous)
      await scene.root(`rm ${foreign}; kill -9 $(cat /run/taker)`)
      await mendedBy(scene, commandsIn(run.stdout))
    },
  },
  {
    what: 'The state directory belongs to somebody else',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'state-directory',
    reads:
      'deploy may not write to the state directory …, which belongs to root. Run on the host: sudo install -d -m 0711 -o deploy …',
    left: 'nothing',
    arrange: ({ root, site }) => chown(root, 'root', site.stateDirectory),
    witness: mayNotWrite,
    mend: ({ root, site }) => chown(root, 'deploy', site.stateDirectory),
  },
  {
    what: 'The right to write the switch goes away before the flip',
    step: 'Flip the switch from …',
    result: 'restored',
    reason: 'flip-without-effect',
    reads: 'Permission denied',
    left: 'nothing',
    inputs: () => before,
    strike: async ({ root, site }, action) => {
      await action.logged(onMyWay)
      await chown(root, 'root', site.stateDirectory)
    },
    witness: mayNotWrite,
    mend: ({ root, site }) => chown(root, 'deploy', site.stateDirectory),
  },
  {
    what: 'The right to write the switch goes away after the flip, and the release fails',
    step: 'Hook after-flip',
    result: 'stranded',
    reason: 'hook-failed',
    reads: 'It ended with exit code 4…Undo: Flip the switch…Permission denied…Nginx sends traffic to v3',
    left: 'traffic on the new version; the log has the commands that put it back',
    alone: true,
    inputs: () => after,
    strike: async ({ root, site }, action) => {
      await action.logged(onMyWay)
      await chown(root, 'root', site.stateDirectory)
    },
    witness: mayNotWrite,
    also: async (scene, run) => {
      assert.equal((await scene.site.get()).version, 'v3')
      await chown(scene.root, 'deploy', scene.site.stateDirectory)
      await mendedBy(scene, commandsIn(run.stdout))
    },
  },
  {
    what: 'There is no right to write the file of the upstream',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'drift',
    reads: 'The user cannot read and write …, which a flip by reload rewrites. Run: sudo chgrp …',
    left: 'nothing',
    ground: reload,
    arrange: ({ root, site }) => chown(root, 'root', site.nginxFile),
    witness: async ({ login, site }) => assert.notEqual((await login(`test -w ${site.nginxFile}`)).code, 0),
    mend: ({ root, site }) => chown(root, 'deploy', site.nginxFile),
  },
  {
    what: 'There is no right to run Nginx',
    step: 'See what is live, and plan',
    result: 'unchanged',
    reason: 'nginx-refused',
    reads: 'sudo',
    left: 'nothing',
    ground: reload,
    arrange: noSudo,
    witness: mayNotReload,
    mend: async ({ root }) => void (await root('umount /etc/sudoers.d/deploy')),
  },
  {
    what: 'The right to reload goes away before the flip',
    step: 'Point the upstream from … and reload Nginx',
    result: 'restored',
    reason: 'flip-without-effect',
    reads: 'Permission denied',
    left: 'nothing',
    ground: reload,
    inputs: () => before,
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await noSudo(scene)
    },
    witness: mayNotReload,
    mend: async ({ root }) => void (await root('umount /etc/sudoers.d/deploy')),
  },
  {
    what: 'The disk is full where the compose file is',
    step: 'Write v3 into …',
    result: 'unchanged',
    reason: 'start-failed',
    reads: 'No space left on device',
    left: 'nothing',
    arrange: async (scene) => {
      await onSmallDisk(scene, scene.site.directory)
      await fill(scene, scene.site.directory)
    },
    witness: ({ site, login }) => isFull(login, site.directory),
    mend: ({ root, site }) => umount(root, site.directory),
  },
  {
    what: 'The disk fills up where the state directory is',
    step: 'Confirm v3 on …',
    result: 'restored',
    reason: 'confirm-failed',
    reads: 'The release could not be recorded on …: …No space left on device',
    left: 'nothing',
    inputs: () => before,
    arrange: (scene) => onSmallDisk(scene, scene.site.stateDirectory),
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await fill(scene, scene.site.stateDirectory)
    },
    witness: ({ site, login }) => isFull(login, site.stateDirectory),
    mend: async ({ root, site }) => void (await root(`rm -f ${site.stateDirectory}/fill`)),
    also: async ({ root, site }) => {
      await root(`rm -f ${site.stateDirectory}/fill ${site.stateDirectory}/ledger.new`)
    },
  },
  {
    what: 'Nginx does not reach the new color: the public route answers 502',
    step: 'See v3 on the public route',
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
    step: 'See v3 on the public route',
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
    inputs: () => after,
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
    left: 'the container of the new version: the report says so',
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

function resets() {
  return { what: 'connections that Nginx closes at each reload, before 1.27.4', by: /^(GET|POST) E[A-Z]+$/ }
}

async function breakConfiguration({ host }: Scene): Promise<void> {
  await host.writeFile(foreign, 'server { listen 127.0.0.1:1; broken\n')
}

async function refuses({ host }: Scene): Promise<void> {
  assert.match((await host.exec('nginx -t')).stderr, /test failed/)
}

async function unbreak({ root }: Scene): Promise<void> {
  await root(`rm -f ${foreign}`)
}

async function chown(root: Scene['root'], owner: string, path: string): Promise<void> {
  await root(`chown ${owner} ${path}`)
}

async function mayNotWrite({ login, site }: Scene): Promise<void> {
  assert.match((await login(`touch ${site.stateDirectory}/x`)).stderr, /Permission denied/)
}

async function noSudo({ root }: Scene): Promise<void> {
  await root(': >/run/nothing && chmod 0440 /run/nothing && mount --bind /run/nothing /etc/sudoers.d/deploy')
}

async function mayNotReload({ login }: Scene): Promise<void> {
  assert.match((await login('sudo -n nginx -t')).stderr, /password is required/)
}

/** The same files, on a disk that is easily filled. */
async function onSmallDisk({ root }: Scene, folder: string): Promise<void> {
  await root(`cp -a ${folder} /run/kept && mount -t tmpfs -o size=256k,mode=0755 small ${folder} &&
    cp -a /run/kept/. ${folder}/ && chmod --reference=/run/kept ${folder} && chown --reference=/run/kept ${folder} &&
    rm -r /run/kept`)
}

async function fill({ root }: Scene, folder: string): Promise<void> {
  await root(`! cat /dev/zero 2>/dev/null >${folder}/fill`)
}

async function isFull(login: Scene['login'], folder: string): Promise<void> {
  assert.match((await login(`df --output=avail ${folder}`)).stdout, /^Avail\n\s*0$/m)
}

async function umount(root: Scene['root'], folder: string): Promise<void> {
  await root(`umount ${folder}`)
}

/** A firewall lets everybody but the workers of Nginx to the idle color. */
function behindAWall(): Pick<Fault, 'arrange' | 'witness' | 'mend'> {
  const rule = ({ site, idle }: Scene): string =>
    `OUTPUT -p tcp -d 127.0.0.1 --dport ${site.ports[idle]} -m owner --uid-owner www-data -j REJECT --reject-with tcp-reset`
  return {
    arrange: async (scene) => void (await scene.root(`iptables -I ${rule(scene)}`)),
    witness: async (scene) => {
      const counted = await scene.root('iptables -nvxL OUTPUT')
      assert.match(
        counted,
        new RegExp(`^\\s+[1-9]\\d* .*dpt:${scene.site.ports[scene.idle]} .*owner UID match 33`, 'm'),
      )
    },
    mend: async (scene) => void (await scene.root(`iptables -D ${rule(scene)}`)),
  }
}

/** The commands, as they stand in the log, in a new login: afterwards the previous version serves. */
async function mendedBy(scene: Scene, commands: string): Promise<void> {
  const typed = await scene.login(commands)
  let last = ''
  const serves = async () => {
    last = await scene.site.get().then(
      ({ version, status }) => `${version ?? status}`,
      (error: Error) => error.message,
    )
    return last === scene.previous || undefined
  }
  const said = () => `${last} serves after\n${commands}\n${typed.code}: ${typed.stdout}${typed.stderr}`
  await until('the previous version', 10_000, serves, said)
}
