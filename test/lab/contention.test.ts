import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction, startAction } from './action.ts'
import { pause } from './command.ts'
import { followSite } from './critical-section.ts'
import { type CustodyScene, QUICK, sceneOf } from './custody-scene.ts'
import type { Lab } from './lab.ts'
import { openLab } from './lab.ts'
import { asAfterCleanRun } from './leavings.ts'
import { freePort } from './ports.ts'
import { nginxParts, serverBlock } from './site-nginx.ts'
import { get } from './web.ts'

const PATIENCE = { timeout: 300_000 }
/** Of two runs at once, on two hosts together. */
const ROUNDS = 20
const HOSTS = 2

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

describe('runs that begin at once', { concurrency: HOSTS }, () => {
  for (let lane = 0; lane < HOSTS; lane += 1) {
    describe(`host ${lane + 1}`, { concurrency: 1 }, () => {
      const scene = sceneOf(() => lab)

      test('two: one wins, and the other one is refused', PATIENCE, async () => {
        for (let round = 0; round < ROUNDS / HOSTS - 2; round += 1) await oneWins(scene.open, 2)
      })

      test('two that have time: one follows the other', PATIENCE, async () => {
        for (let round = 0; round < 2; round += 1) {
          const trail = await followSite(scene.open.site)
          const runs = await atOnce(scene.open, 2, { 'lock-timeout': '120s' })
          assert.deepEqual(results(runs), ['released', 'released'], logs(runs))
          assert.equal((await trail.releases()).length, 2)
          assert.equal(runs.filter(({ stdout }) => /^Waiting for the deploy of/m.test(stdout)).length, 1)
        }
        await asAfterCleanRun(scene.open.site, scene.open.clean)
        await scene.open.lostNothing()
      })

      test('ten: one wins, and nine are refused', PATIENCE, async () => {
        await oneWins(scene.open, 10)
        await asAfterCleanRun(scene.open.site, scene.open.clean)
        await scene.open.lostNothing()
      })
    })
  }
})

test('two targets in one directory at once: both are right, each time', PATIENCE, async () => {
  await using host = await lab.host()
  const ports = { blue: await freePort(), green: await freePort() }
  const service = (name: string, port: number, repository: string) =>
    `  ${name}:\n    image: ${repository}:\${API_TAG_${name.endsWith('blue') ? 'BLUE' : 'GREEN'}:-v1}\n    restart: unless-stopped\n    ports: ["127.0.0.1:${port}:3000"]\n`
  const web = (name: string, port: number, repository: string) =>
    service(name, port, repository).replaceAll('API', 'WEB')
  const composeFile = (parts: { repository: string; ports: Record<'blue' | 'green', number> }) =>
    `services:\n${web('web_blue', parts.ports.blue, parts.repository)}${web('web_green', parts.ports.green, parts.repository)}` +
    `${service('api_blue', ports.blue, parts.repository)}${service('api_green', ports.green, parts.repository)}`
  await using site = await lab.site(host, { composeFile })
  const stateDirectory = `${host.stateRoot}/api`
  const publicPort = await freePort()
  const addresses = { blue: `127.0.0.1:${ports.blue}`, green: `127.0.0.1:${ports.green}` }
  const wishes = {
    flip: 'switch-backed',
    live: 'blue',
    upstream: 'api',
    addresses,
    stateDirectory,
    publicPort,
  } as const
  const parts = nginxParts({ ...wishes, tls: false })
  await host.exec(`install -d -m 0711 -o deploy ${stateDirectory}`)
  await host.writeNginx({ 'conf.d/api.conf': parts.upstreams + serverBlock(parts) })
  await host.reloadNginx()
  for (const version of ['v1', 'v2', 'v3', 'v4']) {
    const common = { ...QUICK, version }
    const runs = await Promise.all([
      runAction(site.inputs({ ...common, 'version-variable': 'WEB_TAG' })),
      runAction(site.inputs({ ...common, service: 'api', 'version-variable': 'API_TAG' })),
    ])
    assert.deepEqual(results(runs), ['released', 'released'], logs(runs))
    assert.equal((await site.get()).version, version)
    assert.equal((await get(`http://127.0.0.1:${publicPort}/`, { Host: parts.serverName })).version, version)
    const env = await host.readFile(`${site.directory}/.env`)
    assert.match(env, new RegExp(`^WEB_TAG=${version}$`, 'm'))
    assert.match(env, new RegExp(`^API_TAG=${version}$`, 'm'))
  }
  for (const target of ['web', 'api']) {
    assert.match(await host.readFile(`${host.stateRoot}/${target}/lease`), /^4 - +\n$/)
    assert.equal((await host.readFile(`${host.stateRoot}/${target}/ledger.jsonl`)).trim().split('\n').length, 4)
  }
})

/** One round: who loses changes nothing, and is told by whom the target is held. */
async function oneWins(scene: CustodyScene, count: number): Promise<void> {
  const trail = await followSite(scene.site)
  const runs = await atOnce(scene, count)
  const won = runs.filter(({ outputs }) => outputs['result'] === 'released')
  assert.equal(won.length, 1, logs(runs))
  for (const lost of runs.filter((run) => !won.includes(run))) {
    assert.deepEqual([lost.outputs['result'], lost.outputs['reason']], ['unchanged', 'lease-held'], lost.stdout)
    assert.match(lost.stdout, new RegExp(`held by the deploy of ${won[0]?.outputs['version']} `))
  }
  assert.deepEqual(await trail.releases(), [won[0]?.outputs['color']])
  assert.equal((await scene.site.get()).version, won[0]?.outputs['version'])
}

/** Starts runs that all come to the lock of the target before one of them gets it. */
async function atOnce(
  { host, site, inputs, next }: CustodyScene,
  count: number,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly ActionRun[]> {
  const barrier = host.exec(
    `exec 9<${site.stateDirectory}/lock && flock 9 && until [ -e /tmp/go ]; do sleep 0.05; done; rm /tmp/go`,
  )
  const version = () => ({ ...more, version: next() })
  const runs = await Promise.all(Array.from({ length: count }, () => startAction(inputs(version()))))
  await Promise.all(runs.map((run) => run.logged(/✓ Connect to /)))
  await pause(200)
  await host.exec(': >/tmp/go')
  await barrier
  return Promise.all(runs.map(({ ended }) => ended))
}

function results(runs: readonly ActionRun[]): readonly (string | undefined)[] {
  return runs.map(({ outputs }) => outputs['result'])
}

function logs(runs: readonly ActionRun[]): string {
  return runs.map(({ stdout }) => stdout.replace(/^::add-mask.*\n/gm, '')).join('\n---\n')
}
