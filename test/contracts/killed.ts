import assert from 'node:assert/strict'
import type { Script } from '../../src/host/host.ts'
import type { LabHost } from '../lab/host.ts'

const shims = '/var/lib/blue-green/shims'
const counted = [
  'mv',
  'dd',
  'cat',
  'touch',
  'rm',
  'sync',
  'sudo',
  'sleep',
  'mkdir',
  'ln',
  'chmod',
  'base64',
  'docker',
  'redis-cli',
]
const shim = `#!/bin/sh
read -r left <${shims}/left
left=$((left - 1))
echo $left >${shims}/left
[ $left -gt 0 ] || kill -KILL 0
PATH=\${PATH#*:} exec "\${0##*/}" "$@"
`

/** Puts what counts the commands of a script before the real ones. */
export async function readyToKill(host: LabHost): Promise<void> {
  for (const command of counted) await host.writeFile(`${shims}/${command}`, shim)
  const made = await host.exec(`: >${shims}/left && chmod 0777 ${shims} ${shims}/*`)
  assert.equal(made.code, 0, made.stderr)
}

/** Runs a script as the user and kills all of it just before its n-th command with an effect. Whether it came to that. */
export async function killedAt(host: LabHost, { shell }: Script, n: number): Promise<boolean> {
  await host.exec(`echo ${n} >${shims}/left`)
  await host.exec(`PATH=${shims}:$PATH exec setsid --wait sh -s`, { user: 'deploy', input: shell.text })
  return Number(await host.readFile(`${shims}/left`)) <= 0
}
