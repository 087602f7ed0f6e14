import { type Lease, readLease } from '../../custody/lease.ts'
import { judgedState } from '../../custody/on-host/state.ts'
import { lines, type Shell, sh } from '../../host/quote.ts'
import type { Section } from '../../host/sections.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { answers, settings } from './answers.ts'

/** What the action runs on a host, apart from docker and nginx. */
const TOOLS = ['flock', 'awk', 'sed', 'stat', 'sha256sum', 'timeout', 'setsid', 'id', 'mktemp', 'readlink', 'dd']

/** What a check knows of a host, whatever it routes and runs. What could not be found out is absent or empty. */
export interface HostFacts {
  readonly user: string
  readonly groups: readonly string[]
  /** Their home. */
  readonly home: string
  /** Commands that are not there. */
  readonly missingTools: readonly string[]
  /** TCP ports on which something listens. */
  readonly listening: ReadonlySet<number>
  readonly security: {
    readonly enforcing: boolean
    /** Whether SELinux lets Nginx connect to ports of its choice; absent where that is not known. */
    readonly network?: boolean
    /** SELinux label of the state directory, or of the nearest folder above it. */
    readonly label: string
  }
  /** Of logind: what becomes of processes after the logout. */
  readonly login: Readonly<Record<string, string>>
  /** The run that holds the target now, as its heart beats. */
  readonly holder?: NonNullable<Lease['holder']>
  /** Files of the state directory that the user may not write. */
  readonly unwritable: readonly string[]
}

type FactsQuestion = 'user' | 'tools' | 'ports' | 'security' | 'login' | 'lease'

/** What is asked for them. It changes nothing. */
export function factsQuestions({ nginx }: Inputs): Readonly<Record<FactsQuestion, Shell>> {
  return {
    user: sh`printf 'name %s\\nhome %s\\n' "$(id -un)" "$HOME"; for group in $(id -Gn); do printf 'group %s\\n' "$group"; done`,
    tools: sh`for tool in ${TOOLS}; do command -v "$tool" >/dev/null || printf '%s\\n' "$tool"; done`,
    // State 0A is LISTEN, or bound for UDP.
    ports: sh`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' | sort -u`,
    security: lines(
      sh`printf 'enforcing %s\\n' "$(cat /sys/fs/selinux/enforce 2>/dev/null || echo 0)"`,
      sh`printf 'network %s\\n' "$(getsebool httpd_can_network_connect 2>/dev/null | sed 's/.*> //')"`,
      sh`up=${nginx.stateDirectory}; while [ ! -e "$up" ]; do up=$(dirname "$up"); done`,
      sh`printf 'label %s %s\\n' "$(stat -c %C "$up" 2>/dev/null)" "$up"`,
    ),
    login: sh`cat /usr/lib/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf 2>/dev/null | grep -E '^[[:space:]]*Kill(UserProcesses|ExcludeUsers|OnlyUsers)='`,
    lease: lines(
      judgedState(nginx.stateDirectory, 0, sh`exit 0`),
      sh`for name in lock lease ended ledger.jsonl; do file=$state/$name; [ ! -e "$file" ] || [ -w "$file" ] || printf 'unwritable %s\\n' "$file"; done`,
      sh`owner=-; { read -r number owner length _ <"$state/lease"; } 2>/dev/null; [ "$owner" != - ] || exit 0`,
      sh`now; { read -r beat beaten <"$state/journal-$number/heartbeat"; } 2>/dev/null`,
      sh`[ "$beaten" != "$boot" ] || [ "$((up - \${beat:-0}))" -gt "$length" ] || printf 'held %s\\n' "$(cat "$state/lease")"`,
    ),
  }
}

/** Reads the answers. */
export function readFacts(said: Readonly<Record<FactsQuestion, Section | undefined>>): HostFacts {
  const { linesOf, words } = answers(said)
  const network = words('security', 'network')[0]
  const { holder } = readLease(words('lease', 'held')[0] ?? '') ?? {}
  return {
    user: words('user', 'name')[0] ?? '',
    groups: words('user', 'group'),
    home: words('user', 'home')[0] ?? '',
    missingTools: said.tools === undefined ? [] : linesOf('tools'),
    listening: new Set(linesOf('ports').map((port) => Number.parseInt(port, 16))),
    security: {
      enforcing: words('security', 'enforcing')[0] === '1',
      ...(network && { network: network === 'on' }),
      label: words('security', 'label')[0]?.split(' ')[0] ?? '',
    },
    login: settings(linesOf('login')),
    ...(holder && { holder }),
    unwritable: words('lease', 'unwritable'),
  }
}
