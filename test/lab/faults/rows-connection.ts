import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ask, pause } from '../command.ts'
import type { Fault } from './fault.ts'

/** The host cannot be reached, or not as it was. */
export const connection: readonly Fault[] = [
  {
    what: 'No SSH server listens',
    step: 'Connect to …',
    result: 'unchanged',
    reason: 'host-unreachable',
    reads: 'No SSH connection to …: nothing listens on port …. Look that sshd runs there, and that the port is right.',
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
    witness: async ({ workspace, host, site, login }) => {
      assert.equal((await login('true')).code, 0)
      const flags = ['-i', join(workspace, 'key'), '-o', `UserKnownHostsFile=${join(workspace, 'known_hosts')}`]
      const forwarded = await ask([
        ...['ssh', ...flags, '-o', 'BatchMode=yes', '-p', String(host.port)],
        ...['-W', `127.0.0.1:${site.ports.blue}`, 'deploy@127.0.0.1'],
      ])
      assert.match(forwarded.stderr, /administratively prohibited|forwarding failed/)
    },
    also: async (_, run) => assert.equal(run.outputs['version'], 'v3'),
  },
  {
    what: 'sshd forbids forwarding, and the new version fails in the watch',
    step: 'Watch fails-later on … for 6 s',
    result: 'restored',
    reason: 'watch-failed',
    reads: 'failures in a row in the watch: … answered 500',
    left: 'nothing',
    alone: true,
    ground: { host: { sshdConfig: ['AllowTcpForwarding no'] } },
    inputs: () => ({ version: 'fails-later', watch: '6s' }),
    lost: { what: 'what the new version answers with 500', by: /^(GET|POST) 500$/ },
    witness: async (_, run) => assert.match(run.stdout, /answered 500/),
  },
  cutRow('before anything was done', {
    step: 'Start … with v3',
    after: /✓ See what is live, and plan/,
  }),
  cutRow('while the new color starts to answer', {
    step: 'Wait until slow-boot on … is healthy',
    after: /Wait until slow-boot/,
    inputs: { version: 'slow-boot', 'health-timeout': '20s' },
  }),
  cutRow('in a hook before the flip', {
    step: 'Hook before-flip',
    after: /^ {2}\| on my way/m,
    inputs: { 'before-flip': 'echo on my way; echo $$ >hook.pid; sleep 100', 'hook-timeout': '30s' },
    leaves: 'hook.pid',
  }),
  {
    ...cutRow('in the smoke test', {
      step: 'Run the smoke test against v3 on …',
      after: /^ {2}\| asking/m,
      inputs: {
        'smoke-test': 'echo asking; curl --silent --show-error --fail "$BASE_URL/slow?ms=6000"',
        'hook-timeout': '20s',
      },
    }),
    reason: 'smoke-test-failed',
    reads: 'The smoke test ended with exit code …. Its last line: curl: ',
  },
  {
    ...cutRow('in a flip by reload', {
      step: 'Point the upstream from … and reload Nginx',
      after: /Point the upstream from/,
      inputs: { 'before-flip': 'echo on my way; sleep 1' },
    }),
    result: 'restored',
    ground: { site: { flip: 'reload' } },
    witness: async ({ login }) => assert.equal((await login('true')).code, 0),
    strike: async ({ host, site }, action) => {
      await action.logged(/^ {2}\| on my way/m)
      // The flip waits for the lock of the file, and so can be met in the middle.
      await host.exec(`setsid flock ${site.nginxFile} sleep 6 </dev/null >/dev/null 2>&1 &`)
      await action.logged(/Point the upstream from/)
      await host.restartSshd()
    },
  },
  {
    ...cutRow('in a hook after the flip', {
      step: 'Hook after-flip',
      after: /^ {2}\| on my way/m,
      inputs: { 'after-flip': 'echo on my way; echo $$ >hook.pid; sleep 100', 'hook-timeout': '30s' },
      leaves: 'hook.pid',
    }),
    result: 'restored',
  },
  {
    ...cutRow('in the watch', { step: 'Watch v3 on … for 8 s', after: /Watch v3 on/, inputs: { watch: '8s' } }),
    result: 'restored',
  },
  {
    ...cutRow('while the old color drains', {
      step: '',
      after: /✓ Confirm v3/,
      inputs: { 'drain-timeout': '3s' },
    }),
    result: 'released',
    reason: '',
    reads: '… Nothing depends on it.',
    left: 'the release, and what was not cleaned up: a warning names it',
    alone: true,
    also: async (_, run) => assert.equal(run.outputs['version'], 'v3'),
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
]

interface Cut {
  readonly step: string
  readonly after: RegExp
  readonly inputs?: Readonly<Record<string, string>>
  /** A file of the hook with its process id. */
  readonly leaves?: string
}

/** Every session of the host ends at once; the server serves again right after it. */
function cutRow(when: string, { step, after, inputs, leaves }: Cut): Fault {
  let connected = ''
  return {
    what: `The connection is cut ${when}`,
    step,
    result: 'unchanged',
    reason: 'connection-lost',
    reads: 'The SSH connection to … was lost',
    left: 'nothing',
    inputs: () => inputs ?? {},
    strike: async ({ host }, action) => {
      await action.logged(after)
      connected = (await host.exec(`ss -Htn state established 'sport = :${host.port}'`)).stdout
      await host.restartSshd()
    },
    witness: async ({ site, root }) => {
      assert.notEqual(connected, '', 'There was no connection to cut.')
      if (leaves === undefined) return
      // What the cut left running was ended before anything was undone.
      await root(`cd ${site.directory} && ! kill -0 "$(cat ${leaves})" && rm ${leaves}`)
    },
  }
}
