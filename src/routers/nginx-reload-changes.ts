import { createHash } from 'node:crypto'
import { lines, type Shell, sh } from '../host/quote.ts'
import type { Change, Color } from '../release/words.ts'

/** One line of the file, before and after. */
export interface LineEdit {
  readonly from: string
  readonly to: string
  /** Which of the equal lines it is, counted from 1. */
  readonly occurrence: number
}

/** Edits, and the SHA-256 of the file that they were made for. */
interface Rewrite {
  readonly edits: readonly LineEdit[]
  readonly before: string
  readonly after: string
}

/** What a `reload` flip works on. */
export interface ReloadTarget {
  /** The file on the proxy host. */
  readonly file: string
  /** The same file as Nginx calls it. */
  readonly fileInNginx: string
  readonly stateDirectory: string
  /** Defines `run_nginx`. */
  readonly nginx: Shell
  /** Process id of the master; absent where it cannot be seen. */
  readonly master?: number
}

/** Milliseconds: `nginx -t` of a large configuration, and ten seconds until the old workers let go. */
const DEADLINE = 30_000
/** So many tenths of a second for the new workers to take over; measured: 0.13 s. */
const PATIENCE = 100

/**
 * Which lines differ. A flip changes no line's number.
 * @throws Error where the two texts have not equally many lines.
 */
function lineEdits(before: string, after: string): readonly LineEdit[] {
  const [from, to] = [before.split('\n'), after.split('\n')]
  if (from.length !== to.length) throw new Error('A flip must not change the number of lines.')
  return from.flatMap((line, i) => {
    const next = to[i] ?? ''
    if (line === next) return []
    return [{ from: line, to: next, occurrence: from.slice(0, i + 1).filter((other) => other === line).length }]
  })
}

/**
 * Rewrites the server lines in place and makes Nginx load them. The undo puts the same lines back, so that lines that
 * somebody else changed meanwhile stay as they are.
 */
export function flipReload(target: ReloadTarget, from: Color, to: Color, before: string, after: string): Change {
  const there: Rewrite = { edits: lineEdits(before, after), before: sha256(before), after: sha256(after) }
  const back: Rewrite = { edits: lineEdits(after, before), before: there.after, after: there.before }
  return {
    kind: 'change',
    phase: 'traffic',
    title: `Point the upstream from ${from} to ${to} and reload Nginx`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    do: { shell: apply(target, there, 'do'), deadline: DEADLINE },
    undo: { shell: apply(target, back, 'undo'), deadline: DEADLINE },
    byHand: byHand(target, back).text,
  }
}

/** Reads lines with their bytes as they are, replaces the chosen ones, and keeps a missing last line end missing. */
const EDIT = `
NR > 1 { printf "\\n" }
{ line = $0; seen[line]++
  for (i = 1; i <= count; i++) if (line == ENVIRON["FROM_" i] && seen[line] == ENVIRON["AT_" i]) { line = ENVIRON["TO_" i]; break }
  printf "%s", line }`

function apply(target: ReloadTarget, rewrite: Rewrite, direction: 'do' | 'undo'): Shell {
  const { edits, before, after } = rewrite
  const { file, fileInNginx, stateDirectory, nginx, master } = target
  return lines(
    nginx,
    sh`umask 077; export LC_ALL=C; file=${file}; state=${stateDirectory}; new=$state/nginx-file.new`,
    // The lock is on the file itself: another target may have its upstream in the same one.
    sh`exec 9<"$file" && flock -w 20 9 || { echo "$file is locked or cannot be read" >&2; exit 1; }`,
    ...environment(edits),
    sh`sum() { sha256sum < "$1" | cut -c1-64; }`,
    // Never begun: nothing is to be put back, and an equal line elsewhere is not ours.
    direction === 'undo' ? sh`if [ "$(sum "$file")" = ${after} ]; then cat "$file" > "$new"; else` : sh`{`,
    sh`awk -v count=${edits.length} ${EDIT} < "$file" > "$new" || exit 1`,
    sh`[ -n "$(tail -c 1 "$file")" ] || echo >> "$new"`,
    direction === 'undo' ? sh`fi` : sh`}`,
    direction === 'do'
      ? sh`[ "$(sum "$new")" = ${after} ] || [ "$(sum "$file")" != ${before} ] && ! cmp -s "$new" "$file" || { echo "$file was changed since it was read: run this again" >&2; exit 1; }`
      : sh`:`,
    sh`if ! cmp -s "$new" "$file"; then`,
    // In place and without truncating first: keeps inode, mode, owner, and works on a full disk.
    sh`  dd if="$new" of="$file" conv=notrunc 2>/dev/null || { echo "cannot write $file" >&2; exit 1; }`,
    sh`  size=$(($(wc -c < "$new"))); [ "$size" = "$(($(wc -c < "$file")))" ] || dd if=/dev/null of="$file" bs=1 seek="$size" 2>/dev/null || exit 1`,
    sh`  cmp -s "$new" "$file" || { echo "$file does not hold what was written to it" >&2; exit 1; }`,
    sh`  sync "$file" 2>/dev/null || sync`,
    sh`fi`,
    direction === 'do'
      ? readBack(fileInNginx)
      : sh`[ -e "$state/nginx-reloaded" ] || { sha256sum < "$file" > "$state/nginx-loaded"; rm -f "$new" "$new.read"; exit 0; }`,
    sh`said=$(run_nginx -t 2>&1) || { printf 'nginx -t refuses the configuration: %s\\n' "$said" >&2; exit 1; }`,
    direction === 'do' ? sh`: > "$state/nginx-reloaded"` : sh`:`,
    reload(master),
    sh`sha256sum < "$file" > "$state/nginx-loaded"; rm -f "$new" "$new.read"`,
    direction === 'undo' ? sh`rm -f "$state/nginx-reloaded"` : sh`:`,
  )
}

