import { setTimeout as sleep } from 'node:timers/promises'
import { hostsOf } from '../host/fleet.ts'
import { type Host, HostError, mayPass, type Ran } from '../host/host.ts'
import { linesOf } from '../host/kept.ts'
import { sentence } from '../judges/probe.ts'
import { type Ask, fault } from '../judges/question.ts'
import type { Executor } from '../release/interpret.ts'
import type { Change, Question } from '../release/model.ts'
import type { Progress } from '../release/progress.ts'
import { Failure, NOT_BEGUN } from '../release/reasons.ts'
import { isForExecutor, knowing, readAccepted, readOpened, readStarted } from '../release/started.ts'
import type { Reach, Sighted, Work } from './reach.ts'
import { putTest } from './tests.ts'

/** Lines of standard error that go into a sentence. */
const LAST_LINES = 5
/** Lines that the report keeps. */
const EVIDENCE = 50
/** Milliseconds in which the previous color must answer before traffic goes back to it. */
const END_TIMEOUT = 3000

/** The one place where a release has effects: runs changes on their hosts, and puts tests to them. */
export function executorOn(given: Reach): Executor {
  const reach: Work = { ...given, started: new Map(), accepted: new Map(), opened: new Map() }
  const { ask, progress, begun, signal, confirm, started } = reach
  return {
    async change(change) {
      if (change.do.shell.text === '') return
      const work = async () => {
        begun.begins(change)
        await everywhere(reach, change, 'do')
        return change.proof && (await putTest(change.proof, reach))
      }
      await progress.step(change.title, work, change.phase === 'traffic' ? 'flip' : undefined)
    },
    async check({ title, test }) {
      await progress.step(title, () => putTest(test, reach))
    },
    async confirm(item) {
      signal.throwIfAborted()
      await progress.step(item.title, () => confirm(item, started))
    },
    async undo(change) {
      let printed: readonly string[] = []
      const work = async () => {
        const undoing = reach.undoing(change)
        const backward = { ...reach, signal: undoing }
        if (change.endpoints !== undefined) await mayGoBack(change.endpoints, ask, undoing)
        begun.begins(change)
        printed = await everywhere(backward, change, 'undo')
        return change.undoProof && (await putTest(change.undoProof, backward))
      }
      const title = change.bestEffort ? change.title : `Undo: ${change.title}`
      await progress.step(title, work, change.phase === 'traffic' ? 'flip-back' : undefined)
      return printed
    },
    warn(item, cause) {
      // What serves is asked after a drift, and told by itself.
      const harmless = !(cause instanceof Failure && cause.reason === 'drift')
      progress.warning(`${item.title}: ${sentence(cause)}.${harmless ? ' Nothing depends on it.' : ''}`)
    },
  }
}

/** Gives the lines that were printed. */
async function everywhere(
  { fleet, progress, signal, explain, readSighting, started, accepted, opened }: Work,
  change: Change,
  direction: 'do' | 'undo',
): Promise<readonly string[]> {
  const script = change[direction]
  if (script === undefined) return []
  const run = async (host: Host): Promise<readonly string[]> => {
    const onLine = (line: string) => (isForExecutor(line) ? undefined : progress.output(line))
    const known = { ...script, shell: knowing(started.get(host.name), script.shell) }
    const once = (): Promise<Ran> => host.run(known, { signal, onLine, keep: 'ends' })
    const ran = await (direction === 'do' ? once() : once().catch((cause: unknown) => unlessLost(cause, once)))
    const printed = linesOf(`${ran.stdout}\n${ran.stderr}`)
    const made = readStarted(printed)
    if (made !== undefined) started.set(host.name, made)
    if (direction === 'do') {
      const [count, before] = [readAccepted(printed), readOpened(printed)]
      if (count !== undefined) accepted.set(host.name, count)
      if (before !== undefined) opened.set(host.name, before)
    }
    if (ran.code === 0) return printed
    const ended = { change, host, ran, printed, deadline: script.deadline }
    if (direction === 'undo') throw failed(ended, undefined)
    const sighted = readSighting(printed.join('\n'))
    throw sighted ? notWhatWasStarted(ended, sighted) : failed(ended, explain)
  }
  const hosts = hostsOf(fleet, change.on)
  return allOrFirst(hosts.map((host) => withTries(change.retry, () => run(host), signal, progress)))
}

