import type { Accepted } from '../../host/accepted.ts'
import { COLORS, type Color } from '../../release/model.ts'

/** Who was at the address of a color while requests went through Nginx. */
export type Counted =
  /** A container: how many connections it accepted meanwhile, and how many callers are connected to it. */
  | { readonly kind: 'container'; readonly accepted: number; readonly connected: number }
  /** Nobody. */
  | { readonly kind: 'nobody' }
  /** Somebody whose connections cannot be counted; `why` is part of a sentence. */
  | { readonly kind: 'uncounted'; readonly why: string }

/** One round: so many requests were answered, and this was counted. */
export interface Round {
  readonly answered: number
  readonly colors: Readonly<Record<Color, Counted>>
}

/** Where requests through Nginx went. */
export type Reached =
  | { readonly kind: 'color'; readonly color: Color }
  | { readonly kind: 'neither' }
  /** `why` is part of a sentence. */
  | { readonly kind: 'unclear'; readonly why: string }

/**
 * The color that accepted a connection for each request, in every round, when the other one did not. A health check
 * inside of a container and callers that go straight to it count as well, so that more may be counted than was asked.
 * When Nginx keeps connections open (`keepalive`) a request opens none: then it is the only one that has callers.
 */
export function reachedBy(rounds: readonly Round[]): Reached {
  const taken = COLORS.filter((color) =>
    rounds.every(({ answered, colors }) => {
      const counted = colors[color]
      return answered > 0 && counted.kind === 'container' && counted.accepted >= answered
    }),
  )
  const [color, second] = taken
  if (second !== undefined) return { kind: 'unclear', why: 'both colors accepted connections meanwhile' }
  if (color !== undefined) return { kind: 'color', color }
  const last = rounds.at(-1)
  const uncounted = COLORS.map((each) => last?.colors[each]).find((each) => each?.kind === 'uncounted')
  if (uncounted?.kind === 'uncounted') return { kind: 'unclear', why: uncounted.why }
  const called = COLORS.filter((each) => {
    const counted = last?.colors[each]
    return counted?.kind === 'container' && counted.connected > 0
  })
  const [only, another] = called
  if (only !== undefined && another === undefined && last !== undefined && last.answered > 0) {
    return { kind: 'color', color: only }
  }
  return { kind: 'neither' }
}

/** What was counted between two readings of one container. */
export function countedBetween(before: Accepted | undefined, after: Accepted | undefined): Counted {
  if (before?.kind !== 'counted' || after?.kind !== 'counted') {
    const why = [before, after].find((each) => each?.kind === 'unknown')
    return { kind: 'uncounted', why: why?.kind === 'unknown' ? why.why : 'docker does not say where it runs' }
  }
  return { kind: 'container', accepted: after.accepted - before.accepted, connected: after.connected }
}
