import { lines, sh } from '../host/quote.ts'
import { drained, healthy, onPublicRoute, reachable, seenAgain, smokeTested, spared, watched } from './checks.ts'
import type { Change, Item } from './model.ts'
import { flip, type Plan } from './plan.ts'
import { orStartAgain } from './spared.ts'

/** The whole release, top to bottom. Whatever fails before the confirmation, everything above it is undone. */
export function release(plan: Plan): readonly Item[] {
  const { runtime, router, hooks, from, to, version } = plan
  return [
    ...plan.prepare,
    ...router.prepare(to),
    ...runtime.pull(to, version),
    ...hooks.beforeStart,
    ...runtime.startDependencies(to),
    ...(plan.idleRuns ? drained(plan, to) : []),
    ...runtime.start({ color: to, holds: router.holds(to) }, version),
    healthy(plan),
    ...runtime.calledHealthy(to, plan.health.timeout),
    ...smokeTested(plan),
    ...runtime.recordVersion(to, version),
    ...hooks.beforeFlip,
    reachable(plan),
    ...spared(plan),
    ...hooks.afterRestore,
    ...flip(plan).map((change) => neverToADeadColor(onlyToWhatWasStarted(change, plan), plan)),
    ...onPublicRoute(plan),
    ...hooks.afterFlip,
    ...watched(plan),
    { kind: 'confirm', title: `Confirm ${version} on ${to}` },
    ...router.finalize(),
    ...runtime.discardBackups(to),
    ...(plan.previous === undefined ? [] : drained(plan, from)),
    ...(plan.previous === undefined ? [] : runtime.retire({ color: from, holds: router.holds(from) })),
    ...router.retired(from),
    ...runtime.prune(),
    stillServes(plan),
  ]
}

/** Others act on the host, too: what is said at the end is what is there then. Whoever carries this on started nothing. */
function stillServes({ runtime, router, from, to, version, previous }: Plan): Change {
  // By now it is Docker's to start it again.
  const occupied = runtime.occupies(to, 'any').script
  // By now the previous color may be stopped, and somebody sends requests there only since then.
  const spares = previous && { color: from, holds: router.holds(from), wakes: runtime.wake(from).shell }
  const shell = lines(
    sh`if ! (\n${router.holds(to)}\n) >/dev/null 2>&1; then`,
    spares ? orStartAgain(spares, sh`${spares.wakes} 9>&-`) : sh`:`,
    sh`  echo ${`Requests were not seen to go to ${to} any more.`} >&2; exit 1`,
    sh`fi`,
    sh`[ -z "\${container_started:-}" ] || (\n${occupied.shell}\n) >/dev/null 2>&1 || { echo ${`The container on ${to} is not the one that was released.`} >&2; exit 1; }`,
  )
  return {
    kind: 'change',
    phase: 'retire',
    title: `See that ${version} on ${to} still serves`,
    on: 'all proxies',
    reason: 'drift',
    do: { shell, deadline: 2 * occupied.deadline },
    ...(spares && { spares }),
    effect: { does: 'Nothing: it asks' },
  }
}

/** Asked by the script that moves traffic itself: what somebody put in the place of the new color has proven nothing. */
function onlyToWhatWasStarted(change: Change, { runtime, to, questions }: Plan): Change {
  const arrivals = questions.routeSeen !== undefined
  const { shell, deadline } = runtime.whileOccupied(to, change.do.shell, { arrivals })
  return { ...change, do: { shell, deadline: change.do.deadline + deadline } }
}

/** Going back needs a previous color that answers, and is proven on the public route as well. */
function neverToADeadColor(change: Change, { previous, questions }: Plan): Change {
  if (previous === undefined) return change
  const endpoints = { previous: questions.previous, next: questions.next }
  if (questions.routeBefore === undefined) return { ...change, endpoints }
  return { ...change, endpoints, undoProof: seenAgain(change.undoProof, questions.routeBefore) }
}
