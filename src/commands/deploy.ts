import { sentence } from '../base/notice.ts'
import type { Custody } from '../custody/custody.ts'
import { type NewEntry, recordFlippedBack } from '../custody/ledger.ts'
import type { Intent } from '../front/actions/log.ts'
import type { Ended } from '../front/ended.ts'
import { conclude, Refused, refused } from '../release/conclusion.ts'
import { interpret, type Outcome, undoAll } from '../release/interpret.ts'
import type { Change, Check, Item, Wait } from '../release/model.ts'
import { type Plan, planSentence } from '../release/plan.ts'
import { Failure } from '../release/reasons.ts'
import { release } from '../release/release.ts'
import type { Serving } from '../release/serving.ts'
import { knowing } from '../release/started.ts'
import type { RuntimeAdapter } from '../runtimes/runtime.ts'
import type { Connections } from '../wiring/connect.ts'
import { attempt, type Told } from './attempt.ts'
import { connected, planFor, SEEING, uploadFor } from './connected.ts'
import { executorFor } from './executor-for.ts'
import { inCustody } from './in-custody.ts'
import { refuseOlder } from './older-commit.ts'
import type { Run } from './run.ts'
import { whatServes } from './what-serves.ts'

/** Whatever a failure did, what serves is asked and not remembered. */
const ASKING = 'Ask what serves now'

/** Releases a version on the idle color, or puts back one that was released before. */
export function deploy(run: Run): Promise<Ended> {
  return connected(run, (connections, run) => inCustody(connections, run, releaseTo))
}

/** Files first, since the plan is made from what they say; then the plan; then the release. All of it is undone together. */
async function releaseTo(connections: Connections, run: Run, custody: Custody): Promise<Told> {
  const { log } = run
  const before = custody.fence(executorFor(connections, run))
  const upload = await uploadFor(connections, run)
  const uploaded = await interpret(upload.changes, before)
  if (uploaded.kind !== 'done') {
    const left = uploaded.kind === 'stranded' ? [] : uploaded.left
    return { conclusion: refused(uploaded.at.title, [uploaded.cause], left), notes: [], ...some(left) }
  }

  const notPlanned = async (cause: unknown): Promise<Told> => {
    const left = await undoAll(upload.changes, before)
    return { conclusion: refused(SEEING, [cause], left), notes: [], ...some(left) }
  }
  const planned = await attempt(
    log.step(SEEING, () => planFor(connections, run)),
    notPlanned,
  )
  const { plan, commits } = planned
  const older = await refuseOlder(run, commits.live)
  if (older !== undefined) return notPlanned(new Refused([older], { color: plan.from, ...plan.previous }))
  custody.toward(plan.to)
  log.note(planSentence(plan))
  log.planned({ ...intentOf(plan), ...(commits.next && { commit: commits.next }) })
  for (const warning of planned.warnings) log.warning(sentence(warning))
  const spares = { color: plan.from, holds: plan.router.holds(plan.from) }
  const items = recording([...release(plan), ...upload.forget], plan, run, commits.live)
  const executor = custody.fence(
    executorFor(connections, run, (started) =>
      custody
        .confirm({
          entry: entryOf(plan, run, commits.next),
          identity: knowing([...started.values()][0], plan.runtime.identify(plan.to)),
          ...(plan.seen !== undefined && { seen: plan.seen }),
          finish: followers(items),
          spares,
        })
        .catch(notWhatWasStarted(connections.adapters.runtime)),
    ),
  )
  const outcome = await interpret(items, executor, upload.changes)
  const now: Serving =
    outcome.kind === 'done' && outcome.doubt === undefined
      ? { kind: 'serves', live: {} }
      : await log.step(ASKING, () => whatServes(connections, run, plan))
  const conclusion = conclude(plan, outcome, now)
  return {
    conclusion,
    notes: planned.notes.map(sentence),
    version: plan.version,
    ...(isLeft(outcome, run) && { left: true }),
  }
}

function intentOf({ version, to, commit, previous, from }: Plan): Intent {
  const live = previous === undefined ? {} : { color: from, ...previous }
  return { version, color: to, live, ...(commit !== undefined && { commit }) }
}

/** What follows the confirmation is carried on by others where this run was cancelled in the middle of it. */
function isLeft(outcome: Outcome, { cancelled }: Run): boolean {
  if (outcome.kind === 'stranded') return false
  return outcome.kind === 'done' ? cancelled() !== undefined : outcome.left.length > 0
}

function some(left: readonly unknown[]): { left?: true } {
  return left.length === 0 ? {} : { left: true }
}

/** Whoever finds that requests went back to the previous color after the confirmation records it. */
function recording(items: readonly Item[], plan: Plan, run: Run, commit?: string): readonly Item[] {
  const found = recordFlippedBack(flippedBackEntry(plan, run, commit), plan.runtime.identifyRunning(plan.from))
  return items.map((item) =>
    item.kind === 'change' && item.phase === 'retire' && item.spares
      ? { ...item, spares: { ...item.spares, found } }
      : item,
  )
}

/** What is carried out after the confirmation; whoever carries it on lets the previous color finish as well. */
function followers(items: readonly Item[]): readonly Change[] {
  const after = items.slice(items.findIndex(({ kind }) => kind === 'confirm') + 1)
  return after.flatMap((item) => {
    if (item.kind === 'change') return item.phase === 'retire' ? [item] : []
    return item.kind === 'check' && item.test.kind === 'drain' ? waitsOf(item, item.test.waits) : []
  })
}

function waitsOf({ title }: Check, waits: readonly Wait[]): readonly Change[] {
  return waits.map(
    ({ on, script }, i): Change => ({
      kind: 'change',
      phase: 'retire',
      title: `${title} (${i + 1} of ${waits.length})`,
      on,
      reason: 'command-failed',
      do: script,
    }),
  )
}

/** The previous release, as the ledger is to have it when others put it back. */
function flippedBackEntry(
  { previous, from }: Plan,
  { origin, started }: Run,
  commit?: string,
): Omit<NewEntry, 'confirmed'> {
  const times = { started: started.toISOString() }
  const { commit: _, ...by } = origin
  const why = { result: 'restored', reason: 'flipped-by-others' } as const
  return {
    version: previous?.version ?? '',
    color: from,
    ...by,
    ...times,
    ...why,
    ...(commit !== undefined && { commit }),
  }
}

/** What the confirmation saw of the container is why there is none. */
function notWhatWasStarted({ readSighting }: RuntimeAdapter): (cause: unknown) => never {
  return (cause) => {
    const seen = cause instanceof Failure ? readSighting(cause.evidence.join('\n')) : undefined
    throw seen === undefined ? cause : new Failure(seen.reason, seen.sentence, { evidence: seen.evidence, cause })
  }
}

/** The release as the ledger is to have it. */
function entryOf(
  { version, to, command, refused, found }: Plan,
  { origin, started }: Run,
  recorded?: string,
): NewEntry {
  const times = { started: started.toISOString(), confirmed: new Date().toISOString() }
  const result = command === 'rollback' ? 'rolled-back' : 'released'
  // What comes back is of the commit that it was released from.
  const { commit: own, ...from } = origin
  const commit = command === 'rollback' ? recorded : own
  const known = {
    ...(commit !== undefined && { commit }),
    ...(refused !== undefined && { refused }),
    ...(found && { found }),
  }
  return { version, color: to, ...from, ...times, result, command, ...known }
}
