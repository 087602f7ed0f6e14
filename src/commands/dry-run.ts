import { sentence } from '../base/notice.ts'
import type { CustodyState } from '../custody/standing.ts'
import type { Ended } from '../front/ended.ts'
import { hostsOf } from '../host/fleet.ts'
import { onlyPlanned } from '../release/conclusion.ts'
import type { Change } from '../release/model.ts'
import { planSentence } from '../release/plan.ts'
import { planLines, plannedItems } from '../release/planned.ts'
import { release } from '../release/release.ts'
import type { Connections } from '../wiring/connect.ts'
import { attempt, refusedAt, type Told } from './attempt.ts'
import { connected, planFor, SEEING, uploadFor } from './connected.ts'
import type { Run } from './run.ts'

/** Shows the very list that a deploy or a rollback would carry out now, and changes nothing. */
export function dryRun(run: Run): Promise<Ended> {
  return connected(run, (connections, run) => show(connections, run))
}

async function show(connections: Connections, run: Run): Promise<Told> {
  const { log } = run
  const upload = await uploadFor(connections, run)
  const planned = await attempt(
    log.step(SEEING, () => planFor(connections, run)),
    refusedAt(SEEING),
  )
  const { plan, warnings, custody } = planned
  const notes = [...planned.notes.map(sentence), ...unsettled(custody)]
  log.note(planSentence(plan))
  for (const warning of warnings) log.warning(sentence(warning))
  const items = [...upload.changes, ...release(plan), ...upload.forget]
  const shown = plannedItems(items, (on: Change['on']) => hostsOf(connections.fleet, on).map(({ name }) => name))
  const text = planLines(shown)
  for (const line of text) log.note(line)
  const unseen =
    'The plan was made from the files that are on the host now, and not from those that would be put there.'
  return {
    conclusion: onlyPlanned(plan),
    notes: upload.changes.length > 0 ? [...notes, unseen] : notes,
    version: plan.version,
    plan: shown,
    shown: text,
  }
}

/** Why the plan would be made again. */
function unsettled({ lease, busy, abandoned }: CustodyState): readonly string[] {
  if (busy) return [`Another run holds the target (lease ${lease}). A release waits for it, and is planned again then.`]
  if (!abandoned) return []
  return [
    `A run was ended from outside (lease ${lease}). A release recovers that first, and is planned again then: another color may be live.`,
  ]
}
