import { accessFinding } from '../checking/access-findings.ts'
import { type Examined, examine } from '../checking/examine.ts'
import { findingForLog } from '../checking/pages.ts'
import { type Ended, endedEarly } from '../ended.ts'
import { hostName } from '../host/target.ts'
import { planSentence } from '../release/plan.ts'
import { connectAll } from '../wiring.ts'
import { refuseOlder } from './older-commit.ts'
import type { Run } from './run.ts'

/** Finds everything that would stop a deploy or weaken a promise, and prints the mend of each. It changes nothing. */
export async function check(run: Run): Promise<Ended> {
  const { inputs, log, begun, signal, workspace } = run
  const connecting = `Connect to ${hostName(inputs.host)}`
  const connected = await log
    .step(connecting, () => connectAll(inputs, signal, log))
    .catch((cause: unknown) => {
      const finding = accessFinding(cause, inputs)
      return finding ? told(run, { findings: [finding] }) : endedEarly('check', begun.soFar(), connecting, [cause])
    })
  if ('conclusion' in connected) return connected
  await using connections = connected
  const [host] = connections.fleet.apps
  if (host === undefined) throw new TypeError('A fleet has at least one host.')
  const looking = 'Look at the host, and plan a deploy'
  const ended = await log
    .step(looking, () =>
      examine({ host, ask: connections.ask, inputs, workspace, signal, older: (live) => refuseOlder(run, live) }),
    )
    .then((examined) => told(run, examined))
    .catch((cause: unknown) => endedEarly('check', begun.soFar(), looking, [cause]))
  const counts = { roundTrips: connections.roundTrips(), requests: connections.requests() }
  return { ...ended, figures: { ...ended.figures, ...counts } }
}

function told({ inputs, log }: Run, { findings, plan }: Examined): Ended {
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
    figures: {
      version: inputs.application.version,
      notes: [],
      findings,
      roundTrips: 0,
      requests: 0,
    },
  }
}
