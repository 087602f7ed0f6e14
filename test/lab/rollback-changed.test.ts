import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { runAction } from './action.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import { freePort } from './ports.ts'
import { contains, refused, released } from './refusal.ts'
import type { LabSite } from './site.ts'
import type { ComposeParts } from './site-compose.ts'
import { wholeRun } from './whole-run.ts'

const slow = { timeout: 360_000 }

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** v1 lies stopped on green, and v2 is live on blue. */
async function siteOf(service: string, composeFile?: (parts: ComposeParts) => string): Promise<LabSite> {
  const site = await lab.site(host, { service, flip: 'switch', ...(composeFile && { composeFile }) })
  for (const version of ['v1', 'v2']) await released(site, { version, 'drain-timeout': '0s' })
  return site
}

async function greenOf(site: LabSite) {
  return (await site.containers()).find(({ service }) => service === site.services.green)
}

/** Rolls back to v1: the image that was released, in another container than the one that lies there. */
async function madeAnew(site: LabSite): Promise<void> {
  const recorded = await greenOf(site)
  const run = await runAction(site.inputs({ command: 'rollback', watch: '200ms', 'drain-timeout': '0s' }))
  await wholeRun(run)
  assert.deepEqual([run.outputs['result'], run.outputs['version']], ['rolled-back', 'v1'], run.stdout)
  assert.equal((await site.get()).version, 'v1')
  const green = await greenOf(site)
  assert.equal(green?.imageId, recorded?.imageId)
  assert.notEqual(green?.id, recorded?.id)
}

/** Each color in a network of its own, which a stopped one does not keep from being pruned. */
function apart({ repository, services, ports }: ComposeParts): string {
  const each = (['blue', 'green'] as const).map(
    (color) => `  ${services[color]}:
    image: ${repository}:\${IMAGE_TAG_${color.toUpperCase()}:-v1}
    restart: unless-stopped
    ports: ["127.0.0.1:${ports[color]}:3000"]
    networks: [${color}]
`,
  )
  return `services:\n${each.join('')}networks: { blue: {}, green: {} }\n`
}

test('a container whose network is gone comes back by its image', slow, async () => {
  await using site = await siteOf('pruned', apart)
  await host.exec(`docker network rm ${site.project}_green`)
  await madeAnew(site)
})

test('so does one at a port that its color has no more', slow, async () => {
  await using site = await siteOf('moved')
  const moved = `s/127\\.0\\.0\\.1:${site.ports.green}\\b/127.0.0.1:${await freePort()}/`
  await host.exec(`sed -i '${moved}' ${site.directory}/compose.yaml ${site.nginxFile}`)
  await host.reloadNginx()
  await madeAnew(site)
})

test('a ledger that another user wrote is not taken for none, and not written over', slow, async () => {
  await using site = await siteOf('foreign')
  const file = `${site.stateDirectory}/ledger.jsonl`
  await host.exec(`chown root ${file}`)
  for (const inputs of [{ version: 'v3' }, { command: 'rollback', version: '' }]) {
    const { reason, sentences } = await refused(site, inputs)
    assert.equal(reason, 'state-directory')
    contains(sentences.join(), `sudo chown deploy ${file}`)
  }
  const status = await runAction(site.inputs({ command: 'status' }))
  assert.deepEqual([status.outputs['result'], status.outputs['reason']], ['problems', 'state-directory'], status.stdout)
})
