import assert from 'node:assert/strict'
import { must } from './command.ts'
import type { LabSite } from './site.ts'

/** What a release that fails must leave as it was: a line for each file and for each container that is not the idle color's. */
export type Snapshot = readonly string[]

/** Path, kind, mode, owner, inode and SHA-256 of every file; id, image, start and restarts of every container. */
export async function snapshot(site: LabSite, idle: 'blue' | 'green'): Promise<Snapshot> {
  const { host, directory, stateDirectory } = site
  const files = await host.exec(
    `find ${directory} ${stateDirectory} /etc/nginx \\( -type f -exec sha256sum {} + \\) -o -true | sort >/run/sums
     find ${directory} ${stateDirectory} /etc/nginx -type f -printf '%p %m %U:%G %i %l\\n' | sort
     find ${directory} ${stateDirectory} /etc/nginx ! -type f -printf '%p %y %m %U:%G %l\\n' | sort
     cat /run/sums; rm /run/sums`,
  )
  assert.equal(files.stderr, '')
  return [...files.stdout.trim().split('\n'), ...(await containers(site, idle))]
}

async function containers(site: LabSite, idle: 'blue' | 'green'): Promise<readonly string[]> {
  const own = `label=com.docker.compose.project=${site.project}`
  const ids = (await must(['docker', 'ps', '--all', '--quiet', '--no-trunc', '--filter', own])).trim().split('\n')
  const format =
    '{{index .Config.Labels "com.docker.compose.service"}} {{.Id}} {{.Image}} {{.State.Status}} {{.State.StartedAt}} {{.RestartCount}}'
  const told = (await must(['docker', 'inspect', '--format', format, ...ids])).trim().split('\n').sort()
  return told.filter((line) => !line.startsWith(`${site.services[idle]} `))
}

/** @throws AssertionError naming each line that went or came. */
export function sameAs(before: Snapshot, after: Snapshot): void {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`)
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)
  assert.deepEqual([...gone, ...come], [], 'The host is not as it was.')
}
