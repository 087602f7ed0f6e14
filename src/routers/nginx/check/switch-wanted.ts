import type { Draft } from '../../../checking/finding.ts'
import { withCode } from '../../../checking/telling.ts'
import { type Configuration, positionOf } from '../config/configuration.ts'
import { findUpstream } from '../config/upstream.ts'
import type { NginxPlace } from '../facts.ts'
import type { NginxNotice } from '../refusals.ts'
import type { CompleteSwitch } from '../switch/switch.ts'
import { colorAt, type NginxContext } from './context.ts'
import { newServer } from './new-server.ts'
import { tableOf } from './pass-table.ts'
import type { ReachingPass } from './passes.ts'
import type { Read } from './spots.ts'
import { deserted, switchEdit } from './switch-edit.ts'
import { byHand, faultsBesideLoading, leadsToColors, liveNow, passesToColors, switchParts } from './switch-place.ts'

/** The switch: needed where a deploy would be refused without it, and better than a reload where it would not. */
export function recommendSwitch(
  context: NginxContext,
  nginx: Read,
  place: NginxPlace | undefined,
  ready: boolean,
): readonly Draft[] {
  const { colors, notes } = context
  const { configuration } = nginx
  const parts = switchParts(context)
  if (colors === undefined || parts === undefined) return []
  const faults = place === undefined ? [] : faultsBesideLoading(nginx, place)
  const tells = [...faults, ...withCode<NginxNotice>(notes, 'reload-loses-requests', 'reload-loses-late-requests')]
  const needed = faults.length > 0
  const about = {
    severity: needed ? 'problem' : 'advice',
    why: 'A switch flips by one rename: no reload, no lost request, and `/.blue-green` proves each flip. A reload closes idle keep-alive connections while clients send on them.',
    tells,
  } as const
  const passes = passesToColors(context, colors)
  if (passes.length === 0) return newServer(context, nginx, parts, about, place)
  const literal = passes.filter(({ pass }) => tableOf(configuration, pass) === undefined)
  const foreign = literal.flatMap(({ addresses }) => addresses.filter((each) => colorAt(colors, each) === undefined))
  const live = liveNow(context, passes)
  const shown = passes.map(
    ({ pass }) =>
      `\`${pass.directive.name} ${pass.directive.args[0] ?? ''}\` in ${positionOf(configuration, pass.directive)}`,
  )
  const seen = `${shown.join(', ')} ${passes.length === 1 ? 'sends' : 'send'} requests to ${passes[0]?.addresses.join(', ')}, and no file chooses between the colors.`
  const edit =
    foreign.length > 0
      ? ({ kind: 'impossible', why: `they send requests to ${foreign.join(', ')} as well` } as const)
      : live === undefined
        ? ({ kind: 'impossible', why: 'they send requests to both colors' } as const)
        : switchEdit(nginx, passes, parts, leadsToColors(context))
  const title = needed ? 'Nginx has no switch between the colors' : 'A switch would flip without a reload'
  if (edit.kind === 'impossible') {
    return [{ ...about, title, seen, fix: byHand(parts, `These lines cannot be put in for you, because ${edit.why}.`) }]
  }
  if (!ready) {
    const text =
      'It is written once the colors have the addresses that it would name: until then it would send everybody to where nothing is. Do what is said above first, and run the check again.'
    return [{ ...about, title, seen, fix: { text, blocks: [] } }]
  }
  const dropped = droppedSettings(configuration, passes)
  return [
    {
      ...about,
      title,
      seen,
      fix: {
        text: [
          'Put the switch in: the names of both colors, the choice in each server block that uses them, and its files in the state directory. It ends with the one reload that installs it: do it at a quiet time.',
          ...dropped,
          ...edit.remarks,
          ...(live === 'green' ? [`${colors.names.green} is live, so the switch file is made first.`] : []),
        ].join(' '),
        blocks: [],
      },
      changes: edit.changes,
    },
  ]
}

/** Settings of the upstream blocks that are no longer used. */
function droppedSettings(configuration: Configuration, passes: readonly ReachingPass[]): readonly string[] {
  const names = [...new Set(passes.flatMap(({ upstream }) => upstream ?? []))]
  const gone = deserted(configuration, passes).map(({ name }) => name)
  return names.flatMap((name) => {
    const others = findUpstream(configuration, name)?.others ?? []
    const told = others.map(({ name: each, args }) => `\`${[each, ...args].join(' ')}\``)
    if (gone.includes(name))
      return [`The block \`${name}\` is taken out: Nginx would not start while the container that it names is stopped.`]
    return told.length > 0
      ? [`The block \`${name}\` stays, unused; what it sets (${told.join(', ')}) is not taken over.`]
      : []
  })
}

/** What a switch that is there does not do as it looks. */
export function switchWarnings(configuration: Configuration, { servers }: CompleteSwitch): readonly Draft[] {
  return servers.flatMap(({ passes }) =>
    passes
      .filter(({ uri }) => uri !== undefined && !uri.includes('$'))
      .map(({ directive, location, uri = '' }): Draft => {
        const line = `rewrite ^${location.replace(/^\S+ (?=\/)/, '')}(.*)$ ${uri}$1 break;`
        return {
          severity: 'warning',
          title: '`proxy_pass` has a variable and a URI part',
          seen: `\`${directive.name} ${directive.args[0] ?? ''}\` in ${positionOf(configuration, directive)} has the URI part \`${uri}\`.`,
          why: 'With a variable the URI part takes the place of the whole URI, not only of the prefix of the location: every request asks for the same page.',
          fix: {
            text: `Take it out, and rewrite before: \`${line}\`. Nginx does not put \`Location\` headers right there either (\`proxy_redirect\`).`,
            blocks: [],
          },
        }
      }),
  )
}
