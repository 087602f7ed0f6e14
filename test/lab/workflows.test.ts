import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type StandIn, startGitHub } from '../support/github.ts'
import { type Ended, must } from './command.ts'
import type { LabHost } from './host.ts'
import { loadImages } from './image.ts'
import { type Lab, openLab } from './lab.ts'
import { type Registry, startRegistry } from './registry.ts'
import type { LabSite } from './site.ts'
import type { ComposeParts } from './site-compose.ts'
import { openRepository, type Repository } from './workflow-run.ts'

/**
 * Every workflow that the documentation shows, as it stands there, run by a workflow engine against a real host: the first
 * release of all, and the second. Only names of hosts, secrets and the registry differ.
 */
const root = join(import.meta.dirname, '../..')
const PATIENCE = { timeout: 15 * 60_000 }
const actor = { name: 'octocat', password: 'ghs_TheTokenOfThisJob0123456789' }

let lab: Lab
let registry: Registry
before(async () => {
  lab = await openLab()
  registry = await startRegistry(actor)
})
after(async () => {
  await lab.dispose()
  await registry[Symbol.asyncDispose]()
})

/** Where a workflow stands. */
interface Written {
  readonly name: string
  readonly text: string
}

/** Workflows in a file, or in its fenced blocks. */
function workflowsIn(file: string): readonly Written[] {
  const text = readFileSync(join(root, file), 'utf8')
  if (file.endsWith('.yml')) return [{ name: file, text }]
  return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => /^jobs:/m.test(block))
    .map((block, i) => ({ name: `${file}, workflow ${i + 1}`, text: block }))
}

const written = ['README.md', ...globSync(['docs/*.md', 'docs/examples/*.yml'], { cwd: root }).sort()].flatMap(
  workflowsIn,
)

/** A host as the README says how to prepare one, and who releases to it. */
interface Scene {
  readonly host: LabHost
  readonly sites: readonly LabSite[]
  readonly github: StandIn
  readonly repository: Repository
  /** A commit; where the workflow builds no image, one is in the registry as if somebody had built it. */
  push(): Promise<string>
  run(event: string, payload?: object): Promise<Ended>
}

