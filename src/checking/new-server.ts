import { hereDocument, lines, sh } from '../host/quote.ts'
import { positionOf } from '../routers/nginx-config.ts'
import { onHost } from '../routers/nginx-container.ts'
import { findUpstream } from '../routers/nginx-upstream.ts'
import { sumOf } from './file-text.ts'
import { type Draft, shell } from './finding.ts'
import { nginxCall } from './nginx-call.ts'
import { reachingPasses } from './nginx-passes.ts'
import type { Read } from './nginx-spots.ts'
import { targetOf } from './pass-target.ts'
import type { Scene } from './scene.ts'
import { type SwitchParts, switchFile } from './switch-text.ts'

/** Nginx sends nothing to the application: a server block of its own. */
export function newServer(
  scene: Scene,
  nginx: Read,
  parts: SwitchParts,
  about: Pick<Draft, 'severity' | 'why' | 'tells'>,
): readonly Draft[] {
  const { inputs } = scene
  const named = findUpstream(nginx.configuration, parts.upstream)
  if (named !== undefined) return []
  const seen = `No server block sends requests to ${parts.addresses.blue} or ${parts.addresses.green}.`
  const unknown = unknownPasses(nginx)
  if (unknown.length > 0) {
    return [
      {
        ...about,
        severity: 'problem',
        title: 'Where requests go only a request knows',
        seen: `${seen} ${unknown.join(', ')}: what the variable holds is not said by \`set\` alone.`,
        why: 'What Nginx sends to the application cannot be told, and so neither which color is live, nor whether a flip reaches all of it.',
        mend: {
          text: 'Where that is the application, write its address there in place of the variable, and run the check again: it puts the switch in. Where it is not, add this to `http`, with the name of your site.',
          blocks: [
            {
              language: 'nginx',
              where: 'nginx',
              text: switchFile(parts, '80', inputs.route.url?.hostname ?? inputs.host.host),
            },
          ],
        },
      },
    ]
  }
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

/** Passes of which only a request tells where they lead. */
function unknownPasses({ configuration }: Read): readonly string[] {
  return reachingPasses(configuration).flatMap(({ pass }) => {
    const [target = ''] = pass.directive.args
    if (!target.includes('$') || targetOf(configuration, pass) !== undefined) return []
    return [`\`${pass.directive.name} ${target}\` in ${positionOf(configuration, pass.directive)}`]
  })
}
