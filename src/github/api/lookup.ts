import { runner } from '../../front/actions/runner.ts'
import type { Redact } from '../../front/redaction.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type GitHub, openGitHub } from './client.ts'

/** Milliseconds for one question: an answer that comes later is no answer. */
const PATIENCE = 5000

/** What a release asks GitHub, and goes on without. */
export interface Lookup {
  /** How one commit lies to another: `behind` means that `head` is an ancestor of `base`. */
  compare(base: string, head: string): Promise<'ahead' | 'behind' | 'diverged' | 'identical' | 'unknown'>
  /** Whether a run of this repository has ended, by its address. */
  hasEnded(run: string): Promise<boolean | 'unknown'>
}

/** Undefined where there is no token, or no run of GitHub Actions. */
export function lookupOf({ github }: Inputs, redact: Redact): Lookup | undefined {
  const [owner = '', repo = ''] = (process.env['GITHUB_REPOSITORY'] ?? '').split('/')
  const { token } = github
  const { apiUrl: api } = runner
  if (api === undefined || token === undefined || owner === '' || repo === '') return undefined
  const open = () => openGitHub({ api, token, owner, repo, redact, signal: AbortSignal.timeout(PATIENCE) })
  return {
    compare: (base, head) => compareCommits(open(), base, head),
    async hasEnded(run) {
      const id = new RegExp(`/${owner}/${repo}/actions/runs/(\\d+)$`, 'i').exec(run)?.[1]
      return id === undefined ? 'unknown' : hasRunEnded(open(), Number(id))
    },
  }
}

async function compareCommits(github: GitHub, base: string, head: string): ReturnType<Lookup['compare']> {
  const basehead = `${base}...${head}`
  const found = await github
    .call((rest, common) => rest.repos.compareCommitsWithBasehead({ ...common, basehead, per_page: 1 }))
    .catch(() => undefined)
  return found?.status ?? 'unknown'
}

async function hasRunEnded(github: GitHub, run_id: number): ReturnType<Lookup['hasEnded']> {
  const found = await github
    .call((rest, common) => rest.actions.getWorkflowRun({ ...common, run_id }))
    .catch(() => undefined)
  return found?.status === undefined || found.status === null ? 'unknown' : found.status === 'completed'
}
