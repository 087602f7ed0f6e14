import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, startAction } from './action.ts'
import { startBarrier } from './barrier.ts'
import { until } from './command.ts'
import { QUICK } from './custody-scene.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { ComposeParts } from './site-compose.ts'
import type { Flip } from './site-nginx.ts'

const PATIENCE = { timeout: 480_000 }
const ROUNDS = 4

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Two targets with one compose file and one `.env`, each with a variable, an upstream and a state directory of its own. */
interface Pair {
  readonly host: LabHost
  readonly web: LabSite
  readonly api: LabSite
  /** Releases a version of each, both processes beginning in one moment. */
  release(web: Inputs, api: Inputs): Promise<readonly [ActionRun, ActionRun]>
  /** The versions that serve, as each is asked through Nginx. */
  serving(): Promise<readonly (string | undefined)[]>
  /** What `.env` says is live of both, and the number of its lines. */
  env(): Promise<{ readonly web: string; readonly api: string; readonly lines: number }>
}

type Inputs = Readonly<Record<string, string>>

async function openPair(flip: Flip): Promise<Pair> {
  const host = await lab.host()
  const api = await lab.site(host, { flip, service: 'api' })
  const composeFile = (parts: ComposeParts) => `services:\n${services('WEB', parts)}${services('API', api)}`
  const web = await lab.site(host, { flip, service: 'web', composeFile })
  await web.up('blue', 'v1')
  await web.compose('up', '-d', 'api_blue')
  await until('the other application', 20_000, () => api.get().catch(() => undefined))
  await host.writeFile(`${web.directory}/.env`, 'SECRET=kept\n', 'deploy')
  const wishes = { ...QUICK, directory: web.directory }
  return {
    host,
    web,
    api,
    async release(first, second) {
      await using barrier = await startBarrier()
      const [one, two] = await Promise.all([
        startAction(web.inputs({ ...wishes, 'version-variable': 'WEB_TAG', ...first }), { env: barrier.env }),
        startAction(api.inputs({ ...wishes, 'version-variable': 'API_TAG', ...second }), { env: barrier.env }),
      ])
      await barrier.arrived(2)
      await barrier.open()
      return await Promise.all([one.ended, two.ended])
    },
    serving: async () => (await Promise.all([web.get(), api.get()])).map(({ version }) => version),
    async env() {
      const text = await host.readFile(`${web.directory}/.env`)
      assert.match(text, /^SECRET=kept$/m)
      const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? ''
      return { web: of('WEB_TAG'), api: of('API_TAG'), lines: text.trim().split('\n').length }
    },
  }
}

function services(variable: string, { repository, services: names, ports }: ComposeParts): string {
  return (['blue', 'green'] as const)
    .map(
      (color) => `  ${names[color]}:
    image: ${repository}:\${${variable}_TAG_${color.toUpperCase()}:-v1}
    ports: ["127.0.0.1:${ports[color]}:3000"]
`,
    )
    .join('')
}

function results(runs: readonly ActionRun[]): readonly (string | undefined)[] {
  return runs.map(({ outputs }) => outputs['result'])
}

function logs(runs: readonly ActionRun[]): string {
  return runs.map(({ stdout }) => stdout).join('\n=====\n')
}

/** Waits on the host for a file; ten seconds are enough for what is to come before. */
function awaits(file: string): string {
  return `tries=0; until [ -e ${file} ] || [ $tries -ge 200 ]; do tries=$((tries + 1)); sleep 0.05; done; [ -e ${file} ]`
}

/** Releases both of them again and again, each time with other versions. */
async function bothAreRight(pair: Pair): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const versions = [`v${round + 2}`, `v${9 - round}`] as const
    const runs = await pair.release({ version: versions[0] }, { version: versions[1] })
    assert.deepEqual(results(runs), ['released', 'released'], logs(runs))
    assert.deepEqual(await pair.serving(), versions)
    assert.deepEqual(await pair.env(), { web: versions[0], api: versions[1], lines: 7 })
  }
  const { stdout } = await pair.host.exec(`ls -A ${pair.web.directory}`)
  assert.deepEqual(stdout.trim().split('\n'), ['.blue-green', '.env', 'compose.yaml'])
}

