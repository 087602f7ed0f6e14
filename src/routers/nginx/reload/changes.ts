import { defineOwnFolder } from '../../../host/own-folder.ts'
import { fromHome, lines, type Shell, sh } from '../../../host/quote.ts'
import type { Change, Color, Effect } from '../../../release/model.ts'
import { backwards, defineEdited, definePut, defineTorn, type Rewrite, rewriteOf } from './edit.ts'
import type { ReloadTarget } from './facts.ts'
import { defineActive } from './holds.ts'
import { defineRemember, defineTake } from './workers.ts'

/** Milliseconds: `nginx -t` of a large configuration, and ten seconds until the old workers let go. */
export const DEADLINE = 30_000

/**
 * Rewrites the server lines in place and makes Nginx load them. The undo puts the same lines back, so that lines that
 * somebody else changed meanwhile stay as they are.
 */
export function flipReload(target: ReloadTarget, from: Color, to: Color, before: string, after: string): Change {
  const rewrite = rewriteOf(before, after)
  return {
    kind: 'change',
    phase: 'traffic',
    title: `Point the upstream from ${from} to ${to} and reload Nginx`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: rewriting(target, rewrite),
    do: { shell: lines(open(target, FLIP), forwards(target, rewrite)), deadline: DEADLINE },
    undo: { shell: lines(open(target, FLIP), back(backwards(rewrite))), deadline: DEADLINE },
    manualUndo: byHand(target, backwards(rewrite)).text,
  }
}

/** What a rewrite and a reload come to, for who reads a plan. */
export function rewriting({ file }: ReloadTarget, { edits, before, after }: Rewrite): Effect {
  return {
    does: 'Writes the server lines in place, sees that Nginx reads them, runs `nginx -t` and `nginx -s reload`, and waits for the new workers',
    undoes: 'Writes the same lines as they were, and reloads',
    files: [{ kind: 'lines', path: file, lines: edits.map(({ from, to }) => ({ from, to })), before, after }],
  }
}

/** The same by commands that a person can read: the lines are written in place, so that the file keeps its inode. */
export function byHand({ file, stateDirectory, nginx }: ReloadTarget, { edits }: Rewrite): Shell {
  const aside = `${stateDirectory}/nginx-file.by-hand`
  const expressions = edits.flatMap(({ from, to }) => ['-e', `s|^${basic(from)}$|${to.replace(/[|&\\]/g, '\\$&')}|`])
  return lines(
    nginx,
    sh`sed ${expressions} ${file} > ${aside} && cat ${aside} > ${file} && rm ${aside} && run_nginx -t && run_nginx -s reload`,
  )
}

/** As a basic regular expression of POSIX that means just this text. */
function basic(text: string): string {
  return text.replace(/[.*^$[\]\\|]/g, '\\$&')
}

/** After the confirmation there is nothing to go back from. */
export function finalizeReload({ stateDirectory }: ReloadTarget): readonly Change[] {
  return [
    {
      kind: 'change',
      phase: 'retire',
      title: 'Put the marks of the reload away',
      on: 'all proxies',
      reason: 'command-failed',
      effect: { does: 'Removes what was kept of the file as it was' },
      do: {
        shell: lines(...[FLIP, 'nginx-mark'].map((name) => lines(kept(stateDirectory, name), FORGET))),
        deadline: 10_000,
      },
    },
  ]
}

/** What the flip keeps is named so. */
const FLIP = 'nginx-file'

/** The file as it was, as it is to be, and the workers of before the reload: of each change by a name of its own. */
function kept(stateDirectory: string, name: string): Shell {
  return sh`state=${stateDirectory}; old=$state/${`${name}.old`} put=$state/${`${name}.put`} reloaded=$state/${`${name}.workers`}`
}

/** Removes that. */
export const FORGET = sh`rm -f "$old" "$put" "$reloaded"`

/**
 * What a rewrite needs before all else. Another target may have its upstream in the same file: those of one directory
 * share a lock that nobody else can open; those of other directories are kept apart by one on the file itself, which
 * anybody who reads the file can hold as well: that is waited for, and then it is done all the same.
 * @param name of what is kept meanwhile in the state directory
 */
