import { existsSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import pRetry from 'p-retry'
import type { Client, ServerHostKeyAlgorithm } from 'ssh2'
import ssh2 from 'ssh2'
import { connectionFailure } from './connection-failure.ts'
import { greetingOf } from './greeting.ts'
import { HostError } from './host.ts'
import { type HostKeyVerdict, hostKeyOffers, judgeHostKey, type KnownHost } from './known-hosts.ts'
import { unlessAborted } from './limited.ts'
import { hostOver, type SshHost } from './ssh-host.ts'
import { hostName, type SshTarget } from './target.ts'

export interface SshCredentials {
  readonly knownHosts: readonly KnownHost[]
  /** As `repairPrivateKey` gives it. */
  readonly privateKey?: string
  /** Path of the agent's socket, used where there is no key. */
  readonly agent?: string | undefined
}

export interface ConnectOptions {
  readonly signal?: AbortSignal
  /** Milliseconds for one try, from the TCP connection to the login; 10 s by default. */
  readonly timeout?: number
  /** The bastion to go through. It has to outlive this connection. */
  readonly through?: SshHost
}

/** Milliseconds in which a server says that it is SSH. */
const GREETING = 5000

/**
 * One connection to one host. What may pass by itself (refused, reset, no answer) is tried three times; a refused key
 * or host key never is.
 * @throws HostError: host-unreachable, host-incompatible, host-key-unknown, host-key-mismatch, host-key-revoked,
 * authentication-failed, login-shell-unusable, forwarding-refused (by the bastion), cancelled.
 */
export async function connect(
  target: SshTarget,
  credentials: SshCredentials,
  options: ConnectOptions = {},
): Promise<SshHost> {
  const name = hostName(target)
  try {
    if (credentials.privateKey === undefined) await requireAgent(target, credentials.agent)
    let began = 0
    const timed = (): Promise<SshHost> => {
      began = performance.now()
      return attempt(target, credentials, options)
    }
    return await pRetry(timed, {
      retries: 2,
      minTimeout: 500,
      // Who has waited for an answer in vain once has seen enough.
      shouldRetry: ({ error }) =>
        error instanceof HostError && error.reason === 'host-unreachable' && performance.now() - began < GREETING,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
  } catch (error) {
    if (!options.signal?.aborted) throw error
    throw new HostError('cancelled', name, `Cancelled while connecting to ${name}.`, { cause: error })
  }
}

/** Asks for each family of host keys in turn, where fingerprints do not tell which one is pinned. */
async function attempt(target: SshTarget, credentials: SshCredentials, options: ConnectOptions): Promise<SshHost> {
  let refusal: HostError | undefined
  for (const offer of hostKeyOffers(credentials.knownHosts, target)) {
    try {
      return await logIn(target, credentials, options, offer)
    } catch (error) {
      if (!(error instanceof HostError) || !/^host-(key|incompatible)/.test(error.reason)) throw error
      if (error.reason === 'host-key-revoked') throw error
      if (refusal === undefined || refusal.reason === 'host-incompatible') refusal = error
    }
  }
  throw refusal ?? new TypeError('No host key algorithms to offer.')
}

async function logIn(
  target: SshTarget,
  { knownHosts, privateKey, agent }: SshCredentials,
  { signal, timeout = 10_000, through }: ConnectOptions,
  hostKeys: readonly string[],
): Promise<SshHost> {
  const name = hostName(target)
  const means = privateKey === undefined ? `the keys of the agent at ${agent}` : 'this private-key'
  const failure = (error: unknown): HostError =>
    error instanceof HostError ? error : connectionFailure(error, target, means)
  const socket = await socketTo(target, timeout, through, signal).catch((error: unknown) => {
    throw failure(error)
  })
  const ssh = new NodeSSH()
  let verdict: HostKeyVerdict = { kind: 'accepted' }
  const ready = ssh.connect({
    sock: socket,
    username: target.user,
    ...(privateKey === undefined ? { agent: agent ?? '' } : { privateKey }),
    // An answer that comes later than at once would count as a yes.
    hostVerifier: (key: Buffer): boolean => {
      verdict = judgeHostKey(knownHosts, target, key)
      return verdict.kind === 'accepted'
    },
    algorithms: { serverHostKey: [...hostKeys] as ServerHostKeyAlgorithm[] },
    keepaliveInterval: 5000,
    keepaliveCountMax: 3,
    readyTimeout: timeout,
  })
  const client = ssh.connection
  if (client === null) throw new TypeError('node-ssh made no connection.')
  const loss = lossOf(client)
  const greeting = greetingOf(socket, timeout / 2)
  try {
    const greeted = Promise.race([ready, greeting.wrong])
    await (signal === undefined ? greeted : unlessAborted(greeted, signal))
    greeting.stop()
    return await hostOver({ name, client, socket, loss }, signal)
  } catch (error) {
    greeting.stop()
    ready.catch(() => undefined)
    socket.destroy()
    const closed = greeting.whenClosed()
    if (closed !== undefined && !signal?.aborted) throw failure(new Error(closed, { cause: error }))
    const judged = verdict as HostKeyVerdict
    if (judged.kind === 'refused')
      throw new HostError(judged.reason, name, judged.message, { cause: error, remedy: judged.remedy })
    throw failure(error)
  }
}

async function socketTo(
  { host, port }: SshTarget,
  timeout: number,
  through: SshHost | undefined,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  // Without noDelay each command takes 40 ms more.
  if (through === undefined) return connectSocket({ host, port, noDelay: true })
  const late = AbortSignal.timeout(timeout)
  return through.open(host, port, signal === undefined ? late : AbortSignal.any([late, signal]))
}

/** Aborts with the cause when the connection ends, for whatever reason; also keeps its errors from ending the process. */
function lossOf(client: Client): AbortSignal {
  const loss = new AbortController()
  let cause: unknown
  client.on('error', (error: Error) => {
    cause ??= error
  })
  client.on('close', () => loss.abort(cause ?? 'it was closed from the other end'))
  return loss.signal
}

async function requireAgent(target: SshTarget, agent: string | undefined): Promise<void> {
  const name = hostName(target)
  const remedy = { text: 'Give the private-key input, or start an agent before this step.' }
  const fail = (what: string, cause?: unknown): never => {
    throw new HostError('authentication-failed', name, `No way to log in to ${name}: ${what}`, { cause, remedy })
  }
  if (agent === undefined || agent === '') return fail('there is no private-key, and SSH_AUTH_SOCK names no agent.')
  if (!existsSync(agent)) return fail(`there is no private-key, and no agent at SSH_AUTH_SOCK (${agent}).`)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  ssh2.createAgent(agent).getIdentities((error, keys) => (error ? reject(error) : resolve(keys?.length ?? 0)))
  const count = await promise.catch((error: unknown) =>
    fail(`the agent at SSH_AUTH_SOCK (${agent}) does not answer.`, error),
  )
  if (count === 0) fail(`the agent at SSH_AUTH_SOCK (${agent}) holds no key.`)
}
