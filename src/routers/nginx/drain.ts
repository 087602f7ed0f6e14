import { waitUntilNone } from '../../host/poll.ts'
import { lines, type Shell, sh } from '../../host/quote.ts'
import type { Clients } from './observe/clients.ts'

/** Milliseconds for which a client that sends a request over HTTP/2 may pause. */
const PAUSE = 5000

/**
 * A request whose color was chosen before the flip may still wait in Nginx, which buffers an upload as a whole before it
 * connects. On such a connection the client was the last to send. Those that are so at the beginning are followed until
 * Nginx has answered something on them; later ones were chosen after the flip. Over HTTP/2 they are followed until the
 * client has sent nothing for a while. Needs `ss` of iproute2.
 * @param duration in milliseconds; without `ss`, or where nothing can be seen, all of it is waited
 */
export function drainClients(clients: Clients, duration: number): Shell {
  if (clients.kind === 'hidden') return waitBlindly(clients.whose, duration)
  const filter = clients.ports.map(({ port }) => `sport = :${port}`).join(' or ')
  const multiplexed = clients.ports.flatMap(({ port, multiplexed }) => (multiplexed ? [port] : []))
  return lines(
    sh`PATH=$PATH:/usr/sbin:/sbin`,
    sh`seconds=${Math.ceil(duration / 1000)}`,
    sh`command -v ss >/dev/null 2>&1 || { sleep "$seconds"; echo "waited for $seconds s: without ss (package iproute2) nobody can tell what is in flight"; exit 0; }`,
    sh`waiting() { ss -Htino state established ${`( ${filter} )`} 2>/dev/null | awk -v multiplexed=${` ${multiplexed.join(' ')} `} -v pause=${PAUSE} ${WAITING}; }`,
    sh`first=$(waiting)`,
    sh`still() { { printf '%s\n' "$first" | sed 's/^/first /'; waiting; } | awk '$1 == "first" { if (NF == 3) wanted[$2 " " $3]; next } ($1 " " $2) in wanted' | wc -l; }`,
    ...waitUntilNone('still', duration, 'unanswered request'),
  )
}

function waitBlindly(whose: string, duration: number): Shell {
  const seconds = Math.ceil(duration / 1000)
  return sh`sleep ${seconds}; echo ${`waited for ${seconds} s: what ${whose} have in flight cannot be told`}`
}

/**
 * Prints the peer, and the bytes that were sent to it, of each connection on which the client was the last to send; of a
 * multiplexed one, without the bytes, as long as it has sent something lately. The clock of the kernel ticks every few
 * milliseconds: a client that has said all of it with its first packet is told by having heard nothing (but its SYN) yet.
 */
const WAITING = `
/^[0-9]/ { peer = $3 "-" $4; port = $3; sub(/.*:/, "", port); next }
{
  sent = 0; received = 0; acknowledged = 0; got = 0
  for (i = 1; i <= NF; i++) {
    if ($i ~ /^lastsnd:/) sent = substr($i, 9) + 0
    if ($i ~ /^lastrcv:/) received = substr($i, 9) + 0
    if ($i ~ /^bytes_acked:/) acknowledged = substr($i, 13) + 0
    if ($i ~ /^bytes_received:/) got = substr($i, 16) + 0
  }
  if (index(multiplexed, " " port " ")) { if (received < pause) print peer, "multiplexed" }
  else if (received < sent || (acknowledged < 2 && got > 0)) print peer, acknowledged
}`

/** Waits until the workers of before the reload have ended: each does when its last request is answered. */
export function drainWorkers(master: number, duration: number): Shell {
  return lines(
    sh`leaving() {`,
    sh`  for process in /proc/[0-9]*; do`,
    sh`    { read -r line < "$process/stat"; } 2>/dev/null || continue`,
    sh`    set -- \${line##*) }; [ "$2" = ${master} ] || continue`,
    sh`    case $(tr '\\000' ' ' < "$process/cmdline" 2>/dev/null) in 'nginx: worker process'*shutting*) echo ;; esac`,
    sh`  done | wc -l`,
    sh`}`,
    ...waitUntilNone('leaving', duration, 'old worker'),
  )
}
