import { lines, type Shell, sh } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import { holderSentence, readLease } from './lease.ts'
import { judgedState } from './on-host/state.ts'

/** Who may change the target, what was left half done, and what watches over it: in words. */
export interface CustodyState {
  readonly lease: string
  readonly journal: string
  readonly guard: string
  /** A run holds the target now. */
  readonly busy: boolean
  /** A run was ended from outside, and nobody has recovered what it left. */
  readonly abandoned: boolean
}

/** Prints what `readCustody` reads. Changes nothing, and takes no lock. */
export function custodyQuestion(directory: string): Shell {
  return lines(
    judgedState(directory, 0, sh`exit 0`),
    sh`[ -r "$state/lease" ] || exit 0`,
    sh`now`,
    sh`for journal in "$state"/journal-*; do`,
    sh`  [ -r "$journal/changes" ] || continue`,
    sh`  decided; beat=0 beaten='' age=-; { read -r beat beaten <"$journal/heartbeat"; } 2>/dev/null`,
    sh`  [ "$beaten" != "$boot" ] || age=$((up - \${beat:-0}))`,
    sh`  pid='' start='' guard=none; { read -r pid start <"$journal/guard"; } 2>/dev/null`,
    sh`  [ -z "$pid" ] || { guard=dead; ! alive "$pid" "$start" || guard=alive; }`,
    sh`  echo "journal \${journal##*-} \${decision:-undecided} $guard $age $(grep -c . "$journal/changes")"`,
    sh`done`,
    sh`printf 'lease '; head -n 1 "$state/lease"`,
  )
}

export function readCustody(section: Section | undefined): CustodyState {
  const said = section?.stdout ?? ''
  const line = /^lease (.*)$/m.exec(said)?.[1] ?? ''
  const lease = readLease(line)
  const journals = [...said.matchAll(/^journal (\d+) (\S+) (\S+) (\S+) (\d+)$/gm)].map(
    ([, number, decision = '', guard = '', age = '-', changes]) => ({
      ...{ number: Number(number), decision, guard, changes: Number(changes) },
      age: age === '-' ? undefined : Number(age) * 10,
    }),
  )
  const own = journals.find(({ number }) => number === lease?.number)
  const heartbeats = lease?.holder !== undefined && own?.age !== undefined && own.age <= lease.lease
  const told = journals.map(
    ({ number, decision, changes }) => `number ${number}, ${decision}, ${changes} change${changes === 1 ? '' : 's'}`,
  )
  return {
    lease: line.trim() !== '' && lease === undefined ? UNREADABLE : leaseSentence(lease, own?.age, heartbeats),
    journal: told.join('; ') || 'none',
    guard: own?.guard ?? 'none',
    busy: heartbeats,
    abandoned: !heartbeats && (lease?.holder !== undefined || journals.length > 0),
  }
}

const UNREADABLE = 'unreadable: something else wrote into its file; the next run goes by the journals'

function leaseSentence(lease: ReturnType<typeof readLease>, age: number | undefined, heartbeats: boolean): string {
  if (lease === undefined) return 'none'
  if (lease.holder === undefined) return `free (the last one was number ${lease.number})`
  const heartbeat =
    age === undefined ? 'has not beaten since the host was started' : `beat ${Math.round(age / 1000)} s ago`
  return `number ${lease.number}, ${heartbeats ? 'held' : 'stale'}: ${holderSentence(lease.holder)}; its heart ${heartbeat}`
}
