import assert from 'node:assert/strict'
import { must } from './command.ts'
import type { LabSite } from './site.ts'

/** What a release that fails must leave as it was: a line for each file and for each container that is not the idle color's. */
export type Snapshot = readonly string[]

export interface Compared {
  readonly site: LabSite
  /** The color whose containers may come and go. */
  readonly idle: 'blue' | 'green'
  /** Since when a container runs does not count. */
  readonly restarted: boolean
}

/**
 * Path, kind, mode, owner, inode and SHA-256 of every file; id, image, start and restarts of every container. Locks and
 * the records of the leases and of what was loaded are not among them: one that is taken away while others wait for it is no lock.
 */
export async function snapshot(compared: Compared): Promise<Snapshot> {
  const { host, directory, stateDirectory } = compared.site
  const places = `${directory} ${host.stateRoot} /etc/nginx`
  const own = `${directory}/.blue-green`
  const kept = [`${own}/lock`, ...['lock', 'lease', 'ended', 'nginx-loaded'].map((name) => `${stateDirectory}/${name}`)]
  const others = kept.map((path) => `! -path ${path}`).join(' ')
  const files = await host.exec(
    `find ${places} ${others} -type f -exec sha256sum {} + | sort
     find ${places} ${others} -type f -printf '%p %m %U:%G %i %l\\n' | sort
     find ${places} ! -path ${own} ! -type f -printf '%p %y %m %U:%G %l\\n' | sort`,
  )
  assert.equal(files.stderr, '')
  return [...files.stdout.replace(/\n$/, '').split('\n'), ...(await containers(compared))]
}

async function containers({ site, idle, restarted }: Compared): Promise<readonly string[]> {
  const own = `label=com.docker.compose.project=${site.project}`
  const env = site.host.docker
  const listed = await must(['docker', 'ps', '--all', '--quiet', '--no-trunc', '--filter', own], { env })
  const what = '{{index .Config.Labels "com.docker.compose.service"}} {{.Name}} {{.Id}} {{.Image}} {{.State.Status}}'
  const format = restarted ? what : `${what} {{.State.StartedAt}} {{.RestartCount}}`
  const inspected = await must(['docker', 'inspect', '--format', format, ...listed.trim().split('\n')], { env })
  const told = inspected.trim().split('\n').sort()
  return told.filter((line) => !line.startsWith(`${site.services[idle]} `))
}

/**
 * @param said what the run said, for the message
 * @param except lines that may differ
 * @throws AssertionError naming each line that went or came.
 */
export function sameAs(before: Snapshot, after: Snapshot, said: string, except = /^$/): void {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`)
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)
  const differing = [...gone, ...come].filter((line) => !except.test(line))
  assert.ok(differing.length === 0, `The host is not as it was:\n${differing.join('\n')}\n${said}`)
}
