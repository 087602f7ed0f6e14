import { healthy, onPublicRoute, reachable, seenAgain, watched } from './judge.ts'
import type { Plan } from './plan.ts'
import { allTo, type Change, type Item } from './words.ts'

/** The whole release, top to bottom. Whatever fails before the confirmation, everything above it is undone. */
export function release(plan: Plan): readonly Item[] {
  const { runtime, router, from, to, version } = plan
  return [
    ...plan.prepare,
    ...router.ready(),
    ...runtime.pull(to, version),
    ...runtime.startDependencies(to),
    ...runtime.start(to, version),
    healthy(plan),
    ...runtime.remember(to, version),
    ...reachable(plan),
    ...router.change(allTo(from), allTo(to)).map((change) => neverToADeadColor(change, plan)),
    ...onPublicRoute(plan),
    ...watched(plan),
    { kind: 'confirm', title: `Confirm ${version} on ${to}` },
    ...router.settle(),
    ...runtime.forget(),
  ]
}

/** Going back needs a previous color that answers, and is proven on the public route as well. */
function neverToADeadColor(change: Change, { previous, questions }: Plan): Change {
  if (previous === undefined) return change
  const ends = { previous: questions.previous, next: questions.next }
  if (questions.routeBefore === undefined) return { ...change, ends }
  return { ...change, ends, restored: seenAgain(change.restored, questions.routeBefore) }
}