function environment(edits: readonly LineEdit[]): readonly Shell[] {
  return edits.map(
    ({ from, to, occurrence }, i) =>
      sh`export ${`FROM_${i + 1}=${from}`} ${`TO_${i + 1}=${to}`} ${`AT_${i + 1}=${occurrence}`}`,
  )
}

/** The undo as a person would do it, who reads what Nginx says. */
function byHand({ file, nginx, stateDirectory: state }: ReloadTarget, { edits }: Rewrite): Shell {
  return lines(
    nginx,
    ...environment(edits),
    sh`file=${file}; new=$(mktemp) && LC_ALL=C awk -v count=${edits.length} ${EDIT} < "$file" > "$new" &&`,
    sh`  { [ -n "$(tail -c 1 "$file")" ] || echo >> "$new"; } && cat "$new" > "$file" && run_nginx -t && run_nginx -s reload &&`,
    sh`  sha256sum < "$file" > ${`${state}/nginx-loaded`} && rm -f "$new" ${`${state}/nginx-reloaded`}`,
  )
}

/** A single-file bind mount may still show the old file: what counts is what Nginx reads. */
function readBack(fileInNginx: string): Shell {
  const section = `$0 == "# configuration file " ENVIRON["SHOWN"] ":" { inside = 1; next } /^# configuration file \\/.*:$/ { inside = 0 } inside`
  return lines(
    sh`export ${`SHOWN=${fileInNginx}`}`,
    sh`run_nginx -T 2>/dev/null | awk ${section} > "$new.read"; [ -s "$new.read" ] || { said=$(run_nginx -t 2>&1); printf 'nginx -T does not show %s: %s\\n' ${fileInNginx} "$said" >&2; exit 1; }`,
    sh`{ cat "$new"; echo; } | cmp -s - "$new.read" || { rm -f "$new.read"; echo "Nginx does not read what was written to $file: is it mounted as a single file that was replaced since? Restart that container once" >&2; exit 1; }`,
    sh`rm -f "$new.read"`,
  )
}

/** Reloads, and waits until no worker that was there before still takes requests. */
function reload(master: number | undefined): Shell {
  if (master === undefined) return sh`run_nginx -s reload || exit 1; sleep 1`
  return lines(
    sh`workers() {`,
    sh`  for process in /proc/[0-9]*; do`,
    sh`    { read -r line < "$process/stat"; } 2>/dev/null || continue`,
    sh`    set -- \${line##*) }; [ "$2" = ${master} ] || continue`,
    sh`    case $(tr '\\000' ' ' < "$process/cmdline" 2>/dev/null) in 'nginx: worker process'*shutting*) ;; 'nginx: worker process'*) printf ' %s:%s ' "\${process#/proc/}" "\${20}" ;; esac`,
    sh`  done`,
    sh`}`,
    sh`old=$(workers)`,
    sh`said=$(run_nginx -s reload 2>&1) || { printf 'nginx -s reload failed: %s\\n' "$said" >&2; exit 1; }`,
    sh`patience=${PATIENCE}`,
    sh`while :; do`,
    sh`  now=$(workers); stays=; for worker in $now; do case $old in *" $worker "*) stays=1 ;; esac; done`,
    sh`  [ -n "$stays" ] || [ -z "$now" ] || break`,
    sh`  patience=$((patience - 1)); [ "$patience" -gt 0 ] || { echo 'nginx -s reload returned 0, but the old workers go on: the master did not take the configuration; its error log says why (a line with [emerg])' >&2; exit 1; }`,
    sh`  sleep 0.1`,
    sh`done`,
  )
}

/** After the confirmation there is nothing to go back from. */
export function settleReload({ stateDirectory }: ReloadTarget): readonly Change[] {
  return [
    {
      kind: 'change',
      phase: 'retire',
      title: 'Put the marks of the reload away',
      on: 'all proxies',
      reason: 'command-failed',
      do: {
        shell: sh`rm -f ${[`${stateDirectory}/nginx-reloaded`, `${stateDirectory}/nginx-file.new`]}`,
        deadline: 10_000,
      },
    },
  ]
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
