import { type Host, HostError } from '../host/host.ts'
import type { Shell } from '../host/quote.ts'
import type { Executor } from '../release/interpret.ts'
import type { Change, Spared } from '../release/model.ts'
import { Failure, type Reason, sentenceOf, wasCancelled } from '../release/reasons.ts'
import { readLeftAlone } from '../release/spared.ts'
import { type HeartbeatReport, type Left, startHeartbeat, type Taken } from './heartbeat.ts'
import { holderSentence, type Lease, type Wanted } from './lease.ts'
import { type NewEntry, prepareLedger } from './ledger.ts'
import {
  confirmation,
  decide,
  FENCE_TIME,
  fenced,
  fencedUndo,
  type Held,
  type Refusal,
  readRefusal,
  rearm,
  standing,
} from './on-host/fence.ts'
import { journalLine } from './on-host/journal.ts'
import { endedElsewhere, guardActed, LOST, told } from './refusals.ts'

/** The right to change a target, for as long as it is held; and the fence around everything that changes it. */
export interface Custody {
  readonly held: Held
  /** Aborts, with a `Failure`, where this run must not go on: its lease is lost, its guard acted, or it was asked to restore. */
  readonly signal: AbortSignal
  /** Whose the lease was before, in a sentence. */
  readonly before: string
  /** Journals that earlier runs left, the oldest first. */
  readonly left: readonly Left[]
  /** The same hands behind the fence: each change is written into the journal before it begins. */
  fence(executor: Executor): Executor
  /** Whom a rollback asked to restore, and waited for. */
  readonly asked?: NonNullable<Lease['holder']>
  /** Says which color the release goes to. */
  toward(color: string): void
  /** Confirms the release and records it, as one decision. Its answer is asked for again where it was lost. */
  confirm(confirmed: Confirmed): Promise<void>
  /** Writes that traffic stays where it is, though the release failed. */
  keep(): Promise<void>
  /**
   * Gives the lease back. `unfinished` leaves the journal to whoever comes next; `alone` leaves the lease too, so that the
   * guard acts. Never throws: `false` where the host did not say that it was given back.
   */
  end(how: 'clean' | 'unfinished' | 'alone'): Promise<boolean>
}

/** What a confirmation writes down. */
export interface Confirmed {
  readonly entry: NewEntry
  /** See `Runtime.identify`. */
  readonly identity: Shell
  /** One line for a rollback that cannot read Nginx: see `rememberSwitch`. */
  readonly seen?: string
  /** What is to follow. */
  readonly finish: readonly Change[]
  /** The color that the release came from. */
  readonly spares: Spared
}

/** Tries to hear whether a confirmation was made. */
const CONFIRMING = 3
/** Milliseconds. */
const DEADLINE = 30_000

