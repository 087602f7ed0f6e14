import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { runAction } from './action.ts'
import { until } from './command.ts'
import { type Lab, openLab } from './lab.ts'
import { released } from './refusal.ts'
import type { LabSite } from './site.ts'

const PATIENCE = 360_000

let lab: Lab
before(async () => {
  lab = await openLab()
})
after(() => lab.dispose())

/** Those that run, with the versions that they have. */
async function running(site: LabSite): Promise<readonly string[]> {
  const all = await site.containers()
  return all.filter(({ status }) => status === 'running').map(({ service, version }) => `${service} ${version}`)
}

async function policies(site: LabSite): Promise<readonly string[]> {
  const all = await site.containers()
  const { stdout } = await site.host.exec(
    `docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} {{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}' ${all.map(({ id }) => id).join(' ')}`,
  )
  return stdout.trim().split('\n').sort()
}

async function restartEngine(site: LabSite): Promise<void> {
  const { engine } = site.host
  assert.ok(engine)
  await engine.stop()
  await engine.start()
  await until('the live color', 20_000, async () => ((await site.get()).status === 200 ? true : undefined))
}

for (const policy of ['always', 'on-failure:3']) {
  test(`what was retired stays stopped when Docker starts again: ${policy}`, { timeout: PATIENCE }, async () => {
    await using host = await lab.host(policy === 'always' ? { engine: 'own' } : {})
    const color = (name: string, repository: string, port: number) => `  ${name}:
    image: ${repository}:\${IMAGE_TAG_${name.endsWith('blue') ? 'BLUE' : 'GREEN'}:-v1}
    restart: ${policy}
    ports: ["127.0.0.1:${port}:3000"]
`
    await using site = await lab.site(host, {
      composeFile: ({ services, repository, ports }) =>
        `services:\n${color(services.blue, repository, ports.blue)}${color(services.green, repository, ports.green)}`,
    })
    const own = policy.includes(':') ? policy : `${policy}:0`
    await released(site, { version: 'v1', watch: '1s' })
    await released(site, { version: 'v2', watch: '1s', 'drain-timeout': '0s' })
    assert.deepEqual(await policies(site), [`web_blue ${own}`, 'web_green no:0'])
    if (policy === 'always') {
      await restartEngine(site)
      assert.deepEqual(await running(site), ['web_blue v2'])
    }

    const back = await runAction(site.inputs({ command: 'rollback', version: '', watch: '1s', 'drain-timeout': '0s' }))
    assert.equal(back.outputs['result'], 'rolled-back', back.stdout)
    assert.deepEqual(await policies(site), ['web_blue no:0', `web_green ${own}`])
    if (policy !== 'always') return

    // Somebody wakes what was taken back.
    const woken = (await site.containers()).find(({ service }) => service === 'web_blue')
    await host.exec(`sleep 1; docker update --restart=always ${woken?.id} && docker start ${woken?.id}`)
    const seen = await runAction(site.inputs({ command: 'status' }))
    assert.deepEqual([seen.outputs['result'], seen.outputs['reason']], ['problems', 'drift'], seen.stdout)
    const stop = /docker update --restart=no \S+ && docker stop \S+/.exec(seen.stdout)?.[0]
    assert.equal((await host.exec(stop ?? 'false')).code, 0, seen.stdout)
    const well = await runAction(site.inputs({ command: 'status' }))
    assert.equal(well.outputs['result'], 'ok', well.stdout)
  })
}