/** An undo may be run twice: the connection that a fault has cut may be found out by the first one that needs it. */
function unlessLost(cause: unknown, again: () => Promise<Ran>): Promise<Ran> {
  if (cause instanceof HostError && cause.reason === 'connection-lost') return again()
  throw cause
}

/** Some failures pass by themselves: a registry that was busy, a network that hiccuped. */
async function withTries<T>(
  again: Change['retry'],
  work: () => Promise<T>,
  signal: AbortSignal,
  progress: Progress,
): Promise<T> {
  for (let left = again?.times ?? 0; ; left--) {
    try {
      return await work()
    } catch (cause) {
      const hopeless = again === undefined || left === 0 || !(cause instanceof Failure) || signal.aborted
      if (hopeless || new RegExp(again.unless, 'i').test([cause.message, ...cause.evidence].join('\n'))) throw cause
      progress.note(`That failed, and is tried again in ${again.pause / 1000} s: ${sentence(cause)}`)
      await sleep(again.pause, undefined, { signal })
    }
  }
}

interface Ended {
  readonly change: Change
  readonly host: Host
  readonly ran: Ran
  readonly printed: readonly string[]
  /** Milliseconds. */
  readonly deadline: number
}

function failed({ change, host, ran, printed, deadline }: Ended, explain: Reach['explain'] | undefined): Failure {
  const known = explain?.(change, printed.join('\n'))
  const last = printed.slice(-LAST_LINES).map((line) => line.trim())
  const late = (ran.code === 124 || ran.code === 137) && ran.duration >= deadline
  const how = late ? `It did not end within ${deadline / 1000} s, and was ended` : `It ended with exit code ${ran.code}`
  const message = known || `${how}. The last lines: ${last.join(' | ') || 'none'}`
  return new Failure(late ? 'command-timed-out' : change.reason, `On ${host.name}: ${message}`, {
    evidence: printed.slice(-EVIDENCE),
  })
}

/** The script itself saw that somebody put another container in the place of what was started. */
function notWhatWasStarted({ host, printed }: Ended, { reason, sentence, evidence }: Sighted): Failure {
  const notBegun = printed.some((line) => line.startsWith(NOT_BEGUN)) || undefined
  return new Failure(reason, `On ${host.name}: ${sentence}`, { evidence, notBegun })
}

/** Waits for all, so that nothing is still going on when undoing begins; then throws the first failure. */
async function allOrFirst<T>(work: readonly Promise<readonly T[]>[]): Promise<readonly T[]> {
  const ended = await Promise.allSettled(work)
  return ended.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}

/** Traffic goes back where the previous color answers, or where neither does: that is how it was found. */
async function mayGoBack(ends: NonNullable<Change['endpoints']>, ask: Ask, signal: AbortSignal): Promise<void> {
  const previous = await answers(ends.previous, ask, signal)
  if (previous === undefined) return
  if ((await answers(ends.next, ask, signal)) !== undefined) return
  // Both may have been away for one reason, and come back one after the other.
  if ((await answers(ends.previous, ask, signal)) === undefined) return
  throw new Failure(
    'previous-gone',
    `The previous color does not answer any more (${previous}), and the new one does: traffic stays there.`,
  )
}

/**
 * Why there is no answer at all; undefined if there is one, whatever it says.
 * @throws HostError if it could not be asked: that says nothing of what was to be asked
 */
async function answers(question: Question, ask: Ask, signal: AbortSignal): Promise<string | undefined> {
  const end = performance.now() + END_TIMEOUT
  for (;;) {
    const wrong = await ask(question, END_TIMEOUT, signal).then(
      (answer) => (answer.status < 500 ? undefined : fault(question.expect, answer)),
      (cause: unknown) => (cause instanceof HostError ? cause : `${question.title}: ${sentence(cause)}`),
    )
    if (wrong instanceof HostError) {
      if (!mayPass(wrong) || performance.now() > end) throw wrong
    } else if (wrong === undefined || performance.now() > end) return wrong
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
