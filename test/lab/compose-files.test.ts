import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ActionRun, runAction } from './action.ts'
import type { LabHost } from './host.ts'
import { type Lab, openLab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { ComposeParts } from './site-compose.ts'
import type { Color } from './site-nginx.ts'

const PATIENCE = 5 * 60_000

let lab: Lab
let host: LabHost
before(async () => {
  lab = await openLab()
  host = await lab.host()
})
after(() => lab.dispose())

type Inputs = Readonly<Record<string, string>>

/** A compose file in which each color has lines of its own beside its image. */
function colors(lines: (color: Color, parts: ComposeParts) => readonly string[], more = '', variable = 'IMAGE_TAG') {
  return (parts: ComposeParts) => {
    const color = (name: Color) => {
      const image = `image: ${parts.repository}:\${${variable}_${name.toUpperCase()}:-v1}`
      return `  ${parts.services[name]}:\n${[image, ...lines(name, parts)].map((line) => `    ${line}\n`).join('')}`
    }
    return `services:\n${color('blue')}${color('green')}${more}`
  }
}

describe('a compose file', { timeout: PATIENCE }, () => {
  test('with hyphens in its services, in a folder with spaces, below the home of the user', async () => {
    await using site = await lab.site(host, { service: 'my-shop', separator: '-' })
    await asDeploy(
      `mv ${site.directory} "my shop's files" && echo 'name: ${site.project}' >>"my shop's files/compose.yaml"`,
    )
    await twoReleases(site, { directory: "my shop's files" })
    assert.equal(await untouchedByHand(site, `cd "my shop's files" && docker compose up -d`), '')
    assert.equal(await asDeploy(`cat "my shop's files/.env"`), envOf('IMAGE_TAG'))
  })

  test('in two parts, with services, project and variable of other names', async () => {
    const service = 'api'
    await using site = await lab.site(host, { service, composeFile: colors(() => [], '', 'APP') })
    const [blue, green] = ['one', 'two']
    const base = (await host.readFile(`${site.directory}/compose.yaml`))
      .replace('api_blue', blue)
      .replace('api_green', green)
    const port = (color: Color) => `["127.0.0.1:${site.ports[color]}:3000"]`
    const ports = `services: { ${blue}: { ports: ${port('blue')} }, ${green}: { ports: ${port('green')} } }\n`
    await host.writeFile(`${site.directory}/deploy/base.yaml`, base, 'deploy')
    await host.writeFile(`${site.directory}/deploy/ports.yaml`, ports, 'deploy')
    await asDeploy(`rm ${site.directory}/compose.yaml ${site.directory}/.env`)
    const project = site.project // is removed at the end by this name
    await twoReleases(site, {
      'blue-service': blue,
      'green-service': green,
      'compose-file': 'deploy/base.yaml\ndeploy/ports.yaml',
      'project-name': project,
      'version-variable': 'APP',
    })
    const files = '--file deploy/base.yaml --file deploy/ports.yaml'
    assert.equal(
      await untouchedByHand(site, `cd ${site.directory} && docker compose --project-name ${project} ${files} up -d`),
      '',
    )
    assert.equal(await asDeploy(`cat ${site.directory}/deploy/.env`), envOf('APP'))
  })

  test('with names for its containers, and ports for the whole world: a warning', async () => {
    const service = `named-${process.pid}`
    const composeFile = colors((color, { ports }) => [
      `container_name: ${service}-${color}`,
      `ports: ["${ports[color]}:3000"]`,
    ])
    await using site = await lab.site(host, { service, composeFile })
    const run = await twoReleases(site)
    const sentence = `\`${service}_blue\` publishes port ${site.ports.blue} on every interface, past most firewalls`
    assert.ok(run.stdout.includes(sentence), run.stdout)
    assert.ok(run.stdout.includes(`Write \`127.0.0.1:${site.ports.blue}:3000\` in the compose file.`))
    assert.ok(run.summary.includes('on every interface'))
    assert.equal(await untouchedByHand(site, `cd ${site.directory} && docker compose up -d`), '')
  })

  test("in the host's network", async () => {
    const composeFile = colors((color, { ports }) => ['network_mode: host', `environment: { PORT: "${ports[color]}" }`])
    await using site = await lab.site(host, { service: 'onhost', composeFile })
    await twoReleases(site)
    assert.equal(await asDeploy(`cat ${site.directory}/.env`), envOf('IMAGE_TAG'))
    assert.equal(await untouchedByHand(site, `cd ${site.directory} && docker compose up -d`), '')
  })

  test('with fixed addresses in a network of its own', async () => {
    const net = `10.${process.pid % 200}.${Math.floor(Math.random() * 250)}`
    const fixed = { blue: `${net}.8`, green: `${net}.9` }
    const network = `networks:\n  own:\n    ipam: { config: [{ subnet: ${net}.0/24 }] }\n`
    const composeFile = colors(
      (color) => ['expose: ["3000"]', 'networks:', '  own:', `    ipv4_address: ${fixed[color]}`],
      network,
    )
    await using site = await lab.site(host, { service: 'fixed', composeFile })
    let nginx = await host.readFile(site.nginxFile)
    for (const color of ['blue', 'green'] as const) {
      nginx = nginx.replaceAll(`127.0.0.1:${site.ports[color]}`, `${fixed[color]}:3000`)
    }
    await host.writeFile(site.nginxFile, nginx)
    await host.reloadNginx()
    await twoReleases(site)
    assert.equal(await untouchedByHand(site, `cd ${site.directory} && docker compose up -d`), '')
  })
})

/** From nothing to `v1` on green, and on to `v2` on blue. */
async function twoReleases(site: LabSite, inputs: Inputs = {}): Promise<ActionRun> {
  const first = await runAction(site.inputs({ version: 'v1', watch: '0s', previous: 'keep', ...inputs }))
  assert.equal(first.outputs['result'], 'released', first.stdout)
  const run = await runAction(site.inputs({ version: 'v2', watch: '0s', previous: 'keep', ...inputs }))
  assert.equal(run.outputs['result'], 'released', run.stdout)
  const { outputs } = run
  assert.deepEqual(
    [outputs['color'], outputs['version'], outputs['previous-color'], outputs['previous-version']],
    ['blue', 'v2', 'green', 'v1'],
  )
  assert.equal((await site.get()).version, 'v2')
  return run
}

/** What the two releases write. */
function envOf(variable: string): string {
  return `${variable}_GREEN=v1\n${variable}=v2\n${variable}_BLUE=v2\n`
}

/** Runs this by hand; what it did to containers, one a line. */
async function untouchedByHand(site: LabSite, command: string): Promise<string> {
  const containers = async () => (await site.containers()).map(({ id, startedAt }) => `${id} ${startedAt}`).sort()
  const before = await containers()
  await asDeploy(command)
  return (await containers()).filter((container) => !before.includes(container)).join('\n')
}

async function asDeploy(command: string): Promise<string> {
  const ended = await host.exec(command, { user: 'deploy' })
  assert.equal(ended.code, 0, ended.stderr)
  return ended.stdout
}
