import type { LedgerEntry } from '../../custody/ledger.ts'
import type { CustodyState } from '../../custody/standing.ts'
import type { StateDirectory } from '../../custody/state-directory.ts'
import type { HostName } from '../../host/host.ts'
import type { Inputs } from '../../inputs.ts'
import type { NginxObservation } from '../../routers/nginx-observation.ts'
import type { ComposeText } from '../../runtimes/compose/check/text.ts'
import type { ComposeObservation, Said } from '../../runtimes/compose-observation.ts'
import type { ComposeProject } from '../../runtimes/compose-project.ts'
import type { HostImages } from '../../runtimes/host-images.ts'
import type { Facts } from '../host/facts.ts'

/** What was seen of a host, as far as it could be. */
export interface Seen {
  readonly inputs: Inputs
  readonly host: HostName
  readonly compose?: ComposeObservation
  readonly nginx?: NginxObservation
  readonly state: StateDirectory
  readonly ledger: readonly LedgerEntry[]
  readonly custody: CustodyState
  readonly images: HostImages
  readonly facts: Facts
  readonly texts: readonly ComposeText[]
}

/** The compose project, where compose could read it. */
export function projectOf({ compose }: Pick<Seen, 'compose'>): ComposeProject | undefined {
  return said(compose?.project)
}

export function said<T>(answer: Said<T> | undefined): T | undefined {
  return answer?.kind === 'said' ? answer.value : undefined
}

/** The folder of compose, also for who has another home. */
export function projectDirectory({ inputs, compose, texts }: Seen): string {
  const { directory } = inputs.application
  if (directory.startsWith('/')) return directory
  const [seen] = compose?.directories ?? []
  return seen ?? texts[0]?.file.path.replace(/\/[^/]*$/, '') ?? directory
}
