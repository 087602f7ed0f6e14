import assert from 'node:assert/strict'
import type { Fault } from './fault.ts'
import {
  after,
  before,
  chown,
  fill,
  isFull,
  mayNotReload,
  mayNotWrite,
  mendedBy,
  noSudo,
  onMyWay,
  onSmallDisk,
  reload,
  umount,
} from './nginx-faults.ts'
import { commandsIn } from './printed.ts'
import type { Scene } from './scene.ts'

/** Rights and disks. */
export const rights: readonly Fault[] = [
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
    left: 'the journal, which the next run removes',
    leaves: /\/journal-\d+/,
    alone: true,
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
    reads: 'It ended with exit code 4…Undo: Flip the switch…Permission denied…Requests go to v3',
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
    reason: 'nginx-file',
    reads:
      'deploy may not read and write …, which a flip by reload rewrites. Use the switch, which needs no such right; or run on the host: sudo chown deploy …',
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
    reads: 'NOPASSWD: /usr/sbin/nginx -T, /usr/sbin/nginx -t, /usr/sbin/nginx -s reload',
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
    step: 'Flip the switch from …',
    result: 'restored',
    reason: 'state-directory',
    reads:
      'journal-…/changes cannot be written, and nothing is changed that is not written there first: is the disk full',
    left: 'nothing',
    inputs: () => before,
    arrange: (scene) => onSmallDisk(scene, scene.site.stateDirectory),
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await fill(scene, scene.site.stateDirectory)
      await isFull(scene.login, scene.site.stateDirectory)
    },
    witness: stillFilled,
    mend: emptied,
  },
  {
    what: 'The disk fills up where the state directory is, after the flip',
    step: 'Confirm v3 on …',
    result: 'restored',
    reason: 'confirm-failed',
    reads: 'changes cannot be written',
    left: 'nothing',
    inputs: () => ({ 'after-flip': 'echo on my way; sleep 1' }),
    arrange: (scene) => onSmallDisk(scene, scene.site.stateDirectory),
    strike: async (scene, action) => {
      await action.logged(onMyWay)
      await fill(scene, scene.site.stateDirectory)
      await isFull(scene.login, scene.site.stateDirectory)
    },
    witness: stillFilled,
    mend: emptied,
  },
]

/** The run frees what its journal took. */
async function stillFilled({ root, site }: Scene): Promise<void> {
  await root(`test -s ${site.stateDirectory}/fill`)
}

async function emptied({ root, site }: Scene): Promise<void> {
  await root(`rm -f ${site.stateDirectory}/fill`)
}
