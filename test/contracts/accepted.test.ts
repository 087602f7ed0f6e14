import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Accepted, acceptedQuestion, readAccepted } from '../../src/host/accepted.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import { must } from '../lab/command.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabSite } from '../lab/site.ts'
import { sshTo } from './ssh-to.ts'

let lab: Lab
let ssh: SshHost
let site: LabSite
before(async () => {
  lab = await openLab()
  const host = await lab.host()
  ssh = await sshTo(host)
  site = await lab.site(host, { flip: 'reload' })
  await site.up('blue', 'v1')
  await site.up('green', 'v2')
})
after(async () => {
  await ssh[Symbol.asyncDispose]()
  await lab.dispose()
})

async function asked(containers: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Accepted>> {
  const ran = await ssh.run({ shell: acceptedQuestion(containers), deadline: 30_000 })
  assert.equal(ran.code, 0, ran.stderr)
  return readAccepted(ran.stdout)
}

async function colors(): Promise<readonly { accepted: number; connected: number }[]> {
  const names = Object.fromEntries((await site.containers()).map(({ service, id }) => [service, id]))
  const seen = await asked(names)
  return [site.services.blue, site.services.green].map((service) => {
    const found = seen.get(service)
    return found?.kind === 'counted' ? found : assert.fail(JSON.stringify([...seen]))
  })
}

describe('the connections that a container accepted', { timeout: 240_000 }, () => {
  test('tell which color requests through Nginx reach', async () => {
    const before = await colors()
    for (let i = 0; i < 5; i++) await site.get()
    const after = await colors()
    assert.deepEqual(
      after.map(({ accepted }, i) => accepted - (before[i]?.accepted ?? 0)),
      [5, 0],
    )
  })

  test('are told from those that are open now', async () => {
    const socket = connect(site.ports.green, '127.0.0.1')
    socket.write('GET /slow')
    try {
      await assert.doesNotReject(async () => {
        for (let left = 50; (await colors())[1]?.connected !== 1; left--) assert.ok(left > 0)
      })
      assert.equal((await colors())[0]?.connected, 0)
    } finally {
      socket.destroy()
    }
  })

  test('cannot be counted where it has no network of its own, or does not run', async () => {
    const name = `${site.project}-on-host`
    await must(['docker', 'run', '-d', '--network', 'host', '--name', name, `${site.repository}:v1`, 'sleep', '60'])
    const wanted = { host: name, nobody: `${site.project}-nobody` }
    assert.deepEqual(
      await asked(wanted),
      new Map([
        ['host', { kind: 'unknown', why: 'it has no network of its own' }],
        ['nobody', { kind: 'unknown', why: 'it does not run' }],
      ]),
    )
    await must(['docker', 'rm', '-f', name])
  })
})
