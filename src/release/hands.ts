import { type Fleet, hostsOf } from '../host/fleet.ts'
import type { Host } from '../host/host.ts'
import { sentence, until } from './health.ts'
import type { Hands } from './interpret.ts'
import type { Progress } from './progress.ts'
import { type Ask, fault } from './question.ts'
import { Failure } from './reasons.ts'
import { hold } from './watch.ts'
import type { Change, Confirm, Question, Test, Vigil } from './words.ts'

/** Lines of standard error that go into a sentence. */
const LAST_LINES = 5
/** Milliseconds in which the previous color must answer before traffic goes back to it. */
const END_TIMEOUT = 3000

export interface Reach {
  readonly fleet: Fleet
  readonly ask: Ask
  readonly progress: Progress
  /** Ends what goes forward. Undoing is not ended by it. */
  readonly signal: AbortSignal
  /** What a vigil saw, in words and in lines. */
  readonly readSighting: (printed: string) => { readonly sentence: string; readonly evidence: readonly string[] }
  /** Why a change failed, with the mend, by what it printed; undefined where that is not known. */
  readonly explain: (change: Change, printed: string) => string | undefined
  /** Records the release: from here on it stands. */
  readonly confirm: (item: Confirm) => Promise<void>
}

/** The one place where a release has effects: runs changes on their hosts, and puts tests to them. */
export function handsOn(reach: Reach): Hands {
  const { ask, progress, signal, confirm } = reach
  const undoing = new AbortController().signal
  const backward = { ...reach, signal: undoing }
  return {
    async change(change) {
      await progress.step(change.title, async () => {
        await everywhere(reach, change, 'do')
        return change.proof && (await put(change.proof, reach))
      })
    },
    async check({ title, test }) {
      await progress.step(title, () => put(test, reach))
    },
    async confirm(item) {
      signal.throwIfAborted()
      await progress.step(item.title, () => confirm(item))
    },
    async undo(change) {
      await progress.step(`Undo: ${change.title}`, async () => {
        if (change.ends !== undefined) await mayGoBack(change.ends, ask, undoing)
        await everywhere(backward, change, 'undo')
        return change.restored && (await put(change.restored, backward))
      })
    },
    warn(change, cause) {
      progress.warning(`${change.title}: ${sentence(cause)}. The release stands.`)
    },
  }
}

async function everywhere(
  { fleet, progress, signal, explain }: Reach,
  change: Change,
  direction: 'do' | 'undo',
): Promise<void> {
  const script = change[direction]
  if (script === undefined) return
  const run = async (host: Host): Promise<void> => {
    const onLine = (line: string): void => progress.output(line)
    const ran = await host.run(script, { signal, onLine })
    if (ran.code === 0) return
    const last = [...ran.stdout.split('\n'), ...ran.stderr.split('\n')].filter((line) => line.trim() !== '')
    const why = direction === 'do' ? explain(change, last.join('\n')) : undefined
    const message = why
      ? `${change.title} failed on ${host.name}. ${why}`
      : `${change.title} failed on ${host.name} with exit code ${ran.code}. The last lines: ${last.slice(-LAST_LINES).join(' | ') || 'none'}`
    throw new Failure(ran.code === 124 ? 'command-timed-out' : change.reason, message, { evidence: last.slice(-50) })
  }
  await allOrFirst(hostsOf(fleet, change.on).map(run))
}

/** Waits for all, so that nothing is still going on when undoing begins; then throws the first failure. */
async function allOrFirst(work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work)
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

async function put(test: Test, reach: Reach): Promise<string> {
  const over = new AbortController()
  const either = AbortSignal.any([over.signal, reach.signal])
  const vigil = test.vigil && keep(test.vigil, reach, over)
  try {
    if (test.kind === 'until') {
      const { tries, answered } = await until(test.probe, test.reason, reach.ask, either)
      return `${plural(tries, 'request')}, the last answered in ${Math.round(answered)} ms`
    }
    const { asked, failed, slowest } = await hold(test, reach.ask, either)
    return `${plural(asked, 'request')}, ${failed} failed, the slowest answered in ${Math.round(slowest)} ms`
  } catch (cause) {
    throw over.signal.aborted ? over.signal.reason : cause
  } finally {
    over.abort()
    await vigil
  }
}

/** Runs the vigil beside a test, and ends the test where it saw something. */
async function keep(vigil: Vigil, { fleet, signal, readSighting }: Reach, over: AbortController): Promise<void> {
  const either = AbortSignal.any([over.signal, signal])
  const stand = async (host: Host): Promise<void> => {
    const ran = await host.run(vigil.script, { signal: either }).catch((cause: unknown) => {
      if (!either.aborted) over.abort(cause)
      return undefined
    })
    if (ran === undefined || ran.code !== 9 || either.aborted) return
    const seen = readSighting(ran.stdout)
    over.abort(new Failure('container-exited', seen.sentence, { evidence: seen.evidence }))
  }
  await Promise.all(hostsOf(fleet, vigil.on).map(stand))
}

/** Traffic goes back where the previous color answers, or where neither does: that is how it was found. */
async function mayGoBack(ends: NonNullable<Change['ends']>, ask: Ask, signal: AbortSignal): Promise<void> {
  const previous = await answers(ends.previous, ask, signal)
  if (previous === undefined) return
  if ((await answers(ends.next, ask, signal)) !== undefined) return
  throw new Failure(
    'not-healthy',
    `The previous color does not answer any more (${previous}), and the new one does: traffic stays there.`,
  )
}

/** Why there is no answer at all; undefined where there is one, whatever it says. */
async function answers(question: Question, ask: Ask, signal: AbortSignal): Promise<string | undefined> {
  const end = performance.now() + END_TIMEOUT
  for (;;) {
    const wrong = await ask(question, END_TIMEOUT, signal).then(
      (answer) => (answer.status < 500 ? undefined : fault(question.expect, answer)),
      (cause: unknown) => `${question.title}: ${sentence(cause)}`,
    )
    if (wrong === undefined || performance.now() > end) return wrong
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
