import { HostError } from './host.ts'
import { hostName, type SshTarget } from './target.ts'

/** Why no connection came about, as one sentence by cause. `means` is what was to log in: the private-key or the agent. */
export function connectionFailure(error: unknown, target: SshTarget, means: string): HostError {
  const name = hostName(target)
  const first = error instanceof AggregateError ? error.errors[0] : error
  const message = first instanceof Error ? first.message : String(first)
  const { code, level } = (first ?? {}) as { code?: unknown; level?: unknown }
  const failed = (reason: string, what: string, text?: string): HostError => {
    const remedy = text !== undefined && { remedy: { text } }
    return new HostError(reason, name, `No SSH connection to ${name}: ${what}`, { cause: error, ...remedy })
  }

  if (level === 'client-authentication') {
    return failed(
      'authentication-failed',
      `the host refuses the user ${target.user} with ${means}.`,
      `Put its public key into ~${target.user}/.ssh/authorized_keys there, and make sure that the user is right; \`journalctl -u ssh\` on the host says more.`,
    )
  }
  if (/privateKey|passphrase/.test(message))
    return failed('authentication-failed', `${means} cannot be read. ${message}.`)
  if (/no matching|verification failed/.test(message)) {
    return failed(
      'host-incompatible',
      `the two have no common ground (${message}). Its sshd allows nothing that is supported here.`,
    )
  }
  return failed('host-unreachable', ...unreachable(message, code, target))
}

/** What is wrong, and what to do where that is known. */
type Told = readonly [what: string, remedy?: string]

function unreachable(message: string, code: unknown, { host, port }: SshTarget): Told {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`DNS does not know ${host}.`, 'Look at the name in the host input, or give its address.']
    case 'ECONNREFUSED':
      return [`nothing listens on port ${port}.`, 'Make sure that sshd runs there, and that the port is right.']
    case 'ECONNRESET':
    case 'EPIPE':
      return ['it was closed in the beginning.', 'Look at the firewall, and at MaxStartups and penalties of its sshd.']
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [`there is no way to that address (${code}).`, 'Look at the network and the firewall between.']
    case 'ETIMEDOUT':
      return filtered(port)
  }
  if (/^what listens there/.test(message))
    return [
      `${message}.`,
      `Make sure that sshd runs there, that its port is ${port}, and that the host is not overloaded.`,
    ]
  if (/^Timed out/.test(message)) return filtered(port)
  if (/before handshake|No response from server/.test(message)) {
    return [
      `it was closed before the SSH handshake. Port ${port} is not SSH, or its sshd takes no more connections from here (MaxStartups, penalties after failed logins).`,
    ]
  }
  return [`${message}${code === undefined ? '' : ` (${code})`}.`]
}

function filtered(port: number): Told {
  return [`no answer in time. A firewall drops port ${port}, or the address is not the host's.`, 'Let the runner in.']
}
