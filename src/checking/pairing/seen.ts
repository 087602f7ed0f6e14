import type { LedgerEntry } from '../../custody/ledger.ts'
import type { CustodyState } from '../../custody/standing.ts'
import type { StateDirectory } from '../../custody/state-directory.ts'
import type { HostName } from '../../host/host.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import type { NginxObservation } from '../../routers/nginx/observe/observation.ts'
import type { ComposeText } from '../../runtimes/compose/check/text.ts'
import type { HostImages } from '../../runtimes/compose/observe/host-images.ts'
import type { ComposeObservation } from '../../runtimes/compose/observe/observation.ts'
import type { AllFacts } from './facts.ts'

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
  readonly hostFacts: AllFacts
  readonly texts: readonly ComposeText[]
}