async function openScene({ text }: Written): Promise<Scene> {
  const host = await lab.host()
  const names = /service: \$\{\{ matrix/.test(text) ? ['web', 'api'] : ['web']
  const sites: LabSite[] = []
  for (const service of names) sites.push(await lab.site(host, { service, flip: 'switch-backed' }))
  const [web = assert.fail()] = sites
  const compose = `services:\n${sites.map((site) => services(site)).join('')}`
  await host.writeFile(`${web.directory}/compose.yaml`, compose, 'deploy')
  await host.writeFile(`${web.directory}/migrate.env`, 'DATABASE=shop\n', 'deploy')
  const login = `docker login --username ${actor.name} --password-stdin ${registry.address}`
  assert.equal((await host.exec(login, { user: 'deploy', input: actor.password })).code, 0)
  const github = await startGitHub()
  const repository = await openRepository(named(text, web), {
    Dockerfile: `FROM ${web.repository}:v1\nARG VERSION=untold\nENV APP_VERSION=$VERSION\nCOPY migrate /bin/migrate\n`,
    migrate: '#!/bin/sh\necho "migrated $DATABASE"\n',
  })
  const builds = text.includes('docker build')
  return {
    host,
    sites,
    github,
    repository,
    push: async () => {
      const commit = await repository.commit('Change')
      if (!builds) for (const site of sites) await publish(site, commit)
      return commit
    },
    run: (name, payload) =>
      repository.run({
        name,
        ...(payload && { payload }),
        secrets: { GITHUB_TOKEN: actor.password, SSH_KEY: host.privateKey, STAGING_SSH_KEY: host.privateKey },
        variables: { KNOWN_HOSTS: host.knownHosts, STAGING_KNOWN_HOSTS: host.knownHosts },
        api: github.url,
        actor: actor.name,
      }),
  }
}

/** The names in it that stand for a reader's own. */
function named(text: string, { host, project }: LabSite): string {
  return (
    text
      .replaceAll(/deploy@(staging\.)?example\.org/g, host.address)
      .replaceAll('ghcr.io', registry.address)
      // One engine serves all hosts of the lab: two projects of one name would be one.
      .replaceAll(/directory: shop\b/g, `directory: ${project}`)
  )
}

/** As the README has it. */
function services({ service, services: names, ports }: ComposeParts & { readonly service: string }): string {
  return (['blue', 'green'] as const)
    .map(
      (color) => `  ${names[color]}:
    image: ${imageOf({ service }, `\${IMAGE_TAG_${color.toUpperCase()}:-latest}`)}
    ports: ["127.0.0.1:${ports[color]}:3000"]
    restart: unless-stopped
`,
    )
    .join('')
}

function imageOf({ service }: Pick<LabSite, 'service'>, tag: string): string {
  return `${registry.address}/example/${service === 'web' ? 'shop' : service}:${tag}`
}

async function publish({ service, repository }: LabSite, tag: string): Promise<void> {
  await loadImages(repository, [tag])
  await registry.push(`${repository}:${tag}`, imageOf({ service }, tag).slice(registry.address.length + 1))
  await must(['docker', 'rmi', `${repository}:${tag}`])
}

function payloadOf(event: string, head: string): object | undefined {
  if (event !== 'pull_request') return undefined
  const repo = { full_name: 'example/shop' }
  return {
    action: 'synchronize',
    number: 7,
    pull_request: { number: 7, head: { sha: head, ref: 'x', repo }, base: { ref: 'main' } },
  }
}

/** Ended well, `post` included, and is what is live. */
async function released({ sites, github }: Scene, ran: Ended, commit: string): Promise<void> {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr)
  assert.match(ran.stdout, /✅ {2}Success - Post blue-green-release\/blue-green-release@v1/)
  assert.doesNotMatch(ran.stdout, /cannot be entered/)
  const [web = assert.fail()] = sites
  for (const site of sites) {
    const answer = await site.get('/health')
    assert.equal(answer.status, 200, answer.body)
    const all = (await web.containers()).filter(({ service }) => Object.values(site.services).includes(service))
    const running = all.filter(({ status }) => status === 'running').map(({ image }) => image)
    assert.deepEqual(running, [imageOf(site, commit)])
  }
  for (const { sha, statuses } of github.state.deployments.slice(-sites.length)) {
    assert.equal(sha, commit)
    assert.equal(statuses.filter(({ state }) => state !== 'inactive').at(-1)?.state, 'success')
  }
  github.assertSound()
}

describe('a workflow of the documentation', { ...PATIENCE, concurrency: 3 }, () => {
  for (const workflow of written) {
    if (workflow.name.endsWith('by-hand.yml')) continue
    test(`${workflow.name} releases, the first time and the second`, PATIENCE, async () => {
      const scene = await openScene(workflow)
      await using _repository = scene.repository
      await using _github = scene.github
      const event = /^on:.*pull_request|^ {2}pull_request:/m.test(workflow.text) ? 'pull_request' : 'push'
      for (const _time of ['first', 'second']) {
        const commit = await scene.push()
        await released(scene, await scene.run(event, payloadOf(event, commit)), commit)
      }
      assert.equal(scene.github.state.deployments.length, 2 * scene.sites.length)
    })
  }

  test('by-hand.yml releases, goes back, looks, checks and unlocks', PATIENCE, async () => {
    const workflow = written.find(({ name }) => name.endsWith('by-hand.yml')) ?? assert.fail()
    const scene = await openScene(workflow)
    await using _repository = scene.repository
    await using _github = scene.github
    const press = (command: string, version = '', dryRun = false) =>
      scene.run('workflow_dispatch', { inputs: { command, version, 'dry-run': String(dryRun) } })
    const first = await scene.push()
    await released(scene, await press('deploy', first), first)
    const second = await scene.push()
    await released(scene, await press('deploy', second), second)
    for (const [command, dryRun] of [
      ['rollback', true],
      ['status', false],
      ['unlock', false],
    ] as const) {
      const ran = await press(command, '', dryRun)
      assert.equal(ran.code, 0, ran.stdout + ran.stderr)
    }
    const checked = await press('check')
    assert.match(checked.stdout, /✅ {2}Success - Post blue-green-release/, checked.stdout)
    assert.doesNotMatch(checked.stdout, /cannot be entered/)
    await released(scene, await press('rollback'), first)
  })

  test(
    'of the README, after another workflow: what that built is released, and nothing of one that failed',
    PATIENCE,
    async () => {
      const readme = written.find(({ name }) => name.startsWith('README.md')) ?? assert.fail()
      const on = 'on: { workflow_run: { workflows: [Build], types: [completed] } }'
      const scene = await openScene({ ...readme, text: readme.text.replace(/^on:.*$/m, on) })
      await using _repository = scene.repository
      await using _github = scene.github
      const built = await scene.push()
      await scene.repository.commit('Pushed to the default branch meanwhile')
      const after = (conclusion: string) => ({ action: 'completed', workflow_run: { head_sha: built, conclusion } })
      const refused = await scene.run('workflow_run', after('failure'))
      assert.equal(refused.code, 1, refused.stdout)
      assert.match(
        refused.stdout,
        /`version` would be [0-9a-f]{40}, but the workflow run .* ended as `failure`; give the job the line/,
      )
      await released(scene, await scene.run('workflow_run', after('success')), built)
    },
  )

  test('is looked for everywhere', () => assert.ok(written.length >= 7, written.map(({ name }) => name).join('\n')))
})
