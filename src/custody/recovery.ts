import type { Settled } from '../front/actions/log.ts'
import type { Host } from '../host/host.ts'
import { lines, type Shell, sh } from '../host/quote.ts'
import { ending } from '../host/remote-shell.ts'
import type { Executor } from '../release/interpret.ts'
import type { Change, Question } from '../release/model.ts'
import { Failure, sentenceOf } from '../release/reasons.ts'
import type { Side } from '../release/serving.ts'
import { isBack, readLeftAlone } from '../release/spared.ts'
import { answer, type Custody } from './custody.ts'
import { type Holder, readLease } from './lease.ts'
import type { LedgerEntry } from './ledger.ts'
import { carriedOn, closeJournal, publish, recovered } from './on-host/fence.ts'
import { type Journal, journalQuestion, readJournal } from './on-host/journal.ts'
import { judgedState } from './on-host/state.ts'

/** What became of a release that an earlier run left half done. */
export interface Recovered {
  readonly number: number
  /** `nothing`: it had not begun to change anything; `flipped-back`: somebody else had put traffic back. */
  readonly how: 'confirmed' | 'restored' | 'flipped-back' | 'undone' | 'kept' | 'nothing'
  readonly holder?: Holder & { readonly color?: string }
  /** Preparations that could not be undone. */
  readonly left: readonly string[]
}

/** Milliseconds between SIGTERM and SIGKILL for what the earlier run left running. */
const GRACE = 5000

/**
 * Finishes or undoes what earlier runs left half done, the newest first: what is confirmed is carried on, all else is
 * undone as far as it had come. What it does may be done twice, so that it may itself be killed at any time.
 * @throws Failure `recovery-failed` where traffic could not be put right
 */
export async function recoverAll(custody: Custody, host: Host, executor: Executor): Promise<readonly Recovered[]> {
  const all: Recovered[] = []
  const newestFirst = custody.left.toSorted((a, b) => b.number - a.number)
  for (const { number } of newestFirst) all.push(await recover(custody, number, host, executor))
  return all
}

async function recover(custody: Custody, number: number, host: Host, executor: Executor): Promise<Recovered> {
  const { held } = custody
  const printed = await answer(host, endSessions(held.directory, number), 'recovery-failed')
  const [first = '', ...rest] = printed.split('\n')
  const holder = readLease(first)?.holder
  const journal = here(readJournal(number, rest.join('\n')), host)
  const left: string[] = []
  const how = await putRight(journal, custody, host, executor, left)
  await answer(host, closeJournal(held, number, how === 'nothing' ? 'undone' : how), 'recovery-failed')
  return { number, how, left, ...(holder && { holder }) }
}

async function putRight(
  { decision, byOthers, moved, entries }: Journal,
  { held }: Custody,
  host: Host,
  executor: Executor,
  left: string[],
): Promise<Recovered['how']> {
  if (decision === 'confirmed') {
    await answer(host, publish(held), 'recovery-failed')
    const after = new Map(entries.flatMap(({ change }) => (change.phase === 'retire' ? [[change.title, change]] : [])))
    let how: 'confirmed' | 'flipped-back' = 'confirmed'
    for (const change of after.values()) {
      const again: Change = { ...change, do: { ...change.do, shell: carriedOn(held, change) } }
      await executor.change(again).catch((cause: unknown) => {
        if (isByOthers(cause)) how = 'flipped-back'
        else executor.warn(change, cause)
      })
    }
    return how
  }
  const begun = entries.map(({ change }) => change).filter(({ phase }) => phase !== 'retire')
  const flips = begun.some(({ phase }) => phase === 'traffic')
  if (decision === 'kept') return 'kept'
  let flippedBack = byOthers === true
  for (const change of begun.toReversed()) {
    if (change.undo === undefined) continue
    if (change.phase === 'traffic' && decision === 'restored') continue
    try {
      const printed = await executor.undo({ ...change, undo: { ...change.undo, shell: recovered(held, change) } })
      flippedBack ||= change.phase === 'traffic' && moved === true && isBack(printed)
    } catch (cause) {
      if (change.bestEffort) executor.warn(change, cause)
      else if (change.phase !== 'traffic') left.push(`${change.title}: ${sentenceOf(cause)}`)
      else if (cause instanceof Failure && cause.reason === 'previous-gone') return 'kept'
      else throw stuck(change, cause, host)
    }
  }
  if (begun.length === 0) return 'nothing'
  return !flips ? 'undone' : flippedBack ? 'flipped-back' : 'restored'
}

function isByOthers(cause: unknown): boolean {
  return cause instanceof Failure && readLeftAlone(cause.evidence.join('\n'))?.reason === 'flipped-by-others'
}

