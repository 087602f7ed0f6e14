import { readFile } from 'node:fs/promises'
import { must, until } from './command.ts'
import type { CustodyScene } from './custody-scene.ts'
import { killProcess } from './machine.ts'

/** Drops all packets of the SSH port from now on, in the network of this enclosure; nobody is told. */
export async function cut({ host }: CustodyScene): Promise<AsyncDisposable & { mend(): Promise<void> }> {
  const rules = ['--dport', '--sport'].map((side) => ['INPUT', '-p', 'tcp', side, `${host.port}`, '-j', 'DROP'])
  for (const rule of rules) await must(['iptables', '-I', ...rule])
  let mended = false
  const mend = async () => {
    if (mended) return
    mended = true
    for (const rule of rules) await must(['iptables', '-D', ...rule])
  }
  return { mend, [Symbol.asyncDispose]: mend }
}

/** Waits until there is a guard, or a sign that there was one. */
export function guardCame(scene: CustodyScene): Promise<true> {
  return until('a guard', 20_000, async () => {
    if ((await guards(scene)).length > 0) return true
    return (
      (await scene.host.exec(`grep -q '[0-9]' ${scene.site.stateDirectory}/journal-*/guard`)).code === 0 || undefined
    )
  })
}

/** Process ids of the guards on a host. */
export async function guards({ host }: CustodyScene): Promise<readonly number[]> {
  const pids = await host.machine.processes()
  const all = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, i) => /guard\.sh\0watch/.test(all[i] ?? ''))
}

/** Ends every process of the host, gives it another boot id, and starts its services. Docker's containers go on. */
export async function startedAgain({ host }: CustodyScene): Promise<AsyncDisposable> {
  await host.stopSshd()
  for (const pid of await host.machine.processes()) killProcess(pid)
  await until(
    'the end of all processes',
    10_000,
    async () => (await host.machine.processes()).length === 0 || undefined,
  )
  const id = '/proc/sys/kernel/random/boot_id'
  await host.exec(
    `echo 11111111-2222-3333-4444-555555555555 >/var/log/nginx/boot-id && mount --bind /var/log/nginx/boot-id ${id}`,
  )
  await host.exec('rm -rf /run/nginx.pid /run/mount')
  await host.startNginx()
  await host.startSshd()
  return {
    [Symbol.asyncDispose]: async () => {
      await host.exec(`umount ${id} && rm /var/log/nginx/boot-id`)
    },
  }
}
