import { defineOwnFolder } from '../../../host/own-folder.ts'
import { fromHome, lines, type Shell, sh } from '../../../host/quote.ts'
import type { Change, Color, Effect } from '../../../release/model.ts'
import { defineTurn } from '../observe/turning.ts'
import { backwards, defineEdited, definePut, defineTorn } from './edit.ts'
import type { PointerFile, ReloadFacts, ReloadTarget } from './facts.ts'
import { defineActive, type FileRewrite, filesOf, flipped, type LinkTurn, linksOf, turned } from './sent.ts'
import { defineRemember, defineTake } from './workers.ts'

/** Milliseconds: `nginx -t` of a large configuration, and ten seconds until the old workers let go. */
export const DEADLINE = 30_000

/**
 * Rewrites in place what sends requests to a color, and makes Nginx load that. The undo puts the same lines back, so that
 * lines that somebody else changed meanwhile stay as they are.
 */
export function flipReload(facts: ReloadFacts, from: Color, to: Color): Change {
  const edit = { files: flipped(facts, from, to), links: turned(facts, from, to) }
  const place = facts.by.kind === 'block' ? 'the upstream' : 'Nginx'
  return {
    kind: 'change',
    phase: 'traffic',
    title: `Point ${place} from ${from} to ${to} and reload ${place === 'Nginx' ? 'it' : 'Nginx'}`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: rewriting(edit),
    do: { shell: lines(open(facts, FLIP), forwards(edit)), deadline: DEADLINE },
    undo: { shell: lines(open(facts, FLIP), back(reversed(edit))), deadline: DEADLINE },
    manualUndo: byHand(facts.target, reversed(edit)).text,
  }
}

/** What a change does to the configuration: all of it is loaded at once. */
export interface Edit {
  readonly files: readonly FileRewrite[]
  readonly links: readonly LinkTurn[]
}

/** The edit that takes this one back. */
export function reversed({ files, links }: Edit): Edit {
  return {
    files: files.map(({ at, rewrite }) => ({ at, rewrite: backwards(rewrite) })),
    links: links.map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from })),
  }
}

/** What a rewrite and a reload come to, for who reads a plan. */
export function rewriting({ files, links }: Edit): Effect {
  const turns = links.map(({ link, to }) => `Turns ${link} to ${to}, sees that Nginx reads that, `)
  return {
    does: `${turns.join('') || 'Writes the lines in place, sees that Nginx reads them, '}runs \`nginx -t\` and \`nginx -s reload\`, and waits for the new workers`,
    undoes: links.length > 0 ? 'Turns it back, and reloads' : 'Writes the same lines as they were, and reloads',
    files: files.map(({ at, rewrite: { edits, before, after } }) => ({
      kind: 'lines',
      path: at.file,
      lines: edits.map(({ from, to }) => ({ from, to })),
      before,
      after,
    })),
  }
}

/** The same by commands that a person can read: the lines are written in place, so that the file keeps its inode. */
export function byHand({ stateDirectory, nginx }: ReloadTarget, { files, links }: Edit): Shell {
  const aside = `${stateDirectory}/nginx-file.by-hand`
  const turns = links.map(({ link, to, sudo }) => sh`${sudo ? sh`sudo ` : sh``}ln -sfn ${to} ${link} && `.text)
  const writes = files.map(({ at: { file, sudo, inside }, rewrite: { edits } }) => {
    const expressions = edits.flatMap(({ from, to }) => ['-e', `s|^${basic(from)}$|${to.replace(/[|&\\]/g, '\\$&')}|`])
    if (inside !== undefined) {
      const exec = sh`${inside.docker} exec -i ${inside.container}`
      return sh`${exec} cat ${file} | sed ${expressions} > ${aside} && ${exec} sh -c ${'cat > "$0"'} ${file} < ${aside} && rm ${aside} && `
        .text
    }
    const write = sudo ? sh`sudo tee ${file} < ${aside} >/dev/null` : sh`cat ${aside} > ${file}`
    return sh`sed ${expressions} ${file} > ${aside} && ${write} && rm ${aside} && `.text
  })
  return lines(nginx, { text: `${turns.join('')}${writes.join('')}run_nginx -t && run_nginx -s reload` })
}

/** As a basic regular expression of POSIX that means just this text. */
function basic(text: string): string {
  return text.replace(/[.*^$[\]\\|]/g, '\\$&')
}

/** After the confirmation there is nothing to go back from. */
export function finalizeReload(facts: ReloadFacts): readonly Change[] {
  const { stateDirectory } = facts.target
  const [count, links] = [filesOf(facts).length, linksOf(facts).length]
  return [
    {
      kind: 'change',
      phase: 'retire',
      title: 'Put the marks of the reload away',
      on: 'all proxies',
      reason: 'command-failed',
      effect: { does: 'Removes what was kept of each file as it was' },
      do: {
        shell: lines(sh`state=${stateDirectory}`, ...[FLIP, 'nginx-mark'].map((name) => forget(name, count, links))),
        deadline: 10_000,
      },
    },
  ]
}

