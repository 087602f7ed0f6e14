import { sha256 } from '../../../base/hash.ts'
import { sentence } from '../../../base/notice.ts'
import { type Draft, shell } from '../../../checking/finding.ts'
import { withCode } from '../../../checking/telling.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import { workerShutdownTimeout } from '../config/settings.ts'
import type { NginxPlace } from '../facts.ts'
import { nginxFunction } from '../observe/observation.ts'
import type { NginxCode, ReloadCode } from '../refusals.ts'
import { findSwitch } from '../switch/switch.ts'
import { nginxCall } from './call.ts'
import { closedFindings } from './closed.ts'
import type { NginxContext } from './context.ts'
import { halfSwitch } from './half-switch.ts'
import type { Read } from './spots.ts'
import { collecting } from './switch-edit.ts'
import { recommendSwitch, switchWarnings } from './switch-wanted.ts'

/**
 * Everything about Nginx that is not right for a release, or could be better.
 * @param ready a switch may name the addresses of the colors: something is there
 */
export function nginxFindings(context: NginxContext, place: NginxPlace | undefined, ready: boolean): readonly Draft[] {
  const { nginx } = context
  if (nginx === undefined) return []
  if (nginx.kind === 'unavailable') return unavailable(context, nginx.why)
  if (nginx.kind === 'stopped') return [stopped(context)]
  if (nginx.kind === 'refused') return []
  const found = findSwitch(nginx.configuration, context.inputs.nginx.upstream)
  return [
    ...behindMount(context, nginx),
    ...notLoaded(context, nginx),
    ...(found.kind === 'none'
      ? recommendSwitch(context, nginx, place, ready)
      : halfSwitch(context, nginx, place, ready)),
    ...(found.kind === 'switch' ? switchWarnings(nginx.configuration, found) : []),
    ...closedFindings(context, nginx),
    ...shutdownTimeout(context, nginx, found.kind === 'switch'),
    ...mountedAlone(context, nginx),
  ]
}

/** The sudoers line, limited to what is ever run. */
function unavailable(context: NginxContext, why: string): readonly Draft[] {
  const { hostFacts, inputs, refusals } = context
  const tells = withCode<NginxCode>(refusals, 'nginx-unreadable')
  if (inputs.nginx.command !== undefined) return []
  if (hostFacts.nginx === undefined) {
    return [
      {
        severity: 'problem',
        title: 'Nginx is missing on the host',
        seen: `There is no command \`nginx\` for ${hostFacts.user}, in /usr/sbin neither.`,
        why: 'The flip is a change that Nginx acts on.',
        fix: {
          text: 'Install it; or, where it runs in a container, name the command that runs it by the input `nginx`, such as `docker compose exec -T proxy nginx`.',
          blocks: [],
        },
        tells,
      },
    ]
  }
  const terminal = /must have a tty/.test(why)
    ? ' sudo wants a terminal (`requiretty`), which a release does not have: the block lifts that for this user.'
    : ''
  return [
    {
      severity: 'problem',
      title: `${hostFacts.user} may not run Nginx`,
      seen: `\`nginx -T\` does not work for ${hostFacts.user}: ${why}.`,
      why: 'What Nginx has loaded is the truth of every release: which color is live is read from there, and proven there.',
      fix: {
        text: `Allow exactly three calls by sudo, and no others: with an argument of its own \`nginx\` would be root.${terminal} The block tries it as a release does; if that does not work it says what sudo said, and takes it back.`,
        blocks: [shell('host as root', sudoRule(hostFacts.user, hostFacts.nginx.path).text)],
      },
      tells,
    },
  ]
}

/** Lets a user run what a release runs, and proves that without a terminal, or leaves everything as it was. */
function sudoRule(user: string, nginx: string): Shell {
  // sudo skips a file with a dot in its name, and the last of two rules wins.
  const file = `/etc/sudoers.d/zz-blue-green-${user.replace(/[^A-Za-z0-9_-]/g, '-')}`
  const [made, kept] = [`${file}.new`, `${file}.before`]
  const rules = [
    `Defaults:${user} !requiretty`,
    `${user} ALL=(root) NOPASSWD: ${[`${nginx} -T`, `${nginx} -t`, `${nginx} -s reload`].join(', ')}`,
  ]
  const asReleased = lines(nginxFunction('.', undefined), sh`run_nginx -T >/dev/null && run_nginx -t`)
  return lines(
    sh`(`,
    sh`set -eu; umask 077`,
    sh`command -v visudo >/dev/null || { echo 'Install the package sudo first.' >&2; exit 1; }`,
    sh`printf '%s\n' ${rules} >${made}`,
    sh`visudo -cqf ${made} || { rm -f ${made}; exit 1; }`,
    sh`[ ! -e ${file} ] || cp -p ${file} ${kept}`,
    sh`chmod 0440 ${made}; mv ${made} ${file}`,
    sh`if ! said=$(cd / && setsid runuser -u ${user} -- sh -c ${asReleased.text} </dev/null 2>&1); then`,
    sh`  if [ -e ${kept} ]; then mv ${kept} ${file}; else rm -f ${file}; fi`,
    sh`  printf 'It does not work like that, and everything is as it was: %s\n' "$said" >&2; exit 1`,
    sh`fi`,
    sh`rm -f ${kept}`,
    sh`)`,
  )
}

