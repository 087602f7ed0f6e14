import { setTimeout as sleep } from 'node:timers/promises'
import type { Host, Talk } from '../host/host.ts'
import { type Fault, readFault } from '../host/private-path.ts'
import { heartbeatAgain, type Lease, readLease, takeLease, type Wanted } from './lease.ts'
import { type Decision, decisionOf } from './on-host/journal.ts'

/** How an attempt to take a lease ended. */
export type Taken =
  | {
      readonly kind: 'held'
      readonly number: number
      readonly left: readonly Left[]
      /** The lease as it was before. */
      readonly before: Lease | undefined
      readonly talk: Talk
      hear(ear: Ear): void
    }
  | {
      readonly kind: 'busy'
      readonly lease: Lease | undefined
      /** Milliseconds since its last heartbeat. */
      readonly age: number
      /** It was asked to restore; or, for who may ask, it is confirmed and only cleans up. */
      readonly asked: boolean
      readonly ends: boolean
    }
  | { readonly kind: 'absent' | 'flockless' | 'locked' | 'unwritable' }
  /** Somebody else could change what lies there. */
  | { readonly kind: 'unsafe'; readonly fault: Fault }

/** A journal that an earlier run left. */
export interface Left {
  readonly number: number
  readonly decision: Decision
}

type Ear = (line: string) => void

/** Tries once. @throws HostError where the connection breaks. */
export async function tryLease(host: Host, wanted: Wanted): Promise<Taken> {
  const answer = Promise.withResolvers<readonly string[] | undefined>()
  const said: string[] = []
  let ear: Ear = (line) => {
    said.push(line)
    if (!/^(held|left|was) /.test(line)) answer.resolve(said)
  }
  const talk = await host.talk(takeLease(wanted), (line) => ear(line))
  talk.ended.then(() => answer.resolve(undefined))
  const lines = await answer.promise
  const [first = '', ...rest] = lines ?? []
  const [word = '', ...words] = first.split(' ')
  if (word === 'held') {
    const left = rest.flatMap((line) => {
      const [, number = '', decision = ''] = /^left (\d+) (\S+)/.exec(line) ?? []
      return number === '' ? [] : [{ number: Number(number), decision: decisionOf(decision) }]
    })
    const was = rest.find((line) => line.startsWith('was '))?.slice(4)
    return {
      kind: 'held',
      before: was === undefined ? undefined : readLease(was),
      number: Number(words[0]),
      left,
      talk,
      hear: (next) => {
        ear = next
      },
    }
  }
  talk.close()
  if (word === 'busy') {
    const [age = '', asked = '', ...line] = words
    const answer = { asked: asked === 'yes', ends: asked === 'ends' }
    return { kind: 'busy', lease: readLease(line.join(' ')), age: Number(age) * 10, ...answer }
  }
  if (word === 'absent' || word === 'flockless' || word === 'locked') return { kind: word }
  if (word === 'unwritable') return { kind: word }
  const fault = word === 'unsafe' ? readFault(words.join(' ')) : undefined
  if (fault !== undefined) return { kind: 'unsafe', fault }
  throw new Error(`${host.name} did not say whether the lease could be taken${first === '' ? '' : `, but: ${first}`}.`)
}

/** What the host answers to a heartbeat. */
export interface HeartbeatReport {
  readonly held: boolean
  /** `none`: it was not started yet. */
  readonly guard: 'alive' | 'dead' | 'none'
  readonly decision: Decision
  readonly asked: boolean
}

/** Keeps a lease alive. */
export interface Heartbeat {
  /** Says where the release goes, for whoever waits or recovers. */
  toward(color: string): void
  /** Gives the lease back, and resolves once the host has said so, or `false` where that was not to be had in time. */
  end(journal: 'remove' | 'keep'): Promise<boolean>
  /** Stops beating, and leaves the lease as it is. */
  stop(): void
}

/** Milliseconds after which a broken heart is connected again. */
const AGAIN = 500
/** Milliseconds in which a lease must have been given back. */
const GIVING_BACK = 10_000

/**
 * Beats every sixth of the lease through one long connection, which is made again where it breaks.
 * @param onHeartbeat is told each answer of the host
 */
export function startHeartbeat(
  host: Host,
  wanted: Wanted,
  first: Extract<Taken, { kind: 'held' }>,
  onHeartbeat: (heartbeat: HeartbeatReport) => void,
): Heartbeat {
  const { number } = first
  const ended = Promise.withResolvers<boolean>()
  let talk: Talk | undefined = first.talk
  let over = false
  let color = ''
  const hear = (line: string): void => {
    if (line === 'ended') ended.resolve(true)
    const heartbeat = readHeartbeat(line)
    if (heartbeat !== undefined && !over) onHeartbeat(heartbeat)
  }
  first.hear(hear)
  const heartbeat = (): void => talk?.send('beat')
  const timer = setInterval(heartbeat, wanted.lease / 6)

  const keep = async (): Promise<void> => {
    for (;;) {
      await talk?.ended
      talk = undefined
      if (over) return
      await sleep(AGAIN)
      if (over) return
      talk = await host.talk(heartbeatAgain(wanted, number), hear).catch(() => undefined)
      if (over) return talk?.close()
      if (color !== '') talk?.send(`color ${color}`)
      heartbeat()
    }
  }
  const kept = keep()
  kept.catch(() => undefined)

  const stop = (): void => {
    over = true
    clearInterval(timer)
    talk?.close()
  }
  heartbeat()
  return {
    toward(next) {
      color = next
      talk?.send(`color ${color}`)
    },
    stop,
    async end(journal) {
      clearInterval(timer)
      over = true
      const finish = async (): Promise<void> => {
        talk ??= await host.talk(heartbeatAgain(wanted, number), hear)
        talk.send(journal === 'keep' ? 'end keep' : 'end')
        await talk.ended
        ended.resolve(false)
      }
      finish().catch(() => ended.resolve(false))
      const late = setTimeout(() => ended.resolve(false), GIVING_BACK)
      const given = await ended.promise
      clearTimeout(late)
      stop()
      return given
    },
  }
}

/** Reads an answer; undefined where it is another line. */
export function readHeartbeat(line: string): HeartbeatReport | undefined {
  const [, held, guard, decision = '', asked] = /^beat (held|lost) (alive|dead|none) (\S+) (\S+)/.exec(line) ?? []
  if (held === undefined || (guard !== 'alive' && guard !== 'dead' && guard !== 'none')) return undefined
  return { held: held === 'held', guard, decision: decisionOf(decision), asked: asked === 'restore' }
}
