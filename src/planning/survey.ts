import { type LedgerEntry, ledgerQuestion, readLedger } from '../custody/ledger.ts'
import { type CustodyState, custodyQuestion, readCustody } from '../custody/standing.ts'
import { readStateDirectory, type StateDirectory, stateDirectoryQuestion } from '../custody/state-directory.ts'
import type { Host } from '../host/host.ts'
import { sh } from '../host/quote.ts'
import { sections } from '../host/sections.ts'
import type { Inputs } from '../inputs.ts'
import { Failure } from '../release/reasons.ts'
import { beforeNginxQuestions, type NginxObservation, nginxQuestions, readNginx } from '../routers/nginx-observation.ts'
import type { ComposeTarget } from '../runtimes/compose-command.ts'
import { type ComposeObservation, observeCompose, parseObservation } from '../runtimes/compose-observation.ts'
import { type HostImages, imagesQuestion, readImages } from '../runtimes/host-images.ts'

/** What one round trip tells of a host. Nothing was changed for it. */
export interface Survey {
  readonly compose: ComposeObservation
  readonly nginx: NginxObservation
  readonly state: StateDirectory
  readonly ledger: readonly LedgerEntry[]
  /** Only a status asks for it. */
  readonly custody: CustodyState
  /** A deploy does not ask for them. */
  readonly images: HostImages
}

/** Milliseconds: `docker compose config` of a large project, and `nginx -T` of a large configuration. */
const DEADLINE = 60_000

export function composeTarget({ application }: Inputs): ComposeTarget {
  return {
    directory: application.directory,
    files: application.composeFiles,
    ...(application.projectName !== undefined && { projectName: application.projectName }),
    variable: application.versionVariable,
  }
}

/**
 * Asks the host for everything at once.
 * @throws Failure where the host cannot run what is asked, or answers what cannot be read.
 */
export async function surveyHost(host: Host, inputs: Inputs, signal: AbortSignal): Promise<Survey> {
  const { nginx, application } = inputs
  const questions = sections(
    {
      compose: observeCompose(composeTarget(inputs)),
      state: stateDirectoryQuestion(nginx.stateDirectory),
      ledger: ledgerQuestion(nginx.stateDirectory),
      custody: inputs.command === 'status' ? custodyQuestion(nginx.stateDirectory) : sh`:`,
      images: inputs.command === 'deploy' ? sh`:` : imagesQuestion(),
      ...nginxQuestions(nginx.file),
    },
    beforeNginxQuestions(application.directory, nginx.command),
  )
  const ran = await host.run({ shell: questions.shell, deadline: DEADLINE }, { signal })
  const said = questions.read(ran.stdout)
  if (said.compose === undefined) {
    throw new Failure(
      'command-failed',
      `${host.name} did not answer what it was asked (exit code ${ran.code}): ${ran.stderr.trim().slice(-500)}`,
    )
  }
  if (said.compose.stdout === '' && said.compose.code !== 0) {
    throw new Failure('compose-invalid', `${host.name}: ${said.compose.stderr}`)
  }
  const state = readStateDirectory(said.state)
  return {
    compose: parseObservation(said.compose.stdout, application.versionVariable),
    nginx: readNginx(said, state.kind === 'usable' ? state.loaded : undefined),
    state,
    ledger: readLedger(said.ledger),
    custody: readCustody(said.custody),
    images: readImages(said.images),
  }
}
