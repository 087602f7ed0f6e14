import type { Ended } from './command.ts'
import { type OwnEngine, startOwnEngine } from './engine.ts'
import { type ExecOptions, type Machine, openMachine } from './machine.ts'
import {
  type NginxFiles,
  type NginxProcess,
  nginxProcesses,
  reloadNginx,
  startNginx,
  stopNginx,
  writeNginx,
} from './nginx-server.ts'
import { freePort } from './ports.ts'
import { type KeyType, type SshServerOptions, startSshServer } from './ssh-server.ts'

export interface HostOptions {
  readonly deployKeyType?: KeyType
  /** Lines of sshd_config that go before the lab's own, e.g. `AllowTcpForwarding no`. */
  readonly sshdConfig?: readonly string[]
  readonly server?: 'openssh' | 'dropbear'
  /** Whether Nginx runs from the start; yes unless said otherwise. */
  readonly nginx?: 'running' | 'stopped'
  /** Of all hosts unless said otherwise; one of its own can be stopped. */
  readonly engine?: 'shared' | 'own'
}

/** A machine as a careful user has it: sshd, Nginx, docker, and the user `deploy` who may do little as root. */
export interface LabHost extends AsyncDisposable {
  /** `deploy@127.0.0.1:port` */
  readonly address: string
  readonly port: number
  readonly privateKey: string
  /** Lines of a known_hosts file. */
  readonly knownHosts: string
  readonly fingerprints: Readonly<Record<KeyType, string>>
  readonly home: string
  /** The folder in which the state directories lie, as the host sees it. */
  readonly stateRoot: string
  readonly machine: Machine
  /** Where it has one to itself. */
  readonly engine?: OwnEngine
  /** Environment of a docker command that is run beside the host, and means its engine. */
  readonly docker: Readonly<Record<string, string>>
  /** Runs a shell command there, without SSH: as root unless said otherwise. */
  exec(command: string, options?: ExecOptions): Promise<Ended>
  /** Writes a file there in place, its folder made where it is missing. */
  writeFile(path: string, content: string, owner?: 'root' | 'deploy'): Promise<void>
  readFile(path: string): Promise<string>
  /** Writes files below /etc/nginx (or at absolute paths). Loads nothing. */
  writeNginx(files: NginxFiles): Promise<void>
  startNginx(): Promise<void>
  reloadNginx(): Promise<void>
  stopNginx(): Promise<void>
  nginxProcesses(): Promise<NginxProcess[]>
  /** Cuts every session, and serves again on the same port. */
  restartSshd(): Promise<void>
  /** Cuts every session, and refuses new ones. */
  stopSshd(): Promise<void>
  startSshd(): Promise<void>
  dispose(): Promise<void>
}

/** Opens a host of the lab; it takes under a second. */
export async function openHost(options: HostOptions): Promise<LabHost> {
  const [machine, port] = await Promise.all([openMachine(), freePort()])
  const settings: SshServerOptions = {
    port,
    server: options.server ?? 'openssh',
    deployKeyType: options.deployKeyType ?? 'ed25519',
    sshdConfig: options.sshdConfig ?? [],
  }
  const [ssh, , engine] = await Promise.all([
    startSshServer(machine, settings),
    options.nginx === 'stopped' ? undefined : startNginx(machine),
    options.engine === 'own' ? startOwnEngine() : undefined,
  ])
  if (engine !== undefined) await machine.exec(`ln -sfn ${engine.path} /run/docker.sock`)
  const dispose = async () => {
    await machine.remove()
    await engine?.[Symbol.asyncDispose]()
  }
  return {
    address: `deploy@127.0.0.1:${port}`,
    port,
    privateKey: ssh.privateKey,
    knownHosts: ssh.knownHosts,
    fingerprints: ssh.fingerprints,
    home: '/home/deploy',
    stateRoot: '/var/lib/blue-green',
    machine,
    ...(engine !== undefined && { engine }),
    docker: engine === undefined ? {} : { DOCKER_HOST: `unix://${engine.path}` },
    exec: machine.exec,
    writeFile: machine.writeFile,
    readFile: machine.readFile,
    writeNginx: (files) => writeNginx(machine, files),
    startNginx: () => startNginx(machine),
    reloadNginx: () => reloadNginx(machine),
    stopNginx: () => stopNginx(machine),
    nginxProcesses: () => nginxProcesses(machine),
    restartSshd: ssh.restart,
    stopSshd: ssh.stop,
    startSshd: ssh.start,
    dispose,
    [Symbol.asyncDispose]: dispose,
  }
}
