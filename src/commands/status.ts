import { sentence } from '../base/notice.ts'
import type { Ended } from '../front/ended.ts'
import { countOn } from '../host/accepted.ts'
import { type Status, statusOf } from '../planning/status.ts'
import { statusLines } from '../planning/status-lines.ts'
import { surveyHost } from '../planning/survey.ts'
import { found } from '../release/conclusion.ts'
import type { Connections } from '../wiring/connect.ts'
import { attempt, type Told } from './attempt.ts'
import { connected, first } from './connected.ts'
import type { Run } from './run.ts'

/** Shows how a target is, and changes nothing. */
export function status(run: Run): Promise<Ended> {
  return connected(run, (connections, run) => show(connections, run))
}

async function show({ fleet, ask, adapters }: Connections, { inputs, log, signal }: Run): Promise<Told> {
  const seeing = 'See what is there'
  const host = first(fleet.apps)
  const seen = await attempt(
    log.step(seeing, async () => {
      const survey = await surveyHost(host, inputs, adapters, signal)
      return statusOf({ inputs, survey, host: host.name, ask, count: countOn(host, signal), signal })
    }),
    (cause) => ({ conclusion: found(seeing, [cause]), notes: [] }),
  )
  const { problems, notes, live, goesTo: _, ...situation } = seen
  const shown = statusLines(situation)
  for (const line of shown) log.note(line)
  const judging = 'Judge what was seen'
  await log.step(judging, () => judge(problems)).catch(() => undefined)
  return { conclusion: found(judging, problems, live), notes: notes.map(sentence), status: situation, shown }
}

async function judge(problems: Status['problems']): Promise<string> {
  if (problems.length > 0) throw new AggregateError(problems)
  return 'what serves is what was released last, and it is well'
}
