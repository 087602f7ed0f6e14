import { waitUntilNone } from '../host/poll.ts'
import { lines, type Shell, sh } from '../host/quote.ts'
import type { ServiceName } from './compose-scripts.ts'

/**
 * Waits until no connection to the ports of a service's container is established, or the time is over, and prints which.
 * It looks into the network namespace of the container: there every caller shows up, by whatever way it came.
 * @param ports in the container
 * @param duration in milliseconds
 */
export function drainService({ project, service }: ServiceName, ports: readonly number[], duration: number): Shell {
  const filters = [`project=${project}`, `service=${service}`].flatMap((label) => [
    '--filter',
    `label=com.docker.compose.${label}`,
  ])
  const wanted = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')).join('|')
  return lines(
    sh`id=$(docker ps --quiet --no-trunc ${filters} | head -n 1)`,
    sh`[ -n "$id" ] || { echo 'it does not run'; exit 0; }`,
    sh`pid=$(docker inspect --type container --format '{{.State.Pid}}' "$id")`,
    sh`connected() { cat "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null | awk -v ports=${`:(${wanted})$`} '$4 == "01" && $2 ~ ports' | wc -l; }`,
    ...waitUntilNone('connected', duration, 'open connection'),
  )
}
