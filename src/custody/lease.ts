import { lines, type Shell, sh } from '../host/quote.ts'
import { judgedState } from './on-host/state.ts'

/** Who holds the right to change a target. Each word is without spaces where it is written. */
export interface Holder {
  /** Address of the run, or empty. */
  readonly run: string
  readonly actor: string
  readonly version: string
  readonly command: string
  /** ISO 8601, by the clock of the runner: for people only. */
  readonly since: string
}

/** A lease as it stands on the host. */
export interface Lease {
  readonly number: number
  /** Absent: nobody holds it. */
  readonly holder?: Holder & { readonly color?: string }
  /** Milliseconds without heartbeat after which it is stale. */
  readonly lease: number
}

/** What is asked for. */
export interface Wanted {
  readonly directory: string
  /** A random word, by which the holder proves that it is the one. */
  readonly token: string
  /** Milliseconds. */
  readonly lease: number
  readonly holder: Holder
  /** What else is taken, though its heart beats: the lease with this token and no other one (`post`), or any (`unlock`). */
  readonly over?: { readonly token: string } | 'any'
  /** The number of a lease whose run is known to have ended: it is taken though it does not look stale. */
  readonly ended?: number
  /** Where a release of another run is in its watch, it is asked to restore. */
  readonly asks?: true
}

/** The words of a holder in the file, after number, token and length. */
function words({ run, actor, version, command, since }: Holder, color: string): readonly string[] {
  return [run, actor, version, command, since, color].map(written)
}

function written(word: string): string {
  return word === '' ? '-' : encodeURIComponent(word)
}

function read(word: string | undefined): string {
  if (word === undefined || word === '-') return ''
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}

/** Reads the line of the file. */
export function readLease(line: string): Lease | undefined {
  const [number = '', token = '-', length = '0', run, actor, version, command, since, color] = line.trim().split(/ +/)
  if (!/^\d+$/.test(number)) return undefined
  const base = { number: Number(number), lease: Number(length) * 10 }
  if (token === '-') return base
  const known = read(color)
  const holder = {
    run: read(run),
    actor: read(actor),
    version: read(version),
    command: read(command),
    since: read(since),
    ...(known !== '' && { color: known }),
  }
  return { ...base, holder }
}

/** 'the deploy of v3 by octocat, since 12:00 (https://…)'. */
export function holderSentence({ run, actor, version, command, since, color }: NonNullable<Lease['holder']>): string {
  const what = [version && `of ${version}`, color && `to ${color}`, actor && `by ${actor}`, since && `since ${since}`]
  return [`the ${command || 'run'}`, ...what.filter(Boolean), ...(run === '' ? [] : [`(${run})`])].join(' ')
}

/**
 * Takes the lease where it is free or stale, and then goes on as its heart; see `heart`. Prints first one of
 *
 * - `held <number>`, `was <line of the lease before>`, a line `left <number> <decision>` for each journal that an earlier
 *   run left, and `ready`;
 * - `busy <age> <request> <line of the lease>`: another one's heart beats, `age` hundredths of a second ago; the request
 *   is `yes` where it was asked to restore, and `ends` where it is confirmed and only cleans up;
 * - `unsafe <fault>`: somebody else could change what lies there; see `judge`.
 * - `absent`, `flockless`, `locked`, `unwritable <what>`: it cannot be taken here.
 *
 * Whose heart has stopped is undone first as far as traffic goes, by its own guard's script and under the same lock:
 * confirming, restoring and taking over are one decision.
 */
