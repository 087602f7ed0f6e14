import { type LedgerEntry, ledgerQuestion, readLedger } from '../custody/ledger.ts'
import { type CustodyState, custodyQuestion, readCustody } from '../custody/standing.ts'
import { readStateDirectory, type StateDirectory, stateDirectoryQuestion } from '../custody/state-directory.ts'
import type { Host, HostName } from '../host/host.ts'
import { sh } from '../host/quote.ts'
import { type Section, sections } from '../host/sections.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type LoadRecord, readRecord } from '../routers/nginx/observe/loaded.ts'
import {
  beforeNginxQuestions,
  type NginxObservation,
  type NginxQuestion,
  nginxQuestions,
  readNginx,
} from '../routers/nginx/observe/observation.ts'
import type { ComposeTarget } from '../runtimes/compose/change/command.ts'
import { type HostImages, imagesQuestion, readImages } from '../runtimes/compose/observe/host-images.ts'
import { type ComposeObservation, observeCompose, parseObservation } from '../runtimes/compose/observe/observation.ts'
import { composeRefusals } from '../runtimes/compose/refusals.ts'
import { planningRefusals } from './refusals.ts'

/** What one round trip tells of a host. Nothing was changed for it. */
export interface Survey {
  readonly compose: ComposeObservation
  readonly nginx: NginxObservation
  readonly state: StateDirectory
  readonly ledger: readonly LedgerEntry[]
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
  const said = await askHost(host, inputs, signal)
  const others = readOthers(said)
  return {
    compose: readCompose(said, inputs, host.name),
    nginx: readNginx(said, loadedBefore(others.state)),
    ...others,
  }
}

type Said = Readonly<Record<NginxQuestion | 'compose' | 'state' | 'ledger' | 'custody' | 'images', Section | undefined>>

/**
 * What each part of the host said, as it is printed.
 * @throws Failure where the host cannot run what is asked.
 */
export async function askHost(host: Host, inputs: Inputs, signal: AbortSignal): Promise<Said> {
  const { nginx, application } = inputs
  const questions = sections(
    {
      compose: observeCompose(composeTarget(inputs)),
      state: stateDirectoryQuestion(nginx.stateDirectory),
      ledger: ledgerQuestion(nginx.stateDirectory),
      custody: custodyQuestion(nginx.stateDirectory),
      images: inputs.command === 'deploy' ? sh`:` : imagesQuestion(),
      ...nginxQuestions(nginx.file, nginx.command),
    },
    beforeNginxQuestions(application.directory, nginx.command),
    'compose',
  )
  const ran = await host.run({ shell: questions.shell, deadline: DEADLINE }, { signal })
  const said = questions.read(ran.stdout)
  if (said.compose !== undefined) return said
  throw planningRefusals['host-silent'](host.name, ran.code, ran.stderr.trim().slice(-500))
}

/** @throws Failure, or Error with a sentence, where the folder or what compose says of it cannot be read. */
export function readCompose({ compose }: Said, { application }: Inputs, host: HostName): ComposeObservation {
  if (compose?.stdout === '' && compose.code !== 0) {
    throw composeRefusals['directory-closed'](host, compose.stderr.replace(/; correct `directory`\.\s*$/, ''))
  }
  return parseObservation(compose?.stdout ?? '', application.versionVariable)
}

/** What can always be read. */
export function readOthers(said: Said): Omit<Survey, 'compose' | 'nginx'> {
  return {
    state: readStateDirectory(said.state),
    ledger: readLedger(said.ledger),
    custody: readCustody(said.custody),
    images: readImages(said.images),
  }
}

/** What our last reload of Nginx left behind. */
export function loadedBefore(state: StateDirectory): LoadRecord | undefined {
  return state.kind === 'usable' ? readRecord(state.loaded) : undefined
}
