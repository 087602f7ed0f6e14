import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from './command.ts'
import type { LabHost } from './host.ts'
import { type Newcomer, type Place, settle } from './newcomer.ts'
import { freePort } from './ports.ts'
import { get } from './web.ts'

/** What visitors ask, and what they got. */
export interface Visit {
  readonly host: string
  readonly path: string
}

export interface FieldCase {
  readonly newcomer: Newcomer
  /** Ports of the host, by those of the files. */
  readonly ports: Readonly<Record<'3000' | '3001' | '4000' | '443', number>>
  /** Status and body of each, in order; `undefined` where nothing answers. */
  readonly visited: (...visits: readonly Visit[]) => Promise<readonly string[]>
}

/** Without the version, which is what a release changes. */
export function unversioned(answers: readonly string[]): readonly string[] {
  return answers.map((answer) => answer.replace(/version v\d+/, 'version'))
}

/**
 * A host as the files of `cases/<name>` have it, with ports of its own, and the names and the image of a place. What is
 * in the compose file's `up` runs.
 * @param edit of each file's text; undefined leaves it out
 */
export async function settleCase(
  host: LabHost,
  place: Place,
  name: string,
  { edit = (text) => text, up }: { edit?: (text: string, file: string) => string | undefined; up: readonly string[] },
): Promise<FieldCase> {
  const folder = join(import.meta.dirname, 'cases', name)
  const ports = { '3000': place.port, '3001': await freePort(), '4000': await freePort(), '443': await freePort() }
  // An address of the host that is not the loopback, as docker0 is one.
  const other = (
    await host.exec(`ip -4 -o addr show | awk '$4 !~ /^127/ { sub("/.*", "", $4); print $4; exit }'`)
  ).stdout.trim()
  assert.match(other, /^\d/)
  const ours = (text: string) =>
    text
      .replace(/:8080\b/g, ':CONTAINER')
      .replace(/\b(3000|3001|4000)\b/g, (port) => String(ports[port as '3000']))
      .replaceAll('CONTAINER', '3000')
      .replace(/listen 80\b/g, `listen ${place.publicPort}`)
      .replace(/listen 443\b/g, `listen ${ports['443']}`)
      .replaceAll('lab/app', place.repository)
      .replaceAll('172.17.0.1', other)
  const newcomer = await settle(host, place, '', '')
  await host.exec(`rm ${place.directory}/compose.yaml ${place.nginxFile}; rm -f /etc/nginx/sites-enabled/default`)
  for (const file of await readdir(folder)) {
    const text = edit(ours(await readFile(join(folder, file), 'utf8')), file)
    if (text === undefined) continue
    const path = file.replace(/^second-site__/, '').replace(/\.allow-deny$/, '')
    await host.writeFile(
      path.startsWith('shop__') ? `${place.directory}/${path.slice(6)}` : `/${path.replaceAll('__', '/')}`,
      text,
    )
  }
  const started = await host.exec(`cd ${place.directory} && docker compose up -d ${up.join(' ')}`)
  assert.equal(started.code, 0, started.stderr)
  await host.reloadNginx()
  const ask = ({ host: name, path }: Visit) =>
    get(`http://127.0.0.1:${place.publicPort}${path}`, { Host: name }).then(
      ({ status, body }) => `${status} ${body}`,
      () => 'nothing',
    )
  await until('the application', 20_000, async () => {
    const direct = await get(`http://127.0.0.1:${place.port}/`, {}).catch(() => undefined)
    return direct !== undefined || undefined
  })
  return { newcomer, ports, visited: async (...visits) => Promise.all(visits.map(ask)) }
}
