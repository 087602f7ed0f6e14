import { type Fault, readFault } from '../../host/private-path.ts'
import { lines, type Shell, sh } from '../../host/quote.ts'
import type { Change, Spared } from '../../release/model.ts'
import { NOT_BEGUN } from '../../release/reasons.ts'
import { askWhether, LEFT_ALONE, leaveAlone, saysBack } from '../../release/spared.ts'
import { publishLedger } from '../ledger.ts'
import { startGuard } from './guard.ts'
import { journalLine } from './journal.ts'
import { judgedState } from './state.ts'
import { undoOnHost } from './undo.ts'

/** The lease that a fenced script must still find. */
export interface Held {
  readonly directory: string
  readonly number: number
  readonly token: string
  /** Milliseconds. */
  readonly lease: number
}

/** Milliseconds that a fenced script may need on top of its own work: for the lock, and for the guard to begin. */
export const FENCE_TIME = 60_000

/** What such a line says. */
export type Refusal =
  /** Another run has the lease; `how` the release of this one ended. */
  | { readonly kind: 'lost'; readonly how: string; readonly by: string }
  /** Somebody decided already what becomes of this release. */
  | { readonly kind: 'decided'; readonly decision: string; readonly who: string }
  /** The journal cannot be written, without which nothing is changed. */
  | { readonly kind: 'unwritten'; readonly file: string }
  /** Somebody else could change what lies in the state directory. */
  | { readonly kind: 'unsafe'; readonly fault: Fault }

const LOST = /^Nothing was changed: lease \d+ is over \((\S*)\), and this is lease (.*)$/m
const UNWRITTEN = /^Nothing was changed: (.*) cannot be written$/m
const UNSAFE = /^Nothing was changed: unsafe (.*)$/m
const DECIDED = /^Nothing was changed: the release is (\S+) already, by the (\S+)$/m

/** What a fenced script that was refused printed; undefined where it was not refused. */
export function readRefusal(printed: string): Refusal | undefined {
  const lost = LOST.exec(printed)
  if (lost) return { kind: 'lost', how: lost[1] ?? '', by: lost[2] ?? '' }
  const decided = DECIDED.exec(printed)
  if (decided) return { kind: 'decided', decision: decided[1] ?? '', who: decided[2] ?? '' }
  const unwritten = UNWRITTEN.exec(printed)
  if (unwritten) return { kind: 'unwritten', file: unwritten[1] ?? '' }
  const fault = readFault(UNSAFE.exec(printed)?.[1] ?? '')
  if (fault) return { kind: 'unsafe', fault }
  return undefined
}

/** Takes the lock, and goes on only where the lease is the one that this run holds. */
function enter({ directory, number, token }: Held): Shell {
  return lines(
    sh`refuse() { echo ${NOT_BEGUN}"$*" >&2; exit 77; }`,
    judgedState(directory, number, sh`refuse "unsafe $unsafe"`),
    sh`lock || { echo "The lock $state/lock was held by somebody else for too long: see who holds it by: fuser $state/lock" >&2; exit 1; }`,
    sh`held='' owner=; { read -r held owner rest <"$state/lease"; } 2>/dev/null`,
    sh`if [ "$held $owner" != "$number "${token} ]; then`,
    sh`  decided; how=$(sed -n "s/^$number //p" "$state/ended" 2>/dev/null | tail -n 1); how=\${how:-$decision}`,
    sh`  refuse "lease $number is over (\${how:-unknown}), and this is lease $held $owner $rest"`,
    sh`fi`,
    sh`decided`,
  )
}

const UNDECIDED = sh`[ -z "$decision" ] || refuse "the release is $decision already, by the $who"`
const CONFIRMED = sh`[ "$decision" = confirmed ] || refuse "the release is \${decision:-undecided} already, by the \${who:-run}"`

/** Runs a script as it is, without the lock: what it leaves running would keep it. */
function freely(script: Shell): Shell {
  return lines(sh`(`, script, sh`) 9>&-`)
}

/**
 * One change, behind the fence: under the lock, the lease is compared, the change is written into the journal and safe on
 * the disk; then it is done. What moves traffic is done under the lock itself, its guard beside it; all else begins
 * there, and goes on in the session that the journal names.
 * @param waiting changes that have only an undo, and are written with this one
 */
