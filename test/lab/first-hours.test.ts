import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import { must, until } from './command.ts'
import { recordEvents } from './docker-events.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { ComposeParts } from './site-compose.ts'

const PATIENCE = 5 * 60_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

/** Both colors need a database, and something that runs once; none of the two is of the released version. */
function withDependencies({ repository, services, ports }: ComposeParts): string {
  const color = (name: 'blue' | 'green') => `  ${services[name]}:
    image: ${repository}:\${IMAGE_TAG_${name.toUpperCase()}:-v1}
    ports: ["127.0.0.1:${ports[name]}:3000"]
    depends_on:
      db: { condition: service_healthy }
      init: { condition: service_completed_successfully }
`
  const db = `  db:
    image: ${repository}:v1
    healthcheck: { test: [CMD, wget, -q, -O-, "http://127.0.0.1:3000/"], interval: 1s }
`
  const init = `  init:
    image: ${repository}:v1
    command: [node, /server.js, migrate]
`
  return `services:\n${color('blue')}${color('green')}${db}${init}`
}

describe('nothing is live yet', { timeout: PATIENCE }, () => {
  test('a release that fails after the flip puts that back, and the first one that succeeds is live', async () => {
    await using site = await lab.site(host, { service: 'fresh', composeFile: withDependencies })
    const failed = await release(site, 'fails-later', '10s')
    assert.equal(failed.outputs['result'], 'restored', failed.stdout)
    assert.equal(failed.outputs['reason'], 'nothing-was-live')
    assert.equal(failed.outputs['color'], '')
    assert.match((await site.get('/.blue-green')).body, /^fresh_blue\s*$/)
    assert.match(failed.stdout, /Start db, init, which never ran/)
    const started = await site.containers()
    assert.deepEqual(started.map(({ service, status, exitCode }) => `${service} ${status} ${exitCode}`).sort(), [
      'db running 0',
      'init exited 0',
    ])

    const happened = await recordEvents()
    const run = await release(site, 'v1')
    assert.equal(run.outputs['result'], 'released', run.stdout)
    assert.equal(run.outputs['color'], 'green')
    assert.equal(run.outputs['previous-color'], '')
    assert.equal((await site.get()).version, 'v1')
    const dependencies = started.map(({ id }) => id)
    const events = await happened()
    assert.deepEqual(
      events.filter(({ container }) => dependencies.includes(container)),
      [],
    )
    assert.notDeepEqual(events, [])
  })

  test('a dependency that fails ends the release before the color is started', async () => {
    const composeFile = (parts: ComposeParts) =>
      withDependencies(parts).replace('[node, /server.js, migrate]', '[sh, -c, "echo no such table; exit 7"]')
    await using site = await lab.site(host, { service: 'broken', composeFile })
    const run = await release(site, 'v1')
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    assert.equal(run.outputs['reason'], 'start-failed')
    assert.match(run.stdout, /no such table/)
    assert.match(run.stdout, /init ended with exit code 7/)
    assert.ok((await site.containers()).every(({ service }) => !service.startsWith('broken_')))
  })
})

