import { setTimeout as sleep } from 'node:timers/promises'
import { type Fleet, hostsOf } from '../host/fleet.ts'
import { type Host, HostError, type HostName, type HttpAnswer, mayPass, type Ran, type Script } from '../host/host.ts'
import { linesOf } from '../host/kept.ts'
import { sideBySide } from '../host/poll.ts'
import type { Beginnings } from './begun.ts'
import { sentence, until } from './health.ts'
import type { Hands } from './interpret.ts'
import type { Progress, Renamed } from './progress.ts'
import { type Ask, fault } from './question.ts'
import { Failure, NOT_BEGUN, type Reason } from './reasons.ts'
import { type Sight, shownBy, verdictOf } from './sight.ts'
import { inRounds, readLeftAlone } from './spared.ts'
import { isForHands, knowing, readAccepted, readStarted } from './started.ts'
import { hold } from './watch.ts'
import type { Change, Confirm, Question, Smoke, Test, Vigil, Wait } from './words.ts'

/** Lines of standard error that go into a sentence. */
const LAST_LINES = 5
/** Lines that the report keeps. */
const EVIDENCE = 50
/** Begins a line of a wait that a person should read. */
const CALLERS = 'Callers: '
/** Milliseconds in which the previous color must answer before traffic goes back to it. */
const END_TIMEOUT = 3000

export interface Reach {
  readonly fleet: Fleet
  readonly ask: Ask
  readonly progress: Progress
  /** Told of each change before it begins. */
  readonly begun: Beginnings
  /** Ends what goes forward. Undoing is not ended by it. */
  readonly signal: AbortSignal
  /** Ends the undoing of a change. */
  readonly undoing: (change: Change) => AbortSignal
  readonly smokeTest: (smoke: Smoke, signal: AbortSignal) => Promise<string>
  /** What became of a container that was started, by what a script printed; undefined if it printed no such thing. */
  readonly readSighting: (printed: string) => Sighted | undefined
  /** Why a change failed, with the fix, by what it printed; undefined if that is not known. */
  readonly explain: (change: Change, printed: string) => string | undefined
  /** Records the release: from here on it stands. @param started the container on each host that has one */
  readonly confirm: (item: Confirm, started: Started) => Promise<void>
}

/** What was seen of a container, in words and in lines. */
export interface Sighted {
  readonly reason: Reason
  readonly sentence: string
  readonly evidence: readonly string[]
}

/** The container that the start of this release made, by host. */
export type Started = ReadonlyMap<HostName, string>

/** What only the hands know. */
interface Work extends Reach {
  readonly started: Map<HostName, string>
  /** Connections that it had accepted when traffic was moved. */
  readonly accepted: Map<HostName, number>
}

/** The one place where a release has effects: runs changes on their hosts, and puts tests to them. */
export function handsOn(given: Reach): Hands {
  const reach: Work = { ...given, started: new Map(), accepted: new Map() }
  const { ask, progress, begun, signal, confirm, started } = reach
  return {
    async change(change) {
      if (change.do.shell.text === '') return
      const work = async () => {
        begun.begins(change)
        await everywhere(reach, change, 'do')
        return change.proof && (await put(change.proof, reach))
      }
      await progress.step(change.title, work, change.phase === 'traffic' ? 'flip' : undefined)
    },
    async check({ title, test }) {
      await progress.step(title, () => put(test, reach))
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
        if (change.ends !== undefined) await mayGoBack(change.ends, ask, undoing)
        begun.begins(change)
        printed = await everywhere(backward, change, 'undo')
        return change.restored && (await put(change.restored, backward))
      }
      const title = change.tolerated ? change.title : `Undo: ${change.title}`
      await progress.step(title, work, change.phase === 'traffic' ? 'flip-back' : undefined)
      return printed
    },
    warn(item, cause) {
      progress.warning(`${item.title}: ${sentence(cause)}. Nothing depends on it.`)
    },
  }
}

