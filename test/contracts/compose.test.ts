import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { lines, type Shell, sh } from '../../src/host/quote.ts'
import type { SshHost } from '../../src/host/ssh-host.ts'
import { knowingOpened, type Opened, readAccepted, readOpened } from '../../src/release/started.ts'
import { drainService } from '../../src/runtimes/compose/change/drain.ts'
import { whileOccupied } from '../../src/runtimes/compose/change/exit-watch.ts'
import { discardPulled, type Pull, pullImage, undoPull } from '../../src/runtimes/compose/change/pull.ts'
import { removeImages } from '../../src/runtimes/compose/change/retire.ts'
import { ask, must, pause } from '../lab/command.ts'
import type { LabHost } from '../lab/host.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { type Registry, startRegistry, withLayer } from '../lab/registry.ts'
import type { LabSite } from '../lab/site.ts'
import { composeFile } from '../lab/site-compose.ts'
import { killedAt, readyToKill } from './killed.ts'
import { sshTo } from './ssh-to.ts'

const user = { name: 'shop', password: `it's "secret" $HOME ${Math.random().toString(36).slice(2)}` }

let lab: Lab
let host: LabHost
let ssh: SshHost
let site: LabSite
let registry: Registry
let image: string
before(async () => {
  lab = await openLab()
  registry = await startRegistry(user)
  host = await lab.host({ nginx: 'stopped' })
  ssh = await sshTo(host)
  await readyToKill(host)
  site = await lab.site(host, {
    composeFile: (parts) =>
      composeFile({ ...parts, repository: `${registry.address}/${parts.repository}`, shape: 'each', extra: [] }),
  })
  image = `${registry.address}/${site.repository}`
  await withLayer(`${site.repository}:v2`, `${site.repository}:heavy`)
  await registry.push(`${site.repository}:heavy`, `${site.repository}:v2`)
  await must(['docker', 'rmi', `${site.repository}:heavy`])
})
after(async () => {
  await ssh[Symbol.asyncDispose]()
  await lab.dispose()
  await registry[Symbol.asyncDispose]()
})

async function said(shell: Shell, code = 0): Promise<string> {
  const ran = await ssh.run({ shell, deadline: 60_000 })
  assert.equal(ran.code, code, `${ran.stdout}${ran.stderr}`)
  return ran.stdout + ran.stderr
}

/** Id that a name means; empty where it means none. */
async function idOf(name: string): Promise<string> {
  return (await ask(['docker', 'image', 'inspect', '--format', '{{.Id}}', name])).stdout.trim()
}

/** Milliseconds. */
const QUIET = 3000
const drainOf = (duration: number) => ({ duration, quiet: QUIET, afterwards: 'It is over then.' })

describe('draining a service', { timeout: 240_000 }, () => {
  const drain = (duration: number) =>
    drainService({ project: site.project, service: site.services.blue }, [3000], drainOf(duration))
  const held = async (): Promise<Socket> => {
    const socket = connect(site.ports.blue, '127.0.0.1')
    // Docker's proxy takes every connection: only an answer says that the container has it.
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    return socket
  }

  test('that does not run is over at once', async () => {
    assert.equal(await said(drain(60_000)), 'it does not run\n')
  })

  test('waits for what is connected to its ports, as long as it may', async () => {
    await must(['docker', 'tag', `${site.repository}:v1`, `${image}:v1`])
    await site.up('blue', 'v1')
    assert.match(await said(drain(60_000)), /^no open connection was left after \d+ ms$/m)
    const [first, second] = [await held(), await held()]
    assert.match(await said(drain(1000)), /^2 open connection\(s\) were left after \d+ ms, from [\d.]+ \(this host\)$/m)
    first.destroy()
    const waiting = said(drain(60_000))
    await pause(500)
    second.destroy()
    assert.match(await waiting, /^no open connection was left after \d+ ms$/m)
    const other = drainService({ project: site.project, service: site.services.blue }, [3001], drainOf(60_000))
    const third = await held()
    assert.match(await said(other), /^no open connection was left/m)
    third.destroy()
  })

  test('gives whoever connects meanwhile all the time there is, and names him', async () => {
    const waiting = said(drain(6000))
    await pause(800)
    const first = await held()
    await pause(500)
    first.destroy()
    const told = await waiting
    const [, address] =
      /^Callers: `\S+` is called directly, and not through Nginx, by ([\d.]+) \(this host\)\. It is over then\.$/m.exec(
        told,
      ) ?? []
    assert.ok(address, told)
    assert.match(told, /^no open connection was left after [6-9]\d{3} ms$/m)
  })

  test('sees those too that come and go between two looks', async () => {
    const waiting = said(drain(5000))
    await pause(700)
    for (let i = 0; i < 3; i++) await ask(['curl', '-s', `http://127.0.0.1:${site.ports.blue}/`])
    assert.match(await waiting, /^Callers: .*$[\s\S]*^no open connection was left after [5-9]\d{3} ms$/m)
  })
})

