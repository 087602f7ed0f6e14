import { sentence } from '../base/notice.ts'
import { accessFinding } from '../checking/host/access.ts'
import { findingForLog } from '../checking/pages.ts'
import { type Examined, examine } from '../checking/pairing/examine.ts'
import { type Ended, early } from '../front/ended.ts'
import { found } from '../release/conclusion.ts'
import { isForColor } from '../release/model.ts'
import { planSentence } from '../release/plan.ts'
import type { Connections } from '../wiring/connect.ts'
import { attempt, type Told } from './attempt.ts'
import { connected, first, planFor, SEEING } from './connected.ts'
import { refuseOlder } from './older-commit.ts'
import type { Run } from './run.ts'

/** Finds everything that would stop a deploy or weaken a promise, and prints the mend of each. It changes nothing. */
export function check(run: Run): Promise<Ended> {
  return connected(run, look, (cause) => {
    const finding = accessFinding(cause, run.inputs)
    return finding && told(run, { findings: [finding] })
  })
}

async function look(connections: Connections, run: Run): Promise<Told> {
  const { fleet, ask, adapters } = connections
  const { inputs, log, begun, signal, workspace } = run
  const known = adapters.router.name === 'nginx' && adapters.runtime.name === 'compose'
  const { composeFiles, projectName = '' } = inputs.application
  if (!known || [...composeFiles, projectName].some(isForColor)) return planOnly(connections, run)
  const host = first(fleet.apps)
  const looking = 'Look at the host, and plan a deploy'
  const examined = await attempt(
    log.step(looking, () => examine({ host, ask, inputs, workspace, signal, older: (live) => refuseOlder(run, live) })),
    (cause) => early('check', begun.soFar(), looking, [cause]),
  )
  return told(run, examined)
}

/** For what has no findings of its own: whether a deploy would begin, and what it would be told. */
async function planOnly(connections: Connections, run: Run): Promise<Told> {
  const { inputs, log } = run
  const asDeploy: Run = { ...run, inputs: { ...inputs, command: 'deploy' } }
  const planned = await attempt(
    log.step(SEEING, () => planFor(connections, asDeploy)),
    (cause) => ({ conclusion: found(SEEING, [cause]), notes: [] }),
  )
  const { plan, notes, warnings } = planned
  log.note(planSentence(plan))
  for (const warning of warnings) log.warning(sentence(warning))
  const older = await refuseOlder(run, planned.commits.live)
  const live = { ...(plan.previous && { color: plan.from, ...plan.previous }) }
  return { conclusion: found(SEEING, older === undefined ? [] : [older], live), notes: notes.map(sentence) }
}

function told({ log }: Run, { findings, plan }: Examined): Told {
  if (plan !== undefined) log.note(planSentence(plan))
  for (const finding of findings) log.note(findingForLog(finding))
  const problems = findings.filter(({ severity }) => severity === 'problem')
  const { from, previous } = plan ?? {}
  return {
    conclusion: {
      result: problems.length > 0 ? 'problems' : 'ok',
      sentences: problems.map(({ title, seen }) => `${title}: ${seen}`),
      evidence: [],
      live: { ...(previous && from && { color: from }), ...(previous?.version && { version: previous.version }) },
      previous: {},
    },
    notes: [],
    findings,
  }
}