/** Gives the lines that were printed. */
async function everywhere(
  { fleet, progress, signal, explain, readSighting, started, accepted }: Work,
  change: Change,
  direction: 'do' | 'undo',
): Promise<readonly string[]> {
  const script = change[direction]
  if (script === undefined) return []
  const run = async (host: Host): Promise<readonly string[]> => {
    const onLine = (line: string) => (isForHands(line) ? undefined : progress.output(line))
    const known = { ...script, shell: knowing(started.get(host.name), script.shell) }
    const once = (): Promise<Ran> => host.run(known, { signal, onLine, keep: 'ends' })
    const ran = await (direction === 'do' ? once() : once().catch((cause: unknown) => unlessLost(cause, once)))
    const printed = linesOf(`${ran.stdout}\n${ran.stderr}`)
    const made = readStarted(printed)
    if (made !== undefined) started.set(host.name, made)
    const count = direction === 'do' ? readAccepted(printed) : undefined
    if (count !== undefined) accepted.set(host.name, count)
    if (ran.code === 0) return printed
    const ended = { change, host, ran, printed, deadline: script.deadline }
    if (direction === 'undo') throw failed(ended, undefined)
    const sighted = readSighting(printed.join('\n'))
    throw sighted ? notWhatWasStarted(ended, sighted) : failed(ended, explain)
  }
  const hosts = hostsOf(fleet, change.on)
  return allOrFirst(hosts.map((host) => withTries(change.again, () => run(host), signal, progress)))
}

/** An undo may be run twice: the connection that a fault has cut may be found out by the first one that needs it. */
function unlessLost(cause: unknown, again: () => Promise<Ran>): Promise<Ran> {
  if (cause instanceof HostError && cause.reason === 'connection-lost') return again()
  throw cause
}