export function fenced(held: Held, index: number, change: Change, waiting: readonly string[]): Shell {
  const journal = [...waiting, journalLine(index, change)]
  switch (change.phase) {
    case 'prepare':
      return lines(enter(held), UNDECIDED, write(journal), sparing(change.spares, change.do.shell))
    case 'traffic':
      return lines(
        enter(held),
        UNDECIDED,
        write(journal),
        sh`undo=$journal/undo-${String(index).padStart(4, '0')}.sh`,
        sh`{ ( umask 077; printf '%s\n' ${undoOnHost(change).text} >"$undo.new" && mv "$undo.new" "$undo" ) && safe "$undo" "$journal"; } || { rm -f "$undo"; refuse "$journal cannot be written"; }`,
        startGuard(held.lease),
        freely(change.do.shell),
        sh`code=$?; [ $code != 0 ] || ( umask 077; : >"$journal/moved" ) 2>/dev/null; exit $code`,
      )
    case 'retire':
      return lines(
        enter(held),
        CONFIRMED,
        sh`(\n${write(journal)}\n) 2>/dev/null || :`,
        sparing(change.spares, change.do.shell),
      )
  }
}

/**
 * A change that begins under the lock and goes on without it. One that would stop a color asks first whether requests go
 * there; its own script asks once more when it has stopped it.
 */
function sparing(spares: Spared | undefined, script: Shell): Shell {
  if (spares === undefined) return lines(sh`unlock`, script)
  const { color, holds, found, wakes } = spares
  const wake =
    wakes === undefined ? sh`:` : sh`(\n${wakes}\n) >/dev/null 2>&1 9>&- || echo 'It could not be started again.' >&2`
  const left = wakes === undefined ? 'It was left as it is.' : 'It had been stopped before, and was started again.'
  const record = found === undefined ? sh`:` : sh`(\n${found}\n) || echo 'The ledger could not be written.' >&2`
  return lines(
    askWhether(holds),
    leaveAlone(color, sh`${left}`, lines(record, wake)),
    sh`unlock`,
    sh`(`,
    script,
    sh`)`,
    found === undefined ? sh`exit` : lines(sh`code=$?; if ${LEFT_ALONE} && lock; then`, record, sh`fi`, sh`exit $code`),
  )
}

/** Puts traffic back. If somebody else did so before, that is said, and nothing depends on what is left to undo. */
function puttingBack({ holds, undo }: Change, back: Shell): Shell {
  const script = undo?.shell ?? sh`:`
  if (holds === undefined) return lines(sh`there=`, freely(script), sh`code=$?; [ $code = 0 ] || exit $code`)
  return lines(
    askWhether(holds.next.holds),
    sh`there=; [ $held != 1 ] || there=yes`,
    freely(script),
    sh`code=$?; [ -n "$there" ] || [ $code = 0 ] || exit $code`,
    sh`[ -z "$there" ] || {`,
    back,
    sh`}`,
  )
}

/** Session and start of it tell recovery what may still be going on. A line that was torn by a full disk ends here. */
function write(journal: readonly string[], otherwise = sh`refuse "$unwritten"`): Shell {
  const begin = sh`session="$$ $(started $$)"`
  const each = journal.map((line) => sh`printf '%s %s\n' "$session" ${line}`)
  return lines(
    begin,
    sh`{ { echo; ${lines(...each)}`,
    sh`} >>"$journal/changes" && safe "$journal/changes"; } || { unwritten="$journal/changes cannot be written"; `,
    otherwise,
    sh`}`,
  )
}

/**
 * The undo of a change, behind the fence. That of traffic is the decision to restore, unless somebody made it before:
 * what the guard restored is not restored again, and what was confirmed stays.
 * @param last no other change of traffic remains to be undone
 */
