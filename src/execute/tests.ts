import { plural } from '../base/plural.ts'
import { hostsOf } from '../host/fleet.ts'
import type { Host, HttpAnswer, Script } from '../host/host.ts'
import { linesOf } from '../host/kept.ts'
import { sideBySide } from '../host/poll.ts'
import { until } from '../judges/probe.ts'
import { hold } from '../judges/watch.ts'
import type { ExitWatch, Sight, Test, Wait } from '../release/model.ts'
import type { Renamed } from '../release/progress.ts'
import { Failure } from '../release/reasons.ts'
import { shownBy, verdictOf } from '../release/sight.ts'
import { inRounds, readLeftAlone } from '../release/spared.ts'
import { knowing, knowingOpened, readAccepted } from '../release/started.ts'
import type { Work } from './reach.ts'

/** Begins a line of a wait that a person should read. */
const CALLERS = 'Callers: '

/**
 * Puts one test, and gives what it proved.
 * @throws Failure if it failed; what an exit watch saw, or that the container was replaced, comes first
 */
export async function putTest(test: Test, reach: Work): Promise<string | Renamed> {
  const over = new AbortController()
  const either = AbortSignal.any([over.signal, reach.signal])
  const exitWatch = 'exitWatch' in test && test.exitWatch && keep(besides(test.exitWatch, test), reach, over)
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
    await exitWatch
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
async function drain(waits: readonly Wait[], { fleet, signal, progress, opened }: Work): Promise<string> {
  const each = waits.flatMap(({ on, script }) => hostsOf(fleet, on).map((host) => ({ host, script })))
  const said = [...Map.groupBy(each, ({ host }) => host)].map(async ([host, its]) => {
    const { shell, deadline } = together(its.map(({ script }) => script))
    const ran = await host.run({ shell: knowingOpened(opened.get(host.name), shell), deadline }, { signal })
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

/** An exit watch that also asks in each round whether somebody sent requests elsewhere; one script, for one round trip. */
function besides(exitWatch: ExitWatch, test: Test): ExitWatch {
  if (test.kind !== 'hold' || test.spares === undefined) return exitWatch
  const { shell, deadline } = exitWatch.script
  return { ...exitWatch, script: { shell: inRounds(shell, test.spares, test.interval), deadline } }
}

/** Runs the exit watch alongside a test, and ends the test if it saw something. */
async function keep(
  exitWatch: ExitWatch,
  { fleet, signal, started, readSighting }: Work,
  over: AbortController,
): Promise<void> {
  const either = AbortSignal.any([over.signal, signal])
  const stand = async (host: Host): Promise<void> => {
    const script = { ...exitWatch.script, shell: knowing(started.get(host.name), exitWatch.script.shell) }
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
  await Promise.all(hostsOf(fleet, exitWatch.on).map(stand))
}
