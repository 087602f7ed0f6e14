import type { Taken } from './heartbeat.ts'
import type { Lease } from './lease.ts'

type Busy = Extract<Taken, { kind: 'busy' }>

/** What a run noticed so far of the one that holds the lease it wants. Times are milliseconds of one clock. */
export interface Waiting {
  /** When this run began to wait. */
  readonly since: number
  /** Until when this run waits, whether the other one lives or not. */
  readonly patience: number
  /** It was asked to restore. */
  readonly asked?: Lease['holder']
  /** It is confirmed, and only cleans up. */
  readonly ends?: true
  /** Absent where a beat of its heart was heard: it lives. */
  readonly silence?: { readonly number: number; readonly since: number; readonly stale: number }
  /** Number of the lease of which a beat was heard. */
  readonly living?: number
}

/** Milliseconds for which a rollback waits for a release that it asked to restore. */
const FOR_A_RESTORE = 60_000
/** The same for one that is confirmed: what its clients have begun may take its `drain-timeout`. */
const FOR_AN_END = 120_000
/** The same for a lease to be stale whose run has perhaps ended. */
const FOR_SILENCE = 60_000
/** Milliseconds that a lease may be stale before that is seen. */
const MARGIN = 500

/** @param patience milliseconds that the user allows */
export function beginWaiting(now: number, patience: number): Waiting {
  return { since: now, patience: now + patience }
}

/** What is known once the lease was found held again, by whom it was asked. */
export function noticed(before: Waiting, busy: Busy, now: number): Waiting {
  const heard = listened(before, busy, now)
  if (busy.asked && before.asked === undefined) {
    const { holder } = busy.lease ?? {}
    return { ...heard, patience: Math.max(heard.patience, now + FOR_A_RESTORE), ...(holder && { asked: holder }) }
  }
  // What it released is live and confirmed: that is what a rollback is to take away.
  if (busy.ends && !before.ends) {
    return { ...heard, patience: Math.max(heard.patience, now + FOR_AN_END), ends: true }
  }
  return heard
}

/** Until when to wait: a run of which nothing is heard is waited for until its lease is stale, where that is soon. */
export function waitsUntil({ since, patience, silence }: Waiting, asks: boolean): number {
  const stale = asks && silence !== undefined ? silence.stale : 0
  return stale - since > FOR_SILENCE ? patience : Math.max(patience, stale)
}

function listened(before: Waiting, { lease, age }: Busy, now: number): Waiting {
  const { silence, living, ...rest } = before
  if (lease === undefined || lease.number === living) return before
  const heartbeat = now - age
  if (silence?.number !== lease.number) {
    return { ...rest, silence: { number: lease.number, since: heartbeat, stale: heartbeat + lease.lease + MARGIN } }
  }
  // Two beats are a sixth of the lease apart; what an answer takes to come is less.
  return heartbeat - silence.since > lease.lease / 12 ? { ...rest, living: lease.number } : before
}
