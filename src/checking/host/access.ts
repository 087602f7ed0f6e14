import ssh2 from 'ssh2'
import { remedySentence } from '../../base/notice.ts'
import { HostError } from '../../host/host.ts'
import { lines, sh } from '../../host/quote.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type Finding, shell, workflow } from '../finding.ts'

/** Why there is no way to look at the host at all. Undefined for what is no matter of the connection. */
export function accessFinding(cause: unknown, inputs: Inputs): Finding | undefined {
  if (!(cause instanceof HostError)) return undefined
  const { message, seen, remedy } = cause
  switch (cause.reason) {
    case 'host-key-unknown':
    case 'host-key-mismatch':
      return hostKey(cause, cause.reason === 'host-key-mismatch', inputs)
    case 'authentication-failed':
      return login(message, inputs)
    case 'forwarding-refused':
      return forwarding(message)
    case 'cancelled':
      return undefined
    default:
      return {
        severity: 'problem',
        title: 'The host cannot be reached',
        seen,
        why: 'Everything is done over one SSH connection.',
        fix: {
          text: remedy ? remedySentence(remedy) : 'See that the host is up, and that `host` names it.',
          blocks: [],
        },
      }
  }
}

function hostKey({ message, remedy }: HostError, changed: boolean, { knownHosts }: Inputs): Finding {
  // The line to add.
  const line = remedy?.command ?? ''
  const kept = changed ? [] : knownHosts.split('\n').filter((each) => each.trim() !== '')
  const all = [...kept.map((each) => each.trim()), line]
  return {
    severity: 'problem',
    title: changed ? 'The host has another key than is known' : 'The host is not known',
    seen: message,
    why: 'Without a known key anybody between the runner and the host could pose as it, and would get all that a release hands over.',
    fix: {
      text: `Compare the fingerprint on the host itself${changed ? ', and find out why it changed' : ''}. Where it is the same, this is what \`known-hosts\` has to hold.`,
      blocks: line === '' || changed ? [] : [workflow(`known-hosts: |\n${all.map((each) => `  ${each}`).join('\n')}`)],
    },
  }
}

function login(message: string, { host, privateKey }: Inputs): Finding {
  const key = privateKey === undefined ? undefined : publicKeyOf(privateKey)
  const { user } = host
  const script =
    key === undefined
      ? undefined
      : lines(
          sh`(`,
          sh`set -eu`,
          sh`id ${user} >/dev/null 2>&1 || useradd --create-home --password '*' --shell /bin/sh ${user}`,
          sh`home=$(getent passwd ${user} | cut -d : -f 6); group=$(id -gn ${user})`,
          sh`install -d -m 0700 -o ${user} -g "$group" "$home/.ssh"`,
          sh`file=$home/.ssh/authorized_keys`,
          sh`[ -e "$file" ] || install -m 0600 -o ${user} -g "$group" /dev/null "$file"`,
          sh`grep -qF ${key} "$file" || printf '%s\\n' ${`${key} releases`} >>"$file"`,
          sh`)`,
        )
  return {
    severity: 'problem',
    title: `${user} cannot log in`,
    seen: message,
    why: 'Everything is done over one SSH connection, as this user.',
    fix: {
      text:
        script === undefined
          ? 'Give a key that the host accepts.'
          : `Let the key of this run in as ${user}; the user is made where there is none. Give the key to nothing else.`,
      blocks: script === undefined ? [] : [shell('host as root', script.text)],
    },
  }
}

function forwarding(message: string): Finding {
  return {
    severity: 'problem',
    title: 'The SSH server does not allow forwarding',
    seen: message,
    why: 'The application and Nginx are asked through the SSH connection, from where Nginx runs: nothing else proves that they answer there.',
    fix: {
      text: 'Set `AllowTcpForwarding local` in sshd_config (for this user, in a `Match` block), take `DisableForwarding` out, and `no-port-forwarding` and `restrict` out of authorized_keys. Then: systemctl reload ssh',
      blocks: [
        {
          language: 'sh',
          where: 'host as root',
          text: 'sshd -T | grep -iE "allowtcpforwarding|disableforwarding|permitopen"',
        },
      ],
    },
  }
}

/** `ssh-ed25519 AAAA…`; undefined where the key cannot be read. */
function publicKeyOf(privateKey: string): string | undefined {
  const parsed = ssh2.utils.parseKey(privateKey)
  const [key] = Array.isArray(parsed) ? parsed : [parsed]
  if (key === undefined || key instanceof Error) return undefined
  return `${key.type} ${key.getPublicSSH().toString('base64')}`
}
