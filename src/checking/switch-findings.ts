import { stateDirectoryMend } from '../custody/state-directory.ts'
import { hereDocument, lines, type Shell, sh } from '../host/quote.ts'
import type { Failure } from '../release/reasons.ts'
import { assessNginx, type NginxPlace } from '../routers/nginx.ts'
import { type Configuration, positionOf } from '../routers/nginx-config.ts'
import { onHost } from '../routers/nginx-container.ts'
import { type CompleteSwitch, findSwitch } from '../routers/nginx-switch.ts'
import { findUpstream } from '../routers/nginx-upstream.ts'
import { type Colors, colorAt, liveColorOf } from './colors.ts'
import { sumOf } from './file-text.ts'
import { type Draft, shell } from './finding.ts'
import { inContainer, nginxCall } from './nginx-call.ts'
import { type ReachingPass, reachingPasses } from './nginx-passes.ts'
import type { Scene, Seen } from './scene.ts'
import { type Read, switchEdit } from './switch-edit.ts'
import { type SwitchParts, switchChoice, switchFile, switchTarget, switchUpstreams } from './switch-text.ts'

/** What Nginx sends to either color now: absent where it could not be read. */
export function passesToColors({ nginx }: Pick<Seen, 'nginx'>, colors: Colors | undefined): readonly ReachingPass[] {
  if (nginx?.kind !== 'read' || colors === undefined) return []
  return reachingPasses(nginx.configuration).filter(({ addresses }) =>
    addresses.some((each) => colorAt(colors, each) !== undefined),
  )
}

/** The switch: needed where a deploy would be refused without it, and better than a reload where it would not. */
export function recommendSwitch(scene: Scene, nginx: Read, place: NginxPlace | undefined): readonly Draft[] {
  const { colors, inputs, notes, state } = scene
  const { configuration } = nginx
  // Half a switch is told line by line: what is meant by it only its owner knows.
  if (findSwitch(configuration, inputs.nginx.upstream).kind === 'incomplete') return halfSwitch(scene)
  const { blue, green } = colors?.addresses ?? {}
  if (colors === undefined || blue === undefined || green === undefined) return []
  const parts = {
    upstream: inputs.nginx.upstream,
    addresses: { blue, green },
    stateDirectory: seenStateDirectory(scene),
  }
  const faults = place === undefined ? [] : faultsBesideLoading(nginx, place)
  const tells = [
    ...faults.map(({ message }) => message),
    ...notes.filter((note) => note.startsWith('A flip by reload:')),
  ]
  const needed = faults.length > 0
  const about = {
    severity: needed ? 'problem' : 'advice',
    why: 'A switch flips by one rename: no reload, no lost request, and `/.blue-green` proves each flip. A reload closes idle keep-alive connections while clients send on them.',
    tells,
  } as const
  const passes = passesToColors(scene, colors)
  if (passes.length === 0) return newServer(scene, nginx, parts, about)
  const foreign = passes.flatMap(({ addresses }) => addresses.filter((each) => colorAt(colors, each) === undefined))
  const live = liveColorOf(colors, [...new Set(passes.flatMap(({ addresses }) => addresses))])
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
        : switchEdit(nginx, passes, parts)
  const title = needed ? 'Nginx has no switch between the colors' : 'A switch would flip without a reload'
  if (edit.kind === 'impossible') {
    return [
      { ...about, title, seen, mend: byHand(parts, `These lines cannot be put in for you, because ${edit.why}.`) },
    ]
  }
  const dropped = droppedSettings(configuration, passes)
  return [
    {
      ...about,
      title,
      seen,
      mend: {
        text: [
          'Put the switch in: the names of both colors, the choice in each server block that uses them, and its files in the state directory. It ends with the one reload that installs it: do it at a quiet time.',
          ...dropped,
          ...edit.remarks,
          ...(live === 'green'
            ? [
                `${colors.names.green} is live, so the switch file is made first: ${stateDirectoryMend(parts.stateDirectory, state.user)}`,
              ]
            : []),
        ].join(' '),
        blocks: [],
      },
      changes: edit.changes,
    },
  ]
}

/** The state directory as Nginx sees it, or is to see it. */
function seenStateDirectory({ inputs, nginx }: Scene): string {
  const { stateDirectory } = inputs.nginx
  const container = nginx?.kind === 'read' ? nginx.container : undefined
  return (container && inContainer(container, stateDirectory)) ?? stateDirectory
}

/** Runs before the reload that installs a switch: what is live stays live. */
export function beforeInstalling({ inputs, colors, state, nginx, facts }: Scene): Shell {
  if (colors === undefined || nginx?.kind !== 'read') return sh`:`
  const passes = passesToColors({ nginx }, colors)
  const live = liveColorOf(colors, [...new Set(passes.flatMap(({ addresses }) => addresses))])
  if (live !== 'green') return sh`:`
  const { stateDirectory } = inputs.nginx
  const user = state.user || facts.user
  return lines(
    sh`install -d -m 0711 -o ${user} ${stateDirectory}`,
    sh`[ -e ${`${stateDirectory}/green`} ] || install -m 0600 -o ${user} /dev/null ${`${stateDirectory}/green`}`,
  )
}

