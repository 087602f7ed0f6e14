import { lines, type Shell, sh, userScript } from '../../host/quote.ts'
import { type Change, type Color, colorOfAll } from '../../release/model.ts'
import type { Router, Versions } from '../router.ts'

/** The user's own commands, on the proxy host in their folder. */
export interface Commands {
  readonly directory: string
  /** Prints which color is live. */
  readonly live: string
  /** Moves requests; safe to run twice. */
  readonly flip: string
  /** What the first one printed when it was asked. */
  readonly was: Color | ''
}

/** Milliseconds for a flip, the question which color is live included. */
const DEADLINE = 10 * 60_000

/** Flips by a command of the user, and believes what another one prints. */
export function commandRouter(commands: Commands): Router {
  const spared = (color: Color) => ({ color, holds: holdsBy(commands, color) })
  return {
    name: 'The live command',
    how: 'command of its own',
    current: async () => ({ kind: 'color', color: commands.was === '' ? 'green' : commands.was }),
    holds: (color) => holdsBy(commands, color),
    change: (from, to, versions) => {
      const [previous, next] = [colorOfAll(from), colorOfAll(to)]
      const holds = { previous: spared(previous), next: spared(next) }
      return [{ ...flipBy(commands, previous, next, versions), holds }]
    },
    prepare: () => [],
    finalize: () => [],
    retired: () => [],
    drain: () => [],
  }
}

/** Sets `live` to the color that the command prints last; ends the script with 2 if it fails. */
export function askLive({ directory, live }: Pick<Commands, 'directory' | 'live'>): Shell {
  return lines(
    sh`live=$( (`,
    userScript(directory, live, {}),
    sh`) </dev/null ) || { echo "live-command ended with $?." >&2; exit 2; }`,
    sh`live=$(printf '%s\n' "$live" | tail -n 1 | tr -d '[:space:]')`,
  )
}

/** See `Router.holds`. */
function holdsBy(commands: Commands, color: Color): Shell {
  return lines(
    askLive(commands),
    sh`echo "live-command prints \${live:-nothing}"`,
    sh`case $live in ${color}) exit 0 ;; blue | green | '') exit 1 ;; *) exit 2 ;; esac`,
  )
}

function flipBy(commands: Commands, from: Color, to: Color, { next, previous = '' }: Versions): Change {
  const there = { COLOR: to, VERSION: next, PREVIOUS_COLOR: from, PREVIOUS_VERSION: previous }
  const back = { COLOR: from, VERSION: previous, PREVIOUS_COLOR: to, PREVIOUS_VERSION: next }
  // Nothing was live before the first release: there is nothing to go back to.
  const undo = commands.was === '' ? undefined : { shell: flips(commands, back), deadline: DEADLINE }
  return {
    kind: 'change',
    phase: 'traffic',
    title: `Run the flip command from ${from} to ${to}`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: {
      does: `Runs \`flip-command\` with COLOR=${to}, and asks \`live-command\``,
      ...(undo && { undoes: `Runs it with COLOR=${from}, and asks again` }),
    },
    do: { shell: flips(commands, there), deadline: DEADLINE },
    ...(undo && { undo }),
  }
}

/** Ends with 0 once the live command prints the color. */
function flips(commands: Commands, variables: Readonly<Record<string, string>> & { readonly COLOR: string }): Shell {
  return lines(
    sh`(`,
    userScript(commands.directory, commands.flip, variables),
    sh`) </dev/null || { code=$?; echo "flip-command ended with $code." >&2; exit 1; }`,
    askLive(commands),
    sh`[ "$live" = ${variables.COLOR} ] || { echo "live-command prints \${live:-nothing} after the flip." >&2; exit 1; }`,
  )
}
