import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, must } from '../lab/command.ts'
import type { LabSite } from '../lab/site.ts'
import type { Color } from '../lab/site-nginx.ts'

/** One OpenSSH connection that all commands share, as `ControlMaster` gives it. */
export interface Terminal extends AsyncDisposable {
  /** @throws Error where the command fails. */
  type(command: string): Promise<void>
}

export async function openTerminal(site: LabSite): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), 'by-hand-'))
  await writeFile(join(folder, 'key'), site.host.privateKey, { mode: 0o600 })
  await writeFile(join(folder, 'known'), site.host.knownHosts)
  const known = ['-o', `UserKnownHostsFile=${folder}/known`, '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes']
  const shared = ['-o', `ControlPath=${folder}/socket`, '-i', join(folder, 'key'), '-p', String(site.host.port)]
  const ssh = ['ssh', '-F', 'none', ...known, ...shared]
  const target = site.host.address.replace(/:\d+$/, '')
  await must([...ssh, '-o', 'ControlMaster=yes', '-o', 'ControlPersist=yes', target, 'true'])
  return {
    type: async (command) => {
      await must([...ssh, target, command])
    },
    [Symbol.asyncDispose]: async () => {
      await ask([...ssh, '-O', 'exit', target])
      await rm(folder, { recursive: true })
    },
  }
}

/** What somebody types to release a version: the same steps as the action's, one after the other. */
export function releaseByHand(site: LabSite, to: Color, version: string): readonly string[] {
  const { directory, services } = site
  const variables = ['IMAGE_TAG', `IMAGE_TAG_${to.toUpperCase()}`]
  const set = variables.map(
    (name) =>
      `grep -q '^${name}=' .env && sed -i 's/^${name}=.*/${name}=${version}/' .env || echo ${name}=${version} >>.env`,
  )
  return [
    `cd ${directory} && docker compose ps --all`,
    ...seen(site),
    `cd ${directory} && ${variables.map((name) => `${name}=${version}`).join(' ')} docker compose up -d --no-deps --force-recreate ${services[to]}`,
    ...healthy(site, to),
    ...set.map((line) => `cd ${directory} && ${line}`),
    ...flipped(site, to, version),
    stopped(site, to),
  ]
}

/** What becomes of the color that traffic leaves. */
export type Previous = 'stop' | 'keep'

/** What somebody types to go back to the color that was stopped, or that was kept running. */
export function rollbackByHand(site: LabSite, to: Color, version: string, previous: Previous): readonly string[] {
  const { directory, services } = site
  return [
    `cd ${directory} && docker compose ps --all`,
    ...seen(site),
    ...(previous === 'stop' ? [`cd ${directory} && docker compose start ${services[to]}`] : []),
    ...healthy(site, to),
    `cd ${directory} && sed -i 's/^IMAGE_TAG=.*/IMAGE_TAG=${version}/' .env`,
    ...flipped(site, to, version),
    ...(previous === 'stop' ? [stopped(site, to)] : []),
  ]
}

function seen({ publicUrl, serverName }: LabSite): readonly string[] {
  return ['sudo -n nginx -t', `curl -fsS -H 'Host: ${serverName}' ${publicUrl}/.blue-green`]
}

function healthy({ ports }: LabSite, color: Color): readonly string[] {
  const ask = `curl -fs http://127.0.0.1:${ports[color]}/health`
  return [`until ${ask}; do sleep 0.2; done; ${ask}`]
}

function flipped({ stateDirectory, publicUrl, serverName }: LabSite, to: Color, version: string) {
  const rename = to === 'green' ? 'mv green.off green' : 'mv green green.off'
  return [
    `cd ${stateDirectory} && ${rename}`,
    `curl -fsS -H 'Host: ${serverName}' ${publicUrl}/.blue-green`,
    `curl -fsS -H 'Host: ${serverName}' ${publicUrl}/health | grep 'version ${version}'`,
  ]
}

function stopped({ directory, services }: LabSite, to: Color): string {
  return `cd ${directory} && docker compose stop ${services[to === 'green' ? 'blue' : 'green']}`
}