describe('two targets in one directory at once', { concurrency: 2 }, () => {
  describe('by the switch', { concurrency: 1 }, () => {
    let pair: Pair
    before(async () => {
      pair = await openPair('switch-backed')
    })

    test('both are right, and `.env` has both', PATIENCE, () => bothAreRight(pair))

    test('one that fails takes nothing of the other one with it, whoever wrote `.env` first', PATIENCE, async () => {
      const now = await pair.env()
      const before = { ...now, lines: Math.max(now.lines, 4) } // three of them are the other target's
      // It writes first, and puts its own back while the other one goes on with the file.
      const first = await pair.release(
        { version: 'v8', 'before-flip': `touch /tmp/web-1; sleep 0.5; ${awaits('/tmp/api-1')}; exit 1` },
        { version: 'v3', 'before-start': awaits('/tmp/web-1'), 'before-flip': 'touch /tmp/api-1; sleep 4' },
      )
      assert.deepEqual(results(first), ['unchanged', 'released'], logs(first))
      assert.deepEqual(await pair.env(), { ...before, api: 'v3' })
      // It writes last, and puts its own back after the other one has put its copy away.
      const second = await pair.release(
        { version: 'v8', 'before-start': awaits('/tmp/api-2'), 'before-flip': 'touch /tmp/web-2; sleep 6; exit 1' },
        { version: 'v4', 'before-flip': `touch /tmp/api-2; ${awaits('/tmp/web-2')}` },
      )
      assert.deepEqual(results(second), ['unchanged', 'released'], logs(second))
      assert.deepEqual(await pair.env(), { ...before, api: 'v4' })
    })
  })

  describe('by a reload, in one file of Nginx', { concurrency: 1 }, () => {
    let pair: Pair
    before(async () => {
      pair = await openPair('reload')
      const { host, web, api } = pair
      const both = (await host.readFile(web.nginxFile)) + (await host.readFile(api.nginxFile))
      await host.exec(`rm ${api.nginxFile} && chown deploy ${web.nginxFile}`)
      await host.writeNginx({ [web.nginxFile]: both })
      await host.reloadNginx()
    })

    test('both are right, and each has its own lines of the file', PATIENCE, () => bothAreRight(pair))

    test('one that looks in the midst of the flip of the other one waits for it', PATIENCE, async () => {
      const { host, web, api } = pair
      const slow = '/home/deploy/slow-nginx'
      await host.writeFile(slow, '#!/bin/sh\ncase $1 in -t) sleep 2 ;; esac\nexec sudo -n nginx "$@"\n', 'deploy')
      await host.exec(`chmod +x ${slow}`)
      const wishes = { ...QUICK, directory: web.directory }
      await using barrier = await startBarrier()
      const second = await startAction(api.inputs({ ...wishes, 'version-variable': 'API_TAG', version: 'v2' }), {
        env: barrier.env,
      })
      await barrier.arrived(1)
      const text = await host.readFile(web.nginxFile)
      const first = await startAction(
        web.inputs({ ...wishes, 'version-variable': 'WEB_TAG', version: 'v9', nginx: slow }),
      )
      const written = async () => (await host.readFile(web.nginxFile)) !== text || undefined
      await until('the first to write its lines', 60_000, written, first.log)
      await barrier.open()
      const runs = await Promise.all([first.ended, second.ended])
      assert.deepEqual(results(runs), ['released', 'released'], logs(runs))
      assert.deepEqual(await pair.serving(), ['v9', 'v2'])
      assert.deepEqual(await pair.env(), { web: 'v9', api: 'v2', lines: 7 })
    })
  })
})
