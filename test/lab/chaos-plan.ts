import type { Instant } from './chaos-instants.ts'

/** One release that is killed. */
export interface Kill {
  readonly title: string
  readonly instant: Instant
  /** Whether the step after the job runs; else the guard is alone, and then the next release. */
  readonly post: boolean
  /** Whether what it had begun on the host is killed with it, the guard apart; else it goes on without a connection. */
  readonly sessions: boolean
  /** Whether the next release comes at once, and not when the guard is done. */
  readonly hurried: boolean
  /** Whether it is the flip that is to be hit, and not the confirmation. */
  readonly watched: boolean
}

/** Milliseconds of watching in a release that is to be killed in it. */
export const WATCH = 1500
/** Milliseconds that a release takes, about. */
const RELEASE = 5000

const FLIP = ['green', 'green.off']

/** Before the entry, after it, and after the doing of each change: the end of one is the beginning of the next. */
const instants: readonly (readonly [title: string, instant: Instant])[] = [
  ['before the first change', log(/✓ See what is live/)],
  ['after the entry of the start', entry('Start ')],
  ['after the start', log(/✓ Start /)],
  ['after the entry of the versions', entry('Write ')],
  ['after the versions are written', log(/✓ Write /)],
  ['before the entry of the flip', log(/✓ Ask /)],
  ['after the entry of the flip', entry('Flip ')],
  ['after the flip', { kind: 'file', names: FLIP, later: 0 }],
  ['after the flip is proven', log(/✓ Flip /)],
  ['before the confirmation', log(/::group::Confirm|✓ Watch /)],
  ['after the ledger is written', { kind: 'file', names: ['ledger.jsonl'], later: 0 }],
  ['after the entry of what settles', entry('Stop falling back')],
  ['after what settles', log(/✓ Stop falling back/)],
  ['after the entry of what forgets', entry('Remove what was kept')],
  ['after what forgets', log(/✓ Remove what was kept/)],
  ['after the entry of the stop', entry('Stop web')],
]

/** As many kills at random as are wished for, after one at each instant. */
export function planKills(random: () => number, count: number): readonly Kill[] {
  const known = instants.map(([title, instant], i) => ({ title, instant, watched: false, post: i % 2 === 0 }))
  const wild = Array.from({ length: count }, (_, i) => {
    const watched = i % 2 === 0
    const later = Math.round(random() * (watched ? WATCH : RELEASE))
    const instant: Instant = watched ? { kind: 'file', names: FLIP, later } : { kind: 'log', said: /✓ Connect /, later }
    const title = `${later} ms after the ${watched ? 'flip' : 'beginning'}`
    return { title, instant, watched, post: i % 4 > 1 }
  })
  return [...known, ...wild].map((kill) => {
    const [sessions, hurried] = [random() < 0.5, random() < 0.3 && !kill.post]
    const how = [kill.post && 'post', sessions && 'its sessions too', hurried && 'another at once'].filter(Boolean)
    return { ...kill, sessions, hurried, title: [kill.title, ...how].join(', ') }
  })
}

function entry(change: string): Instant {
  return { kind: 'entry', change }
}

function log(said: RegExp): Instant {
  return { kind: 'log', said, later: 0 }
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
