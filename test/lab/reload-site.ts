import assert from 'node:assert/strict'
import { type ActionRun, runAction } from './action.ts'
import type { LabHost } from './host.ts'
import type { Lab } from './lab.ts'
import type { LabSite } from './site.ts'
import type { Color } from './site-nginx.ts'

/** What every file of Nginx is, by its name. */
export type NginxTree = ReadonlyMap<string, string>

/** A site that is flipped by reload, and whose configuration changes from test to test. */
export interface ReloadSite {
  readonly site: LabSite
  readonly host: LabHost
  /** The `nginx.conf` that the machine came with. */
  readonly original: string
  /** A server block. */
  server(target?: string, port?: number): string
  /** Puts a configuration in place of the one that is there, `deploy` may write it, and loads it. */
  install(text: string, file?: string): Promise<void>
  /** The color that serves, as it is seen through Nginx. */
  live(): Promise<Color>
  /** Releases the next version. */
  deploy(more?: Readonly<Record<string, string>>): Promise<ActionRun>
  /** Name, inode, mode, owner, link and content of each file. */
  tree(): Promise<NginxTree>
}

export const CONFIGURATION = '/etc/nginx/conf.d/web.conf'

export async function openReloadSite(lab: Lab): Promise<ReloadSite> {
  const host = await lab.host()
  const original = await host.readFile('/etc/nginx/nginx.conf')
  const site = await lab.site(host, { flip: 'reload' })
  await site.up('blue', 'v1')
  let release = 1
  return {
    site,
    host,
    original,
    server: (target = site.upstream, port = site.publicPort) =>
      `server {\n    listen 127.0.0.1:${port};\n    server_name ${site.serverName};\n    location / { proxy_pass http://${target}; }\n}\n`,
    async install(text, file = CONFIGURATION) {
      await host.exec('rm -f /etc/nginx/conf.d/* /etc/nginx/sites-enabled/*')
      if (!file.endsWith('/nginx.conf')) await host.writeFile('/etc/nginx/nginx.conf', original)
      await host.writeFile(file, text)
      await host.exec(`chown deploy ${file}`)
      await host.reloadNginx()
    },
    async live() {
      const { version } = await site.get()
      for (const color of ['blue', 'green'] as const) {
        const answer = await site.getColor(color).catch(() => undefined)
        if (answer?.version === version) return color
      }
      return assert.fail('no color serves')
    },
    deploy(more = {}) {
      release = (release % 9) + 1
      const inputs = { version: `v${release}`, watch: '0s', flip: 'reload', 'keep-images': '99', ...more }
      return runAction(site.inputs(inputs))
    },
    async tree() {
      const { stdout } = await host.exec(
        `find /etc/nginx \\( -type f -o -type l \\) -exec stat -c '%n %i %a %U:%G %N' {} \\; -exec sha256sum {} \\;`,
      )
      const said = stdout.trim().split('\n')
      return new Map(
        said.map((line, i) => [i % 2 === 0 ? (line.split(' ')[0] ?? '') : `sum of ${line.slice(66)}`, line]),
      )
    },
  }
}

export function differing(one: NginxTree, other: NginxTree): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key)).toSorted()
}

export function released(run: ActionRun): void {
  assert.equal(run.outputs['result'], 'released', run.stdout)
}

export function sentences({ report }: ActionRun): string {
  return (report as { failure: readonly string[] }).failure.join('\n')
}
