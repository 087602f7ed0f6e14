import type { Host } from './host.ts'
import { lines, type Shell, sh } from './quote.ts'

/** What the network namespace of a container counts. */
export type Accepted =
  | {
      readonly kind: 'counted'
      /** TCP connections that it accepted so far, by whatever way they came; a health check inside counts too. */
      readonly accepted: number
      /** Callers from outside of it that are connected to a port on which it listens. */
      readonly connected: number
    }
  /** It does not run, or its connections cannot be told from those of others; `why` is part of a sentence. */
  | { readonly kind: 'unknown'; readonly why: string }

/** Both families; what comes over loopback is the container's own. */
const CONNECTED = `
$4 == "0A" { sub(/.*:/, "", $2); listens[$2] = 1 }
$4 == "01" && $3 !~ /^((0000000000000000FFFF0000)?......7F|00000000000000000000000001000000):/ { port = $2; sub(/.*:/, "", port); calls[NR] = port }
END { for (call in calls) if (calls[call] in listens) count++; print count + 0 }`

/** Connections that a network namespace accepted so far, in its `net/snmp`. */
export const PASSIVE_OPENS = `
$1 == "Tcp:" && at { print $at; exit }
$1 == "Tcp:" { for (field = 2; field <= NF; field++) if ($field == "PassiveOpens") at = field }`

/**
 * Defines `accepted`, which prints how many connections the container `$1` (its name or id) accepted so far, and how many
 * callers are connected now; if that cannot be told, it fails, and prints why. Anybody may read it who may ask docker.
 */
export const defineAccepted = lines(
  sh`accepted() {`,
  sh`  its=$(docker inspect --type container --format '{{.State.Pid}} {{.HostConfig.NetworkMode}}' "$1" 2>/dev/null)`,
  sh`  set -- "\${its%% *}" "\${its#* }"`,
  sh`  case $1:$2 in`,
  sh`  :*|0:*) echo 'it does not run'; return 1 ;;`,
  sh`  *:host|*:container:*) echo 'it has no network of its own'; return 1 ;;`,
  sh`  esac`,
  sh`  set -- "$1" "$(awk ${PASSIVE_OPENS} "/proc/$1/net/snmp" 2>/dev/null)"`,
  sh`  [ -n "$2" ] || { echo "/proc/$1/net/snmp cannot be read"; return 1; }`,
  sh`  printf '%s %s\\n' "$2" "$(cat "/proc/$1/net/tcp" "/proc/$1/net/tcp6" 2>/dev/null | awk ${CONNECTED})"`,
  sh`}`,
)

/** Prints what `readAccepted` reads, for each container by a name of the asker's choice. Changes nothing. */
export function acceptedQuestion(containers: Readonly<Record<string, string>>): Shell {
  return lines(
    defineAccepted,
    ...Object.entries(containers).map(
      ([name, container]) => sh`said=$(accepted ${container}); printf '%s %s %s\\n' "$?" ${name} "$said"`,
    ),
  )
}

/** By the names that were asked for; one that was not answered is missing. */
export function readAccepted(printed: string): ReadonlyMap<string, Accepted> {
  const found = [...printed.matchAll(/^(\d+) (\S+) (.*)$/gm)]
  return new Map(
    found.map(([, code, name = '', said = '']): readonly [string, Accepted] => {
      const [, accepted, connected] = /^(\d+) (\d+)$/.exec(said) ?? []
      if (code !== '0' || accepted === undefined) return [name, { kind: 'unknown', why: said }]
      return [name, { kind: 'counted', accepted: Number(accepted), connected: Number(connected) }]
    }),
  )
}

/** Counts on one host; see `acceptedQuestion`. */
export type Count = (containers: Readonly<Record<string, string>>) => Promise<ReadonlyMap<string, Accepted>>

/** Milliseconds for two commands of docker. */
const DEADLINE = 15_000

export function countOn(host: Host, signal: AbortSignal): Count {
  return async (containers) => {
    if (Object.keys(containers).length === 0) return new Map()
    const ran = await host.run({ shell: acceptedQuestion(containers), deadline: DEADLINE }, { signal })
    return readAccepted(ran.stdout)
  }
}
