import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import { must } from './command.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { type Registry, startRegistry, withLayer } from './registry.ts'
import type { LabSite } from './site.ts'

const PATIENCE = 5 * 60_000

let lab: Lab
let host: LabHost
let site: LabSite
let registry: Registry
let image: string
before(async () => {
  lab = await openLab()
  registry = await startRegistry()
  host = await lab.host()
  site = await lab.site(host, {
    composeFile: ({ services, ports, repository }) => {
      const color = (name: 'blue' | 'green') => `  ${services[name]}:
    image: ${registry.address}/${repository}:\${IMAGE_TAG_${name.toUpperCase()}:-v1}
    ports: ["127.0.0.1:${ports[name]}:3000"]
`
      return `services:\n${color('blue')}${color('green')}`
    },
  })
  image = `${registry.address}/${site.repository}`
  await must(['docker', 'tag', `${site.repository}:v1`, `${image}:v1`])
  await site.up('blue', 'v1')
  await withLayer(`${site.repository}:v2`, `${site.repository}:heavy`)
  await registry.push(`${site.repository}:heavy`, `${site.repository}:v2`)
  await must(['docker', 'rmi', `${site.repository}:heavy`])
  await registry.push(`${site.repository}:v3`, `${site.repository}:v3`)
})
after(async () => {
  await lab.dispose()
  await registry[Symbol.asyncDispose]()
})

/** One release after another on one site; the last ones without a registry. */
describe('an image', { timeout: PATIENCE }, () => {
  test('is pulled from a registry, and its progress is seen', async () => {
    const run = await release('v2', 'always')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    assert.match(run.stdout, new RegExp(`::group::Pull ${image}:v2\n(.*\n)*? {2}\\| .*Pull complete`))
    assert.match(run.stdout, / {2}\| .*Download/)
    assert.equal((await site.get()).version, 'v2')
  })

  test('that the registry does not have ends the release before anything is started', async () => {
    const before = await site.containers()
    const run = await release('v9', 'always')
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    assert.equal(run.outputs['reason'], 'pull-failed')
    assert.equal(run.outputs['failed-step'], `Pull ${image}:v9`)
    assert.ok(run.stdout.includes(`The image ${image}:v9 was not pulled: the registry has no such image.`), run.stdout)
    assert.match(run.stdout, /correct `version`/)
    assert.deepEqual(await site.containers(), before)
  })

  test('that is missing on the host is pulled with `missing`', async () => {
    const run = await release('v3', 'missing')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    assert.equal((await site.get()).version, 'v3')
  })

  test('that is missing on the host is not pulled with `never`: the start fails, with the mend', async () => {
    const before = await site.containers()
    const run = await release('v9', 'never')
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    assert.equal(run.outputs['reason'], 'start-failed')
    const sentence = `\`web_green\` was not started: the image ${image}:v9 is not on the host; let it be pulled (\`pull: always\`), or correct \`version\`.`
    assert.ok(run.stdout.includes(sentence), run.stdout)
    const live = (all: typeof before) => all.filter(({ service }) => service === 'web_blue')
    assert.deepEqual(live(await site.containers()), live(before))
  })

  test('that is there needs no registry with `missing`, nor with `never`', async () => {
    await registry.stop()
    for (const [version, pull] of [
      ['v2', 'missing'],
      ['v3', 'never'],
    ] as const) {
      const run = await release(version, pull)
      assert.equal(run.outputs['result'], 'released', run.stdout)
    }
  })

  test('cannot be had where the registry is down, even if it is there, with `always`', async () => {
    const run = await release('v2', 'always')
    assert.equal(run.outputs['reason'], 'pull-failed', run.stdout)
    assert.match(run.stdout, /the host does not reach the registry \(.*connection refused.*\)/)
    assert.equal((await site.get()).version, 'v3')
  })
})

function release(version: string, pull: string): Promise<ActionRun> {
  return runAction(site.inputs({ version, pull, watch: '0s' }))
}
