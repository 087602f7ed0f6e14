import { lines, sh } from '../../host/quote.ts'
import { COLORS } from '../../release/model.ts'
import { said } from '../../runtimes/compose/check/context.ts'
import { imageFor } from '../../runtimes/compose/observe/image.ts'
import { type Draft, shell } from '../finding.ts'
import type { Context } from '../pairing/context.ts'

/** What of the host's own set-up weakens a promise. */
export function systemFindings(context: Context): readonly Draft[] {
  return [
    ...logout(context),
    ...securityModule(context),
    ...privateFolders(context),
    ...memory(context),
    ...disk(context),
  ]
}

/** The guard has to outlive the connection. */
function logout({ hostFacts }: Context): readonly Draft[] {
  const { KillUserProcesses: kills = 'no', KillExcludeUsers: excluded = 'root' } = hostFacts.login
  if (!/^(yes|true|1|on)$/i.test(kills) || excluded.split(/\s+/).includes(hostFacts.user)) return []
  const file = '/etc/systemd/logind.conf.d/blue-green.conf'
  return [
    {
      severity: 'warning',
      title: 'The host ends what a user leaves running',
      seen: '`KillUserProcesses=yes` in the configuration of systemd-logind.',
      why: 'The guard, which puts traffic back when the runner vanishes, is ended together with the connection that it is to outlive.',
      fix: {
        text: `Exempt ${hostFacts.user}.`,
        blocks: [
          shell(
            'host as root',
            lines(
              sh`mkdir -p /etc/systemd/logind.conf.d`,
              sh`printf '%s\\n' '[Login]' ${`KillExcludeUsers=${[...new Set([...excluded.split(/\s+/).filter(Boolean), 'root', hostFacts.user])].join(' ')}`} >${file}`,
              sh`systemctl kill --signal=HUP systemd-logind`,
            ).text,
          ),
        ],
      },
    },
  ]
}

function securityModule({ hostFacts, inputs, nginx }: Context): readonly Draft[] {
  const { enforcing, network, label } = hostFacts.security
  if (!enforcing || (nginx?.kind === 'read' && nginx.container !== undefined)) return []
  const { stateDirectory: directory } = inputs.nginx
  const readable = /:(httpd_sys_content_t|httpd_sys_rw_content_t|httpd_var_lib_t|public_content_t)(:|$)/.test(label)
  const needs = [
    ...(network === false ? [sh`setsebool -P httpd_can_network_connect on`] : []),
    ...(readable
      ? []
      : [
          sh`command -v semanage >/dev/null || dnf install -y policycoreutils-python-utils`,
          sh`semanage fcontext -a -t httpd_sys_content_t ${`${directory}(/.*)?`} || semanage fcontext -m -t httpd_sys_content_t ${`${directory}(/.*)?`}`,
          sh`restorecon -R ${directory}`,
        ]),
  ]
  if (needs.length === 0) return []
  return [
    {
      severity: 'warning',
      title: 'SELinux may keep Nginx from the colors and from the switch',
      seen: `SELinux is enforcing; ${[...(network === false ? ['`httpd_can_network_connect` is off'] : []), ...(readable ? [] : [`the label of ${directory} is ${label || 'not known'}`])].join(', and ')}.`,
      why: 'Nginx could then not connect to the port of a color, or not see the switch file: a flip that it cannot see means blue.',
      fix: {
        text: 'Allow both; the label survives what is made there later.',
        blocks: [shell('host as root', lines(...needs).text)],
      },
    },
  ]
}

/** Nginx's unit may see other folders than the host has. */
function privateFolders({ hostFacts, inputs }: Context): readonly Draft[] {
  const { stateDirectory: directory } = inputs.nginx
  const { PrivateTmp: temporary = 'no', ProtectHome: home = 'no', RootDirectory: root = '' } = hostFacts.unit
  const hidden =
    (temporary === 'yes' && /^\/(var\/)?tmp\//.test(directory) && 'PrivateTmp=yes') ||
    (/^(yes|tmpfs)$/.test(home) && /^\/(home|root|run\/user)\//.test(directory) && `ProtectHome=${home}`) ||
    (root !== '' && root !== '/' && `RootDirectory=${root}`)
  if (hidden === false) return []
  return [
    {
      severity: 'warning',
      title: 'Nginx cannot see the state directory',
      seen: `The unit nginx.service has \`${hidden}\`, and the state directory is ${directory}.`,
      why: 'Nginx looks for the switch file in a folder of its own, and never finds it: that means blue, whatever is flipped.',
      fix: {
        text: 'Take the default state directory, `/var/lib/blue-green/…`: leave `state-directory` out of the workflow, and name it in the Nginx configuration.',
        blocks: [],
      },
    },
  ]
}

/** Both colors run at once during a release. */
function memory(context: Context): readonly Draft[] {
  const { hostFacts, compose, colors } = context
  const containers = said(compose?.containers) ?? []
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? [])
  const running = containers.filter(({ service, state }) => own.includes(service) && state.status === 'running')
  const used = Math.max(0, ...running.map(({ name }) => hostFacts.memory.uses.get(name) ?? 0))
  const { available } = hostFacts.memory
  if (available === undefined || running.length > 1 || used === 0 || available >= used * 1.2) return []
  return [
    {
      severity: 'warning',
      title: 'There may be too little memory for two colors',
      seen: `${running[0]?.name} uses ${megabytes(used)}, and ${megabytes(available)} are free.`,
      why: 'During a release both colors run. Where memory runs out the kernel ends one of them, and not always the new one.',
      fix: { text: 'Free memory, or give the host more; swap helps over the minute in which both run.', blocks: [] },
    },
  ]
}

function disk({ hostFacts, compose, colors, facts }: Context): readonly Draft[] {
  if (hostFacts.disk === undefined) return []
  const own = COLORS.flatMap((color) => colors?.services[color]?.name ?? [])
  const containers = (said(compose?.containers) ?? []).filter(({ service }) => own.includes(service))
  const size = Math.max(0, ...containers.map(({ image }) => hostFacts.images.get(image)?.size ?? 0))
  const { free, folder } = hostFacts.disk
  if (size === 0 || free >= size * 2) return []
  const image = imageFor(facts?.services.blue.image ?? '', '…')
  return [
    {
      severity: 'warning',
      title: 'There may be too little disk for another image',
      seen: `The image ${image} takes ${megabytes(size)}, and ${megabytes(free)} are free in ${folder}.`,
      why: 'A pull writes the layers, and then unpacks them: on a full disk a release fails, and so may what else writes there.',
      fix: {
        text: 'Remove what no container uses (`docker image prune`, `docker builder prune`), or lower `keep-images`.',
        blocks: [],
      },
    },
  ]
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
