import { stateDirectoryMend } from '../custody/state-directory.ts'
import { hereDocument, lines, type Shell, sh, userCommand } from '../host/quote.ts'
import type { Failure } from '../release/reasons.ts'
import { assessNginx, type NginxPlace } from '../routers/nginx.ts'
import { type Configuration, positionOf } from '../routers/nginx-config.ts'
import { workerShutdownTimeout } from '../routers/nginx-settings.ts'
import { type CompleteSwitch, findSwitch } from '../routers/nginx-switch.ts'
import { findUpstream } from '../routers/nginx-upstream.ts'
import { type Colors, liveColorOf } from './colors.ts'
import { sumOf } from './file-text.ts'
import { type Draft, shell } from './finding.ts'
import { type ReachingPass, reachingPasses } from './nginx-passes.ts'
import type { Scene, Seen } from './scene.ts'
import { type Read, switchEdit } from './switch-edit.ts'
import { type SwitchParts, switchChoice, switchFile, switchTarget, switchUpstreams } from './switch-text.ts'
import { tellingOf } from './telling.ts'

/** What Nginx sends to either color now: absent where it could not be read. */
function passesToColors({ nginx }: Seen, colors: Colors | undefined): readonly ReachingPass[] {
  if (nginx?.kind !== 'read' || colors === undefined) return []
  const wanted = [colors.addresses.blue, colors.addresses.green]
  return reachingPasses(nginx.configuration).filter(({ addresses }) => addresses.some((each) => wanted.includes(each)))
}

/** Everything about Nginx that is not right for a release, or could be better. */
export function nginxFindings(scene: Scene, place: NginxPlace | undefined): readonly Draft[] {
  const { nginx } = scene
  if (nginx === undefined) return []
  if (nginx.kind === 'unavailable') return unavailable(scene, nginx.why)
  if (nginx.kind === 'stopped') return [stopped(scene)]
  if (nginx.kind === 'refused') return []
  const found = findSwitch(nginx.configuration, scene.inputs.nginx.upstream)
  return [
    ...notLoaded(scene, nginx),
    ...(found.kind === 'switch' ? switchWarnings(nginx.configuration, found) : recommendation(scene, nginx, place)),
    ...shutdownTimeout(scene, nginx, found.kind === 'switch'),
    ...mountedAlone(scene, nginx),
  ]
}

/** The sudoers line, limited to what is ever run. */
function unavailable(scene: Scene, why: string): readonly Draft[] {
  const { facts, inputs, refusals } = scene
  const tells = tellingOf(refusals, /^Nginx does not show its configuration/)
  if (inputs.nginx.command !== undefined) return []
  if (facts.nginx === undefined) {
    return [
      {
        severity: 'problem',
        title: 'Nginx is missing on the host',
        seen: `There is no command \`nginx\` for ${facts.user}, in /usr/sbin neither.`,
        why: 'The flip is a change that Nginx acts on.',
        mend: {
          text: 'Install it; or, where it runs in a container, name the command that runs it by the input `nginx`, such as `docker compose exec -T proxy nginx`.',
          blocks: [],
        },
        tells,
      },
    ]
  }
  const { path } = facts.nginx
  const file = `/etc/sudoers.d/blue-green-${facts.user.replace(/[^A-Za-z0-9_-]/g, '-')}`
  const rule = `${facts.user} ALL=(root) NOPASSWD: ${[`${path} -T`, `${path} -t`, `${path} -s reload`].join(', ')}`
  return [
    {
      severity: 'problem',
      title: `${facts.user} may not run Nginx`,
      seen: `\`nginx -T\` does not work for ${facts.user}: ${why}.`,
      why: 'What Nginx has loaded is the truth of every release: which color is live is read from there, and proven there.',
      mend: {
        text: 'Allow exactly three calls by sudo, and no others: with an argument of its own `nginx` would be root.',
        blocks: [
          shell(
            'host as root',
            lines(
              sh`(`,
              sh`set -eu; umask 077`,
              sh`command -v visudo >/dev/null || { echo 'Install the package sudo first.' >&2; exit 1; }`,
              // A file with a dot in its name is passed over by sudo.
              sh`printf '%s\\n' ${rule} >${`${file}.new`}`,
              sh`visudo -cqf ${`${file}.new`}`,
              sh`chmod 0440 ${`${file}.new`}; mv ${`${file}.new`} ${file}`,
              sh`)`,
            ).text,
          ),
        ],
      },
      tells,
    },
  ]
}