describe('an application that runs as a single container', { timeout: PATIENCE }, () => {
  for (const [title, service, start] of [
    [
      'of an older compose file',
      'single',
      async (site: LabSite) => {
        const text = `services:\n  single:\n    image: ${site.repository}:v1\n    ports: ["127.0.0.1:${site.ports.blue}:3000"]\n`
        await host.writeFile(`${site.directory}/old.yaml`, text, 'deploy')
        assert.equal((await site.compose('--file', 'old.yaml', 'up', '--detach')).code, 0)
        return `${site.project}-single-1`
      },
    ],
    [
      'of `docker run`',
      `lone-${process.pid}`,
      async (site: LabSite) => {
        const name = `lone-${process.pid}`
        const publish = `127.0.0.1:${site.ports.blue}:3000`
        await must(['docker', 'run', '--detach', '--name', name, '--publish', publish, `${site.repository}:v1`])
        return name
      },
    ],
  ] as const) {
    test(`${title} is adopted; the next release waits until it is removed by the command that is told`, async () => {
      await using site = await lab.site(host, { service })
      const container = await start(site)
      try {
        const answer = () => site.getColor('blue').catch(() => undefined)
        await until('an answer of the container', 20_000, answer)
        const happened = await recordEvents()
        const adopted = await release(site, 'v2')
        assert.equal(adopted.outputs['result'], 'released', adopted.stdout)
        assert.deepEqual(side(adopted), ['green', 'v2', 'blue', 'v1'])
        const command = `docker stop ${container} && docker rm ${container}`
        assert.ok(adopted.stdout.includes(`its port ${site.ports.blue} blocks the next release until then`))
        assert.ok(adopted.stdout.includes(command), adopted.stdout)
        const id = (await must(['docker', 'inspect', '--format', '{{.Id}}', container])).trim()
        assert.deepEqual(
          (await happened()).filter((event) => event.container === id),
          [],
        )

        const refused = await release(site, 'v3')
        assert.equal(refused.outputs['result'], 'unchanged', refused.stdout)
        assert.equal(refused.outputs['reason'], 'drift')
        assert.ok(refused.stdout.includes(`127.0.0.1:${site.ports.blue}, the address of blue, is taken`))
        assert.ok(refused.stdout.includes(command), refused.stdout)
        assert.equal((await site.get()).version, 'v2')

        const removed = await host.exec(`cd ${site.directory} && ${command}`, { user: 'deploy' })
        assert.equal(removed.code, 0, removed.stderr)
        const next = await release(site, 'v3')
        assert.equal(next.outputs['result'], 'released', next.stdout)
        assert.deepEqual(side(next), ['blue', 'v3', 'green', 'v2'])
      } finally {
        await host.exec(`docker rm --force ${container}`)
      }
    })
  }

  test('of another service at the live address is refused', async () => {
    await using site = await lab.site(host, { service: 'mine' })
    const text = `services:\n  other:\n    image: ${site.repository}:v1\n    ports: ["127.0.0.1:${site.ports.blue}:3000"]\n`
    await host.writeFile(`${site.directory}/old.yaml`, text, 'deploy')
    assert.equal((await site.compose('--file', 'old.yaml', 'up', '--detach')).code, 0)
    const run = await release(site, 'v2')
    assert.equal(run.outputs['reason'], 'drift', run.stdout)
    assert.match(run.stdout, /of the service other, which is not `mine_blue`/)
  })
})

describe('a host', { timeout: PATIENCE }, () => {
  test('with docker-compose v1 only is told to install Compose v2', async () => {
    await using old = await lab.host()
    await using site = await lab.site(old, { service: 'old' })
    // In the view of this host alone, the plugin is gone.
    const hide =
      'for folder in /usr/libexec /usr/lib /usr/local/libexec /usr/local/lib; do [ ! -d $folder/docker/cli-plugins ] || mount -t tmpfs none $folder/docker/cli-plugins; done'
    assert.equal((await old.exec(hide)).code, 0)
    const run = await release(site, 'v1')
    assert.equal(run.outputs['result'], 'unchanged', run.stdout)
    assert.equal(run.outputs['reason'], 'docker-unavailable')
    assert.match(run.stdout, /Compose v2 \(`docker compose`\) is missing .*`docker-compose` \(v1\) is not enough/)
    assert.match(run.stdout, /docker-compose-plugin/)
  })
})

function release(site: LabSite, version: string, watch = '0s'): Promise<ActionRun> {
  return runAction(site.inputs({ version, watch }))
}

function side({ outputs }: ActionRun): readonly (string | undefined)[] {
  return [outputs['color'], outputs['version'], outputs['previous-color'], outputs['previous-version']]
}
