import assert from 'node:assert/strict'
import { until } from '../command.ts'
import type { Fault, Lost } from './fault.ts'
import type { Scene } from './scene.ts'

export const reload = { site: { flip: 'reload' } } as const
export const foreign = '/etc/nginx/conf.d/zz-foreign.conf'
/** A hook gives the test a moment in which to make the fault. */
export const before = { 'before-flip': 'echo on my way; sleep 1' }
export const after = { 'after-flip': 'echo on my way; sleep 1; echo no; exit 4', 'hook-timeout': '10s' }
export const onMyWay = /^ {2}\| on my way/m

export function resets(): Lost {
  return { what: 'connections that Nginx closes at each reload, before 1.27.4', by: /^(GET|POST) E[A-Z]+$/ }
}

export async function breakConfiguration({ host }: Scene): Promise<void> {
  await host.writeFile(foreign, 'server { listen 127.0.0.1:1; broken\n')
}

export async function refuses({ host }: Scene): Promise<void> {
  assert.match((await host.exec('nginx -t')).stderr, /test failed/)
}

export async function unbreak({ root }: Scene): Promise<void> {
  await root(`rm -f ${foreign}`)
}

export async function chown(root: Scene['root'], owner: string, path: string): Promise<void> {
  await root(`chown ${owner} ${path}`)
}

export async function mayNotWrite({ login, site }: Scene): Promise<void> {
  assert.match((await login(`touch ${site.stateDirectory}/x`)).stderr, /Permission denied/)
}

export async function noSudo({ root }: Scene): Promise<void> {
  await root(': >/run/nothing && chmod 0440 /run/nothing && mount --bind /run/nothing /etc/sudoers.d/deploy')
}

export async function mayNotReload({ login }: Scene): Promise<void> {
  assert.match((await login('sudo -n nginx -t')).stderr, /password is required/)
}

/** The same files, on a disk that is easily filled. */
export async function onSmallDisk({ root }: Scene, folder: string): Promise<void> {
  await root(`cp -a ${folder} /run/kept && mount -t tmpfs -o size=256k,mode=0755 small ${folder} &&
    cp -a /run/kept/. ${folder}/ && chmod --reference=/run/kept ${folder} && chown --reference=/run/kept ${folder} &&
    rm -r /run/kept`)
}

export async function fill({ root }: Scene, folder: string): Promise<void> {
  await root(`! cat /dev/zero 2>/dev/null >${folder}/fill`)
}

export async function isFull(login: Scene['login'], folder: string): Promise<void> {
  assert.match((await login(`df --output=avail ${folder}`)).stdout, /^Avail\n\s*0$/m)
}

export async function umount(root: Scene['root'], folder: string): Promise<void> {
  await root(`umount ${folder}`)
}

/** A firewall lets everybody but the workers of Nginx to the idle color. */
export function behindAWall(): Pick<Fault, 'arrange' | 'witness' | 'mend'> {
  const rule = ({ site, idle }: Scene): string =>
    `OUTPUT -p tcp -d 127.0.0.1 --dport ${site.ports[idle]} -m owner --uid-owner www-data -j REJECT --reject-with tcp-reset`
  return {
    arrange: async (scene) => void (await scene.root(`iptables -I ${rule(scene)}`)),
    witness: async (scene) => {
      const counted = await scene.root('iptables -nvxL OUTPUT')
      assert.match(
        counted,
        new RegExp(`^\\s+[1-9]\\d* .*dpt:${scene.site.ports[scene.idle]} .*owner UID match 33`, 'm'),
      )
    },
    mend: async (scene) => void (await scene.root(`iptables -D ${rule(scene)}`)),
  }
}

/** The commands, as they stand in the log, in a new login: afterwards the previous version serves. */
export async function mendedBy(scene: Scene, commands: string): Promise<void> {
  const typed = await scene.login(commands)
  let last = ''
  const serves = async () => {
    last = await scene.site.get().then(
      ({ version, status }) => `${version ?? status}`,
      (error: Error) => error.message,
    )
    return last === scene.previous || undefined
  }
  const said = () => `${last} serves after\n${commands}\n${typed.code}: ${typed.stdout}${typed.stderr}`
  await until('the previous version', 10_000, serves, said)
}
