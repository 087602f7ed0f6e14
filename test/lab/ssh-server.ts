import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { until } from './command.ts'
import { killProcess, type Machine } from './machine.ts'

export type KeyType = 'ed25519' | 'rsa' | 'ecdsa'

export interface SshServerOptions {
  readonly server: 'openssh' | 'dropbear'
  readonly port: number
  /** Type of the key with which `deploy` logs in. */
  readonly deployKeyType: KeyType
  /** Lines put before the lab's own in sshd_config, where the first of a kind counts. */
  readonly sshdConfig: readonly string[]
}

export interface SshServer {
  /** In OpenSSH's format. */
  readonly privateKey: string
  /** Lines of a known_hosts file, one for each host key. */
  readonly knownHosts: string
  readonly fingerprints: Readonly<Record<KeyType, string>>
  /** Ends the server and every session of it, and starts it again on the same port. */
  restart(): Promise<void>
  /** Ends the server and every session of it. */
  stop(): Promise<void>
  start(): Promise<void>
}

const keys = `
keys='ed25519 rsa ecdsa'
make() { ssh-keygen -q -N '' -C lab -f "$1" -t "$2" $([ "$2" != rsa ] || echo -b 2048) & }
for type in $keys; do make "/etc/ssh/ssh_host_\${type}_key" "$type"; done
mkdir -m 0700 /home/deploy/.ssh
make /home/deploy/.ssh/id "$DEPLOY_KEY_TYPE"
wait
mv /home/deploy/.ssh/id.pub /home/deploy/.ssh/authorized_keys
mv /home/deploy/.ssh/id /etc/ssh/private-key-of-deploy
chown -R deploy:deploy /home/deploy/.ssh
for type in $keys; do
  printf '%s %s %s\\n' "$type" "$(ssh-keygen -lf "/etc/ssh/ssh_host_\${type}_key.pub" | cut -d ' ' -f 2)" \\
    "$(cut -d ' ' -f 1-2 "/etc/ssh/ssh_host_\${type}_key.pub")"
done
cat /etc/ssh/private-key-of-deploy
rm /etc/ssh/private-key-of-deploy`

/** Gives a machine host keys and a key of `deploy`, and starts its SSH server on a port of 127.0.0.1. */
export async function startSshServer(machine: Machine, options: SshServerOptions): Promise<SshServer> {
  const made = await machine.exec(`DEPLOY_KEY_TYPE=${options.deployKeyType}${keys}`)
  const [, hostKeys = '', privateKey = ''] = /^((?:\S+ SHA256:\S+ .+\n)+)(-----BEGIN[\s\S]+)$/.exec(made.stdout) ?? []
  if (privateKey === '') throw new Error(`The keys of a host could not be made: ${made.stderr}`)
  const rows = hostKeys
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
  const fingerprint = (type: KeyType) => rows.find((row) => row[0] === type)?.[1] ?? ''
  await machine.exec(options.server === 'openssh' ? 'cat >/etc/ssh/sshd_config' : dropbearKeys, {
    input: sshdConfig(options),
  })
  const start = () => startServer(machine, options)
  const stop = () => stopServer(machine)
  await start()
  return {
    privateKey,
    knownHosts: rows.map((row) => `[127.0.0.1]:${options.port} ${row.slice(2).join(' ')}\n`).join(''),
    fingerprints: { ed25519: fingerprint('ed25519'), rsa: fingerprint('rsa'), ecdsa: fingerprint('ecdsa') },
    start,
    stop,
    restart: async () => {
      await stop()
      await start()
    },
  }
}

function sshdConfig(options: SshServerOptions): string {
  return [
    ...options.sshdConfig,
    `Port ${options.port}`,
    'ListenAddress 127.0.0.1',
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'HostKey /etc/ssh/ssh_host_rsa_key',
    'HostKey /etc/ssh/ssh_host_ecdsa_key',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no', // of the machine's PAM set-up nothing is wanted here
    'Subsystem sftp internal-sftp',
    'PidFile none',
    '',
  ].join('\n')
}

/** Dropbear has a key format of its own. */
const dropbearKeys = `
mkdir -p /run/dropbear
for type in ed25519 rsa ecdsa; do
  ssh-keygen -q -p -m PEM -N '' -f "/etc/ssh/ssh_host_\${type}_key" >/dev/null
  dropbearconvert openssh dropbear "/etc/ssh/ssh_host_\${type}_key" "/run/dropbear/$type" 2>&1
done`

async function startServer(machine: Machine, options: SshServerOptions): Promise<void> {
  const flags = ['ed25519', 'rsa', 'ecdsa'].flatMap((type) => ['-r', `/run/dropbear/${type}`])
  const argv =
    options.server === 'openssh'
      ? ['/usr/sbin/sshd', '-D', '-e']
      : ['dropbear', '-F', '-E', '-s', '-P', '/run/dropbear/pid', '-p', `127.0.0.1:${options.port}`, ...flags]
  const [command = '', ...rest] = machine.enter(['sh', '-c', 'exec "$@" 2>>/run/ssh-server.log', 'sh', ...argv])
  spawn(command, rest, { stdio: 'ignore', detached: true }).unref()
  await until(`the SSH server on port ${options.port}`, 10_000, () => banner(options.port)).catch(
    async (error: Error) => {
      const log = await machine.exec('cat /run/ssh-server.log')
      throw new Error(`${error.message}. Its log: ${log.stdout}`)
    },
  )
}

async function stopServer(machine: Machine): Promise<void> {
  // Again, until there is none: a session may begin while the others are ended, and would keep the port.
  for (;;) {
    const pids = await machine.processes()
    const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')))
    const servers = pids.filter((_, i) => /^(sshd|sshd-session|sshd-auth|dropbear)$/.test((names[i] ?? '').trim()))
    if (servers.length === 0) return
    servers.forEach(killProcess)
  }
}

function banner(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(undefined))
    socket.once('end', () => resolve(undefined))
  })
}