/** Some failures pass by themselves: a registry that was busy, a network that hiccuped. */
async function withTries<T>(
  again: Change['again'],
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

async function put(test: Test, reach: Work): Promise<string | Renamed> {
  const over = new AbortController()
  const either = AbortSignal.any([over.signal, reach.signal])
  const vigil = 'vigil' in test && test.vigil && keep(besides(test.vigil, test), reach, over)
  try {
    if (test.kind === 'drain') return await drain(test.waits, reach)
    if (test.kind === 'smoke') return await reach.smokeTest(test.smoke, either)
    if (test.kind === 'until') {
      const { tries, answered, answers } = await until(test.probe, test.reason, reach.ask, either)
      const told = `${plural(tries, 'request')}, the last answered in ${Math.round(answered)} ms`
      const [answer] = answers
      return test.sight === undefined || answer === undefined ? told : await seen(test.sight, answer, told, reach)
    }
    const { asked, failed, slowest } = await hold(test, reach.ask, either)
    return `${plural(asked, 'request')}, ${failed} failed, the slowest answered in ${Math.round(slowest)} ms`
  } catch (cause) {
    reach.signal.throwIfAborted()
    throw over.signal.aborted ? over.signal.reason : ((await goneMeanwhile(test, reach)) ?? cause)
  } finally {
    over.abort()
    await vigil
  }
}

/** What an answer as wanted proves; what it does not is counted at the new color itself. */
async function seen(sight: Sight, answer: HttpAnswer, told: string, reach: Work): Promise<string | Renamed> {
  const shown = shownBy(sight, answer)
  const verdict = verdictOf(sight, shown, shown.kind === 'nothing' ? await arrivedAt(sight, reach) : undefined)
  if (verdict.doubt !== undefined) reach.progress.warning(verdict.doubt)
  const note = `${told}; ${verdict.note}`
  return verdict.proven ? note : { title: (title) => title.replace(/^See \S+ on /, 'Ask '), note }
}

/** Connections at the new color since the flip; undefined if they cannot be counted. */
async function arrivedAt(
  { accepted }: Sight,
  { fleet, signal, started, accepted: before }: Work,
): Promise<number | undefined> {
  const [host] = hostsOf(fleet, accepted.on)
  const first = host && before.get(host.name)
  if (host === undefined || first === undefined) return undefined
  const ran = await host
    .run(
      { ...accepted.script, shell: knowing(started.get(host.name), accepted.script.shell) },
      { signal, keep: 'ends' },
    )
    .catch(() => undefined)
  const now = ran && readAccepted(linesOf(ran.stdout))
  return now === undefined || now < first ? undefined : now - first
}

/** What failed, failed because the container that was started is not there any more; undefined if it is. */
async function goneMeanwhile(test: Test, { fleet, signal, started, readSighting }: Work): Promise<Failure | undefined> {
  if (!('whose' in test) || test.whose === undefined) return undefined
  const { on, script } = test.whose
  const asked = hostsOf(fleet, on).map(async (host) => {
    const shell = knowing(started.get(host.name), script.shell)
    const ran = await host.run({ ...script, shell }, { signal, keep: 'ends' })
    return readSighting(`${ran.stdout}\n${ran.stderr}`)
  })
  // What failed first is told if this cannot be asked.
  const seen = (await Promise.all(asked).catch(() => [])).find((each) => each !== undefined)
  return seen && new Failure(seen.reason, seen.sentence, { evidence: seen.evidence })
}

/** Waits on every host at once, in one script a host; what each wait saw is told. */
async function drain(waits: readonly Wait[], { fleet, signal, progress }: Work): Promise<string> {
  const each = waits.flatMap(({ on, script }) => hostsOf(fleet, on).map((host) => ({ host, script })))
  const said = [...Map.groupBy(each, ({ host }) => host)].map(async ([host, its]) => {
    const ran = await host.run(together(its.map(({ script }) => script)), { signal })
    const said = ran.stdout.split('\n').filter((line) => line !== '')
    for (const line of said) if (line.startsWith(CALLERS)) progress.warning(line.slice(CALLERS.length))
    return said.filter((line) => !line.startsWith(CALLERS))
  })
  return (await Promise.all(said)).flat().join('; ')
}

/** Scripts side by side, as one. */
function together(scripts: readonly Script[]): Script {
  const shell = sideBySide(scripts.map(({ shell }) => shell))
  return { shell, deadline: Math.max(...scripts.map(({ deadline }) => deadline)) }
}

/** A vigil that also asks in each round whether somebody sent requests elsewhere; one script, for one round trip. */
function besides(vigil: Vigil, test: Test): Vigil {
  if (test.kind !== 'hold' || test.spares === undefined) return vigil
  const { shell, deadline } = vigil.script
  return { ...vigil, script: { shell: inRounds(shell, test.spares, test.interval), deadline } }
}

/** Runs the vigil alongside a test, and ends the test if it saw something. */
async function keep(
  vigil: Vigil,
  { fleet, signal, started, readSighting }: Work,
  over: AbortController,
): Promise<void> {
  const either = AbortSignal.any([over.signal, signal])
  const stand = async (host: Host): Promise<void> => {
    const script = { ...vigil.script, shell: knowing(started.get(host.name), vigil.script.shell) }
    const onLine = (line: string, from: 'stdout' | 'stderr'): void => {
      const alone = from === 'stderr' ? readLeftAlone(line) : undefined
      if (alone !== undefined) over.abort(alone)
    }
    const ran = await host.run(script, { signal: either, keep: 'ends', onLine }).catch((cause: unknown) => {
      if (!either.aborted) over.abort(cause)
      return undefined
    })
    if (ran === undefined || ran.code !== 9 || either.aborted) return
    const seen = readSighting(ran.stdout)
    if (seen !== undefined) over.abort(new Failure(seen.reason, seen.sentence, { evidence: seen.evidence }))
  }
  await Promise.all(hostsOf(fleet, vigil.on).map(stand))
}

/** Traffic goes back where the previous color answers, or where neither does: that is how it was found. */
async function mayGoBack(ends: NonNullable<Change['ends']>, ask: Ask, signal: AbortSignal): Promise<void> {
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

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
