import { type Change, type Check, type Color, NOOP, type Probe, type Question, type Test, type Wait } from './model.ts'
import type { Plan } from './plan.ts'

/** One 200 is not healthy: an application may answer once and then fail. */
const SUCCESSES = 2
/** Milliseconds for what must be true by now, and by which an exit watch outlasts its test. */
const SHORTLY = 10_000
/** Milliseconds in which nobody may have called the previous color newly: as long as is watched, within these bounds. */
const QUIET = { least: 150, most: 1000 }
/** Milliseconds between two rounds of the watch. */
const WATCH_INTERVAL = 1000
/** Failures of one question in a row that end the watch. */
const WATCH_FAILURES = 3

/** The new color answers well, twice in a row, before the deadline; a container that ends is noticed at once. */
export function healthy({ runtime, to, version, questions, health }: Plan): Check {
  const probe: Probe = {
    questions: [questions.next],
    successes: SUCCESSES,
    interval: health.interval,
    deadline: health.timeout,
  }
  const exitWatch = runtime.exitWatch(to, health.timeout + SHORTLY)
  return {
    kind: 'check',
    title: `Wait until ${version} on ${to} is healthy`,
    test: { kind: 'until', probe, exitWatch, whose: runtime.occupies(to), reason: 'not-healthy' },
  }
}

/** The last proof before the flip: asked where Nginx runs, at the address that Nginx uses. */
export function reachable({ runtime, router, to, questions }: Plan): Check {
  return {
    kind: 'check',
    title: `Ask ${to} where ${router.name} reaches it`,
    test: {
      kind: 'until',
      probe: shortly(questions.nextFromProxy ?? questions.next),
      whose: runtime.occupies(to),
      reason: 'not-proven',
    },
  }
}

/** The new version answers through Nginx. */
export function onPublicRoute({ runtime, to, version, questions }: Plan): readonly Check[] {
  if (questions.route === undefined) return []
  return [
    {
      kind: 'check',
      title: `See ${version} on ${questions.route.title}`,
      test: {
        kind: 'until',
        probe: shortly(questions.route),
        whose: runtime.occupies(to),
        ...(questions.routeSeen && {
          sight: { version, color: to, before: questions.routeSeen, accepted: runtime.accepted(to) },
        }),
        reason: 'public-route-failed',
      },
    },
  ]
}

/** The public route and the new color itself go on answering well, and nobody sends requests elsewhere. */
export function watched({ runtime, router, from, to, version, questions, watch }: Plan): readonly Check[] {
  if (watch === 0) return []
  const asked = questions.route === undefined ? [questions.next] : [questions.route, questions.next]
  return [
    {
      kind: 'check',
      title: `Watch ${version} on ${to} for ${watch / 1000} s`,
      test: {
        kind: 'hold',
        questions: asked,
        duration: watch,
        interval: Math.min(WATCH_INTERVAL, watch),
        failures: WATCH_FAILURES,
        exitWatch: runtime.exitWatch(to, watch + SHORTLY),
        spares: { color: from, holds: router.holds(from) },
        whose: runtime.occupies(to),
        reason: 'watch-failed',
      },
    },
  ]
}

/** What is in flight on a color gets its time, before that color is stopped or recreated. */
export function drained(plan: Plan, color: Color): readonly Check[] {
  const quiet = Math.min(QUIET.most, Math.max(QUIET.least, plan.watch))
  const waits = waitsFor(plan, color, quiet)
  if (waits.length === 0) return []
  return [{ kind: 'check', title: letFinish(color), test: { kind: 'drain', waits } }]
}

/** A refused color gets the same time, once traffic is back and before it is removed. */
export function spared(plan: Plan): readonly Change[] {
  const { to } = plan
  // Undone from the last to the first: what waits in Nginx comes to the color before it can finish there.
  return waitsFor(plan, to, 0)
    .toReversed()
    .map(
      ({ on, script }): Change => ({
        kind: 'change',
        phase: 'prepare',
        title: letFinish(to),
        on,
        reason: 'command-failed',
        do: NOOP,
        effect: { does: 'Nothing', undoes: 'Waits until nobody is connected to it' },
        undo: script,
        bestEffort: true,
      }),
    )
}

function waitsFor({ runtime, router, drain }: Plan, color: Color, quiet: number): readonly Wait[] {
  return drain === 0 ? [] : [...router.drain(color, drain), ...runtime.drain(color, drain, quiet)]
}

function letFinish(color: Color): string {
  return `Let ${color} finish what it has begun`
}

/** The user's own tests pass against the new color, before anybody else sees it. */
export function smokeTested({ runtime, smoke, to, version }: Plan): readonly Check[] {
  if (smoke === undefined) return []
  const test: Test = { kind: 'smoke', smoke, whose: runtime.occupies(to) }
  return [{ kind: 'check', title: `Run the smoke test against ${version} on ${to}`, test }]
}

/** What proves that the previous state is back: what the router asks for, and the public route as it was. */
export function seenAgain(restored: Test | undefined, routeBefore: Question): Test {
  const asked = restored?.kind === 'until' ? restored.probe.questions : []
  return {
    kind: 'until',
    probe: { ...shortly(routeBefore), questions: [...asked, routeBefore], successes: 2 },
    reason: 'flip-without-effect',
  }
}

function shortly(question: Question): Probe {
  return { questions: [question], successes: 1, interval: 500, deadline: SHORTLY }
}
