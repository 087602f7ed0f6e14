import { type Custody, type Terms, takeCustody } from '../custody/custody.ts'
import type { NewEntry } from '../custody/ledger.ts'
import { recoverAll, recoverySentence, settledBy } from '../custody/recovery.ts'
import type { Ended } from '../ended.ts'
import type { Intent } from '../log.ts'
import { conclude, Refused, refused, type Side } from '../release/conclusion.ts'
import { handsOn } from '../release/hands.ts'
import { type Hands, interpret, type Outcome, undoAll } from '../release/interpret.ts'
import { type Plan, planSentence } from '../release/plan.ts'
import { Failure } from '../release/reasons.ts'
import { release } from '../release/release.ts'
import type { Change, Check, Color, Item, Wait } from '../release/words.ts'
import type { Router } from '../routers/router.ts'
import { readSighting } from '../runtimes/compose-answers.ts'
import { explainFailure } from '../runtimes/compose-failures.ts'
import type { Connections } from '../wiring.ts'
import { connected, first, planFor, type Told, uploadFor } from './connected.ts'
import { refuseOlder } from './older-commit.ts'
import type { Run } from './run.ts'

/** Milliseconds after a cancellation in which preparations are still undone here. */
const WHEN_CANCELLED = 5000

/** Releases a version on the idle color, or puts back one that was released before. */
export function deploy(run: Run): Promise<Ended> {
  return connected(run, (connections) => inCustody(connections, run))
}

/** Everything that is seen and changed is so while this run holds the target. */
async function inCustody(connections: Connections, run: Run): Promise<Told> {
  const taking = 'Take the lease of the target'
  const host = first(connections.fleet.proxies)
  const taken = await run.log
    .step(taking, () => takeCustody(host, termsOf(run), run.log, run.signal))
    .catch((cause: unknown) => refused(taking, [cause]))
  if (taken === 'absent') return withoutCustody(connections, run)
  if ('result' in taken) return { conclusion: taken, notes: [] }
  const signal = AbortSignal.any([run.signal, taken.signal])
  const held: Run = { ...run, signal }
  const recovering = 'Recover what an earlier run left'
  const recovered = await recoverAll(taken, host, handsFor(connections, held)).catch((cause: unknown) =>
    refused(recovering, [cause]),
  )
  if ('result' in recovered) {
    await taken.end('unfinished')
    return { conclusion: recovered, notes: [] }
  }
  const found = recovered.flatMap((each) => recoverySentence(each) ?? [])
  for (const sentence of found) run.log.warning(sentence)
  for (const each of recovered) run.log.settled(settledBy(each))
  if (taken.asked !== undefined) {
    const restored = await alreadyBack(connections, held, taken.asked)
    if (restored !== undefined) {
      await taken.end('clean')
      return restored
    }
  }
  const told = await releaseTo(connections, held, taken)
  const { conclusion, left } = told
  if (conclusion.result === 'stranded') {
    const stays = conclusion.live.color !== undefined && conclusion.stays
    if (stays) await taken.keep().catch(() => undefined)
    await taken.end(stays ? 'clean' : 'alone')
    return { ...told, ...(!stays && { unfinished: true }) }
  }
  await taken.end(left ? 'unfinished' : 'clean')
  return { ...told, ...(left && { unfinished: true }) }
}

/** What a rollback finds that asked a release in its watch to restore; undefined where that one was confirmed first. */
async function alreadyBack(
  connections: Connections,
  run: Run,
  { version, color }: NonNullable<Custody['asked']>,
): Promise<Told | undefined> {
  const wanted = run.inputs.application.version
  const live = await planFor(connections, run).then(
    ({ plan }): Side => ({ color: plan.from, ...plan.previous }),
    (cause: unknown): Side => (cause instanceof Refused ? cause.live : {}),
  )
  if (live.color === undefined || live.color === color) return undefined
  if (wanted !== '' && wanted !== live.version) return undefined
  const previous: Side = { version, ...(color === 'blue' || color === 'green' ? { color } : {}) }
  return {
    conclusion: { result: 'rolled-back', sentences: [], evidence: [], live, previous },
    notes: [
      `The release of ${version || 'an unknown version'} was in its watch: it was asked to put the previous version back, and did.`,
    ],
    ...(live.version !== undefined && { version: live.version }),
  }
}

/** There is no place for a lease, which is one of perhaps many reasons to refuse: all of them are told. */
async function withoutCustody(connections: Connections, run: Run): Promise<Told> {
  const seeing = 'See what is live, and plan'
  const conclusion = await run.log
    .step(seeing, () => planFor(connections, run))
    .then(
      () => refused(seeing, [new Failure('state-directory', 'The state directory is missing, and cannot be made.')]),
      (cause: unknown) => refused(seeing, [cause]),
    )
  return { conclusion, notes: [] }
}

function termsOf({ inputs, origin, token, lookup }: Run): Terms {
  return {
    directory: inputs.nginx.stateDirectory,
    lease: inputs.custody.lease,
    patience: inputs.custody.lockTimeout,
    token,
    ...(lookup && { hasEnded: lookup.hasEnded }),
    ...(inputs.command === 'rollback' && { asks: true }),
    holder: {
      run: origin.run ?? '',
      actor: origin.actor ?? '',
      version: inputs.application.version,
      command: inputs.command,
      since: new Date().toISOString(),
    },
  }
}