function notLoaded(scene: Scene, { loaded }: Read): readonly Draft[] {
  const { inputs, refusals } = scene
  const command = userCommand(inputs.nginx.command ?? 'nginx')
  const inFolder = (text: Shell): Shell =>
    inputs.nginx.command === undefined ? text : sh`( cd ${inputs.application.directory} && ${text} )`
  if (loaded.kind === 'not-running') return [stopped(scene)]
  if (loaded.kind !== 'changed-since') return []
  return [
    {
      severity: 'problem',
      title: 'Nginx has not loaded what is on the disk',
      seen: `${loaded.files.join(', ')} changed after the workers were started.`,
      why: 'What `nginx -T` shows is then not what runs, and the next reload would load what somebody else left there.',
      mend: {
        text: 'Load it at a quiet time, or put the file back.',
        blocks: [shell('host as root', inFolder(sh`${command} -t && ${command} -s reload`).text)],
      },
      tells: tellingOf(refusals, /^The configuration on disk is not the one/),
    },
  ]
}

function stopped({ facts, refusals }: Scene): Draft {
  const start = sh`if [ -d /run/systemd/system ]; then systemctl enable --now nginx; else nginx; fi`
  return {
    severity: 'problem',
    title: facts.nginx === undefined ? 'There is no Nginx on the host' : 'Nginx does not run',
    seen: facts.nginx === undefined ? 'There is neither a process of it nor a command.' : 'There is no master process.',
    why: 'Nobody is served, and no flip could be proven.',
    mend: {
      text:
        facts.nginx === undefined
          ? 'Install it. Where it runs in a container, name the command that runs it by the input `nginx`, such as `docker compose exec -T proxy nginx`.'
          : 'Start it; then run the check again: its configuration is read from what runs.',
      blocks: facts.nginx === undefined ? [] : [shell('host as root', start.text)],
    },
    tells: tellingOf(refusals, /^Nginx does not run on/),
  }
}