export function open(target: ReloadTarget, name: string): Shell {
  const { file, directory, stateDirectory, nginx, master, errorLog, container } = target
  return lines(
    nginx,
    sh`umask 077; export LC_ALL=C; file=${file}`,
    kept(stateDirectory, name),
    sh`fail() { printf '%s\\n' "$*" >&2; exit 1; }`,
    defineOwnFolder,
    sh`if { own_folder ${fromHome(directory)} && ( : >>"$own/lock" ); } 2>/dev/null; then exec 9<"$own/lock"; flock -w 20 9 || fail "$own/lock is held by another release"; fi`,
    sh`[ -r "$file" ] || fail "$file cannot be read"`,
    sh`exec 8<"$file"; flock -w 5 8 || :`,
    definePut,
    defineTake(
      master,
      errorLog,
      container === undefined ? 'the error log of Nginx' : `what docker logs ${container} prints`,
    ),
    defineActive(target),
    defineRemember,
  )
}

/** Rewrites, and makes Nginx load that. */
export function forwards({ fileInNginx }: ReloadTarget, rewrite: Rewrite): Shell {
  return lines(
    defineEdited(rewrite),
    // The sentinel keeps the last line end, which the shell would take away.
    sh`text=$(edited && echo x) || fail "$file was changed since it was read: run this again"; text=\${text%x}`,
    sh`if [ "$(printf '%s' "$text" | sum)" != "$(sum < "$file")" ]; then`,
    sh`  { rm -f "$reloaded" && cat "$file" > "$old.new" && touch -r "$file" "$old.new" && printf '%s' "$text" > "$put.new" && mv "$put.new" "$put" && mv "$old.new" "$old"; } || fail "cannot write into $state"`,
    sh`  sync "$old" "$put" 2>/dev/null || sync`,
    sh`  put || exit 1`,
    sh`fi`,
    readBack(fileInNginx),
    sh`said=$(run_nginx -t 2>&1) || fail "nginx -t refuses the configuration: $said"`,
    sh`[ -e "$reloaded" ] || workers > "$reloaded"`,
    sh`take || fail "$failed"`,
    sh`remember`,
  )
}

/** What is put back is known from before, and nothing of it needs room on the disk. */
export function back(rewrite: Rewrite): Shell {
  const others = 'somebody changed them since; write the previous address there and reload Nginx'
  return lines(
    // Never begun: an equal line elsewhere is not ours.
    sh`[ -e "$old" ] || exit 0`,
    defineEdited(rewrite),
    defineTorn,
    sh`if torn "$put" "$old"; then text=$(cat "$old"; echo x)`,
    sh`else text=$(edited && echo x) || {`,
    // Whoever undoes this says by `there` that requests were found to go back already: there is nothing left to do.
    sh`  [ -z "\${there-}" ] || { rm -f "$old" "$put" "$reloaded"; exit 0; }`,
    sh`  fail "the server lines in $file are not the ones that this release wrote: "${others}; }; fi`,
    sh`text=\${text%x}`,
    sh`[ "$(printf '%s' "$text" | sum)" = "$(sum < "$file")" ] || put || exit 1`,
    sh`if [ -e "$reloaded" ]; then`,
    sh`  loads=$(shown)`,
    sh`  if failed=$(run_nginx -t 2>&1); then take && remember; else failed="nginx -t refuses the configuration: $failed"; sleep 1; false; fi ||`,
    // A reload that never took left the workers as they were, and the file is too.
    sh`    untouched "$(cat "$reloaded")" || fail "$failed"`,
    sh`fi`,
    // A time that is put back tells tools like make that nothing happened; that it was loaded, `remember` says.
    sh`touch -r "$old" "$file" 2>/dev/null`,
    FORGET,
  )
}

/** A single-file bind mount may still show the old file: what counts is what Nginx reads. */
function readBack(fileInNginx: string): Shell {
  const section = `$0 == "# configuration file " ENVIRON["SHOWN"] ":" { inside = 1; next } /^# configuration file \\/.*:$/ { inside = 0 } inside`
  return lines(
    sh`export ${`SHOWN=${fileInNginx}`}`,
    sh`dump=$(run_nginx -T 2>/dev/null; echo x); dump=\${dump%x}; loads=$(printf '%s' "$dump" | sum)`,
    sh`section=$(printf '%s' "$dump" | awk ${section}; echo x); section=\${section%x}`,
    sh`[ -n "$section" ] || fail "nginx -T does not show $SHOWN: $(run_nginx -t 2>&1)"`,
    sh`[ "$section" = "$text"${'\n'} ] || fail "Nginx does not read what was written to $file: is it mounted as a single file that was replaced since? Restart that container once"`,
  )
}
