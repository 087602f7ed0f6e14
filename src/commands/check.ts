import { accessFinding } from '../checking/host/access.ts'
import { findingForLog } from '../checking/pages.ts'
import { type Examined, examine } from '../checking/pairing/examine.ts'
import { type Ended, early } from '../front/ended.ts'
import { planSentence } from '../release/plan.ts'
import type { Connections } from '../wiring/connect.ts'
import { attempt } from './attempt.ts'
import { connected, first, type Told } from './connected.ts'
import { refuseOlder } from './older-commit.ts'
import type { Run } from './run.ts'

/** Finds everything that would stop a deploy or weaken a promise, and prints the mend of each. It changes nothing. */
export function check(run: Run): Promise<Ended> {
  return connected(
    run,
    (connections) => look(connections, run),
    (cause) => {
      const finding = accessFinding(cause, run.inputs)
      return finding && told(run, { findings: [finding] })
    },
  )
}

async function look({ fleet, ask }: Connections, run: Run): Promise<Told> {
  const { inputs, log, begun, signal, workspace } = run
  const host = first(fleet.apps)
  const looking = 'Look at the host, and plan a deploy'
  const examined = await attempt(
    log.step(looking, () => examine({ host, ask, inputs, workspace, signal, older: (live) => refuseOlder(run, live) })),
    (cause) => early('check', begun.soFar(), looking, [cause]),
  )
  return told(run, examined)
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