/** What the flip keeps is named so. */
const FLIP = 'nginx-file'

/** The file as it was, and as it is to be: of each file of each change by a name of its own. */
function selected(name: string, at: PointerFile, i: number): Shell {
  const own = i === 0 ? name : `${name}-${i + 1}`
  const kept = sh`old=$state/${`${own}.old`} put=$state/${`${own}.put`} called=${at.file}`
  if (at.inside !== undefined) return lines(kept, mirrored(`${own}.seen`, at.inNginx, at.inside))
  return lines(
    sh`file=${at.file}`,
    kept,
    at.sudo ? sh`write() { sudo -n dd "$@"; }` : sh`write() { dd "$@"; }`,
    sh`push() { :; }`,
  )
}

/** A file that only the container has is read into a copy, and what is written there goes back. */
function mirrored(copy: string, path: string, { docker, container }: NonNullable<PointerFile['inside']>): Shell {
  const into =
    'dd of="$1" bs=65536 conv=notrunc 2>/dev/null && dd of="$1" bs=1 seek="$2" count=0 2>/dev/null </dev/null'
  return lines(
    sh`file=$state/${copy}; write() { dd "$@"; }`,
    sh`fetch() { ${docker} exec ${container} cat ${path} </dev/null >"$file.new" && mv "$file.new" "$file"; }`,
    sh`push() { ${docker} exec -i ${container} sh -c ${into} sh ${path} "$size" <"$file" && fetch; }`,
    sh`fetch || fail ${`${path} cannot be read in the container ${container}`}`,
  )
}

/** A link, and the file that says that a change turned it. */
function linkAt(name: string, { link, sudo }: LinkTurn, i: number): Shell {
  return lines(
    sh`link=${link} kept=$state/${`${name}.link-${i + 1}`}`,
    sudo ? sh`with_rights() { sudo -n "$@"; }` : sh`with_rights() { "$@"; }`,
    defineTurn,
  )
}