describe('draining a service of which it was counted how often it had been called when requests left it', {
  timeout: 120_000,
}, () => {
  const container = async () => {
    const filter = `label=com.docker.compose.service=${site.services.blue}`
    return (await must(['docker', 'ps', '--quiet', '--no-trunc', '--filter', filter])).trim()
  }
  /** What a flip tells of the color that it leaves, by a script that leaves nothing. */
  const counted = async () => {
    const id = await container()
    const occupant = { name: { project: site.project, service: site.services.blue }, id: sh`${id}`, fresh: true }
    const told = await said(whileOccupied(occupant, sh`:`, { arrivals: true, leaving: id }))
    assert.equal(typeof readAccepted(told.split('\n')), 'number', told)
    return readOpened(told.split('\n')) ?? assert.fail(told)
  }
  const drained = async (opened: Opened | undefined) => {
    const drain = drainService({ project: site.project, service: site.services.blue }, [3000], drainOf(60_000))
    const [, took] = /no open connection was left after (\d+) ms/.exec(await said(knowingOpened(opened, drain))) ?? []
    return Number(took)
  }

  test('counts the time since, if nobody has called it', async () => {
    await site.up('blue', 'v1')
    const opened = await counted()
    await pause(QUIET)
    assert.ok((await drained(opened)) < QUIET)
  })

  test('begins from now, if somebody has', async () => {
    const opened = await counted()
    await ask(['curl', '-s', `http://127.0.0.1:${site.ports.blue}/`])
    await pause(QUIET)
    assert.ok((await drained(opened)) >= QUIET)
  })

  test('begins from now, if the container was started since', async () => {
    const opened = await counted()
    await must(['docker', 'restart', '--time', '0', await container()])
    await pause(QUIET)
    assert.ok((await drained(opened)) >= QUIET)
  })
})