export function takeLease({ directory, token, lease, holder, over, ended = -1, asks }: Wanted): Shell {
  const line = [String(lease / 10), ...words(holder, '')].join(' ')
  const unsafe = sh`echo "unsafe $unsafe"; exit 0`
  const taken = over === undefined ? '' : over === 'any' ? 'any' : over.token
  return lines(
    sh`umask 077; export LC_ALL=C`,
    judgedState(directory, 0, unsafe),
    // Folders above are made so that the workers of Nginx can pass through. Somebody else may have been faster.
    sh`[ -d "$state" ] || { ( umask 066; mkdir -p "$state" ) 2>/dev/null; judge "$state" || { ${unsafe}; }; }`,
    sh`{ [ -d "$state" ] && [ -w "$state" ] && [ -x "$state" ]; } || { echo absent; exit 0; }`,
    sh`command -v flock >/dev/null || { echo flockless; exit 0; }`,
    // In a subshell: dash ends at a file that `:` cannot open.
    sh`( : >>"$state/lock" ) 2>/dev/null || { echo unwritable lock; exit 0; }`,
    sh`lock || { echo locked; exit 0; }`,
    sh`old=0 owner=- length=0 rest=; [ ! -s "$state/lease" ] || read -r old owner length rest <"$state/lease"`,
    // Not what a run writes: a hand, or a disk. Who it is, and its number, stand next to its journal.
    sh`digits() { case $1 in ''|*[!0-9]*) return 1 ;; esac; }`,
    sh`if ! { digits "$old" && { [ "$owner" = - ] || { [ -n "$owner" ] && digits "$length"; }; }; }; then`,
    sh`  old=$( { ls "$state" | sed -n 's/^journal-//p'; sed 's/ .*//' "$state/ended"; } 2>/dev/null | grep -x '[0-9]*' | sort -n | tail -n 1)`,
    sh`  old=\${old:-0} owner=- length=0 rest=; { read -r _ _ length rest <"$state/journal-$old/holder" && owner=unreadable; } 2>/dev/null`,
    sh`fi`,
    sh`journal=$state/journal-$old`,
    sh`if [ "$owner" = ${token} ]; then number=$old; journal=$state/journal-$number`,
    sh`else`,
    sh`  if [ "$owner" != - ]; then`,
    sh`    now; beat=0 beaten=; { read -r beat beaten <"$journal/heartbeat"; } 2>/dev/null`,
    sh`    age=$((up - \${beat:-0}))`,
    sh`    wanted=${taken} may=; case $wanted in any|"$owner") may=yes ;; esac; [ "$old" != ${ended} ] || may=yes`,
    sh`    if [ -z "$may" ] && { [ -n "$wanted" ] || { [ "$beaten" = "$boot" ] && [ "$age" -le "$length" ]; }; }; then`,
    asks ? REQUEST : sh`      asked=-`,
    sh`      unlock; echo "busy $age $asked $old $owner $length $rest"; exit 0`,
    sh`    fi`,
    sh`    decided`,
    sh`    case $decision in ''|restoring) [ ! -e "$journal/guard.sh" ] || sh "$journal/guard.sh" restore takeover </dev/null >/dev/null 2>&1 9>&- ;; esac`,
    sh`  fi`,
    sh`  rm -rf "$state"/gone-*; number=$((old + 1)); journal=$state/journal-$number`,
    sh`  { rm -rf "$journal" && mkdir "$journal" && ( : >"$journal/changes" ) && put_line "$journal/decision" '' && put_line "$journal/guard" ''; } 2>/dev/null || { discard "$journal"; echo unwritable journal; exit 0; }`,
    sh`  now; { put_line "$journal/heartbeat" "$up $boot" && put "$journal/holder" 1023 ${`0 + ${line}`} && put_lease "$number "${`${token} ${line}`}; } || { discard "$journal"; echo unwritable lease; exit 0; }`,
    sh`  safe "$state/lease" "$journal/decision" "$journal"`,
    sh`fi`,
    sh`unlock`,
    sh`mine=$journal; echo "held $number"; echo "was $old $owner $length $rest"`,
    sh`for journal in "$state"/journal-*; do [ "$journal" = "$mine" ] || [ ! -d "$journal" ] || { [ -e "$journal/changes" ] || { discard "$journal"; continue; }; decided; echo "left \${journal##*-} \${decision:--}"; }; done`,
    sh`journal=$mine; echo ready`,
    heartbeat(token, line),
  )
}

/** Goes on as the heart of a lease that is held, after the connection was lost. */
export function heartbeatAgain({ directory, token, lease, holder }: Wanted, number: number): Shell {
  const line = [String(lease / 10), ...words(holder, '')].join(' ')
  return lines(
    judgedState(directory, number, sh`exit 1`),
    sh`umask 077; export LC_ALL=C; echo ready`,
    heartbeat(token, line),
  )
}

/**
 * A release is asked only where traffic was moved and nothing is decided: before that there is nothing to restore; and
 * once it is confirmed it ends soon. A rollback is never asked, nor waited for: that would put back what it takes away.
 */
const REQUEST = sh`      asked=no; decided
      [ "$(echo "$rest" | cut -d ' ' -f 4)" != rollback ] || decision=rollback
      case $decision in
      '') [ ! -e "$journal/guard.sh" ] || { { echo restore >"$journal/request"; } 2>/dev/null && asked=yes; } ;;
      confirmed) asked=ends ;;
      esac`

/**
 * Does what it is told, line by line, until its input ends. Each `beat` is written with the host's own time since it was
 * started, and answered by `beat <held|lost> <guard: alive|dead|none> <decision> <request>`. No lock is taken for it.
 * `color <color>` says where the release goes. `end` gives the lease
 * back and answers `ended`; with `keep` the journal stays for the next run.
 */
function heartbeat(token: string, line: string): Shell {
  const known = line.replace(/-$/, '') // until the color is told
  return lines(
    sh`ours() { owner=; { read -r held owner _ <"$state/lease"; } 2>/dev/null; [ "$held $owner" = "$number "${token} ]; }`,
    sh`while read -r told word; do case $told in`,
    sh`beat)`,
    sh`  now; put_line "$journal/heartbeat" "$up $boot"`,
    sh`  pid='' start='' guard=none; { read -r pid start <"$journal/guard"; } 2>/dev/null`,
    sh`  [ -z "$pid" ] || { guard=dead; ! alive "$pid" "$start" || guard=alive; }`,
    sh`  request=-; [ ! -e "$journal/request" ] || request=restore`,
    sh`  decided; mine=lost; ! ours || mine=held`,
    sh`  echo "beat $mine $guard \${decision:--} $request" ;;`,
    sh`color)`,
    sh`  if lock && ours; then put_lease "$number "${`${token} ${known}`}"$word"; put "$journal/holder" 1023 "0 + "${known}"$word"; fi`,
    sh`  unlock ;;`,
    sh`end)`,
    sh`  if lock && ours; then`,
    sh`    decided; echo "$number \${decision:-undone}" >>"$state/ended"`,
    sh`    [ "$word" = keep ] || discard "$journal"`,
    sh`    put_lease "$number -"; safe "$state/lease" "$state"`,
    sh`    [ "$((number % 20))" != 0 ] || { tail -n 20 "$state/ended" >"$state/ended.new" && mv -f "$state/ended.new" "$state/ended"; }`,
    sh`  fi 2>/dev/null`,
    sh`  unlock; echo ended; exit 0 ;;`,
    sh`esac; done`,
  )
}
