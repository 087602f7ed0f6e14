import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { seconds } from '../front/actions/log.ts'
import type { Host } from '../host/host.ts'
import type { Progress } from '../release/progress.ts'
import { Failure } from '../release/reasons.ts'
import { type Custody, custodyOf } from './custody.ts'
import { type Taken, tryLease } from './heartbeat.ts'
import { type Holder, holderSentence, type Lease, type Wanted } from './lease.ts'
import { unsafe } from './refusals.ts'
import { beginWaiting, noticed, waitsUntil } from './waiting.ts'

export interface Terms {
  readonly directory: string
  /** Milliseconds. */
  readonly lease: number
  /** Milliseconds to wait for another run. */
  readonly patience: number
  readonly holder: Holder
  readonly token: string
  readonly over?: Wanted['over']
  /** Asks a release that is in its watch to restore, and waits for it; or for a lease to be stale whose heart is silent. */
  readonly asks?: true
  /** Whether the run with this address has ended, where somebody can tell. */
  readonly hasEnded?: (run: string) => Promise<boolean | 'unknown'>
}

/** Milliseconds between two attempts. */
const BETWEEN = 1000
/** Milliseconds between two lines that say who is waited for. */
const TOLD = 10_000

/** A random word that proves who holds a lease. */
export function newToken(): string {
  return randomUUID()
}

/**
 * Takes the lease of a target, and waits for it as long as the terms say. `absent`: there is no state directory, and
 * none can be made.
 * @throws Failure `lease-held` with who holds it; `state-directory` where it cannot be taken for another reason.
 */
export async function takeCustody(
  host: Host,
  terms: Terms,
  progress: Progress,
  signal: AbortSignal,
): Promise<Custody | 'absent'> {
  const { directory, lease, holder, token, over, asks } = terms
  const wanted: Wanted = { directory, lease, holder, token, ...(over && { over }) }
  let waiting = beginWaiting(performance.now(), terms.patience)
  let told = Number.NEGATIVE_INFINITY
  let ended: number | undefined
  /** Waited for only because nothing was heard of it. */
  let beyond: Busy | undefined
  for (;;) {
    signal.throwIfAborted()
    // One that was found before its flip, and flips meanwhile, is not what was to be taken away.
    const asking = asks && beyond === undefined
    const taken = await tryLease(host, { ...wanted, ...(asking && { asks }), ...(ended !== undefined && { ended }) })
    if (taken.kind === 'held') {
      const custody = custodyOf(host, wanted, taken, waiting.asked)
      if (beyond === undefined || !gaveItBack(beyond, taken.before)) return custody
      await custody.end('clean')
      throw refusedBy(beyond, directory)
    }
    if (taken.kind === 'absent') return 'absent'
    if (taken.kind === 'unsafe') throw unsafe(taken.fault, directory)
    if (taken.kind !== 'busy' && taken.kind !== 'locked') throw untakable(host, directory, taken.kind)
    if (taken.kind === 'busy') {
      const first = waiting.asked === undefined
      waiting = noticed(waiting, taken, performance.now())
      if (first && waiting.asked) progress.note(`Asked ${who(taken)}, to put the previous version back.`)
    }
    const end = waitsUntil(waiting, asks === true)
    if (performance.now() - told >= TOLD && taken.kind === 'busy') {
      const waited = told > 0
      told = performance.now()
      if (await isOver(taken, terms)) {
        ended = taken.lease?.number
        continue
      }
      if (waited || performance.now() < end)
        progress.note(
          `Waiting for ${who(taken)}, for at most ${seconds(Math.round(Math.max(0, end - told)))} more.`,
          'waiting',
        )
    }
    if (performance.now() >= end) throw refusedBy(taken, directory)
    beyond = performance.now() >= waiting.patience ? taken : undefined
    const pause = Math.min(BETWEEN, Math.max(0, end - performance.now()))
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/**
 * It was alive, and has ended by itself: what is live may be another release by now, and nobody has allowed to wait for
 * that. Whoever takes a lease over, as `post` does, gives it a new number.
 */
function gaveItBack(beyond: Busy, before: Lease | undefined): boolean {
  return beyond.kind === 'busy' && before?.holder === undefined && before?.number === beyond.lease?.number
}

/** Its run has ended, as GitHub says: what it left need not look stale first. */
async function isOver({ lease }: Extract<Taken, { kind: 'busy' }>, { holder, hasEnded }: Terms): Promise<boolean> {
  const run = lease?.holder?.run ?? ''
  if (run === '' || run === holder.run || hasEnded === undefined) return false
  return (await hasEnded(run)) === true
}

type Busy = Extract<Taken, { kind: 'busy' | 'locked' | 'absent' | 'flockless' | 'unwritable' }>

function who(taken: Busy): string {
  if (taken.kind !== 'busy') return 'another run, which decides something just now'
  return `${taken.lease?.holder === undefined ? 'another run' : holderSentence(taken.lease.holder)}, whose last heartbeat came ${seconds(taken.age)} ago`
}

function refusedBy(taken: Busy, directory: string): Failure {
  return new Failure(
    'lease-held',
    `The target is held by ${who(taken)}. Wait for it, or give this one a \`lock-timeout\`; a lease whose run is gone is taken over by itself, and \`command: unlock\` ends it at once. It stands in ${directory}/lease.`,
  )
}

function untakable(host: Host, directory: string, kind: 'flockless' | 'unwritable'): Failure {
  return kind === 'flockless'
    ? new Failure(
        'state-directory',
        `${host.name} has no \`flock\`, without which two releases cannot be kept apart. Run on the host: sudo apt-get install util-linux`,
      )
    : new Failure(
        'state-directory',
        `The lease cannot be written in ${directory} on ${host.name}: is the disk full, or do files there belong to somebody else? See: df ${directory}; ls -l ${directory}`,
      )
}
