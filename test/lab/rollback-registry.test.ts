import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { runAction } from './action.ts'
import { must } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { refused, released } from './refusal.ts'
import { type Registry, startRegistry, withLayer } from './registry.ts'
import type { LabSite } from './site.ts'
import { composeFile } from './site-compose.ts'
import { wholeRun } from './whole-run.ts'

const user = { name: 'shop', password: 'correct horse' }

let lab: Lab
let registry: Registry
let site: LabSite
let repository: string
before(async () => {
  lab = await openLab()
  registry = await startRegistry(user)
  site = await lab.site(await lab.host(), {
    flip: 'switch',
    composeFile: (parts) =>
      composeFile({ ...parts, repository: `${registry.address}/${parts.repository}`, shape: 'each', extra: [] }),
  })
  repository = `${registry.address}/${site.repository}`
})
after(async () => {
  await lab.dispose()
  await registry[Symbol.asyncDispose]()
})

const login = () => ({
  registry: registry.address,
  'registry-username': user.name,
  'registry-password': user.password,
  pull: 'always',
  previous: 'remove',
  'drain-timeout': '0s',
})

async function push(image: string, tag: string): Promise<void> {
  await withLayer(`${site.repository}:${image}`, `${site.repository}:heavy`)
  await registry.push(`${site.repository}:heavy`, `${site.repository}:${tag}`)
  await must(['docker', 'rmi', `${site.repository}:heavy`])
}

async function images(): Promise<string> {
  return must(['docker', 'images', '--digests', '--no-trunc', '--format', '{{.ID}} {{.Tag}} {{.Digest}}', repository])
}

test('an image that is gone from the host is pulled by its digest, whatever its tag means by now', {
  timeout: 600_000,
}, async () => {
  for (const version of ['v1', 'v2']) {
    await push(version, version)
    await released(site, { version, ...login() })
  }
  const [first] = (await site.host.readFile(`${site.stateDirectory}/ledger.jsonl`)).split('\n')
  const { image } = JSON.parse(first ?? '')
  await must(['docker', 'rmi', `${repository}:v1`])
  await push('v7', 'v1')

  const without = await images()
  await refused(site, { command: 'rollback', version: '', ...login(), pull: 'never' })
  const wrong = await runAction(site.inputs({ command: 'rollback', ...login(), 'registry-password': 'guess' }))
  assert.equal(wrong.outputs['reason'], 'pull-failed', wrong.stdout)
  assert.equal(await images(), without)

  const failed = await runAction(site.inputs({ command: 'rollback', ...login(), 'before-flip': 'false' }))
  assert.equal(failed.outputs['reason'], 'hook-failed', failed.stdout)
  assert.equal(await images(), without)

  const run = await runAction(site.inputs({ command: 'rollback', ...login(), watch: '0s' }))
  await wholeRun(run)
  assert.equal(run.outputs['result'], 'rolled-back', run.stdout)
  assert.equal((await site.get()).version, 'v1')
  const green = (await site.containers()).find(({ service }) => service === site.services.green)
  assert.equal(green?.imageId, image)
})