describe('a pull', { timeout: 360_000 }, () => {
  const target = () => ({ directory: site.directory, files: [], variable: 'IMAGE_TAG' })
  const pull = (more: Partial<Pull> = {}) =>
    pullImage(target(), {
      ...{ service: site.services.green, color: 'green', version: 'v2', image: `${image}:v2`, policy: 'always' },
      login: { server: registry.address, username: user.name, password: user.password },
      ...more,
    })
  const undo = () => undoPull(target(), `${image}:v2`)
  const kept = () =>
    host.exec(
      `ls -A ${site.directory}/.blue-green 2>/dev/null; ls -d /run/user/*/blue-green.* /dev/shm/blue-green.* /tmp/blue-green.*`,
    )
  const nothingKept = async () => assert.equal((await kept()).stdout, '')

  test('brings the image, and undone it is gone again, once and for all', async () => {
    await said(pull())
    const pulled = await idOf(`${image}:v2`)
    assert.notEqual(pulled, '')
    for (const time of ['once', 'again']) {
      await said(undo())
      assert.equal(await idOf(`${image}:v2`), '', time)
      assert.equal(await idOf(pulled), '', time)
      await nothingKept()
    }
  })

  test('that replaced what the name meant is undone to that, wherever its undo was killed', async () => {
    await must(['docker', 'tag', `${site.repository}:v5`, `${image}:v2`])
    const before = await idOf(`${image}:v2`)
    let n = 1
    for (; n < 20; n++) {
      await said(pull())
      const pulled = await idOf(`${image}:v2`)
      assert.notEqual(pulled, before)
      const cut = await killedAt(host, { shell: undo(), deadline: 60_000 }, n)
      await said(undo())
      assert.equal(await idOf(`${image}:v2`), before, `killed before its command ${n}`)
      assert.equal(await idOf(pulled), '')
      await nothingKept()
      if (!cut) break
    }
    assert.ok(n > 4, `${n - 1} commands`)
    await must(['docker', 'rmi', `${image}:v2`])
  })

  test('is undone where something else uses what it brought', async () => {
    await must(['docker', 'tag', `${site.repository}:v5`, `${image}:v2`])
    const before = await idOf(`${image}:v2`)
    await said(pull())
    const user = (await must(['docker', 'create', `${image}:v2`])).trim()
    await said(undo())
    assert.equal(await idOf(`${image}:v2`), before)
    await must(['docker', 'rm', user])
    await must(['docker', 'rmi', `${image}:v2`])
  })

  test('is not needed where the image is there, with `missing`', async () => {
    await must(['docker', 'tag', `${site.repository}:v5`, `${image}:v2`])
    const before = await idOf(`${image}:v2`)
    const wrong = { server: registry.address, username: user.name, password: 'guess' }
    await said(pull({ policy: 'missing', login: wrong }))
    assert.equal(await idOf(`${image}:v2`), before)
    await said(discardPulled(target()))
    await nothingKept()
    await must(['docker', 'rmi', `${image}:v2`])
  })

  test('with a wrong password fails, says why, and leaves nothing', async () => {
    const wrong = { server: registry.address, username: user.name, password: 'guess' }
    assert.match(await said(pull({ login: wrong }), 1), /unauthorized|401/)
    await said(undo())
    await nothingKept()
    const { stdout } = await host.exec('cat /home/deploy/.docker/config.json 2>/dev/null || true')
    assert.doesNotMatch(stdout, /auths/)
  })

  test('undone where it never began changes nothing', async () => {
    const list = ['docker', 'images', '--all', '--no-trunc', '--format', '{{.ID}} {{.Repository}}:{{.Tag}}']
    const all = async () => (await must(list)).split('\n').sort()
    const before = await all()
    await said(undo())
    assert.deepEqual(await all(), before)
  })
})

describe('removing the images of old releases', { timeout: 240_000 }, () => {
  test('takes those that nothing uses, only by their names in this repository', async () => {
    const repository = `${site.project}/retire`
    const make = async (from: string, ...names: readonly string[]): Promise<string> => {
      for (const name of names) await must(['docker', 'tag', `${site.repository}:${from}`, name])
      return idOf(`${site.repository}:${from}`)
    }
    const [plain, elsewhere, used, stopped] = [
      await make('v6', `${repository}:a`, `${repository}:b`),
      await make('v7', `${repository}:c`, `${repository}-other:c`),
      await make('v8', `${repository}:d`),
      await make('v9', `${repository}:e`),
    ]
    for (const version of ['v6', 'v7', 'v8', 'v9']) await must(['docker', 'rmi', `${site.repository}:${version}`])
    const running = (await must(['docker', 'run', '-d', `${repository}:d`])).trim()
    const created = (await must(['docker', 'create', `${repository}:e`])).trim()
    const old = [plain, 'sha256:gone', elsewhere, used, stopped]
    for (const time of ['once', 'again']) {
      await said(lines(removeImages(old, repository)))
      assert.deepEqual(
        [await idOf(plain), await idOf(`${repository}:a`), await idOf(`${repository}:c`)],
        ['', '', ''],
        time,
      )
      assert.equal(await idOf(`${repository}-other:c`), elsewhere)
      assert.deepEqual([await idOf(`${repository}:d`), await idOf(`${repository}:e`)], [used, stopped])
    }
    await must(['docker', 'rm', '--force', running, created])
    await must(['docker', 'tag', used, 'lab/kept:1'])
    await must(['docker', 'rmi', `${repository}:d`])
    await said(removeImages([used, stopped], repository))
    assert.deepEqual([await idOf(used), await idOf(stopped)], [used, ''])
    await must(['docker', 'rmi', 'lab/kept:1', `${repository}-other:c`])
  })
})
