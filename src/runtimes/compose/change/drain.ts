import { AFTER_ROUTER } from '../../../host/poll.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { ServiceName } from './scripts.ts'

/** How long a color gets, and what comes then. */
export interface Drain {
  /** Milliseconds. */
  readonly duration: number
  /** Milliseconds in which nobody may have called it newly, before that is believed; 0: nobody is looked for. */
  readonly quiet: number
  /** What becomes of it afterwards, as the end of a sentence. */
  readonly afterwards: string
}

/** Milliseconds without a connection, after one was seen: whoever called may call again. */
const CALM = 1000

/** Loopback is the container's own: its health check. */
export const PEERS = `
$4 == "01" && $2 ~ ports && $3 !~ /^((0000000000000000FFFF0000)?......7F|00000000000000000000000001000000):/ { print $3 }`

/** Connections that came from outside, by what the network namespace counts: those to itself count on both sides. */
export const OPENS = `
$1 == "Tcp:" && passive { print $passive - $active; exit }
$1 == "Tcp:" { for (field = 2; field <= NF; field++) { if ($field == "PassiveOpens") passive = field; if ($field == "ActiveOpens") active = field } }`

/** Defines `now`: hundredths of a second of the uptime. */
export const defineNow: Shell = sh`now() { read -r uptime rest < /proc/uptime; echo "$uptime" | tr -d .; }`

/** Defines `opens`, which counts for the process `$1` of a container with the network mode `$2`. A network that it shares counts what concerns others. */
export const defineOpens: Shell = sh`opens() { case $2 in host | container:*) ;; *) awk ${OPENS} "/proc/$1/net/snmp" 2>/dev/null ;; esac; }`

/** Turns `0100A8C0:1F90` into `192.168.0.1`: the kernel writes each word of an address backwards. */
export const ADDRESSES = `
function byte(at) { return index(digits, substr(hex, at, 1)) * 16 - 16 + index(digits, substr(hex, at + 1, 1)) - 1 }
BEGIN { digits = "0123456789ABCDEF" }
{
  hex = $1; sub(/:.*/, "", hex); sub(/^0000000000000000FFFF0000/, "", hex)
  if (length(hex) == 8) { print byte(7) "." byte(5) "." byte(3) "." byte(1); next }
  text = ""
  for (word = 0; word < 4; word++) for (half = 7; half > 0; half -= 4)
    text = text (text == "" ? "" : ":") tolower(substr(hex, word * 8 + half, 2) substr(hex, word * 8 + half - 2, 2))
  print text
}`

/**
 * Waits until no connection to the ports of a service's container is established, or the time is over, and prints which.
 * It looks into the network namespace of the container: there every caller shows up, by whatever way it came. Whoever
 * connects once Nginx has nothing left for this color bypasses Nginx: such callers get all the time there is, and a line
 * before the last one names them.
 * @param ports in the container
 */