export function fencedUndo(held: Held, change: Change, last: boolean): Shell {
  const undo = change.undo?.shell ?? sh`:`
  if (change.phase !== 'traffic') {
    return lines(
      enter(held),
      sh`[ "$decision" != confirmed ] || refuse "the release is $decision already, by the $who"`,
      sparing(change.spares, undo),
    )
  }
  const back = change.holds === undefined ? sh`:` : saysBack(change.holds.previous.color)
  return lines(
    enter(held),
    sh`case $decision in`,
    sh`''|restoring) put_line "$journal/decision" "restoring run $$ $(started $$)"; safe "$journal/decision" ;;`,
    sh`restored)`,
    sh`  case $(cat "$journal/decision") in *' others'*)`,
    back,
    sh`  ;; esac; exit 0 ;;`,
    sh`*) refuse "the release is $decision already, by the $who" ;;`,
    sh`esac`,
    puttingBack(change, back),
    last
      ? sh`others=; [ -z "$there" ] || [ ! -e "$journal/moved" ] || others=' others'; put_line "$journal/decision" "restored run$others"; safe "$journal/decision"`
      : sh`:`,
  )
}

/**
 * Confirms: the one decision after which the release stands. Asked again after its answer was lost, it says yes again.
 * @param identity prints the part of the ledger's line that only docker knows, under the lock; nothing is decided if it fails
 * @param record prepares the new ledger as `ledger.new`
 * @param finish the changes that are to follow: whoever finds this run gone carries them on
 */
export function confirmation(
  held: Held,
  parts: {
    readonly identity: Shell
    readonly record: Shell
    readonly finish: readonly string[]
    /** The color that the release came from: no request may go there any more. */
    readonly spares?: Spared
  },
): Shell {
  return lines(
    enter(held),
    sh`if [ "$decision" != confirmed ]; then`,
    UNDECIDED,
    ...(parts.spares
      ? [askWhether(parts.spares.holds), leaveAlone(parts.spares.color, sh`'The release was not confirmed.'`)]
      : []),
    sh`identity=$(\n${parts.identity}\n) || { echo 'The release was not confirmed.' >&2; exit 1; }`,
    sh`identity=$(printf %s "$identity" | tr -d '\\n')`,
    write(parts.finish, sh`echo "$unwritten" >&2; exit 1`),
    // Last, as it takes away after itself what it could not write whole.
    parts.record,
    sh`put_line "$journal/decision" "confirmed run $$ $(started $$)" && safe "$journal/decision" || exit 1`,
    sh`fi`,
    publishLedger,
  )
}

/** Puts the ledger of a release of an earlier run in its place, behind the fence of this one. */
export function publish(held: Held): Shell {
  return lines(enter(held), publishLedger)
}

/** Asks whether this run may still go on: changes nothing, and is refused as a change would be. */
export function standing(held: Held): Shell {
  return lines(enter(held), UNDECIDED)
}

/** Starts the guard again after it died; does nothing where the release is decided. */
export function rearm(held: Held): Shell {
  return lines(enter(held), sh`[ -z "$decision" ] || exit 0`, startGuard(held.lease))
}

/**
 * The undo of a change that an earlier run made, behind the fence of this one. Its session stands in the journal of this
 * run, for whoever finds it gone in turn.
 */
export function recovered(held: Held, change: Change): Shell {
  const undo = change.undo?.shell ?? sh`:`
  const session = sh`{ printf '\n%s %s {}\n' $$ "$(started $$)" >>"$journal/changes"; } 2>/dev/null`
  if (change.phase !== 'traffic') return lines(enter(held), session, sparing(change.spares, undo))
  const back = change.holds === undefined ? sh`:` : saysBack(change.holds.previous.color)
  return lines(enter(held), session, puttingBack(change, back))
}

/** What was to follow a confirmation of an earlier run, behind the fence of this one. */
export function carriedOn(held: Held, change: Change): Shell {
  return lines(enter(held), sparing(change.spares, change.do.shell))
}

/** Says of a journal that an earlier run left how it ended, and removes it. */
export function closeJournal(held: Held, left: number, how: string): Shell {
  return lines(
    enter(held),
    sh`{ echo ${`${left} ${how}`} >>"$state/ended"; } 2>/dev/null`,
    sh`discard "$state/journal-"${left}; safe "$state"`,
  )
}

/** Writes into the journal that the release is over, in a way that nothing more is to be undone. */
export function decide(held: Held, decision: 'kept'): Shell {
  return lines(
    enter(held),
    sh`case $decision in ''|restoring) put_line "$journal/decision" ${`${decision} run`}; safe "$journal/decision" ;; esac`,
  )
}
