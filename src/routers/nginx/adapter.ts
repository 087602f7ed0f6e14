import type { StateDirectory } from '../../custody/state-directory.ts'
import { type Assessment, refusal, usable } from '../../release/assessment.ts'
import type { Question } from '../../release/model.ts'
import type { Live, Router, RouterAdapter, RouterContext, RouterFacts, RouterSeen, SentHeaders } from '../router.ts'
import { assessNginx } from './assessment.ts'
import { sentHeaders } from './config/sent-headers.ts'
import { confirmLoaded } from './confirm.ts'
import { type NginxFacts, nginxPlace } from './facts.ts'
import { type LoadRecord, readRecord } from './observe/loaded.ts'
import {
  beforeNginxQuestions,
  isChanging,
  type NginxObservation,
  nginxQuestions,
  readNginx,
} from './observe/observation.ts'
import { reloadNote } from './reload/assessment.ts'
import { publicRoute } from './route/route-question.ts'
import { rememberSwitch } from './switch/memory.ts'
import { switchRefusals } from './switch/refusals.ts'

/** Nginx: a switch file, or an upstream block and a reload. */
export const nginx: RouterAdapter = {
  name: 'nginx',
  questions: ({ nginx: { file, command }, application: { directory } }) => ({
    before: beforeNginxQuestions(directory, command),
    parts: nginxQuestions(file, command),
  }),
  read: (said, state) => nginxSeen(readNginx(said, loadedBefore(state))),
}

/** What our last reload of Nginx left behind. */
export function loadedBefore(state: StateDirectory): LoadRecord | undefined {
  return state.kind === 'usable' ? readRecord(state.loaded) : undefined
}

/** An Nginx as it was seen. */
export function nginxSeen(seen: NginxObservation): RouterSeen {
  return { changing: isChanging(seen), assess: (context) => assess(seen, context) }
}

function assess(seen: NginxObservation, context: RouterContext): Assessment<RouterFacts> {
  const { inputs, host, state } = context
  const { value: facts, refusals, notes } = assessNginx(seen, nginxPlace(context))
  if (facts === undefined) return refusal(...refusals)
  const route = publicRoute(facts, host, inputs.health, inputs.route)
  if (route.value === undefined) return refusal(...refusals, ...route.refusals)
  const assessed = usable(factsOf(facts, route.value, context, state), [...notes, ...route.notes])
  return { ...assessed, refusals: [...refusals, ...route.refusals] }
}

function factsOf(facts: NginxFacts, route: Question, { inputs }: RouterContext, state: StateDirectory): RouterFacts {
  const { addresses, loaded, fault, configuration } = facts
  const command = inputs.nginx.command ?? 'nginx'
  const memory = rememberSwitch(facts, route)
  return {
    router: (ask) => agreeing(facts.router(ask), state),
    addresses,
    route,
    sent: sentTo(facts, route, inputs.health.path),
    confirm: (confirming, supposed) => confirmLoaded({ loaded, how: facts.how, command }, confirming, supposed),
    notes: (server) => (facts.how === 'reload' && configuration ? [reloadNote(configuration, server)] : []),
    ...(memory !== undefined && { memory }),
    ...(fault && { fault }),
    ...(facts.keeps && { keeps: true }),
  }
}

/** A router that says which color is live only if the switch file that is seen here is the one that Nginx looks for. */
export function agreeing(router: Router, state: StateDirectory): Router {
  if (router.how !== 'switch') return router
  return {
    ...router,
    async current(signal): Promise<Live> {
      const live = await router.current(signal)
      if (live.kind !== 'color' || state.kind !== 'usable') return live
      const present = state.files.has('green')
      if (present === (live.color === 'green')) return live
      return { kind: 'foreign', refusal: switchRefusals['switch-file-contradicts'](present, live.color) }
    },
  }
}

/** If Nginx could not be read, the route that is known from before says it. */
function sentTo(facts: NginxFacts, { request }: Question, healthPath: string): SentHeaders {
  const { configuration, servers, upstreams, publishedPorts } = facts
  if (configuration === undefined)
    return facts.route === undefined ? {} : { host: request.host, ...(request.tls && { scheme: 'https' }) }
  return sentHeaders(configuration, servers, { healthPath, upstreams, ...(publishedPorts && { publishedPorts }) })
}