/** What Nginx would be refused for, though it had loaded what is on the disk. */
export function faultsBesideLoading(nginx: Read, place: NginxPlace): readonly Failure[] {
  return assessNginx({ ...nginx, loaded: { kind: 'loaded', master: 0 } }, place).refusals
}

/** Settings of the upstream blocks that are no longer used. */
function droppedSettings(configuration: Configuration, passes: readonly ReachingPass[]): readonly string[] {
  const names = [...new Set(passes.flatMap(({ upstream }) => upstream ?? []))]
  return names.flatMap((name) => {
    const others = findUpstream(configuration, name)?.others ?? []
    const told = others.map(({ name: each, args }) => `\`${[each, ...args].join(' ')}\``)
    return told.length > 0
      ? [`The block \`${name}\` stays, unused; what it sets (${told.join(', ')}) is not taken over.`]
      : []
  })
}

function byHand(parts: SwitchParts, why: string) {
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

function halfSwitch(scene: Scene): readonly Draft[] {
  const { inputs, colors, refusals } = scene
  const { blue, green } = colors?.addresses ?? {}
  const told = refusals.filter(({ reason, message }) => reason === 'drift' && /switch|server block/i.test(message))
  if (blue === undefined || green === undefined || told.length === 0) return []
  const { upstream } = inputs.nginx
  return [
    {
      severity: 'problem',
      title: 'The switch is not complete',
      seen: told.map(({ message }) => message).join(' '),
      why: 'A flip would have no effect, or only on a part of the traffic.',
      mend: byHand(
        { upstream, addresses: { blue, green }, stateDirectory: seenStateDirectory(scene) },
        'Here is the whole of it, with the addresses of this host.',
      ),
      tells: told.map(({ message }) => message),
    },
  ]
}

/** Nginx sends nothing to the application: a server block of its own. */
function newServer(
  scene: Scene,
  nginx: Read,
  parts: SwitchParts,
  about: Pick<Draft, 'severity' | 'why' | 'tells'>,
): readonly Draft[] {
  const { inputs } = scene
  const named = findUpstream(nginx.configuration, parts.upstream)
  if (named !== undefined) return []
  const seen = `No server block sends requests to ${parts.addresses.blue} or ${parts.addresses.green}.`
  const title = 'Nginx knows nothing of the application'
  const main = nginx.configuration.files[0]
  const [, folder] =
    /^\s*include\s+(\S+\/(?:conf\.d|http\.d|sites-enabled))\/\*(?:\.conf)?;/m.exec(main?.text ?? '') ?? []
  const name = inputs.route.url?.hostname ?? inputs.host.host
  const text = switchFile(parts, '80', name)
  const root = main?.path.replace(/\/[^/]*$/, '') ?? '/etc/nginx'
  const path = folder === undefined || folder.startsWith('/') ? folder : `${root}/${folder}`
  const place = path !== undefined && nginx.container !== undefined ? onHost(nginx.container, path) : path
  if (place === undefined) {
    const baked =
      path === undefined || nginx.container === undefined
        ? ''
        : ` ${path} of the container ${nginx.container.name} is not mounted from the host: mount a folder there (\`volumes: ["./nginx:${path}:ro"]\`), with this as a file of it.`
    return [
      {
        ...about,
        severity: 'problem',
        title,
        seen,
        mend: {
          text: `Add this to \`http\`, with the name of your site.${baked}`,
          blocks: [{ language: 'nginx', where: 'nginx', text }],
        },
      },
    ]
  }
  const file = `${place}/${parts.upstream}.conf`
  const script = lines(
    sh`(`,
    sh`set -eu`,
    sh`if [ -e ${file} ]; then`,
    sh`  [ "$(sha256sum <${file} | cut -c 1-64)" = ${sumOf(text)} ] || { echo ${`${file} is there, and another.`} >&2; exit 1; }`,
    sh`fi`,
    sh`${hereDocument(text, file)}`,
    sh`${nginxCall(scene, sh`-t`)} || { rm ${file}; exit 1; }`,
    nginxCall(scene, sh`-s reload`),
    sh`)`,
  )
  return [
    {
      ...about,
      severity: 'problem',
      title,
      seen,
      mend: {
        text: `Make a server block for it, with the switch. Where your site has another name than ${name}, or TLS, change that in ${file} afterwards.`,
        blocks: [shell('host as root', script.text)],
      },
    },
  ]
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
          mend: {
            text: `Take it out, and rewrite before: \`${line}\`. Nginx does not put \`Location\` headers right there either (\`proxy_redirect\`).`,
            blocks: [],
          },
        }
      }),
  )
}
