import { lines, type Shell, sh, userCommand } from './quote.ts'
import { searchQuestion } from './search-path.ts'

/**
 * Signals every process of the session that is led by process `$session`, but the one that asks. By session and not by
 * process group, since `timeout` and others make groups of their own. Nobody is asked to end twice: many take the
 * second SIGTERM for a wish to hurry.
 */
const sweep = userCommand(`sweep() {
  read -r me _ </proc/self/stat
  left=0
  for stat in /proc/[0-9]*/stat; do
    { read -r entry <"$stat"; } 2>/dev/null || continue
    pid=\${entry%% *}
    set -- "$1" \${entry##*) }
    if [ "$5" = "$session" ] && [ "$2" != Z ] && [ "$pid" != "$me" ]; then
      left=1
      case "$1$told" in TERM*" $pid "*) continue ;; esac
      told="$told $pid "
      kill -s "$1" "$pid"
    fi
  done
}`)

/** Sets `up` to the hundredths of a second since the host was started: what is counted by `sleep` runs late on a busy host. */
const clock = sh`clock() { read -r up _ </proc/uptime; up=\${up%.*}\${up#*.}; }`

/** What the login shell is asked to do, where it leads a session, as under OpenSSH. */
export const plainShell = 'exec /bin/sh -s'

/** Says where this shell leads no session (as under dropbear), and how it can. */
const whoLeads = sh`{ read -r entry </proc/$$/stat && set -- \${entry##*) } && [ "$4" != $$ ] && command -v setsid; } 2>/dev/null; :`

/** What is asked of a shell first: how it is led, where it is at home, and where the programs are that it does not find. */
export const firstQuestion = lines(whoLeads, sh`printf 'home %s\\n' "$HOME"`, searchQuestion)

/** The home directory, given the answer to `firstQuestion`. */
export function homeIn(answer: string): string {
  return /^home (\/.*?)\/*$/m.exec(answer)?.[1] ?? '/'
}

/** What the login shell is asked to do, given the answer to `firstQuestion`. */
export function shellCommand(answer: string): string {
  const [, setsid] = /^(\/.*)$/m.exec(answer) ?? []
  return setsid === undefined ? plainShell : sh`exec ${setsid} /bin/sh -s`.text
}

/**
 * What goes to the standard input of the shell. The braces are read as a whole, so that nothing runs of what came in
 * half. All before the mark is noise of the login; after it comes the process that leads the session. After `deadline`
 * milliseconds the host itself ends all of the session, even with nobody connected, and the code is 124 or 137.
 */
export function wrapped(script: Shell, mark: string, deadline: number): string {
  return `${
    lines(
      sh`{ echo ${mark} $$; echo ${mark} >&2; late=; trap late=124 TERM`,
      sh`( ${sweep}`,
      clock,
      sh`session=$$; told=; clock; end=$((up + ${Math.ceil(deadline / 10)}))`,
      sh`while clock; [ $up -lt $end ]; do sleep 1; kill -0 $$ || exit; done`,
      sh`trap '' TERM; sweep TERM; sleep 5; told=; sweep KILL ) </dev/null >/dev/null 2>&1 &`,
      sh`(`,
      script,
      sh`) </dev/null`,
      sh`code=$?; exit "\${late:-$code}"; }`,
    ).text
  }\n`
}

/** The same for a script that hears what it is told, and ends with its standard input: it has no deadline. */
export function listening(script: Shell, mark: string): string {
  return `${lines(sh`{ echo ${mark} $$; (`, script, sh`); exit $?; }`).text}\n`
}

/**
 * Ends the session that a process leads: SIGTERM, and SIGKILL for what is still there after `grace` milliseconds. A
 * process that was begun while the others were being told is told by the next sweep.
 */
export function ending(session: number | Shell, grace: number): Shell {
  return lines(
    sweep,
    clock,
    sh`session=${session}; told=; pause=0.02; clock; end=$((up + ${Math.ceil(grace / 10)}))`,
    // Again and again: what was about to start a process when it ended has started it. Most end at once.
    sh`while sweep TERM; clock; [ $left = 1 ] && [ $up -lt $end ]; do sleep $pause; pause=0.1; done`,
    sh`[ $left = 0 ] || sweep KILL`,
  )
}
