import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { arch, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ask, must } from './command.ts'

/** What runs a workflow as GitHub's runner does: https://github.com/nektos/act */
const engine = {
  path: 'github.com/nektos/act',
  version: 'v0.2.82',
  sum: 'h1:lHwekf4dPgBCjkSO9PXK36OvPyjHgqQW4wgiW5l71fk=',
  /** It needs this Go, or a newer one. */
  go: [1, 24],
} as const

/** For a machine that has no Go, or an old one: from the same place as all modules. */
const toolchain = {
  name: 'golang.org/toolchain@v0.0.1-go1.24.9.linux-amd64',
  file: 'golang.org/toolchain/@v/v0.0.1-go1.24.9.linux-amd64.zip',
  sha256: '2a683c9c1d65a0e221519c21850a3ed5fe5ff287d39d74e35e4af7ceb9e333b2',
} as const

/** Built once a machine; outside of the clone, and seen from inside of the enclosure. */
export const enginePath = join(userInfo().homedir, '.cache/blue-green-lab', `act-${engine.version}-${arch()}`)

/**
 * Builds the workflow engine, unless it was built before. Nothing but the one file is left.
 * @throws Error with a sentence where it cannot be had.
 */
export async function installWorkflowEngine(): Promise<void> {
  if (await exists(enginePath)) return
  console.log(`The lab lacks the workflow engine ${engine.path} ${engine.version}: building it, once on this machine.`)
  const folder = await mkdtemp(join(tmpdir(), 'workflow-engine-'))
  try {
    const go = (await installedGo()) ?? (await downloadedGo(folder))
    const env = {
      ...{ GOPATH: join(folder, 'path'), GOCACHE: join(folder, 'cache'), GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local' },
      // The sum below covers the list of sums that it brings of everything else: no other authority is asked.
      ...{ GONOSUMDB: '*', GOWORK: 'off', CGO_ENABLED: '0' },
    }
    const said = await must([go, 'mod', 'download', '-json', `${engine.path}@${engine.version}`], { cwd: folder, env })
    const module = JSON.parse(said) as { readonly Dir: string; readonly Sum: string }
    if (module.Sum !== engine.sum) throw new Error(`${engine.path} is not what it was: its sum is ${module.Sum}.`)
    const built = join(folder, 'act')
    await must([go, 'build', '-mod=readonly', '-trimpath', '-o', built, '.'], { cwd: module.Dir, env })
    await mkdir(join(enginePath, '..'), { recursive: true })
    await must(['cp', built, `${enginePath}.new`])
    await rename(`${enginePath}.new`, enginePath)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** One that is on this machine, and new enough. */
async function installedGo(): Promise<string | undefined> {
  for (const go of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    const { code, stdout } = await ask([go, 'env', 'GOVERSION'], { cwd: tmpdir(), env: { GOTOOLCHAIN: 'local' } })
    if (code === 0 && isEnough(stdout.trim())) return go
  }
  return undefined
}

/** @param version such as `go1.24.9` */
export function isEnough(version: string): boolean {
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? []
  return Number(major) > engine.go[0] || (Number(major) === engine.go[0] && Number(minor) >= engine.go[1])
}

async function downloadedGo(folder: string): Promise<string> {
  const wanted = `Go ${engine.go.join('.')} or newer`
  if (arch() !== 'x64')
    throw new Error(`The workflow tests need ${wanted}: install it (go.dev/dl), and run this again.`)
  console.log(`+ Go, from the module proxy`)
  const zip = join(folder, 'go.zip')
  // A process of its own, since only at its start does node take the proxies of the environment.
  const fetching = `import { writeFile } from 'node:fs/promises'
    const answer = await fetch(process.argv[1])
    if (!answer.ok) throw new Error(answer.status + ' from ' + process.argv[1])
    await writeFile(process.argv[2], answer.body)`
  const address = `${proxyOf(process.env['GOPROXY'])}/${toolchain.file}`
  await must([process.execPath, '--input-type=module', '--eval', fetching, address, zip], {
    env: { NODE_USE_ENV_PROXY: '1' },
  })
  const sum = createHash('sha256')
    .update(await readFile(zip))
    .digest('hex')
  if (sum !== toolchain.sha256) throw new Error(`${address} is not what it was: its SHA-256 is ${sum}.`)
  await must(['busybox', 'unzip', '-q', zip, '-d', folder])
  const root = join(folder, toolchain.name)
  await must(['chmod', '-R', 'a+x', join(root, 'bin'), join(root, 'pkg/tool')])
  return join(root, 'bin/go')
}

/** The first of the list that is an address. */
export function proxyOf(list = ''): string {
  const found = list.split(/[,|]/).find((one) => /^https?:/.test(one))
  return (found ?? 'https://proxy.golang.org').replace(/\/+$/, '')
}
