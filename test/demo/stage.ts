import type { LabHost } from '../lab/host.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabSite } from '../lab/site.ts'
import { serverBlock } from '../lab/site-nginx.ts'

/** The host of the demo, and the application on it: set up as the README says, nothing running yet. */
export interface Stage {
  readonly site: LabSite
  /** The programs that are real here, with their versions. */
  readonly programs: string
}

/** In the watch Nginx repeats a GET that the new color answered with 500 on the previous one: docs/flip.md. */
const falling = 'proxy_next_upstream error timeout http_500;'

export async function setStage(lab: Lab): Promise<Stage> {
  const host = await lab.host()
  const [programs, site] = await Promise.all([
    versionsOf(host),
    lab.site(host, {
      extra: ['stop_grace_period: 30s'],
      server: (parts) => serverBlock(parts).replace('proxy_connect_timeout 1s;', `$&\n        ${falling}`),
    }),
  ])
  await site.version('v3-never-healthy', 'v4-wears-out')
  return { site, programs }
}

async function versionsOf(host: LabHost): Promise<string> {
  const asked = [
    ['OpenSSH', 'ssh -V 2>&1', /OpenSSH_([\d.]+)/],
    ['Nginx', 'nginx -v 2>&1', /nginx\/([\d.]+)/],
    ['Docker', "docker version --format '{{.Server.Version}}'", /([\d.]+)/],
    ['Compose', 'docker compose version --short', /([\d.]+)/],
  ] as const
  const found = await Promise.all(
    asked.map(
      async ([name, command, version]) => `${name} ${version.exec((await host.exec(command)).stdout)?.[1] ?? ''}`,
    ),
  )
  return found.map((text) => text.trim()).join(', ')
}
