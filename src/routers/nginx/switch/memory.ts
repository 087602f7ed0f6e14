import type { StateDirectory } from '../../../custody/state-directory.ts'
import type { HostName, HttpRequest } from '../../../host/host.ts'
import { withoutQuery } from '../../../host/target.ts'
import type { Color, Place, Question } from '../../../release/model.ts'
import type { NginxFacts } from '../facts.ts'
import type { SwitchFacts } from './holds.ts'
import { switchRouter } from './router.ts'

/**
 * What a release saw of a switch, kept in the state directory: with it the switch can be flipped back while somebody's
 * broken file keeps Nginx from showing its configuration. `/.blue-green` still says what the loaded one chooses.
 */
interface SwitchMemory {
  readonly backed: boolean
  readonly names: SwitchFacts['names']
  readonly markers: SwitchFacts['markers']
  readonly clients: SwitchFacts['clients']
  readonly addresses: Readonly<Record<Color, Place>>
  readonly route: { readonly title: string; readonly byRunner: boolean; readonly request: Omit<HttpRequest, 'timeout'> }
}

/** One line of JSON, without the query of the route; absent if there is no switch, or nothing new was seen of it. */
export function rememberSwitch({ seen, addresses }: NginxFacts, route: Question): string | undefined {
  if (seen === undefined) return undefined
  const { files, names, markers, clients } = seen
  const memory: SwitchMemory = {
    ...{ backed: files.backed, names, markers, clients, addresses },
    route: {
      title: route.title,
      byRunner: route.from === 'runner',
      request: { ...route.request, path: withoutQuery(route.request.path) },
    },
  }
  return JSON.stringify(memory)
}

/** The switch as a release saw it last; absent where none did. */
export function recallSwitch(state: StateDirectory, directory: string, proxy: HostName): NginxFacts | undefined {
  const memory = state.kind === 'usable' && state.lastSwitch !== undefined ? parsed(state.lastSwitch) : undefined
  if (memory === undefined || state.kind !== 'usable') return undefined
  const { backed, names, markers, clients, addresses, route } = memory
  const files = { directory, backed, present: state.files }
  const facts: SwitchFacts = { files, names, proxy, markers, clients }
  const { title, byRunner, request } = route
  return {
    how: 'switch',
    router: (ask) => switchRouter(facts, ask),
    addresses,
    servers: [],
    upstreams: [],
    route: { title, from: byRunner ? 'runner' : proxy, request, expect: { status: [] } },
  }
}

function parsed(text: string): SwitchMemory | undefined {
  try {
    const found: unknown = JSON.parse(text)
    return isMemory(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isMemory(found: unknown): found is SwitchMemory {
  if (typeof found !== 'object' || found === null) return false
  return ['names', 'markers', 'clients', 'addresses', 'route'].every(
    (key) => typeof Reflect.get(found, key) === 'object',
  )
}
