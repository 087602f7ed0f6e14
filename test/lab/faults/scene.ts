import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAction } from '../action.ts'
import { ask, type Ended, until } from '../command.ts'
import type { LabHost } from '../host.ts'
import type { Lab } from '../lab.ts'
import type { LabSite } from '../site.ts'
import type { Ground } from './fault.ts'

type Color = 'blue' | 'green'

/** A site with a release behind it, on which the next one is to fail. */
export interface Scene extends AsyncDisposable {
  readonly lab: Lab
  readonly host: LabHost
  readonly site: LabSite
  /** The color that has traffic, and its version. */
  readonly live: Color
  readonly previous: string
  readonly idle: Color
  /** The runner's workspace. */
  readonly workspace: string
  /** Runs there as root. @throws AssertionError where that fails. */
  root(command: string): Promise<string>
  /** Runs as deploy in a new login, through a real `ssh`. */
  login(command: string): Promise<Ended>
}

/** Opens a host and a site: `v1` by hand, then, unless the first release is to fail, one of `v2`. */
export async function openScene(lab: Lab, ground: Ground = {}): Promise<Scene> {
  const host = await lab.host(ground.host)
  const site = await lab.site(host, { compose: 'depends', ...ground.site })
  const workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
  const key = join(workspace, 'key')
  const known = join(workspace, 'known_hosts')
  await writeFile(key, host.privateKey, { mode: 0o600 })
  await writeFile(known, host.knownHosts)
  // What a careful owner does so that no root is needed for a flip by reload.
  if (ground.site?.flip === 'reload') await host.exec(`chown deploy ${site.nginxFile}`)
  await site.up('blue', 'v1')
  if (!ground.first) {
    const run = await runAction(site.inputs({ version: 'v2', watch: '0s', 'drain-timeout': '0s' }))
    assert.equal(run.outputs['result'], 'released', run.stdout + run.stderr)
  }
  const [live, idle, previous]: [Color, Color, string] = ground.first
    ? ['blue', 'green', 'v1']
    : ['green', 'blue', 'v2']
  const files = ['-i', key, '-o', `UserKnownHostsFile=${known}`, '-o', 'BatchMode=yes', '-p', String(host.port)]
  return {
    lab,
    host,
    site,
    live,
    idle,
    previous,
    workspace,
    root: async (command) => {
      const ended = await host.exec(command)
      assert.equal(ended.code, 0, `${command}: ${ended.stderr}${ended.stdout}`)
      return ended.stdout
    },
    login: (command) => ask(['ssh', ...files, 'deploy@127.0.0.1', command]),
    [Symbol.asyncDispose]: async () => {
      await site.dispose()
      await host.dispose()
      await rm(workspace, { recursive: true })
    },
  }
}

/** Something listens on a port of 127.0.0.1 and says nothing; its process id is in /run/taker. */
export async function takePort(host: LabHost, port: number): Promise<void> {
  const listen = `$s = IO::Socket::INET->new(Listen => 50, LocalAddr => "127.0.0.1:${port}", ReuseAddr => 1) or die; sleep`
  await host.exec(`setsid perl -MIO::Socket::INET -e '${listen}' </dev/null >/dev/null 2>&1 & echo $! >/run/taker`)
  await until(`a listener on port ${port}`, 5000, async () =>
    (await host.exec(`ss -Hltn 'sport = :${port}'`)).stdout === '' ? undefined : true,
  )
}
