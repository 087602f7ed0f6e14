import type { Notice } from '../../../base/notice.ts'
import { type Shell, sh } from '../../../host/quote.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import { assessNginx } from '../assessment.ts'
import { findUpstream } from '../config/upstream.ts'
import { destinations, filesAskedFor } from '../config/usage.ts'
import type { NginxPlace } from '../facts.ts'
import { inContainer } from '../observe/container.ts'
import { colorOfName, pairNames, readPair } from '../route/pair.ts'
import { type ColorsReached, colorAt, type NginxContext } from './context.ts'
import type { Leads } from './pass-table.ts'
import { type ReachingPass, reachingPasses } from './passes.ts'
import type { Read } from './spots.ts'
import { type SwitchParts, switchChoice, switchTarget, switchUpstreams } from './switch-text.ts'

/** What Nginx sends to either color now, or to an upstream of the switch; none where it could not be read. */
export function passesToColors(seen: NginxContext, colors: ColorsReached | undefined): readonly ReachingPass[] {
  const { nginx, inputs } = seen
  if (nginx?.kind !== 'read' || colors === undefined) return []
  const names = Object.values(pairNames(inputs.nginx.upstream)).map((name) => name.toLowerCase())
  return reachingPasses(nginx.configuration, seen.meaning).filter(
    ({ addresses, upstream }) =>
      (upstream !== undefined && names.includes(upstream.toLowerCase())) ||
      addresses.some((each) => colorAt(colors, each) !== undefined || names.includes(each.replace(/:80$/, ''))),
  )
}

/** Whether what a pass or a table names, an upstream or an address, leads to either color. */
export function leadsToColors(context: NginxContext): Leads {
  const { nginx, colors } = context
  const meaning = context.meaning
  return (to) => {
    if (nginx?.kind !== 'read' || colors === undefined) return false
    const servers = findUpstream(nginx.configuration, to)?.servers.filter(({ down }) => !down)
    const addresses = servers?.map(({ address }) => address) ?? [to]
    return addresses.some((address) => colorAt(colors, meaning(address)) !== undefined)
  }
}

/** What a switch would be made of here; undefined where an address is not known. */
export function switchParts(context: NginxContext): SwitchParts | undefined {
  const { blue, green } = context.colors?.addresses ?? {}
  if (blue === undefined || green === undefined) return undefined
  const { upstream } = context.inputs.nginx
  return { upstream, addresses: { blue, green }, stateDirectory: seenStateDirectory(context) }
}

/** The state directory as Nginx sees it, or is to see it. */
export function seenStateDirectory({ inputs, nginx }: NginxContext): string {
  const { stateDirectory } = inputs.nginx
  const container = nginx?.kind === 'read' ? nginx.container : undefined
  return (container && inContainer(container, stateDirectory)) ?? stateDirectory
}

/** The only color to which these passes lead, with the files that are there. */
export function liveNow(context: NginxContext, passes: readonly ReachingPass[]): Color | undefined {
  const { nginx, colors, state, inputs } = context
  if (nginx?.kind !== 'read' || colors === undefined) return undefined
  const { configuration } = nginx
  const pair = readPair(configuration, inputs.nginx.upstream)
  const meaning = context.meaning
  const folder = seenStateDirectory(context)
  const files = new Set(state.kind === 'usable' ? [...state.files].map((name) => `${folder}/${name}`) : [])
  const found = passes.flatMap(({ pass }) => {
    const present = new Set(filesAskedFor(pass.server).filter((file) => files.has(file)))
    return destinations(configuration, pass, present).flatMap((to) => {
      const own = colorOfName(pair, to)
      if (own !== undefined) return [own]
      const servers = findUpstream(configuration, to)?.servers.filter(({ down }) => !down)
      const addresses = servers?.map(({ address }) => meaning(address)) ?? [meaning(to)]
      return addresses.flatMap((address) => colorAt(colors, address) ?? [])
    })
  })
  const live = COLORS.filter((color) => found.includes(color))
  return live.length === 1 ? live[0] : undefined
}

/** Run before the reload that installs a switch, one after another: what is live stays live. */
export function beforeInstalling(context: NginxContext): readonly Shell[] {
  const { inputs, state, hostFacts, colors } = context
  const live = liveNow(context, passesToColors(context, colors))
  const { stateDirectory } = inputs.nginx
  const green = `${stateDirectory}/green`
  const user = state.user || hostFacts.user
  if (live === 'blue') return state.kind === 'usable' && state.files.has('green') ? [sh`rm -f ${green}`] : []
  if (live !== 'green') return []
  return [
    sh`{ [ -d ${stateDirectory} ] || install -d -m 0711 -o ${user} ${stateDirectory}; }`,
    sh`{ [ -e ${green} ] || install -m 0600 -o ${user} /dev/null ${green}; }`,
  ]
}

/** What Nginx would be refused for, though it had loaded what is on the disk. */
export function faultsBesideLoading(nginx: Read, place: NginxPlace): readonly Notice[] {
  const loaded = { kind: 'loaded', master: 0, touched: [] } as const
  return assessNginx({ ...nginx, loaded }, place).refusals.map(({ notice }) => notice)
}

/** The whole of a switch, to be put in by hand. */
export function byHand(parts: SwitchParts, why: string) {
  const text = [
    ...switchUpstreams(parts),
    'server {',
    ...switchChoice(parts).map((line) => `    ${line}`),
    `    location / { proxy_pass http://${switchTarget(parts)}; proxy_connect_timeout 1s; }`,
    '}',
  ].join('\n')
  return {
    text: `${why} Put them in by hand; your server block keeps what else it has.`,
    blocks: [{ language: 'nginx', where: 'nginx', text } as const],
  }
}
