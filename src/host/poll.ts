import { lines, type Shell, sh, userCommand } from './quote.ts'

/** In a script that runs alongside others of its kind: ends with 0 once those that came before it, the router's, are over. */
export const AFTER_ROUTER: Shell = sh`{ over=yes; for other in \${before_it:-}; do ! kill -0 "$other" 2>/dev/null || over=; done; [ -n "$over" ]; }`

/** Scripts side by side, in their order: each ends with a line, and may say something in the one before. */
export function sideBySide(scripts: readonly Shell[]): Shell {
  return lines(
    sh`before_it=`,
    ...scripts.map((shell) => sh`( (\n${shell}\n) | tail -n 2 ) & before_it="$before_it $!"`),
    sh`wait`,
  )
}

/**
 * Polls a shell function that prints a number until that is 0, or the time is over, and prints which. Always ends with 0.
 * @param duration in milliseconds, counted on the uptime of the host
 */
export function waitUntilNone(count: 'still' | 'leaving', duration: number, noun: string): readonly Shell[] {
  const counter = userCommand(count)
  return [
    sh`now() { read -r uptime rest < /proc/uptime; echo "$uptime" | tr -d .; }`,
    sh`begin=$(now); end=$((begin + ${Math.ceil(duration / 10)}))`,
    sh`while left=$(( $(${counter}) )); [ "$left" -gt 0 ] && [ "$(now)" -lt "$end" ]; do sleep 0.2; done`,
    sh`took=$(( ($(now) - begin) * 10 ))`,
    sh`if [ "$left" -eq 0 ]; then echo "no ${userCommand(noun)} was left after $took ms"; else echo "$left ${userCommand(noun)}(s) were left after $took ms"; fi`,
  ]
}
