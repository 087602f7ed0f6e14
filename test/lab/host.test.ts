import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ask, type Ended, until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Through the real server, with the machine's own client, trusting the given host keys only. */
async function ssh(
  host: LabHost,
  command: string,
  options: readonly string[] = [],
  known = host.knownHosts,
): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  await writeFile(join(folder, 'key'), host.privateKey, { mode: 0o600 })
  await writeFile(join(folder, 'known'), known)
  const trust = ['-o', `UserKnownHostsFile=${folder}/known`, '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes']
  const target = ['-i', join(folder, 'key'), '-p', String(host.port), ...options, 'deploy@127.0.0.1', command]
  const ended = await ask(['ssh', '-F', 'none', ...trust, ...target])
  await rm(folder, { recursive: true })
  return ended
}

describe('a host', () => {
  test('lets deploy do three things as root, and no more', async () => {
    await using host = await lab.host()
    for (const allowed of ['sudo -n nginx -T', 'sudo -n nginx -t', 'sudo -n nginx -s reload']) {
      assert.equal((await host.exec(allowed, { user: 'deploy' })).code, 0, allowed)
    }
    for (const refused of ['sudo -n id', 'sudo -n nginx -t -c /tmp/own', 'sudo -n nginx -s stop', 'sudo -n sh -c id']) {
      const ended = await host.exec(refused, { user: 'deploy' })
      assert.equal(ended.code, 1, refused)
      assert.match(ended.stderr, /a password is required/)
    }
  })

  for (const server of ['openssh', 'dropbear'] as const) {
    for (const deployKeyType of ['ed25519', 'rsa', 'ecdsa'] as const) {
      test(`takes a login by ${deployKeyType} at ${server}, where docker compose works`, async () => {
        await using host = await lab.host({ server, deployKeyType })
        const ended = await ssh(
          host,
          'whoami; pwd; docker compose version --short; docker version -f {{.Server.Version}}',
        )
        assert.equal(ended.stderr, '')
        assert.match(ended.stdout, /^deploy\n\/home\/deploy\n\d+\.\d+.*\n\d+\.\d+.*\n$/)
      })
    }

    test(`proves itself by any of its keys at ${server}`, async () => {
      await using host = await lab.host({ server })
      const lines = host.knownHosts.trim().split('\n')
      assert.equal(lines.length, 3)
      for (const line of lines) {
        const type = (line.split(' ')[1] ?? '').replace('ssh-rsa', 'rsa-sha2-256')
        const ended = await ssh(host, 'echo in', ['-o', `HostKeyAlgorithms=${type}`], `${line}\n`)
        assert.deepEqual(ended, { code: 0, stdout: 'in\n', stderr: '' })
      }
      await using other = await lab.host({ server })
      const wrong = other.knownHosts.replaceAll(String(other.port), String(host.port))
      assert.equal((await ssh(host, 'echo in', [], wrong)).code, 255)
    })
  }

  test('takes further lines for sshd, and comes back after a restart on the same port', async () => {
    await using host = await lab.host({ sshdConfig: ['AllowTcpForwarding no', 'SetEnv STAMP=seen'] })
    assert.equal((await ssh(host, 'echo $STAMP')).stdout, 'seen\n')
    await host.restartSshd()
    assert.equal((await ssh(host, 'echo $STAMP')).stdout, 'seen\n')
    await host.stopSshd()
    assert.equal((await ssh(host, 'true')).code, 255)
  })

  test('shares no file and no Nginx with another', async () => {
    await using one = await lab.host()
    await using two = await lab.host()
    await one.writeFile('/var/lib/blue-green/mine', 'one')
    await one.writeFile('/tmp/mine', 'one')
    await one.writeNginx({ 'conf.d/mine.conf': '# one\n' })
    const seen = await two.exec('ls /var/lib/blue-green /tmp /etc/nginx/conf.d')
    assert.doesNotMatch(seen.stdout, /mine/)
    const before = await Promise.all([one.nginxProcesses(), two.nginxProcesses()])
    assert.equal((await one.exec('sudo -n nginx -s reload', { user: 'deploy' })).code, 0)
    const fresh = async () => {
      const now = await one.nginxProcesses()
      return now.some((process) => !before[0].some((old) => old.pid === process.pid)) || undefined
    }
    await until('new workers', 5000, fresh)
    assert.deepEqual(await two.nginxProcesses(), before[1])
  })

  test('leaves no process behind', async () => {
    const host = await lab.host()
    await ssh(host, 'setsid sleep 1000 </dev/null >/dev/null 2>&1 &')
    assert.ok((await host.machine.processes()).length >= 4)
    await host.dispose()
    const left = await ask(['ps', '-eo', 'args'])
    assert.doesNotMatch(left.stdout, /sleep 1000/)
  })
})
