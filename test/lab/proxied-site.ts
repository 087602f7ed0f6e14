import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { labFolder } from './engine.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import { makeProxyImage } from './proxy-image.ts'
import type { LabSite } from './site.ts'
import type { ComposeParts } from './site-compose.ts'
import type { Color } from './site-nginx.ts'

const colors: readonly Color[] = ['blue', 'green']

export interface ProxiedWishes {
  readonly service: string
  /** Items of the proxy's `volumes`. */
  readonly volumes: readonly string[]
  /** Each color has a fixed address in a network of this prefix, `10.1.2`. */
  readonly network?: string
}

export interface ProxiedSite extends LabSite {
  readonly proxy: string
  /** Where Nginx reaches the colors. */
  readonly reached: Readonly<Record<Color, string>>
}

/** An application whose Nginx is a service of the same compose file; its configuration is in `nginx` beside that. */
export async function openProxied(
  lab: Lab,
  host: LabHost,
  { service, volumes, network }: ProxiedWishes,
): Promise<ProxiedSite> {
  const image = await makeProxyImage()
  const site = await lab.site(host, {
    service,
    flip: 'reload',
    composeFile: (parts) => composeText(image, parts, volumes, network),
  })
  await shareWithEngine(host, site.directory)
  // The port is known only once the site is there.
  const compose = await host.readFile(`${site.directory}/compose.yaml`)
  const whole = compose.replace('PUBLIC', `127.0.0.1:${site.publicPort}`)
  await host.writeFile(`${site.directory}/compose.yaml`, whole, 'deploy')
  const fixed = (color: Color) => `${network}.${colors.indexOf(color) + 10}:3000`
  const named = (color: Color) => `${site.services[color]}:3000`
  const reached = (color: Color) => (network === undefined ? named(color) : fixed(color))
  return { ...site, proxy: `${site.project}-proxy-1`, reached: { blue: reached('blue'), green: reached('green') } }
}

/** What a host has at a path the engine, which is not on it, has to find there too. */
export async function shareWithEngine(host: LabHost, path: string): Promise<void> {
  await symlink(join(labFolder, host.machine.id, path), path)
}

function composeText(
  image: string,
  { repository, services }: ComposeParts,
  volumes: readonly string[],
  network?: string,
): string {
  const color = (name: Color) => `  ${services[name]}:
    image: ${repository}:\${IMAGE_TAG_${name.toUpperCase()}:-v1}
    ${network === undefined ? '' : `networks: { default: { ipv4_address: ${network}.${colors.indexOf(name) + 10} } }`}
`
  return `services:
${colors.map(color).join('')}  proxy:
    image: ${image}
    ports: ["PUBLIC:80"]
    volumes: ${JSON.stringify(volumes)}
${network === undefined ? '' : `networks: { default: { ipam: { config: [{ subnet: ${network}.0/24 }] } } }\n`}`
}

export function reloadText({ upstream, reached, serverName }: ProxiedSite, live: Color = 'blue'): string {
  return `upstream ${upstream} {\n    server ${reached[live]} max_fails=2; # live\n    keepalive 4;\n}\n${plainServer(upstream, serverName)}`
}

function plainServer(target: string, name: string): string {
  return `server { listen 80; server_name ${name}; location / { proxy_pass http://${target}; } }\n`
}

export async function up({ compose }: LabSite, ...services: readonly string[]): Promise<void> {
  const ended = await compose('up', '-d', '--no-deps', ...services)
  assert.equal(ended.code, 0, ended.stderr)
}
