import { type About, deploymentOf, type Final, lostFinal } from './about.ts'
import type { GitHub } from './client.ts'
import { findDeployment } from './deployment.ts'
import { type LaneName, laneWarning } from './lane.ts'
import type { StateName } from './reporting.ts'
import { saying } from './saying.ts'

/** Milliseconds: `post` has minutes, and nobody waits for more than the reports. */
export const FINISH_PATIENCE = 60_000

/** What `main` kept of a run that GitHub was told of. */
export interface Left {
  readonly about: About
  readonly deploymentId?: number
  /** Absent: `main` was killed before the release ended. */
  readonly final?: Final
  readonly open: readonly LaneName[]
}

/** Undefined where nothing is left to be said. */
export function leftToSay(state: (name: StateName) => string): Left | undefined {
  if (state('github') === '') return undefined
  const about: About = JSON.parse(state('github'))
  const names = (['deployment', 'comment', 'status'] as const).filter((name) => about.reports[name])
  const open = names.filter((name) => state(`github-done-${name}`) !== 'true')
  if (open.length === 0) return undefined
  const id = Number(state('deployment-id'))
  const final: Final | undefined = state('github-final') === '' ? undefined : JSON.parse(state('github-final'))
  return { about, open, ...(id > 0 && { deploymentId: id }), ...(final && { final }) }
}

/**
 * Says what `main` could not say any more, so that nothing is shown as under way for ever.
 * @param final what is known of the end; what `main` said itself goes before it
 * @returns what a person should know
 */
export async function finishReporting(github: GitHub, left: Left, final?: Final): Promise<readonly string[]> {
  const { about, open } = left
  const end = left.final ?? final ?? lostFinal(about)
  const warnings: string[] = []
  const work = open.map(async (name) => {
    await sayOpen(github, left, name, end).catch((cause: unknown) => {
      warnings.push(laneWarning(name, cause, about.subject.fork))
    })
  })
  await Promise.all(work)
  return warnings
}

async function sayOpen(github: GitHub, { about, deploymentId }: Left, name: LaneName, final: Final): Promise<void> {
  if (name !== 'deployment') {
    const said = saying(github, async () => about)
    return name === 'comment' ? said.comment(final.comment) : said.status(final.signs.commit, final.description)
  }
  // `main` may have been killed after it was made and before its id was known.
  const id = deploymentId ?? (await findDeployment(github, deploymentOf(about, [])))
  await saying(github, async () => about, undefined, id).finalDeployment(final)
}
