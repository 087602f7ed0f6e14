import { drained, healthy, onPublicRoute, reachable, seenAgain, smokeTested, spared, watched } from './judge.ts'
import type { Plan } from './plan.ts'
import { allTo, type Change, type Item } from './words.ts'

/** The whole release, top to bottom. Whatever fails before the confirmation, everything above it is undone. */
export function release(plan: Plan): readonly Item[] {
  const { runtime, router, hooks, from, to, version } = plan
  return [
    ...plan.prepare,
    ...router.ready(to),
    ...runtime.pull(to, version),
    ...hooks.beforeStart,
    ...runtime.startDependencies(to),
    ...(plan.idleRuns ? drained(plan, to) : []),
    ...runtime.start({ color: to, holds: router.holds(to) }, version),
    healthy(plan),
    ...smokeTested(plan),
    ...runtime.remember(to, version),
    ...hooks.beforeFlip,
    reachable(plan),
    ...spared(plan),
    ...hooks.afterRestore,
    ...router.change(allTo(from), allTo(to)).map((change) => neverToADeadColor(change, plan)),
    ...onPublicRoute(plan),
    ...hooks.afterFlip,
    ...watched(plan),
    { kind: 'confirm', title: `Confirm ${version} on ${to}` },
    ...router.settle(),
    ...runtime.forget(),
    ...(plan.previous === undefined ? [] : drained(plan, from)),
    ...(plan.previous === undefined ? [] : runtime.retire({ color: from, holds: router.holds(from) })),
    ...router.retired(from),
    ...runtime.tidy(),
  ]
}

/** Going back needs a previous color that answers, and is proven on the public route as well. */
function neverToADeadColor(change: Change, { previous, questions }: Plan): Change {
  if (previous === undefined) return change
  const ends = { previous: questions.previous, next: questions.next }
  if (questions.routeBefore === undefined) return { ...change, ends }
  return { ...change, ends, restored: seenAgain(change.restored, questions.routeBefore) }
}
