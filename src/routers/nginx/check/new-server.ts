import { sha256 } from '../../../base/hash.ts'
import { liveChange } from '../../../checking/edits/live-change.ts'
import { type Draft, shell } from '../../../checking/finding.ts'
import { hereDocument, lines, type Shell, sh } from '../../../host/quote.ts'
import { positionOf } from '../config/configuration.ts'
import { findUpstream } from '../config/upstream.ts'
import type { NginxPlace } from '../facts.ts'
import { onHost } from '../observe/container.ts'
import { ANY_HOST } from '../observe/host-addresses.ts'
import { type Stranger, strangers } from '../route/stranger.ts'
import { nginxCall } from './call.ts'
import type { NginxContext } from './context.ts'
import { targetOf } from './pass-target.ts'
import { reachingPasses } from './passes.ts'
import { sitesOf } from './sites.ts'
import type { Read } from './spots.ts'
import { type SwitchParts, switchFile } from './switch-text.ts'

/** Nginx sends nothing to the application: a server block of its own. */
export function newServer(
  context: NginxContext,
  nginx: Read,
  parts: SwitchParts,
  about: Pick<Draft, 'severity' | 'why' | 'tells'>,
  place: NginxPlace | undefined,
): readonly Draft[] {
  if (findUpstream(nginx.configuration, parts.upstream) !== undefined) return []
  const name = context.inputs.route.url?.hostname ?? context.inputs.host.host
  const text = switchFile(parts, '80', name)
  const byHand = [{ language: 'nginx', where: 'nginx', text } as const]
  const draft: Omit<Draft, 'fix'> = {
    ...about,
    severity: 'problem',
    title: 'Nginx knows nothing of the application',
    seen: `No server block sends requests to ${parts.addresses.blue} or ${parts.addresses.green}.`,
  }
  const mayLead = mayLeadThere(nginx, parts, place)
  if (mayLead.length > 0) {
    return [
      {
        ...draft,
        title: 'Where requests go cannot be told',
        seen: mayLead
          .map(
            ({ pass: { directive }, position, address }) =>
              `\`${directive.name} ${directive.args[0] ?? ''}\` in ${position} sends requests to ${address}: the port is the application's, and where that leads is not known on this host.`,
          )
          .join(' '),
        why: 'If that is the application, a site of its own would leave these visitors on the old version for good.',
        fix: {
          text: 'Write the IP address that is meant there (127.0.0.1 for this host), reload Nginx, and run the check again.',
          blocks: [],
        },
      },
    ]
  }
  const unknown = unknownPasses(nginx)
  if (unknown.length > 0) {
    return [
      {
        ...draft,
        title: 'Where requests go only a request knows',
        seen: `${draft.seen} ${unknown.join(', ')}: what the variable holds is not said by \`set\` alone.`,
        why: 'What Nginx sends to the application cannot be told, and so neither which color is live, nor whether a flip reaches all of it.',
        fix: {
          text: 'Where that is the application, write its address there in place of the variable, and run the check again: it puts the switch in. Where it is not, add this to `http`, with the name of your site.',
          blocks: byHand,
        },
      },
    ]
  }
  const folder = siteFolder(nginx)
  const spot = folder !== undefined && nginx.container !== undefined ? onHost(nginx.container, folder) : folder
  if (spot === undefined) {
    const baked =
      folder === undefined || nginx.container === undefined
        ? ''
        : ` ${folder} of the container ${nginx.container.name} is not mounted from the host: mount a folder there (\`volumes: ["./nginx:${folder}:ro"]\`), with this as a file of it.`
    return [{ ...draft, fix: { text: `Add this to \`http\`, with the name of your site.${baked}`, blocks: byHand } }]
  }
  const file = `${spot}/${parts.upstream}.conf`
  return [
    {
      ...draft,
      fix: {
        text: `Make a server block for it, with the switch. Where your site has another name than ${name}, or TLS, change that in ${file} afterwards.`,
        blocks: [shell('host as root', installed(context, nginx, file, text).text)],
      },
    },
  ]
}

/** The folder from which Nginx includes sites, as Nginx sees it. */
export function siteFolder({ configuration }: Read): string | undefined {
  const main = configuration.files[0]
  const [, folder] =
    /^\s*include\s+(\S+\/(?:conf\.d|http\.d|sites-enabled))\/\*(?:\.conf)?;/m.exec(main?.text ?? '') ?? []
  const root = main?.path.replace(/\/[^/]*$/, '') ?? '/etc/nginx'
  return folder === undefined || folder.startsWith('/') ? folder : `${root}/${folder}`
}

/** Writes the file, and has Nginx load it; another one that is there already stays. */
export function installed(context: NginxContext, nginx: Read, file: string, text: string): Shell {
  return lines(
    sh`(`,
    sh`set -eu`,
    sh`if [ -e ${file} ]; then`,
    sh`  [ "$(sha256sum <${file} | cut -c 1-64)" = ${sha256(text)} ] || { echo ${`${file} is there, and another.`} >&2; exit 1; }`,
    sh`  echo 'This is done already.'; exit 0`,
    sh`fi`,
    liveChange({
      files: [],
      change: hereDocument(text, file),
      undo: sh`rm ${file}`,
      verify: nginxCall(context, sh`-t`),
      load: nginxCall(context, sh`-s reload`),
      sites: sitesOf(nginx, [context.inputs.health.path]),
    }),
    sh`)`,
  )
}

/** What has a color's port, at an address that this host does not know. */
function mayLeadThere(nginx: Read, { addresses }: SwitchParts, place: NginxPlace | undefined): readonly Stranger[] {
  if (place === undefined) return []
  const apart = nginx.container !== undefined && !nginx.container.hostNetwork
  const colored = { services: place.services, addresses, host: nginx.addresses ?? ANY_HOST, apart }
  return strangers(nginx.configuration, colored, () => false)
}

/** Passes of which only a request tells where they lead. */
function unknownPasses({ configuration }: Read): readonly string[] {
  return reachingPasses(configuration).flatMap(({ pass }) => {
    const [target = ''] = pass.directive.args
    if (!target.includes('$') || targetOf(configuration, pass) !== undefined) return []
    return [`\`${pass.directive.name} ${target}\` in ${positionOf(configuration, pass.directive)}`]
  })
}