export function drainService({ project, service }: ServiceName, ports: readonly number[], drain: Drain): Shell {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    '--filter',
    `label=com.docker.compose.${label}`,
  ])
  const wanted = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')).join('|')
  return lines(
    sh`export LC_ALL=C`,
    sh`find() { id=$(docker ps --quiet --no-trunc ${filters} | head -n 1); }`,
    // Whose connections were counted when requests left it still runs, and has a network of its own.
    sh`pid=\${opened:+\${opened%% *}} mode=`,
    sh`if [ -z "$pid" ] || ! [ -e "/proc/$pid/net/snmp" ]; then`,
    sh`  find; [ -n "$id" ] || { echo 'it does not run'; exit 0; }`,
    sh`  mode=$(docker inspect --type container --format '{{.State.Pid}} {{.HostConfig.NetworkMode}}' "$id"); pid=\${mode%% *} mode=\${mode#* }`,
    sh`fi`,
    defineNow,
    sh`sockets() { cat "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null; }`,
    sh`count() { sockets | awk -v ports=${`:(${wanted})$`} '$4 == "01" && $2 ~ ports' | wc -l; }`,
    sh`peers() { sockets | awk -v ports=${`:(${wanted})$`} ${PEERS} | sort -u | tr '\\n' ' '; }`,
    defineOpens,
    sh`calm() { [ "$(now)" -ge $((since + ${Math.ceil(drain.quiet / 10)})) ] && { [ -z "$called" ] || [ "$(now)" -ge $((called + ${CALM / 10})) ]; }; }`,
    defineName,
    sh`begin=$(now); end=$((begin + ${Math.ceil(drain.duration / 10)})) since='' known=' ' callers='' unseen='' called='' rounds=0 pause=0.02`,
    sh`while :; do`,
    sh`  there=$(peers) left=$(($(count)))`,
    drain.quiet === 0 ? sh`` : sh`  [ "$left" -eq 0 ] || called=$(now)`,
    sh`  if [ -n "$since" ]; then`,
    sh`    for peer in $there; do case $known in *" $peer "*) ;; *) callers="$callers$peer " known="$known$peer " ;; esac; done`,
    // What Nginx still had for this color has come by now.
    sh`  elif ${AFTER_ROUTER}; then`,
    sh`    known=" $there" first=$(opens "$pid" "$mode")`,
    // If nobody has called it since requests left it, that time counts as well.
    sh`    if [ "$pid $first" = "\${opened:-}" ]; then since=\${opened_at:-}; else since=$(now); fi`,
    sh`  fi`,
    sh`  [ "$(now)" -lt "$end" ] || break`,
    sh`  if [ "$left" -eq 0 ] && [ -n "$since" ] && [ -z "$callers$unseen" ] && calm; then`,
    // Each connection counts, however short it was.
    sh`    last=$(opens "$pid" "$mode"); [ "\${last:-0}" -gt "\${first:-0}" ] || break`,
    sh`    unseen=yes`,
    sh`  fi`,
    sh`  rounds=$((rounds + 1)); [ $rounds -lt 20 ] || pause=0.2`,
    sh`  sleep $pause 2>/dev/null || sleep 1`,
    sh`done`,
    sh`took=$(( ($(now) - begin) * 10 ))`,
    sh`if [ -n "$callers$unseen" ]; then`,
    sh`  named=$(name $callers); printf 'Callers: %s %s. %s\\n' ${`\`${service}\` is called directly, and not through Nginx, by`} "\${named:-somebody whose connections were too short to be seen}" ${drain.afterwards}`,
    sh`fi`,
    sh`if [ "$left" -eq 0 ]; then echo "no open connection was left after $took ms"; else named=$(name $there); echo "$left open connection(s) were left after $took ms\${named:+, from $named}"; fi`,
  )
}

/** Defines `name`, which prints the addresses of sockets, and whose they are: a container's, or this host's. */
const defineName: Shell = lines(
  sh`name() {`,
  sh`  [ -n "\${id:-}" ] || find`,
  sh`  gateways=" $(docker inspect --type container --format '{{range .NetworkSettings.Networks}}{{.Gateway}} {{.IPv6Gateway}} {{end}}' "$id" 2>/dev/null) "`,
  sh`  running=$(docker ps --quiet --no-trunc); containers=$([ -z "$running" ] || docker inspect --type container --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}{{.Name}}' $running 2>/dev/null)`,
  sh`  for address in $(printf '%s\n' "$@" | awk ${ADDRESSES} | sort -u); do`,
  sh`    case $gateways in *" $address "*) echo "$address (this host)"; continue ;; esac`,
  sh`    printf '%s\n' "$containers" | awk -v wanted="$address" '{ for (i = 1; i < NF; i++) if ($i == wanted) name = substr($NF, 2) } END { print wanted (name == "" ? "" : " (the container " name ")") }'`,
  sh`  done | awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $0 }'`,
  sh`}`,
)
