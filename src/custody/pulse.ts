import type { Taken } from './heart.ts'

type Busy = Extract<Taken, { kind: 'busy' }>

/** Milliseconds that a lease may be stale before that is seen. */
const MARGIN = 500

/**
 * Tells, each time that a lease was found held, until when it is worth waiting for it: until it is stale, as long as no
 * beat of its heart was heard; 0 once one was. Times are milliseconds of one clock.
 */
export function pulse(): (busy: Busy, now: number) => number {
  let number: number | undefined
  let heard = 0
  let alive = false
  return ({ lease, age }, now) => {
    if (lease === undefined) return 0
    const beat = now - age
    if (lease.number !== number) {
      number = lease.number
      heard = beat
      alive = false
    }
    // Two beats are a sixth of the lease apart; what an answer takes to come is less.
    if (beat - heard > lease.lease / 12) alive = true
    return alive ? 0 : heard + lease.lease + MARGIN
  }
}
