import { defineJudge } from '../../host/private-path.ts'
import { lines, type Shell, sh } from '../../host/quote.ts'

/**
 * Files of custody in the state directory, all private:
 *
 * - `lock`: taken by `flock` for each decision, and briefly.
 * - `lease`: one line of fixed length; see `lease.ts`. Its number only ever rises.
 * - `ended`: how the last leases ended, for a run that was frozen and wakes up.
 * - `journal-<number>/`: what the run of this lease did. `heartbeat` and `decision` have a fixed length, so that neither
 *   needs room on the disk; `changes` has a line for each change, synced before it begins; `undo-<index>.sh` puts
 *   traffic back; `moved` says that traffic was moved; `guard.sh` watches, and `guard` says which process that is; `request` is what another run asks for.
 * - `gone-<number>/`: a journal that is over, and is being removed.
 */

/** Seconds for which a script waits for the lock: longer than a reload of Nginx takes under it. */
const LOCK_WAIT = 45

/** Width of the line in `lease`: a URL, a name, a version and times. */
const LEASE_WIDTH = 1023
/** Width of the lines in `heartbeat`, `decision` and `guard`. */
const LINE_WIDTH = 95

/**
 * `stateShell` behind every link on the way to the directory, once `judge` has nothing against it.
 * @param otherwise what is done if it has, with the fault in `unsafe`
 */
export function judgedState(directory: string, number: number, otherwise: Shell): Shell {
  return lines(defineJudge, sh`judge ${directory} || { ${otherwise}; }`, stateShell(sh`$state`, number))
}

/**
 * What all scripts of custody share. Sets `state`, `number` and `journal`; prints nothing.
 *
 * `put` writes a line in place, without a moment in which the file is shorter. `now` sets `up`, in hundredths of a
 * second since the machine was started, and `boot`. `started` prints when a process was, as proc(5) counts it, and
 * fails where it has ended. `discard` removes a journal, in one moment: half of one would tell of
 * another release.
 */
export function stateShell(directory: string | Shell, number: number | Shell): Shell {
  return lines(
    sh`state=${directory}`,
    sh`number=${number}; journal=$state/journal-$number`,
    sh`put() { ( umask 077; printf "%-$2s\\n" "$3" 1<>"$1" ) 2>/dev/null; }`,
    sh`put_line() { put "$1" ${LINE_WIDTH} "$2"; }`,
    sh`put_lease() { put "$state/lease" ${LEASE_WIDTH} "$1"; }`,
    sh`safe() { sync "$@" 2>/dev/null || sync; }`,
    sh`now() {`,
    sh`  read -r up _ </proc/uptime; up=\${up%.*}\${up#*.}`,
    sh`  while [ "\${up#0}" != "$up" ]; do up=\${up#0}; done; up=\${up:-0}`,
    sh`  read -r boot </proc/sys/kernel/random/boot_id`,
    sh`}`,
    sh`started() {`,
    sh`  { read -r entry <"/proc/$1/stat"; } 2>/dev/null || return 1`,
    sh`  set -- \${entry##*) }; [ "$1" != Z ] && echo "\${20}"`,
    sh`}`,
    sh`alive() { [ -n "$1" ] && [ "$(started "$1")" = "$2" ]; }`,
    sh`decided() { decision='' who=; { read -r decision who _ <"$journal/decision"; } 2>/dev/null; }`,
    // Renamed first: a journal is there as a whole or not at all, and is never taken for one without a decision.
    sh`discard() { mv "$1" "$state/gone-\${1##*-}" 2>/dev/null; rm -rf "$state/gone-"*; }`,
    // Opened for reading: that is enough for flock, and needs no room.
    sh`lock() { exec 9<"$state/lock" && flock -w ${LOCK_WAIT} 9; }`,
    sh`unlock() { exec 9<&-; }`,
  )
}