function stuck(change: Change, cause: unknown, host: Host): Failure {
  const byHand = change.manualUndo ?? change.undo?.shell.text ?? ''
  return new Failure(
    'recovery-failed',
    `An earlier run was ended in the middle, and what it did to traffic could not be undone. ${change.title}: ${sentenceOf(cause)} By hand, on ${host.name}:\n${byHand.replace(/^/gm, '    ')}`,
    { cause, ...(cause instanceof Failure && { evidence: cause.evidence }) },
  )
}

/** Ends what the run left running, by the sessions that its journal names; then prints whose it was, and the journal. */
function endSessions(directory: string, number: number): Shell {
  return lines(
    judgedState(directory, number, sh`echo "The state directory is not private: $unsafe" >&2; exit 1`),
    sh`sed -n 's/^\\([0-9][0-9]*\\) \\([0-9][0-9]*\\) {.*/\\1 \\2/p' "$journal/changes" | sort -u | while read -r leader since; do`,
    // A number that is another process now means that nothing is left of that session.
    sh`  began=$(started "$leader"); [ -z "$began" ] || [ "$began" = "$since" ] || continue`,
    sh`  ( ${ending(sh`"$leader"`, GRACE)} ) </dev/null`,
    sh`done`,
    sh`cat "$journal/holder" 2>/dev/null || echo`,
    journalQuestion(),
  )
}

/** The one host of this run stands for the one of that run, which may have been called by another name. */
function here(journal: Journal, { name }: Host): Journal {
  const question = (asked: Question): Question => (asked.from === 'runner' ? asked : { ...asked, from: name })
  const moved = (change: Change): Change => ({
    ...change,
    ...(!change.on.startsWith('all ') && { on: name }),
    ...(change.endpoints && {
      endpoints: { previous: question(change.endpoints.previous), next: question(change.endpoints.next) },
    }),
    ...(change.undoProof?.kind === 'until' && {
      undoProof: {
        ...change.undoProof,
        probe: { ...change.undoProof.probe, questions: change.undoProof.probe.questions.map(question) },
      },
    }),
  })
  return { ...journal, entries: journal.entries.map((entry) => ({ ...entry, change: moved(entry.change) })) }
}

/**
 * The same for those who tell GitHub of it.
 * @param live what serves, asked since
 */
export function settledBy(recovered: Recovered, live: Side): Settled {
  const { how, holder } = recovered
  return {
    how,
    live,
    run: holder?.run ?? '',
    version: holder?.version ?? '',
    sentence: recoverySentence(recovered) ?? '',
  }
}

/** What a person should know of it. */
export function recoverySentence({ how, holder, left }: Recovered): string | undefined {
  const run =
    holder === undefined
      ? 'An earlier run'
      : `The ${holder.command || 'run'}${holder.version && ` of ${holder.version}`}${holder.run && ` (${holder.run})`}`
  const rest = left.map((each) => ` Left behind, because its undo failed: ${each}`).join('')
  switch (how) {
    case 'nothing':
      return undefined
    case 'confirmed':
      return `${run} was ended from outside after it had been confirmed: it stands, and what was to follow was done now.`
    case 'kept':
      return `${run} was ended from outside in the middle: the previous color did not answer any more and the new one did, so that traffic stayed there.${rest}`
    case 'flipped-back':
      return `${run} was ended from outside in the middle, and somebody else put traffic back to the previous color: nothing that serves was stopped.${rest}`
    case 'restored':
      return `${run} was ended from outside in the middle: traffic was put back, and the rest of it undone.${rest}`
    case 'undone':
      return `${run} was ended from outside before its flip: what it had begun was undone.${rest}`
  }
}

/**
 * How a run ended that has left nothing to recover, as far as the ledger tells: it may have ended by itself, and only the
 * runner did not keep that.
 * @param started when it began, as it stands in its line of the ledger
 * @param live what serves, asked since
 */
export function leftNothing(run: string, started: string, ledger: readonly LedgerEntry[], live: Side): Settled {
  const entry = ledger.findLast((each) => each.run === run && each.started === started)
  if (entry === undefined) {
    return {
      run,
      live,
      version: '',
      how: 'nothing',
      sentence: 'This run left nothing on the host: it had changed nothing, or had undone it itself.',
    }
  }
  const { version, color, result } = entry
  return result === 'restored'
    ? {
        run,
        live,
        version: '',
        how: 'flipped-back',
        sentence: `This run had ended by itself: somebody else put traffic back to ${version || 'the previous version'} on ${color}.`,
      }
    : {
        run,
        live,
        version,
        how: 'confirmed',
        sentence: `This run had ended well by itself: ${version} went live on ${color}.`,
      }
}
