import { type Draft, shell } from '../../../checking/finding.ts'
import { lines, sh } from '../../../host/quote.ts'
import type { NginxContext } from './context.ts'

/** What keeps Nginx from the colors or from the state directory, though its configuration is right. */
export function confinementFindings(context: NginxContext): readonly Draft[] {
  return [...securityModule(context), ...privateFolders(context)]
}

function securityModule({ hostFacts, inputs, nginx }: NginxContext): readonly Draft[] {
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
function privateFolders({ hostFacts, inputs }: NginxContext): readonly Draft[] {
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