/** Removes what a change kept. */
export function forget(name: string, count: number, links = 0): Shell {
  const turned = Array.from({ length: links }, (_, i) => `${name}.link-${i + 1}`)
  const files = Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}-${i + 1}`))
  return sh`(cd "$state" && rm -f ${[...files.flatMap((each) => [`${each}.old`, `${each}.put`, `${each}.seen`]), ...turned, `${name}.workers`]})`
}

/**
 * What a rewrite needs before all else. Another target may have a place in the same file: those of one directory share a
 * lock that nobody else can open; those of other directories are kept apart by one on the first file itself, which anybody
 * who reads the file can hold as well: that is waited for, and then it is done all the same.
 * @param name of what is kept meanwhile in the state directory
 */
export function open(facts: ReloadFacts, name: string): Shell {
  const { directory, stateDirectory, nginx, master, errorLog, container } = facts.target
  return lines(
    nginx,
    sh`umask 077; export LC_ALL=C; state=${stateDirectory} name=${name} reloaded=${stateDirectory}/${`${name}.workers`}`,
    sh`fail() { printf '%s\\n' "$*" >&2; exit 1; }`,
    defineOwnFolder,
    sh`if { own_folder ${fromHome(directory)} && ( : >>"$own/lock" ); } 2>/dev/null; then exec 9<"$own/lock"; flock -w 20 9 || fail "$own/lock is held by another release"; fi`,
    ...onHost(facts).map(({ file }) => sh`[ -r ${file} ] || fail ${`${file} cannot be read`}`),
    ...onHost(facts)
      .slice(0, 1)
      .map(({ file }) => sh`exec 8<${file}; flock -w 5 8 || :`),
    definePut,
    defineTake(
      master,
      errorLog,
      container === undefined ? 'the error log of Nginx' : `what docker logs ${container} prints`,
    ),
    defineActive(facts),
    defineRemember,
  )
}

function onHost(facts: ReloadFacts): readonly PointerFile[] {
  return filesOf(facts).filter(({ inside }) => inside === undefined)
}

/** Rewrites, and makes Nginx load that. `open` comes before it. */
export function forwards({ files: rewrites, links }: Edit, name = FLIP): Shell {
  return lines(
    ...links.map((turn, i) =>
      lines(
        linkAt(name, turn, i),
        sh`if [ "$(readlink "$link")" != ${turn.to} ]; then`,
        sh`  [ "$(readlink "$link")" = ${turn.from} ] || fail "$link was turned since it was read: run this again"`,
        sh`  { rm -f "$reloaded" && : > "$kept"; } || fail "cannot write into $state"`,
        sh`  sync "$kept" 2>/dev/null || sync`,
        sh`  turn "$link" ${turn.to} || fail "$link cannot be turned"`,
        sh`fi`,
      ),
    ),
    ...rewrites.map(({ at, rewrite }, i) =>
      lines(
        selected(name, at, i),
        defineEdited(rewrite),
        // The sentinel keeps the last line end, which the shell would take away.
        sh`text=$(edited && echo x) || fail "$called was changed since it was read: run this again"; text=\${text%x}`,
        sh`if [ "$(printf '%s' "$text" | sum)" != "$(sum < "$file")" ]; then`,
        sh`  { rm -f "$reloaded" && cat "$file" > "$old.new" && touch -r "$file" "$old.new" && printf '%s' "$text" > "$put.new" && mv "$put.new" "$put" && mv "$old.new" "$old"; } || fail "cannot write into $state"`,
        sh`  sync "$old" "$put" 2>/dev/null || sync`,
        sh`  put || exit 1`,
        sh`fi`,
      ),
    ),
    sh`dump=$(run_nginx -T 2>/dev/null; echo x); dump=\${dump%x}; loads=$(printf '%s' "$dump" | sum)`,
    ...rewrites.map(({ at, rewrite }, i) => lines(selected(name, at, i), defineEdited(rewrite), readBack(at.inNginx))),
    links.length === 0
      ? sh``
      : sh`case $(printf '%s' "$dump" | active) in neither|'') fail "Nginx does not read what the turned link leads to" ;; esac`,
    sh`said=$(run_nginx -t 2>&1) || fail "nginx -t refuses the configuration: $said"`,
    sh`[ -e "$reloaded" ] || workers > "$reloaded"`,
    sh`take || fail "$failed"`,
    sh`remember`,
  )
}

/** What is put back is known from before, and nothing of it needs room on the disk. `open` comes before it. */
export function back({ files: rewrites, links }: Edit, name = FLIP): Shell {
  const others = 'somebody changed them since; write the previous address there and reload Nginx'
  return lines(
    defineTorn,
    sh`begun=`,
    ...links.map((turn, i) =>
      lines(
        linkAt(name, turn, i),
        sh`if [ -e "$kept" ]; then begun=yes`,
        sh`  case $(readlink "$link") in ${turn.to}) ;; ${turn.from}) turn "$link" ${turn.to} || fail "$link cannot be turned" ;;`,
        sh`  *) fail "$link is not where this release turned it: somebody changed it since; turn it to "${turn.to}" and reload Nginx" ;; esac`,
        sh`fi`,
      ),
    ),
    ...rewrites.map(({ at, rewrite }, i) =>
      lines(
        selected(name, at, i),
        // Never begun: an equal line elsewhere is not ours.
        sh`if [ -e "$old" ]; then begun=yes`,
        defineEdited(rewrite),
        sh`if torn "$put" "$old"; then text=$(cat "$old"; echo x)`,
        sh`else text=$(edited && echo x) || {`,
        // Whoever undoes this says by `there` that requests were found to go back already: there is nothing left to do.
        sh`  [ -z "\${there-}" ] || { ${forget(name, rewrites.length)}; exit 0; }`,
        sh`  fail "the lines in $called are not the ones that this release wrote: "${others}; }; fi`,
        sh`text=\${text%x}`,
        sh`[ "$(printf '%s' "$text" | sum)" = "$(sum < "$file")" ] || put || exit 1`,
        sh`fi`,
      ),
    ),
    sh`[ -n "$begun" ] || exit 0`,
    sh`if [ -e "$reloaded" ]; then`,
    sh`  loads=$(shown)`,
    sh`  if failed=$(run_nginx -t 2>&1); then take && remember; else failed="nginx -t refuses the configuration: $failed"; sleep 1; false; fi ||`,
    // A reload that never took left the workers as they were, and the file is too.
    sh`    untouched "$(cat "$reloaded")" || fail "$failed"`,
    sh`fi`,
    // A time that is put back tells tools like make that nothing happened; that it was loaded, `remember` says.
    ...rewrites.map(({ at }, i) =>
      lines(selected(name, at, i), sh`[ ! -e "$old" ] || touch -r "$old" "$file" 2>/dev/null`),
    ),
    forget(name, rewrites.length, links.length),
  )
}

/** A single-file bind mount may still show the old file: what counts is what Nginx reads. It reads `$dump`. */
function readBack(inNginx: string): Shell {
  const section = `$0 == "# configuration file " ENVIRON["SHOWN"] ":" { inside = 1; next } /^# configuration file \\/.*:$/ { inside = 0 } inside`
  return lines(
    sh`export ${`SHOWN=${inNginx}`}`,
    sh`section=$(printf '%s' "$dump" | awk ${section}; echo x); section=\${section%x}`,
    sh`[ -n "$section" ] || fail "nginx -T does not show $SHOWN: $(run_nginx -t 2>&1)"`,
    sh`text=$(edited; echo x); text=\${text%x}`,
    sh`[ "$section" = "$text"${'\n'} ] || fail "Nginx does not read what was written to $called: is it mounted as a single file that was replaced since? Restart that container once"`,
  )
}
