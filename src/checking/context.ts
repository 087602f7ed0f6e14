import type { StateDirectory } from '../custody/state-directory.ts'
import type { HostName } from '../host/host.ts'
import type { HostFacts } from './host/facts.ts'
import type { Said } from './judge.ts'

/** What the findings of each adapter are made from, besides what it saw itself. */
export interface Context extends Said {
  readonly host: HostName
  readonly state: StateDirectory
  readonly hostFacts: HostFacts
}