/** The switch: needed where a deploy would be refused without it, and better than a reload where it would not. */
function recommendation(scene: Scene, nginx: Read, place: NginxPlace | undefined): readonly Draft[] {
  const { colors, inputs, notes, state } = scene
  const { configuration } = nginx
  // Half a switch is told line by line: what is meant by it only its owner knows.
  if (findSwitch(configuration, inputs.nginx.upstream).kind === 'incomplete') return halfSwitch(scene)
  const { blue, green } = colors?.addresses ?? {}
  if (colors === undefined || blue === undefined || green === undefined) return []
  const parts = {
    upstream: inputs.nginx.upstream,
    addresses: { blue, green },
    stateDirectory: inputs.nginx.stateDirectory,
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
  const wanted = [blue, green]
  const foreign = passes.flatMap(({ addresses }) => addresses.filter((each) => !wanted.includes(each)))
  const live = liveColorOf(colors, [...new Set(passes.flatMap(({ addresses }) => addresses))])
  const shown = passes.map(
    ({ pass }) =>
      `\`${pass.directive.name} ${pass.directive.args[0] ?? ''}\` in ${positionOf(configuration, pass.directive)}`,
  )
  const seen = `${shown.join(', ')} ${passes.length === 1 ? 'sends' : 'send'} requests to ${passes[0]?.addresses.join(', ')}, and no file chooses between the colors.`
  const edit =
    nginx.container !== undefined
      ? ({ kind: 'impossible', why: `Nginx is in the container ${nginx.container.name}` } as const)
      : foreign.length > 0
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

/** Runs before the reload that installs a switch: what is live stays live. */
export function beforeInstalling({ inputs, colors, state, nginx, facts }: Scene): Shell {
  if (colors === undefined || nginx?.kind !== 'read') return sh`:`
  const passes = passesToColors({ nginx } as Scene, colors)
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
function faultsBesideLoading(nginx: Read, place: NginxPlace): readonly Failure[] {
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

function halfSwitch({ inputs, colors, refusals }: Scene): readonly Draft[] {
  const { blue, green } = colors?.addresses ?? {}
  const told = refusals.filter(({ reason, message }) => reason === 'drift' && /switch|server block/i.test(message))
  if (blue === undefined || green === undefined || told.length === 0) return []
  const { upstream, stateDirectory } = inputs.nginx
  return [
    {
      severity: 'problem',
      title: 'The switch is not complete',
      seen: told.map(({ message }) => message).join(' '),
      why: 'A flip would have no effect, or only on a part of the traffic.',
      mend: byHand(
        { upstream, addresses: { blue, green }, stateDirectory },
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
  if (folder === undefined || nginx.container !== undefined) {
    return [
      {
        ...about,
        severity: 'problem',
        title,
        seen,
        mend: {
          text: 'Add this to `http`, with the name of your site.',
          blocks: [{ language: 'nginx', where: 'nginx', text }],
        },
      },
    ]
  }
  const root = main?.path.replace(/\/[^/]*$/, '') ?? '/etc/nginx'
  const file = `${folder.startsWith('/') ? folder : `${root}/${folder}`}/${parts.upstream}.conf`
  const script = lines(
    sh`(`,
    sh`set -eu`,
    sh`if [ -e ${file} ]; then`,
    sh`  [ "$(sha256sum <${file} | cut -c 1-64)" = ${sumOf(text)} ] || { echo ${`${file} is there, and another.`} >&2; exit 1; }`,
    sh`fi`,
    sh`${hereDocument(text, file)}`,
    sh`nginx -t || { rm ${file}; exit 1; }`,
    sh`nginx -s reload`,
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
function switchWarnings(configuration: Configuration, { servers }: CompleteSwitch): readonly Draft[] {
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

function shutdownTimeout({ inputs }: Scene, { configuration }: Read, switched: boolean): readonly Draft[] {
  if (workerShutdownTimeout(configuration) !== undefined) return []
  const line = 'worker_shutdown_timeout 60s;'
  return [
    {
      severity: switched || inputs.nginx.flip === 'switch' ? 'advice' : 'warning',
      title: 'Old workers of Nginx may live for ever',
      seen: '`worker_shutdown_timeout` is not set.',
      why: 'After a reload an old worker lives until its last connection ends. With WebSockets or long downloads it keeps sending requests to the color that was live before.',
      mend: {
        text: `Set \`${line}\` at the top of ${configuration.files[0]?.path ?? 'nginx.conf'}, with the longest time that a connection may go on.`,
        blocks: [{ language: 'nginx', where: 'nginx', text: line }],
      },
    },
  ]
}

/** A file that is mounted by itself keeps its old content when something replaces it. */
function mountedAlone({ inputs }: Scene, { container, configuration }: Read): readonly Draft[] {
  const alone = (container?.mounts ?? []).filter(({ destination }) =>
    configuration.files.some(({ path }) => path === destination),
  )
  if (container === undefined || alone.length === 0) return []
  const [first] = alone
  const folder = first?.destination.replace(/\/[^/]*$/, '') ?? ''
  return [
    {
      severity: inputs.nginx.flip === 'switch' ? 'advice' : 'warning',
      title: 'A file of the Nginx configuration is mounted by itself',
      seen: `${alone.map(({ source, destination }) => `${source} is mounted as ${destination}`).join(', ')} in the container ${container.name}.`,
      why: 'An editor, `sed -i` or `git pull` replaces the file by another; the container keeps the old one, through reloads too. A release writes it in place, and others will not.',
      mend: {
        text: `Mount the folder instead: \`${first?.source.replace(/\/[^/]*$/, '') || '/'}:${folder}:ro\`.`,
        blocks: [],
      },
    },
  ]
}
