import { lines, type Shell, sh } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import { seconds } from '../log.ts'
import { holderSentence, readLease } from './lease.ts'
import { stateShell } from './state-shell.ts'

/** Who may change a target, what was left half done, and who watches over it: in words. */
export interface CustodyState {
  readonly lease: string
  readonly journal: string
  readonly guard: string
}

/** Prints what `readCustody` reads. Changes nothing. */
export function custodyQuestion(directory: string): Shell {
  return lines(
    stateShell(directory, 0),
    sh`[ -s "$state/lease" ] || exit 0`,
    sh`read -r number rest <"$state/lease"; echo "lease $number $rest"`,
    sh`journal=$state/journal-$number; now; beat= beaten=; { read -r beat beaten <"$journal/heartbeat"; } 2>/dev/null`,
    sh`[ "$beaten" != "$boot" ] || echo "age $((up - \${beat:-0}))"`,
    sh`for journal in "$state"/journal-*; do`,
    sh`  [ -d "$journal" ] || continue`,
    sh`  decided; echo "journal \${journal##*-} \${decision:-undecided}"`,
    sh`  pid= start=; { read -r pid start <"$journal/guard"; } 2>/dev/null`,
    sh`  [ -z "$pid" ] || { if alive "$pid" "$start"; then echo "guard alive \${journal##*-}"; else echo "guard ended \${journal##*-}"; fi; }`,
    sh`done`,
  )
}

export function readCustody(section: Section | undefined): CustodyState {
  const said = (section?.stdout ?? '').split('\n')
  const all = (key: string): readonly string[] =>
    said.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))
  const lease = readLease(all('lease')[0] ?? '')
  const age = all('age')[0]
  const milliseconds = age === undefined ? undefined : Number(age) * 10
  const beat =
    milliseconds === undefined
      ? 'without any heartbeat since the host was started'
      : `its last heartbeat came ${seconds(milliseconds)} ago${lease && milliseconds > lease.lease ? ', and so it is stale' : ''}`
  const journals = all('journal').map((line) => line.replace(' ', ': '))
  return {
    lease: lease?.holder === undefined ? 'nobody holds it' : `held by ${holderSentence(lease.holder)}; ${beat}`,
    journal: journals.length === 0 ? 'none' : journals.join(', '),
    guard:
      all('guard')
        .map((line) => line.split(' ')[0])
        .join(', ') || 'none',
  }
}
