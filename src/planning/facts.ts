import { stateRefusals, unsafe } from '../custody/refusals.ts'
import type { StateDirectory, Target } from '../custody/state-directory.ts'
import type { HostName } from '../host/host.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../release/assessment.ts'
import type { Question } from '../release/model.ts'
import type { Failure } from '../release/reasons.ts'
import { assessNginx } from '../routers/nginx/assessment.ts'
import { type SentHeaders, sentHeaders } from '../routers/nginx/config/sent-headers.ts'
import type { NginxFacts, NginxPlace } from '../routers/nginx/facts.ts'
import { nginxFunction } from '../routers/nginx/observe/observation.ts'
import type { ColorServices } from '../routers/nginx/route/color-place.ts'
import { publicRoute } from '../routers/nginx/route/route-question.ts'
import { assessCompose, type ProjectFacts } from '../runtimes/compose/assess/assessment.ts'
import { colorService } from '../runtimes/compose/observe/address.ts'
import type { Survey } from './survey.ts'

/** All that must hold before anything is asked of the application itself. */
export interface Facts {
  readonly compose: ProjectFacts
  readonly nginx: NginxFacts
  /** Its match is added for each version. */
  readonly route: Question
  /** What Nginx sends along to the application: a color that is asked directly gets the same. */
  readonly sent: SentHeaders
}

/** Judges all parts of a target; every fault of every part is told at once. */
export function assessFacts(survey: Survey, inputs: Inputs, host: HostName): Assessment<Facts> {
  const state = stateFaults(survey.state, inputs)
  const compose = assessCompose(survey.compose, inputs.application, host)
  if (compose.value === undefined) return refusal(...compose.refusals, ...state)
  const { services, project } = compose.value
  const other = targetFault(survey.state, { upstream: inputs.nginx.upstream, project: project.name }, inputs)
  const colors = { blue: colorService(services.blue, project.name), green: colorService(services.green, project.name) }
  const nginx = assessNginx(survey.nginx, nginxPlace(inputs, host, survey.state, colors))
  if (nginx.value === undefined) return refusal(...nginx.refusals, ...state, ...other)
  const route = publicRoute(nginx.value, host, inputs.health, inputs.route)
  const refusals = [...nginx.refusals, ...route.refusals, ...state, ...other]
  if (refusals.length > 0 || route.value === undefined) return refusal(...refusals)
  const sent = sentTo(nginx.value, route.value, inputs.health.path)
  const value = { compose: compose.value, nginx: nginx.value, route: route.value, sent }
  return usable(value, [...compose.notes, ...nginx.notes, ...route.notes])
}

/** If Nginx could not be read, the route that is known from before says it. */
function sentTo(facts: NginxFacts, { request }: Question, healthPath: string): SentHeaders {
  const { configuration, servers, upstreams, publishedPorts } = facts
  if (configuration === undefined)
    return facts.route === undefined ? {} : { host: request.host, ...(request.tls && { scheme: 'https' }) }
  return sentHeaders(configuration, servers, { healthPath, upstreams, ...(publishedPorts && { publishedPorts }) })
}

/** What judging Nginx needs to know. */
export function nginxPlace(inputs: Inputs, host: HostName, state: StateDirectory, services: ColorServices): NginxPlace {
  return {
    proxy: host,
    directory: inputs.application.directory,
    nginx: inputs.nginx,
    ...(inputs.route.url !== undefined && { url: inputs.route.url }),
    state,
    services,
    previous: inputs.after.previous,
    goingBack: ['rollback', 'status', 'unlock'].includes(inputs.command),
    run: nginxFunction(inputs.application.directory, inputs.nginx.command),
  }
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
