import { lines, type Shell, sh } from '../../host/quote.ts'
import { stateShell } from './state.ts'

/** So often does the guard try where putting traffic back fails, with so many seconds between. */
const TRIES = 20
const PAUSE = 3

/**
 * Starts the guard of this lease, where it is not alive, and waits until it is. It leads a session of its own, so that it
 * outlives the connection and what ends sessions. To be run where `enter` was, under the lock.
 * @param lease milliseconds without heartbeat after which it acts
 */
export function startGuard(lease: number): Shell {
  return lines(
    sh`pid='' start=; { read -r pid start <"$journal/guard"; } 2>/dev/null`,
    sh`if ! alive "$pid" "$start"; then`,
    sh`  ( umask 077; printf '%s\n' ${guardScript(lease).text} >"$journal/guard.new" && mv "$journal/guard.new" "$journal/guard.sh" ) || exit 1`,
    sh`  put_line "$journal/guard" ''`,
    sh`  setsid sh "$journal/guard.sh" watch </dev/null >/dev/null 2>&1 9>&- &`,
    sh`  tries=0; pid='' pause=0.01`,
    sh`  while [ -z "$pid" ] && [ $tries -lt 100 ]; do`,
    sh`    { read -r pid start <"$journal/guard"; } 2>/dev/null; tries=$((tries + 1)); [ -n "$pid" ] || sleep $pause 2>/dev/null || sleep 1`,
    sh`    [ $tries -lt 10 ] || pause=0.1`,
    sh`  done`,
    sh`  [ -n "$pid" ] || { echo 'The guard did not begin: is there a setsid (package util-linux) on the host?' >&2; exit 1; }`,
    sh`fi`,
  )
}

/**
 * The guard: a small shell that depends on no connection. `watch` sleeps until the heart of the lease has
 * stopped, and then, under the lock, puts traffic back where nobody has decided otherwise; `restore WHO` does that at
 * once for whoever holds the lock already. It runs the scripts by which traffic is put back and nothing else, and needs
 * no room on the disk.
 *
 * Time is that since the machine was started: clocks jump. A heartbeat from before a reboot is none.
 */
function guardScript(lease: number): Shell {
  const pause = lease < 10_000 ? '0.3' : '1'
  return lines(
    sh`# Puts traffic back where the release that started this stops without an end. Written by a release; safe to kill.`,
    sh`export LC_ALL=C; journal=$(dirname "$0")`,
    stateShell(sh`$(dirname "$journal")`, sh`\${journal##*-}`),
    sh`restore() {`,
    sh`  put_line "$journal/decision" "restoring $1 $$ $(started $$)"; safe "$journal/decision"`,
    sh`  end=restored others=`,
    sh`  for undo in $(ls -r "$journal" | grep '^undo-.*\\.sh$'); do`,
    sh`    sh "$journal/$undo" </dev/null >/dev/null 2>&1 9>&-`,
    sh`    case $? in 0) ;; 3) end=kept; break ;; 5) [ ! -e "$journal/moved" ] || others=' others' ;; *) return 1 ;; esac`,
    sh`  done`,
    sh`  put_line "$journal/decision" "$end $1$others"; safe "$journal/decision"`,
    sh`}`,
    sh`if [ "$1" = restore ]; then restore "$2"; exit; fi`,
    sh`put_line "$journal/guard" "$$ $(started $$)"`,
    sh`left=${TRIES}`,
    sh`beating() {`,
    sh`  now; beat=0 beaten=; { read -r beat beaten <"$journal/heartbeat"; } 2>/dev/null`,
    sh`  [ "$beaten" = "$boot" ] && [ $((up - \${beat:-0})) -le ${Math.round(lease / 10)} ]`,
    sh`}`,
    sh`while [ -d "$journal" ]; do`,
    sh`  decided; case $decision in confirmed|restored|kept) exit 0 ;; esac`,
    sh`  if beating; then sleep ${pause} 2>/dev/null || sleep 1; continue; fi`,
    sh`  if lock && [ -d "$journal" ] && ! beating; then`,
    sh`    decided`,
    sh`    case $decision in ''|restoring) if restore guard; then exit 0; fi; left=$((left - 1)); [ $left -gt 0 ] || exit 1 ;; esac`,
    sh`    unlock; sleep ${PAUSE}`,
    sh`  fi`,
    sh`  unlock`,
    sh`done`,
  )
}
