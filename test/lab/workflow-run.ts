import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ask, type Ended, must } from './command.ts'
import { enginePath } from './workflow-engine.ts'

const clone = resolve(import.meta.dirname, '../..')

/** The repository `example/shop` of somebody who uses this action, with one workflow. */
export interface Repository extends AsyncDisposable {
  /** Makes a commit and gives its SHA. */
  commit(message: string): Promise<string>
  /** Runs the workflow as GitHub would for this event: `main` and `post` of every step. Its code is 0 if all jobs succeeded. */
  run(event: WorkflowEvent): Promise<Ended>
}

export interface WorkflowEvent {
  readonly name: string
  readonly payload?: object
  readonly secrets: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>
  /** Of GitHub's REST interface. */
  readonly api: string
  readonly actor: string
}

/** What stands in for an action that is not this one: a checkout of what is there already. */
const checkout = (repository: string) => `name: Checkout
description: Stands in for actions/checkout
inputs:
  ref: { description: What is checked out, default: '\${{ github.sha }}' }
  persist-credentials: { description: Of no use here }
runs:
  using: composite
  steps:
    - { shell: bash, run: 'git clone --quiet ${repository} . && git -c advice.detachedHead=false checkout --quiet "$REF"', env: { REF: '\${{ inputs.ref }}' } }
`

/** @param workflow as it is written, names of hosts replaced */
export async function openRepository(workflow: string, files: Readonly<Record<string, string>>): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'repository-'))
  const [repository, checkedOut] = [join(folder, 'shop'), join(folder, 'checkout')]
  const all = {
    ...files,
    '.github/workflows/release.yml': withoutQueue(workflow),
    '../checkout/action.yml': checkout(repository),
  }
  for (const [name, content] of Object.entries(all)) {
    await mkdir(dirname(join(repository, name)), { recursive: true })
    await writeFile(join(repository, name), content, { mode: content.startsWith('#!') ? 0o755 : 0o644 })
  }
  const git = (...args: readonly string[]) =>
    must(['git', '-C', repository, '-c', 'user.name=octocat', '-c', 'user.email=octocat@example.org', ...args])
  await git('init', '--quiet')
  await git('symbolic-ref', 'HEAD', 'refs/heads/main')
  await git('remote', 'add', 'origin', 'https://github.com/example/shop.git')
  await git('add', '--all')
  const standIns = foreignActions(workflow).map((name) => `${name}=${checkedOut}`)
  const own = `blue-green-release/blue-green-release@v1=${clone}`
  return {
    commit: async (message) => {
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return (await git('rev-parse', 'HEAD')).trim()
    },
    run: async ({ name, payload, secrets, variables, api, actor }) => {
      const home = await mkdtemp(join(folder, 'home-'))
      const event = join(home, 'event.json')
      await writeFile(event, JSON.stringify(payload ?? {}))
      const each = (flag: string, values: Readonly<Record<string, string>>) =>
        Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`])
      const argv = [
        ...[enginePath, name, '--eventpath', event, '--actor', actor, '--workflows', '.github/workflows/release.yml'],
        ...['-P', 'ubuntu-latest=-self-hosted', '--no-cache-server', '--no-skip-checkout'],
        ...[own, ...standIns].flatMap((one) => ['--local-repository', one]),
        ...each('--secret', secrets),
        ...each('--var', variables),
        ...each('--env', { GITHUB_API_URL: api }),
      ]
      const path = `${dirname(process.execPath)}:${process.env['PATH']}`
      return ask(argv, { cwd: repository, env: { HOME: home, PATH: path } })
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** GitHub's groups that keep what waits are newer than the engine. */
function withoutQueue(workflow: string): string {
  return workflow.replaceAll(', queue: max', '')
}

/** The actions that it uses and that are not this one. */
function foreignActions(workflow: string): readonly string[] {
  const used = [...workflow.matchAll(/uses: *(\S+@\S+)/g)].map(([, name = '']) => name)
  return [...new Set(used)].filter((name) => !name.startsWith('blue-green-release/'))
}
