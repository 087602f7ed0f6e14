import type { Custody } from '../custody/custody.ts'
import { recoverAll, recoverySentence, settledBy } from '../custody/recovery.ts'
import { type Terms, takeCustody } from '../custody/taking.ts'
import { early } from '../front/ended.ts'
import { cutShort, Refused } from '../release/conclusion.ts'
import { Failure } from '../release/reasons.ts'
import { type Side, sideServing } from '../release/serving.ts'
import type { Connections } from '../wiring/connect.ts'
import { attempt, ending, refusedAt, type Told } from './attempt.ts'
import { first, planFor, SEEING } from './connected.ts'
import { executorFor } from './executor-for.ts'
import { holderOf, type Run } from './run.ts'
import { whatServes } from './what-serves.ts'

/** Everything that is seen and changed is so while this run holds the target. */
export async function inCustody(
  connections: Connections,
  run: Run,
  release: (connections: Connections, run: Run, custody: Custody) => Promise<Told>,
): Promise<Told> {
  const taking = 'Take the lease of the target'
  const host = first(connections.fleet.proxies)
  const taken = await attempt(
    run.log.step(taking, () => takeCustody(host, termsOf(run), run.log, run.signal)),
    refusedAt(taking),
  )
  if (taken === 'absent') return withoutCustody(connections, run)
  const signal = AbortSignal.any([run.signal, taken.signal])
  const held: Run = { ...run, signal }
  const recovering = 'Recover what an earlier run left'
  const recovered = await attempt(recoverAll(taken, host, executorFor(connections, held)), async (cause) => {
    await taken.end('unfinished')
    return early(run.inputs.command, run.begun.soFar(), recovering, [cause])
  })
  run.begun.settled()
  const found = recovered.flatMap((each) => recoverySentence(each) ?? [])
  for (const sentence of found) run.log.warning(sentence)
  if (found.length > 0) {
    const live = sideServing(await whatServes(connections, run))
    for (const each of recovered) run.log.settled(settledBy(each, live))
  }
  if (taken.asked !== undefined) {
    const restored = await alreadyBack(connections, held, taken.asked)
    if (restored !== undefined) {
      await taken.end('clean')
      return restored
    }
  }
  const told = await ending(release(connections, held, taken)).catch((cause: unknown) => unforeseen(run, cause))
  const { conclusion, left } = told
  if (conclusion.result === 'stranded') {
    const stays = conclusion.settled || (conclusion.live.color !== undefined && conclusion.stays)
    if (stays) await taken.keep().catch(() => undefined)
    await taken.end(stays ? 'clean' : 'alone')
    return { ...told, ...(!stays && { unfinished: true }) }
  }
  const given = await taken.end(left ? 'unfinished' : 'clean')
  return { ...told, ...((left || !given) && { unfinished: true }) }
}

/** Nothing that a release throws may hide what it had begun. */
function unforeseen({ begun, inputs }: Run, cause: unknown): Told {
  const soFar = begun.soFar()
  return {
    conclusion: cutShort(soFar, 'internal error', [cause]),
    notes: [],
    version: inputs.application.version,
    ...(soFar.kind !== 'nothing' && { left: true }),
  }
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
  await attempt(
    run.log.step(SEEING, () => planFor(connections, run)),
    refusedAt(SEEING),
  )
  return refusedAt(SEEING)(new Failure('state-directory', 'The state directory is missing, and cannot be made.'))
}

function termsOf(run: Run): Terms {
  const { inputs, token, lookup } = run
  return {
    directory: inputs.nginx.stateDirectory,
    lease: inputs.custody.lease,
    patience: inputs.custody.lockTimeout,
    token,
    ...(lookup && { hasEnded: lookup.hasEnded }),
    ...(inputs.command === 'rollback' && { asks: true }),
    holder: holderOf(run, inputs.command, inputs.application.version),
  }
}