/** What a run may do once it holds the lease. */
export function custodyOf(
  host: Host,
  wanted: Wanted,
  taken: Extract<Taken, { kind: 'held' }>,
  asked: Lease['holder'],
): Custody {
  const { directory, token, lease } = wanted
  const held: Held = { directory, token, lease, number: taken.number }
  const stop = new AbortController()
  /** Changes of traffic that are not undone, by their index in the journal. */
  const traffic = new Map<number, Change>()
  const waiting: string[] = []
  let next = 0
  let undoing = false
  let confirmed = false
  let arming: Promise<void> | undefined
  /** Who ended this release instead of this run. */
  let over: Exclude<Refusal, { kind: 'unwritten' | 'unsafe' }> | undefined

  const onHeartbeat = (heartbeat: HeartbeatReport): void => {
    if (undoing || confirmed || stop.signal.aborted) return
    if (!heartbeat.held) stop.abort(new Failure('lease-lost', LOST))
    else if (heartbeat.decision !== 'undecided' && heartbeat.decision !== 'confirmed')
      stop.abort(guardActed(heartbeat.decision))
    else if (heartbeat.asked)
      stop.abort(new Failure('superseded', 'A rollback asked this release to put the previous version back.'))
    else if (heartbeat.guard === 'dead' && heartbeat.decision === 'undecided') arming ??= armAgain()
  }
  const armAgain = async (): Promise<void> => {
    try {
      await answer(host, rearm(held), 'guard-failed')
    } catch (cause) {
      stop.abort(
        new Failure(
          'guard-failed',
          `The guard on ${host.name} ended, and could not be started again: ${sentenceOf(cause)}`,
          { cause },
        ),
      )
    } finally {
      arming = undefined
    }
  }
  const heartbeat = startHeartbeat(host, wanted, taken, onHeartbeat)

  /** What a script behind the fence refused is told as what it means. */
  const behind = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      const printed = cause instanceof Failure ? cause.evidence.join('\n') : ''
      const alone = readLeftAlone(printed, cause)
      if (alone !== undefined) throw alone
      const refusal = readRefusal(printed)
      if (refusal !== undefined) {
        if (refusal.kind !== 'unwritten' && refusal.kind !== 'unsafe') over = refusal
        throw told(refusal, directory, cause)
      }
      if (stop.signal.aborted && wasCancelled(cause)) throw stop.signal.reason
      throw cause
    }
  }
  /** A run that was frozen, or cut off, sees what others have done since: that is no failure of what it looks at. */
  const unlessOver = async (cause: unknown): Promise<never> => {
    if (!wasCancelled(cause)) await behind(() => answer(host, standing(held), 'lease-lost').catch(refusalAlone))
    throw cause
  }
  return {
    held,
    signal: stop.signal,
    before: before(taken.before),
    left: taken.left,
    ...(asked && { asked }),
    toward: (color) => heartbeat.toward(color),
    fence: (executor) => ({
      ...executor,
      async change(change) {
        const index = next++
        if (change.do.shell.text === '') {
          waiting.push(journalLine(index, change))
          return executor.change(change)
        }
        if (change.phase === 'traffic') traffic.set(index, change)
        const shell = fenced(held, index, change, waiting.splice(0))
        const deadline = change.do.deadline + (change.phase === 'traffic' ? FENCE_TIME : 0)
        await behind(() => executor.change({ ...change, do: { shell, deadline } }))
      },
      check: (check) => behind(() => executor.check(check).catch(unlessOver)),
      async undo(change) {
        undoing = true
        if (over === undefined && change.phase === 'traffic') {
          await behind(() => answer(host, standing(held), 'lease-lost').catch(refusalAlone)).catch(() => undefined)
        }
        // Whoever took the lease over has undone it, or does.
        if (over?.kind === 'lost') return endedElsewhere(over, change)
        if (change.undo === undefined) return executor.undo(change)
        // The same change may be made twice: the last time is undone first.
        const index = [...traffic].findLast(([, each]) => each === change)?.[0]
        const last = index !== undefined && traffic.size === 1
        const shell = fencedUndo(held, change, last)
        const deadline = change.undo.deadline + (change.phase === 'traffic' ? FENCE_TIME : 0)
        const printed = await behind(() => executor.undo({ ...change, undo: { shell, deadline } })).catch(
          (cause: unknown) => {
            if (over?.kind === 'lost') return endedElsewhere(over, change)
            throw cause
          },
        )
        if (index !== undefined) traffic.delete(index)
        return printed
      },
      confirm: (item) => behind(() => executor.confirm(item)),
    }),
    async confirm({ entry, identity, seen, finish, spares }) {
      const shell = confirmation(held, {
        identity,
        spares,
        record: prepareLedger(entry, seen),
        finish: finish.map((change) => journalLine(next++, change)),
      })
      for (let left = CONFIRMING; ; left--) {
        try {
          await answer(host, shell, 'confirm-failed')
          confirmed = true
          return
        } catch (cause) {
          if (left === 1 || !(cause instanceof HostError)) throw cause
        }
      }
    },
    async keep() {
      await answer(host, decide(held, 'kept'), 'state-directory')
    },
    async end(how) {
      await arming
      if (how !== 'alone') return heartbeat.end(how === 'clean' ? 'remove' : 'keep')
      heartbeat.stop()
      return true
    },
  }
}

/** Of what went wrong when the host was asked, only its refusal counts. */
function refusalAlone(cause: unknown): void {
  if (cause instanceof Failure && readRefusal(cause.evidence.join('\n')) !== undefined) throw cause
}

/** Runs a script of custody itself. @throws Failure with what it printed. */
export async function answer(host: Host, shell: Shell, reason: Reason): Promise<string> {
  const ran = await host.run({ shell, deadline: DEADLINE + FENCE_TIME })
  if (ran.code === 0) return ran.stdout
  const printed = ran.stderr.trim()
  throw new Failure(reason, `On ${host.name}: ${printed.slice(-300) || `exit code ${ran.code}`}`, {
    evidence: printed.split('\n'),
  })
}

function before(lease: Lease | undefined): string {
  return lease?.holder === undefined
    ? 'Nobody held the lease.'
    : `The lease was held by ${holderSentence(lease.holder)}.`
}
