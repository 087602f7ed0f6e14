import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, must, show } from './command.ts'
import { installWorkflowEngine } from './workflow-engine.ts'

/** What the lab calls, and the package of Debian and Ubuntu that brings it. */
const needed: Readonly<Record<string, string>> = {
  dockerd: 'docker.io',
  docker: 'docker.io',
  'docker-registry': 'docker-registry',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  ps: 'procps',
  nginx: 'nginx',
  sudo: 'sudo',
  iptables: 'iptables',
  busybox: 'busybox-static',
  ip: 'iproute2',
  dropbear: 'dropbear-bin',
  unshare: 'util-linux',
  openssl: 'openssl',
  htpasswd: 'apache2-utils',
  inotifywait: 'inotify-tools',
  git: 'git',
  shellcheck: 'shellcheck',
  'redis-server': 'redis-server',
  'redis-cli': 'redis-tools',
}

/** The first release of Debian with Compose v2, from which an older one takes it. */
const debianWithCompose = 'trixie'
const debianKeys = '/usr/share/keyrings/debian-archive-keyring.gpg'

/**
 * Says what the lab lacks and installs it from the machine's own package sources. No service is started. What is left on
 * the machine is the packages, and for tests that run workflows one program in `~/.cache/blue-green-lab`.
 * @throws Error with a sentence where the user is not root or a package cannot be had.
 */
export async function install(wanted?: 'with the workflow engine'): Promise<void> {
  if (process.getuid?.() !== 0) {
    const command = process.env['npm_lifecycle_event'] === 'demo' ? 'npm run demo' : 'npm test'
    throw new Error(
      `The lab needs root, for a real sshd, Nginx and Docker Engine of its own: run \`sudo ${command}\`. \`npm run test:unit\` works without.`,
    )
  }
  await installLab()
  if (wanted !== undefined) await installWorkflowEngine()
}

async function installLab(): Promise<void> {
  const missing = await missingPackages()
  // Not one that root alone has: the lab's users need it too.
  const compose =
    (await ask(['docker', 'compose', 'version', '--short'], { env: { DOCKER_CONFIG: '/nonexistent' } })).code === 0
  if (missing.length === 0 && compose) return
  const lacks = [...missing, ...(compose ? [] : ['Compose v2'])].join(', ')
  if ((await ask(['apt-get', '--version'])).code !== 0) {
    throw new Error(`The lab lacks ${lacks}, and can install it only on Debian and Ubuntu: install it by hand.`)
  }
  console.log(`The lab lacks ${lacks}: installing it.`)
  await apt(['update', '-qq'])
  if (missing.length > 0) await installPackages(missing)
  if ((await ask(['docker', '--version'])).code !== 0) await installPackages(['docker-cli'])
  if (!compose) await installCompose()
}

async function missingPackages(): Promise<string[]> {
  const present = await Promise.all(
    Object.keys(needed).map((command) => ask(['sh', '-c', 'command -v "$1"', 'sh', command])),
  )
  const packages = Object.values(needed).filter((_, i) => present[i]?.code !== 0)
  return [...new Set(packages)]
}

async function installCompose(): Promise<void> {
  if (await candidate('docker-compose-v2')) await installPackages(['docker-compose-v2'])
  else if (Number.parseInt((await candidate('docker-compose')) ?? '0', 10) >= 2)
    await installPackages(['docker-compose'])
  else await installComposeOfNewerDebian()
  await must(['docker', 'compose', 'version'])
}

/** The newer release is asked with lists and sources of its own, so that apt never offers anything else of it. */
async function installComposeOfNewerDebian(): Promise<void> {
  const release = await readFile('/etc/os-release', 'utf8')
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1]
  const archive = await archiveOf(codename ?? '')
  if (!/^ID=debian$/m.test(release) || archive === undefined) {
    throw new Error(
      'No package source of this machine has Compose v2: install `docker compose` by hand (docs.docker.com/compose/install), then run this again.',
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'compose-package-'))
  try {
    await chmod(folder, 0o755) // apt reads as a user of its own
    const source = `deb [signed-by=${debianKeys}] ${archive} ${debianWithCompose} main\n`
    await writeFile(join(folder, 'sources.list'), source)
    await must(['mkdir', '-p', join(folder, 'lists/partial'), join(folder, 'parts')])
    const own = [
      ...[
        '-o',
        `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
        '-o',
        `Dir::Etc::sourceparts=${join(folder, 'parts')}`,
      ],
      ...[
        '-o',
        `Dir::State::lists=${join(folder, 'lists')}`,
        '-o',
        `Dir::Cache::pkgcache=`,
        '-o',
        'Dir::Cache::srcpkgcache=',
      ],
      ...['-o', 'APT::Sandbox::User=root'],
    ]
    await apt([...own, 'update', '-qq'])
    await apt([...own, 'download', '-qq', 'docker-compose'], folder)
    const file = (await must(['sh', '-c', 'ls ./docker-compose_*.deb'], { cwd: folder })).trim()
    await installPackages([join(folder, file)])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Where this machine gets its own release from: the newer one is there too. */
async function archiveOf(codename: string): Promise<string | undefined> {
  const format = '$(CODENAME)|$(COMPONENT)|$(REPO_URI)'
  const targets = await must(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'])
  const rows = targets.split('\n').map((line) => line.split('|'))
  return rows.find(([name, component]) => name === codename && component === 'main')?.[2]
}

async function candidate(name: string): Promise<string | undefined> {
  const policy = await must(['apt-cache', 'policy', name], { env: { LC_ALL: 'C' } })
  const version = /Candidate: (\S+)/.exec(policy)?.[1]
  return version === '(none)' ? undefined : version
}

/** The programs that start services are covered for this one process, so no file has to be put in their way. */
async function installPackages(packages: readonly string[]): Promise<void> {
  console.log(`+ apt-get install ${packages.join(' ')}`)
  const covered = `
    for program in /usr/sbin/invoke-rc.d /usr/bin/deb-systemd-invoke; do
      [ ! -e "$program" ] || mount --bind /bin/true "$program"
    done
    exec apt-get install -y -qq --no-install-recommends -o APT::Keep-Downloaded-Packages=false -o Dpkg::Use-Pty=0 "$@"`
  await shown(['unshare', '--mount', 'sh', '-ec', covered, 'sh', ...packages])
}

async function apt(args: readonly string[], cwd?: string): Promise<void> {
  console.log(
    `+ apt-get ${args.filter((word) => !word.startsWith('Dir::') && !word.startsWith('APT::') && word !== '-o').join(' ')}`,
  )
  await shown(['apt-get', ...args], cwd)
}

async function shown(argv: readonly string[], cwd?: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' }
  const code = await show(argv, cwd === undefined ? { env } : { env, cwd })
  if (code !== 0) throw new Error(`\`${argv.join(' ')}\` ended with ${code}: see above, fix it, and run this again.`)
}

if (import.meta.main) {
  try {
    await install('with the workflow engine')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
