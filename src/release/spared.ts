import { lines, type Shell, sh } from '../host/quote.ts'
import type { Color, Spared } from './model.ts'
import { Failure } from './reasons.ts'

/** Exit codes of a script that left a color alone: requests go to it; or that could not be told. */
const HOLDS = 76
const UNTOLD = 78

const FLIPPED = 'Somebody else sent requests to'
const UNKNOWN = "It can't be told whether requests go to"
const SAID = new RegExp(`^(${FLIPPED}|${UNKNOWN}) (blue|green) .*$`, 'm')

/** Printed by an undo of traffic that found requests where they are to go. */
const BACK = /^Requests went to (blue|green) already: somebody else put them back\.$/m

/** Sets `held` to 0 while requests go to the color, 1 when they don't, and else to something else; `saw` says what was seen. */
export function askWhether(holds: Shell): Shell {
  return lines(
    sh`saw=$( (`,
    holds,
    sh`) 2>&1 </dev/null 9>&- ); held=$?; saw=$(printf '%s' "$saw" | tr '\\n' ';' | cut -c1-300)`,
  )
}

/**
 * To be run once requests were asked for: says that a color was left alone, and ends, unless none go there.
 * @param what a word of the shell: what became of the color
 * @param then comes before, when requests go there
 */
export function leaveAlone(color: Color, what: Shell, then: Shell = sh`:`): Shell {
  const said = (words: string, code: number): Shell =>
    sh`printf '%s %s\n' ${`${words} ${color}`}" (\${saw:-exit code $held})." ${what} >&2; exit ${code}`
  return lines(
    sh`case $held in`,
    sh`1) ;;`,
    sh`0)`,
    then,
    sh`  ${said(FLIPPED, HOLDS)} ;;`,
    sh`*) ${said(UNKNOWN, UNTOLD)} ;;`,
    sh`esac`,
  )
}

/**
 * The second question, after a color was stopped: what somebody changed since the first one starts it again at once.
 * @param start what starts it again
 */
export function orStartAgain({ color, holds }: Spared, start: Shell): Shell {
  return lines(
    askWhether(holds),
    sh`if [ $held != 1 ]; then`,
    sh`  if said=$( { ${start}; } 2>&1 ); then again='It was being stopped just then, and was started again.'`,
    sh`  else again="It was being stopped just then, and could not be started again: $said"; fi`,
    sh`fi`,
    leaveAlone(color, sh`"$again"`),
  )
}

/** Rounds in a row in which it can't be told where requests go, until that is a failure. */
const UNTOLD_ROUNDS = 3

/**
 * Asks every so many milliseconds for as long as another script runs, and prints a line as soon as requests go to the
 * color. Ends when that one does.
 */
export function inRounds(script: Shell, { color, holds }: Spared, interval: number): Shell {
  return lines(
    sh`exec 3>&2; ( exec >/dev/null 2>&1; untold=0; while :; do`,
    // What it runs must not keep the output of this script open.
    sh`  {`,
    askWhether(holds),
    sh`  } 3>&-`,
    sh`  case $held in 0) untold=${UNTOLD_ROUNDS} ;; 1) untold=0 ;; *) untold=$((untold + 1)) ;; esac`,
    sh`  if [ $untold = ${UNTOLD_ROUNDS} ]; then exec 2>&3`,
    leaveAlone(color, sh`'This was seen in the watch.'`),
    sh`  fi`,
    sh`  sleep ${(interval / 1000).toFixed(3)} 3>&- 2>/dev/null || sleep 1 3>&-`,
    sh`done ) & rounds=$!`,
    sh`(`,
    script,
    sh`) 3>&-; code=$?; kill $rounds 2>/dev/null; exit $code`,
  )
}

/** Whether a script ended because it left a color alone: to be run right after it. */
export const LEFT_ALONE = sh`[ $code = ${HOLDS} ]`

/** What such a script printed, as what it means; undefined when it is no such thing. */
export function readLeftAlone(printed: string, cause?: unknown): Failure | undefined {
  const [line, how = ''] = SAID.exec(printed) ?? []
  if (line === undefined) return undefined
  return new Failure(how === FLIPPED ? 'flipped-by-others' : 'drift', line, { cause })
}

/** Says that somebody else put requests back before this undo did. */
export function saysBack(color: Color): Shell {
  return sh`echo ${backSentence(color)}`
}

/** What is said then. */
export function backSentence(color: Color): string {
  return `Requests went to ${color} already: somebody else put them back.`
}

/** The same, read. */
export function isBack(lines: readonly string[]): boolean {
  return lines.some((line) => BACK.test(line))
}
