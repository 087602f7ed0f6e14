import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import { HostError, type HostName } from './host.ts'
import { withPort } from './target.ts'

/** Milliseconds to wait before each further try. */
const pauses = [50, 100, 200, 400, 800]

/**
 * A shell channel. Until it is open nothing has been sent that could have run, so that trying again is safe.
 * @param begin is called in the moment in which the channel opens: a shell that ends at once is over, with its code,
 * before a promise could tell of it
 */
export function openSession<T>(
  client: Client,
  command: string,
  begin: (channel: ClientChannel) => T,
  signal?: AbortSignal,
): Promise<T> {
  const open = (): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(begin(channel))))
    return promise
  }
  return patiently(open, (error) => reasonOf(error) !== undefined || isExecRefusal(error), signal)
}

/**
 * A TCP connection from the host to an address.
 * @throws HostError forwarding-refused, or an Error with a code as `net.connect` has it.
 */
export async function openTunnel(
  client: Client,
  name: HostName,
  { address, port }: { readonly address: string; readonly port: number },
  signal?: AbortSignal,
): Promise<ClientChannel> {
  const open = (): Promise<ClientChannel> => {
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
    client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => (error ? reject(error) : resolve(channel)))
    return promise
  }
  try {
    return await patiently(open, (error) => reasonOf(error) === resourceShortage, signal)
  } catch (error) {
    if (reasonOf(error) === prohibited) {
      const message = `${name} forbids connections through SSH (to ${withPort(address, port)}).`
      const text =
        'Set `AllowTcpForwarding local` in its sshd_config, allow the address in `PermitOpen`, and remove `no-port-forwarding` or `restrict` from its authorized_keys.'
      throw new HostError('forwarding-refused', name, message, { cause: error, remedy: { text } })
    }
    const message = error instanceof Error ? error.message : String(error)
    const code = codes.find(([pattern]) => pattern.test(message))?.[1]
    const told = `${name} cannot reach ${withPort(address, port)}: ${message}`
    throw Object.assign(new Error(told, { cause: error }), code === undefined ? {} : { code })
  }
}

const prohibited = 1
const resourceShortage = 4
const codes: readonly (readonly [RegExp, string])[] = [
  [/refused/i, 'ECONNREFUSED'],
  [/not known|resolve|resolution/i, 'ENOTFOUND'],
  [/no route|unreachable/i, 'EHOSTUNREACH'],
  [/timed out/i, 'ETIMEDOUT'],
]

function reasonOf(error: unknown): number | undefined {
  const reason = (error as { reason?: unknown } | undefined)?.reason
  return typeof reason === 'number' ? reason : undefined
}

/** dropbear opens a channel first and closes it again where it is too busy. */
function isExecRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'Unable to exec'
}

async function patiently<T>(
  open: () => Promise<T>,
  passes: (error: unknown) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await open()
    } catch (error) {
      if (!passes(error) || signal?.aborted) throw error
      await sleep(pause)
    }
  }
  return open()
}