interface Released extends Told {
  /** A preparation was not undone. */
  readonly left?: true
}

/** Files first, since the plan is made from what they say; then the plan; then the release. All of it is undone together. */
async function releaseTo(connections: Connections, run: Run, custody: Custody): Promise<Released> {
  const { log } = run
  const before = custody.fence(handsFor(connections, run))
  const comparing = 'Compare the files to upload'
  const upload = await uploadFor(connections, run, comparing).catch((cause: unknown) => refused(comparing, [cause]))
  if ('result' in upload) return { conclusion: upload, notes: [] }
  const uploaded = await interpret(upload.changes, before)
  if (uploaded.kind !== 'done') {
    const left = uploaded.kind === 'stranded' ? [] : uploaded.left
    return { conclusion: refused(uploaded.at.title, [uploaded.cause], left), notes: [], ...some(left) }
  }

  const seeing = 'See what is live, and plan'
  const planned = await log
    .step(seeing, () => planFor(connections, run))
    .catch(async (cause: unknown) => {
      const left = await undoAll(upload.changes, before)
      return { conclusion: refused(seeing, [cause], left), notes: [], ...some(left) }
    })
  if ('conclusion' in planned) return planned
  const { plan, commits } = planned
  const older = await refuseOlder(run, commits.live)
  if (older !== undefined) {
    const left = await undoAll(upload.changes, before)
    const side: Side = { color: plan.from, ...plan.previous }
    return { conclusion: refused(seeing, [new Refused([older], side)], left), notes: [], ...some(left) }
  }
  custody.toward(plan.to)
  log.note(planSentence(plan))
  log.planned({ ...intentOf(plan), ...(commits.next && { commit: commits.next }) })
  for (const warning of planned.warnings) log.warning(warning)
  const items = [...release(plan), ...upload.forget]
  const hands = custody.fence(
    handsFor(connections, run, () =>
      custody.confirm({
        entry: entryOf(plan, run, commits.next),
        identity: plan.runtime.identify(plan.to),
        ...(plan.seen !== undefined && { seen: plan.seen }),
        finish: followers(items),
      }),
    ),
  )
  const outcome = await interpret(items, hands, upload.changes)
  const live = outcome.kind === 'stranded' ? await liveNow(plan.router) : undefined
  const concluded = conclude(plan, outcome, live)
  // Whoever has the target now may have released since.
  const conclusion =
    concluded.reason === 'lease-lost' ? { ...concluded, live: await onlyColor(plan.router) } : concluded
  return { conclusion, notes: planned.notes, version: plan.version, ...(isLeft(outcome, run) && { left: true }) }
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

/** What is carried out after the confirmation; whoever carries it on lets the previous color finish as well. */
function followers(items: readonly Item[]): readonly Change[] {
  const after = items.slice(items.findIndex(({ kind }) => kind === 'confirm') + 1)
  return after.flatMap((item) => {
    if (item.kind === 'change') return item.phase === 'retire' ? [item] : []
    return item.kind === 'check' && item.test.kind === 'drain' ? waitsOf(item, item.test.waits) : []
  })
}

function waitsOf({ title }: Check, waits: readonly Wait[]): readonly Change[] {
  return waits.map(({ on, script }, i) => ({
    kind: 'change',
    phase: 'retire',
    title: `${title} (${i + 1} of ${waits.length})`,
    on,
    reason: 'command-failed',
    do: script,
  }))
}

/** Before there is a plan there is nothing to confirm. */
function handsFor(
  connections: Connections,
  { log, signal, cancelled }: Run,
  confirm: () => Promise<void> = async () => undefined,
): Hands {
  const { fleet, ask } = connections
  return handsOn({
    fleet,
    ask,
    progress: log,
    signal,
    undoing: (change) => patienceFor(change, cancelled),
    readSighting,
    explain: explainFailure,
    smokeTest: (smoke, aborted) => connections.smokeTest(smoke, log, aborted),
    confirm,
  })
}

/** A cancelled run has ten seconds for everything: traffic comes first, and the rest is left to the step after the job. */
function patienceFor({ phase }: Change, cancelled: Run['cancelled']): AbortSignal {
  const at = cancelled()
  if (at === undefined || phase === 'traffic') return new AbortController().signal
  return AbortSignal.timeout(Math.max(0, Math.round(at + WHEN_CANCELLED - performance.now())))
}

/** The release as the ledger is to have it. */
function entryOf({ version, to, command, refused }: Plan, { origin, started }: Run, recorded?: string): NewEntry {
  const times = { started: started.toISOString(), confirmed: new Date().toISOString() }
  const result = command === 'rollback' ? 'rolled-back' : 'released'
  // What comes back is of the commit that it was released from.
  const { commit: own, ...from } = origin
  const commit = command === 'rollback' ? recorded : own
  const known = { ...(commit !== undefined && { commit }), ...(refused !== undefined && { refused }) }
  return { version, color: to, ...from, ...times, result, command, ...known }
}

/** A switch can be asked at any time; what a reload has loaded was only seen before. */
async function liveNow(router: Router): Promise<Color | undefined> {
  if (router.how !== 'switch') return undefined
  const live = await router.current(new AbortController().signal)
  return live.kind === 'color' ? live.color : undefined
}

async function onlyColor(router: Router): Promise<Side> {
  const color = await liveNow(router).catch(() => undefined)
  return color === undefined ? {} : { color }
}
