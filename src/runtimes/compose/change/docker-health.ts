import { lines, type Shell, sh } from '../../../host/quote.ts'

/**
 * Waits until Docker calls a container healthy, at most so many milliseconds. One without a health check is taken as it is,
 * unless one is required. Fails with what the check printed last.
 * @param id as a word of the shell
 */
export function waitForDocker(id: Shell, timeout: number, required: boolean): Shell {
  const seconds = Math.max(1, Math.ceil(timeout / 1000))
  const none = required
    ? sh`echo 'The container has no health check, and \`health-path: none\` leaves it to that alone.' >&2; exit 1`
    : sh`exit 0`
  return lines(
    sh`id=${id}; [ -n "$id" ] || id=none; read -r up _ </proc/uptime; end=$((\${up%.*} + ${seconds}))`,
    sh`while :; do`,
    sh`  state=$(docker inspect --type container --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' "$id" 2>&1)`,
    sh`  case $state in 'running healthy') exit 0 ;; 'running none')`,
    none,
    sh`  ;; 'running '*) ;; *) echo "The container is $state." >&2; exit 1 ;; esac`,
    sh`  read -r up _ </proc/uptime; [ "\${up%.*}" -lt "$end" ] || break`,
    sh`  sleep 0.3`,
    sh`done`,
    sh`docker inspect --type container --format '{{range .State.Health.Log}}{{println .ExitCode .Output}}{{end}}' "$id" 2>/dev/null | grep . | tail -n 5 >&2`,
    sh`echo "Docker calls it \${state#running } after "${seconds}" s." >&2; exit 1`,
  )
}