function notLoaded(context: NginxContext, { loaded }: Read): readonly Draft[] {
  const { refusals } = context
  if (loaded.kind === 'not-running') return [stopped(context)]
  const tells = withCode<NginxCode>(refusals, 'not-loaded', 'not-loaded-and-elsewhere')
  if (loaded.kind !== 'changed-since' && tells.length === 0) return []
  const files = loaded.kind === 'changed-since' && loaded.files.length > 0 ? loaded.files.join(', ') : 'Something in it'
  // If requests are seen to go elsewhere a reload would send them to a color that may not run.
  const elsewhere = withCode<NginxCode>(tells, 'not-loaded-and-elsewhere').length > 0
  return [
    {
      severity: tells.length > 0 ? 'problem' : 'warning',
      title: 'Nginx has not loaded what is on the disk',
      seen: tells[0] ? sentence(tells[0]) : `${files} changed after the workers were started.`,
      why: 'What `nginx -T` shows is then not what runs, and the next reload would load what somebody else left there.',
      fix: {
        text: elsewhere ? 'Put the file back.' : 'Load it at a quiet time, or put the file back.',
        blocks: elsewhere
          ? []
          : [shell('host as root', sh`${nginxCall(context, sh`-t`)} && ${nginxCall(context, sh`-s reload`)}`.text)],
      },
      tells,
    },
  ]
}

function stopped({ hostFacts, refusals }: NginxContext): Draft {
  const start = sh`if [ -d /run/systemd/system ]; then systemctl enable --now nginx; else nginx; fi`
  return {
    severity: 'problem',
    title: hostFacts.nginx === undefined ? 'There is no Nginx on the host' : 'Nginx does not run',
    seen:
      hostFacts.nginx === undefined ? 'There is neither a process of it nor a command.' : 'There is no master process.',
    why: 'Nobody is served, and no flip could be proven.',
    fix: {
      text:
        hostFacts.nginx === undefined
          ? 'Install it. Where it runs in a container, name the command that runs it by the input `nginx`, such as `docker compose exec -T proxy nginx`.'
          : 'Start it; then run the check again: its configuration is read from what runs.',
      blocks: hostFacts.nginx === undefined ? [] : [shell('host as root', start.text)],
    },
    tells: withCode<NginxCode>(refusals, 'nginx-stopped'),
  }
}

function shutdownTimeout({ inputs }: NginxContext, nginx: Read, switched: boolean): readonly Draft[] {
  const { configuration, container } = nginx
  if (workerShutdownTimeout(configuration) !== undefined) return []
  const line = 'worker_shutdown_timeout 60s;'
  const path = configuration.files[0]?.path ?? 'nginx.conf'
  const edit = collecting(nginx, ({ fileOf, add }) => {
    add(fileOf(path), { kind: 'insert', after: 0, text: `${line}\n` })
    return []
  })
  const where = container === undefined ? path : `${path} of the container ${container.name}`
  return [
    {
      severity: switched || inputs.nginx.flip === 'switch' ? 'advice' : 'warning',
      title: 'Old workers of Nginx may live for ever',
      seen: '`worker_shutdown_timeout` is not set.',
      why: 'After a reload an old worker lives until its last connection ends. With WebSockets or long downloads it keeps sending requests to the color that was live before.',
      fix: {
        text: `Set \`${line}\` at the top of ${where}, with the longest time that a connection may go on.`,
        blocks: edit.kind === 'changes' ? [] : [{ language: 'nginx', where: 'nginx', text: line }],
      },
      ...(edit.kind === 'changes' && { changes: edit.changes }),
    },
  ]
}

/** What the host has now is not what the container has: it was replaced, and not written in place. */
function behindMount({ refusals }: NginxContext, { container, configuration, files }: Read): readonly Draft[] {
  if (container === undefined) return []
  const stale = configuration.files.flatMap(({ path, text }) => {
    const file = files.get(path)
    return file?.sum === undefined || file.sum === sha256(text) ? [] : [file.path]
  })
  if (stale.length === 0) return []
  return [
    {
      severity: 'problem',
      title: 'The container has an older file than the host',
      seen: `${stale.join(', ')} was replaced on the host, and ${container.name} still has what was there before.`,
      why: 'A file that is mounted by itself stays the old one when it is replaced, through reloads too: what is changed on the host has no effect.',
      fix: {
        text: 'Start that container again, at a quiet time: then it has what the host has.',
        blocks: [shell('host as root', sh`docker restart ${container.name}`.text)],
      },
      tells: withCode<ReloadCode>(refusals, 'file-behind-mount'),
    },
  ]
}

/** A file that is mounted by itself keeps its old content when something replaces it. */
function mountedAlone({ inputs }: NginxContext, { container, configuration }: Read): readonly Draft[] {
  const alone = (container?.mounts ?? []).filter(({ destination }) =>
    configuration.files.some(({ path }) => path === destination),
  )
  if (container === undefined || alone.length === 0) return []
  const folder = alone[0]?.destination.replace(/\/[^/]*$/, '') ?? ''
  return [
    {
      severity: inputs.nginx.flip === 'switch' ? 'advice' : 'warning',
      title: 'A file of the Nginx configuration is mounted by itself',
      seen: `${alone.map(({ source, destination }) => `${source} is mounted as ${destination}`).join(', ')} in the container ${container.name}.`,
      why: 'An editor, `sed -i` or `git pull` replaces the file by another; the container keeps the old one, through reloads too. A release writes it in place, and others will not.',
      fix: {
        text: `Move ${alone.length === 1 ? 'it' : 'them'} into a folder that holds nothing else, and mount that: \`./nginx:${folder}:ro\`.`,
        blocks: [],
      },
    },
  ]
}
