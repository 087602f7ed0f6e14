import { lines, type Shell, sh } from '../../../host/quote.ts'

/** So many tenths of a second for the new workers to take over; measured: 0.13 s. */
const PATIENCE = 50

/**
 * Defines `workers`, which prints pid and start time of each worker that takes requests; `take`, which reloads and waits
 * until none of those that were there before is among them, else `failed` says why; and `untouched`, whether there are
 * no others than those in `$1`.
 * @param master process id of the master, as the host sees it; absent where it cannot be seen
 * @param errorLog where the master writes its errors, where that is a file of the host
 * @param otherwise what to look into where it is not
 */
export function defineTake(master: number | undefined, errorLog: string | undefined, otherwise: string): Shell {
  if (master === undefined) {
    return lines(
      sh`workers() { :; }; untouched() { false; }`,
      sh`take() { failed=$(run_nginx -s reload 2>&1) || { failed="nginx -s reload failed: $failed"; return 1; }; sleep 1; }`,
    )
  }
  return lines(
    sh`workers() {`,
    sh`  for process in /proc/[0-9]*; do`,
    sh`    { read -r line < "$process/stat"; } 2>/dev/null || continue`,
    sh`    set -- \${line##*) }; [ "$2" = ${master} ] || continue`,
    sh`    case $(tr '\\000' ' ' < "$process/cmdline" 2>/dev/null) in 'nginx: worker process'*shutting*) ;; 'nginx: worker process'*) printf ' %s:%s ' "\${process#/proc/}" "\${20}" ;; esac`,
    sh`  done`,
    sh`}`,
    sh`untouched() { now=$(workers); for worker in $now; do case $1 in *" $worker "*) ;; *) return 1 ;; esac; done; [ -n "$now" ]; }`,
    sh`gone() { now=$(workers); for worker in $now; do case $1 in *" $worker "*) return 1 ;; esac; done; [ -n "$now" ]; }`,
    sh`take() {`,
    sh`  before=$(workers); log=${errorLog ?? ''} otherwise=${otherwise} patience=${PATIENCE}`,
    sh`  [ -n "$before" ] || { failed='Nginx was stopped or restarted since it was read: run this again'; return 1; }`,
    sh`  size=$(cat "$log" 2>/dev/null | wc -c)`,
    sh`  failed=$(run_nginx -s reload 2>&1) || { failed="nginx -s reload failed: $failed"; return 1; }`,
    sh`  until gone "$before"; do patience=$((patience - 1)); [ "$patience" -gt 0 ] || break; sleep 0.1; done`,
    sh`  [ "$patience" -gt 0 ] && return 0`,
    sh`  said=$(tail -c "+$((size + 1))" "$log" 2>/dev/null | grep -F '[emerg]' | head -n 1)`,
    sh`  failed="nginx -s reload returned 0, but the old workers go on: the master did not take the configuration. \${said:-A line with [emerg] in \${log:-$otherwise} says why}"`,
    sh`  return 1`,
    sh`}`,
  )
}

/**
 * Defines `shown`, the SHA-256 of what `nginx -T` prints; and `remember`, for after a reload: it records in the state
 * directory what was loaded, by which workers, when the machine was started by its clock (see `LoadRecord`), and where that
 * sends requests. `$loads` is what was shown before the reload: nothing is recorded when somebody changed it meanwhile.
 */
export const defineRemember = lines(
  sh`shown() { run_nginx -T 2>/dev/null | sum; }`,
  sh`remember() {`,
  sh`  after=$(run_nginx -T 2>/dev/null; echo x); after=\${after%x}`,
  sh`  [ "$(printf '%s' "$after" | sum)" = "$loads" ] || return 0`,
  sh`  read -r up _ < /proc/uptime`,
  sh`  { printf '%s %s %s\\n' "$loads" "$(($(date +%s) - \${up%.*}))" "$(workers | tr -s ' ')"`,
  sh`    printf 'sends %s\\n' "$(printf '%s' "$after" | active)"; } 2>/dev/null > "$state/nginx-loaded" || :`,
  sh`}`,
)
