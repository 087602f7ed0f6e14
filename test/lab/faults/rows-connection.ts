import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { ActionRun } from '../action.ts'
import { ask, pause, until } from '../command.ts'
import type { Fault } from './fault.ts'
import { clientsGot500, inTheWatch } from './idle.ts'
import type { Scene } from './scene.ts'

/** The host cannot be reached, or not as it was. */
export const connection: readonly Fault[] = [
  {
    what: 'No SSH server listens',
    step: 'Connect to …',
    result: 'unchanged',
    reason: 'host-unreachable',
    reads:
      'No SSH connection to …: nothing listens on port …. Make sure that sshd runs there, and that the port is right.',
    left: 'nothing',
    arrange: ({ host }) => host.stopSshd(),
    witness: async ({ login }) => assert.match((await login('true')).stderr, /Connection refused/),
    mend: ({ host }) => host.startSshd(),
  },
  {
    what: 'The key is not the right one',
    step: 'Connect to …',
    result: 'unchanged',
    reason: 'authentication-failed',
    reads:
      'the host refuses the user deploy with …private-key. Put its public key into ~deploy/.ssh/authorized_keys there',
    left: 'nothing',
    arrange: async ({ root }) => void (await root('mv /home/deploy/.ssh/authorized_keys /run/authorized_keys')),
    witness: async ({ login }) => assert.match((await login('true')).stderr, /Permission denied/),
    mend: async ({ root }) => void (await root('mv /run/authorized_keys /home/deploy/.ssh/')),
  },
  {
    what: 'The host key is another one',
    step: 'Connect to …',
    result: 'unchanged',
    reason: 'host-key-mismatch',
    reads: 'presented the … host key SHA256:…',
    left: 'nothing',
    alone: true,
    arrange: async ({ root, host }) => {
      await root(`cd /etc/ssh && rm ssh_host_* && for type in ed25519 rsa ecdsa; do
        ssh-keygen -q -N '' -f ssh_host_"$type"_key -t $type; done`)
      await host.restartSshd()
    },
    witness: async ({ login }) => assert.match((await login('true')).stderr, /REMOTE HOST IDENTIFICATION HAS CHANGED/),
  },
  {
    what: 'sshd forbids forwarding: the host itself asks',
    step: '',
    result: 'released',
    reason: '',
    reads: '',
    left: 'the release',
    alone: true,
    ground: { host: { sshdConfig: ['AllowTcpForwarding no'] } },
    witness: forbidden,
    also: async (_, run) => assert.equal(run.outputs['version'], 'v3'),
  },
  {
    what: 'sshd forbids forwarding, and the new version fails in the watch',
    step: 'Watch v3 on … for 20 s',
    result: 'restored',
    reason: 'watch-failed',
    reads: 'failures in a row in the watch: … answered 500',
    left: 'nothing',
    alone: true,
    ground: { host: { sshdConfig: ['AllowTcpForwarding no'] } },
    inputs: () => ({ watch: '20s' }),
    strike: inTheWatch('fail'),
    lost: { what: 'what the new version answers with 500', by: /^(GET|POST) 500$/ },
    witness: async (scene, seen) => {
      await forbidden(scene)
      await clientsGot500(scene, seen)
    },
  },
  {
    what: 'sshd stays away for some seconds, then serves again',
    step: 'Hook after-flip',
    result: 'restored',
    reason: 'connection-lost',
    reads: 'The SSH connection to … was lost',
    left: 'nothing',
    inputs: () => ({ 'after-flip': 'echo on my way; sleep 100', 'hook-timeout': '30s' }),
    strike: async ({ host, login }, action) => {
      await action.logged(/^ {2}\| on my way/m)
      await host.stopSshd()
      await pause(4000)
      assert.match((await login('true')).stderr, /Connection refused/)
      await host.startSshd()
    },
    witness: async ({ login }) => assert.equal((await login('true')).code, 0),
  },
  {
    what: 'sshd stays away after the flip: the guard puts traffic back',
    step: 'Hook after-flip',
    result: 'stranded',
    reason: 'connection-lost',
    reads:
      'did not come back within 60 s.…Where requests go now could not be seen: … the guard there puts traffic back by itself',
    left: 'the new color, until the step after the job removes it',
    alone: true,
    inputs: () => ({ 'after-flip': 'echo on my way; sleep 100', 'hook-timeout': '30s', lease: '4s' }),
    strike: async ({ host }, action) => {
      await action.logged(/^ {2}\| on my way/m)
      await host.stopSshd()
      await action.ended
    },
    witness: async ({ login }) => assert.match((await login('true')).stderr, /Connection refused/),
    also: staysAway,
    unfinished: true,
    mend: ({ host }) => host.startSshd(),
  },
  {
    what: 'sshd comes back with another key after the flip: the guard puts traffic back',
    step: 'Hook after-flip',
    result: 'stranded',
    reason: 'connection-lost',
    reads: 'and known-hosts pins another one: the key CHANGED…Where requests go now could not be seen:',
    left: 'the new color, until the step after the job removes it',
    alone: true,
    inputs: () => ({ 'after-flip': 'echo on my way; sleep 100', 'hook-timeout': '30s', lease: '4s' }),
    strike: async ({ host, root }, action) => {
      await action.logged(/^ {2}\| on my way/m)
      await root('cd /etc/ssh && mkdir kept && mv ssh_host_* kept/ && ssh-keygen -q -A')
      await host.restartSshd()
      await action.ended
    },
    witness: async ({ login }) => assert.match((await login('true')).stderr, /REMOTE HOST IDENTIFICATION HAS CHANGED/),
    also: staysAway,
    unfinished: true,
    mend: async ({ host, root }) => {
      await root('cd /etc/ssh && mv kept/* . && rmdir kept')
      await host.restartSshd()
    },
  },
]

/** What the report says is true: this step saved no end, in time, and traffic comes back without it. */
async function staysAway({ site, previous }: Scene, run: ActionRun): Promise<void> {
  assert.equal(run.state['ended'], undefined, run.stdout)
  assert.ok(run.duration < 4_000 + 120_000, `${run.duration} ms`)
  assert.doesNotMatch(run.summary, /not touched/)
  const back = async () => ((await site.get()).version === previous ? true : undefined)
  await until('traffic on the previous color', 30_000, back, () => run.stdout)
}

/** A real `ssh` may log in, and is not let through. */
async function forbidden({ workspace, host, site, login }: Scene): Promise<void> {
  assert.equal((await login('true')).code, 0)
  const flags = ['-i', join(workspace, 'key'), '-o', `UserKnownHostsFile=${join(workspace, 'known_hosts')}`]
  const forwarded = await ask([
    ...['ssh', ...flags, '-o', 'BatchMode=yes', '-p', String(host.port)],
    ...['-W', `127.0.0.1:${site.ports.blue}`, 'deploy@127.0.0.1'],
  ])
  assert.match(forwarded.stderr, /administratively prohibited|forwarding failed/)
}
