import { stateRefusals, unsafe } from '../custody/refusals.ts'
import type { StateDirectory, Target } from '../custody/state-directory.ts'
import type { HostName } from '../host/host.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import type { Failure } from '../release/reasons.ts'
import type { RouterFacts } from '../routers/router.ts'
import type { RuntimeFacts } from '../runtimes/runtime.ts'
import type { Survey } from './survey.ts'

/** All that must hold before anything is asked of the application itself. */
export interface Facts {
  readonly runtime: RuntimeFacts
  readonly router: RouterFacts
}

/** Judges all parts of a target; every fault of every part is told at once. */
export function assessFacts(survey: Survey, inputs: Inputs, host: HostName): Assessment<Facts> {
  const state = stateFaults(survey.state, inputs)
  const runtime = survey.runtime.assess(host)
  if (runtime.value === undefined) return refusal(...runtime.refusals, ...state)
  const { project, services } = runtime.value
  const other = targetFault(survey.state, { upstream: inputs.nginx.upstream, project }, inputs)
  const router = survey.router.assess({ host, inputs, state: survey.state, services })
  const refusals = [...router.refusals, ...state, ...other]
  if (refusals.length > 0 || router.value === undefined) return refusal(...refusals)
  return usable({ runtime: runtime.value, router: router.value }, [...runtime.notes, ...router.notes])
}

/** What is wrong with the state directory. */
export function stateFaults(state: StateDirectory, { nginx }: Inputs): readonly Failure[] {
  const { stateDirectory: directory } = nginx
  const { user } = state
  switch (state.kind) {
    case 'usable':
      return []
    case 'missing':
      return state.creatable ? [] : [stateRefusals['state-missing'](directory, user)]
    case 'closed':
      return [stateRefusals['state-closed'](directory, user, state.folder)]
    case 'unsafe':
      return [unsafe(state.fault, directory)]
    case 'not-ours':
      return [stateRefusals['state-not-ours'](directory, user, state.owner)]
    case 'ledger-closed':
      return [stateRefusals['ledger-closed'](directory, user, state.owner)]
  }
}

function targetFault(state: StateDirectory, target: Target, { nginx }: Inputs): readonly Failure[] {
  if (state.kind !== 'usable' || state.target === undefined) return []
  const { upstream, project } = state.target
  if (upstream === target.upstream && project === target.project) return []
  return [stateRefusals['state-of-other-target'](nginx.stateDirectory, state.target, target)]
}
