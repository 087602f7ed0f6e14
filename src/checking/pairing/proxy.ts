import { lines, sh, words } from '../../host/quote.ts'
import { COLORS } from '../../release/model.ts'
import { sitesOf } from '../../routers/nginx/check/sites.ts'
import type { Read } from '../../routers/nginx/check/spots.ts'
import { faultsBesideLoading } from '../../routers/nginx/check/switch-place.ts'
import type { NginxPlace } from '../../routers/nginx/facts.ts'
import type { SwitchCode } from '../../routers/nginx/switch/refusals.ts'
import { findSwitch } from '../../routers/nginx/switch/switch.ts'
import { composeCall } from '../../runtimes/compose/check/call.ts'
import { type Colors, missingColor, projectOf, said } from '../../runtimes/compose/check/context.ts'
import { changeService } from '../../runtimes/compose/check/edit.ts'
import { networkWish } from '../../runtimes/compose/check/second-color.ts'
import { writtenService } from '../../runtimes/compose/check/service-parts.ts'
import { shapeFindings } from '../../runtimes/compose/check/shape.ts'
import type { ComposeText } from '../../runtimes/compose/check/text.ts'
import type { ComposeService } from '../../runtimes/compose/observe/project.ts'
import { keptAs } from '../edits/change-block.ts'
import { liveChange } from '../edits/live-change.ts'
import { type Block, type Draft, type Edit, type FileChange, type SeenFile, shell } from '../finding.ts'
import { withCode } from '../telling.ts'
import type { Context } from './context.ts'
import { type Missing, missingOf, missingSentences } from './proxy-missing.ts'

/** What an Nginx in a container lacks for a switch: a way to the files of the switch, and addresses that stay. */
export function proxyFindings(context: Context, place: NginxPlace | undefined): readonly Draft[] {
  const { nginx, colors, inputs } = context
  if (nginx?.kind !== 'read' || nginx.container === undefined || colors === undefined) return []
  if (inputs.nginx.flip === 'reload' || shapeFindings(context, colors).length > 0) return []
  const missing = missingOf(context, nginx, colors)
  const seen = missingSentences(context, nginx, missing)
  if (seen.length === 0) return []
  const { configuration } = nginx
  const found = findSwitch(configuration, inputs.nginx.upstream).kind
  const needed = found !== 'none' || (place !== undefined && faultsBesideLoading(nginx, place).length > 0)
  return [
    {
      severity: needed ? 'problem' : 'advice',
      title: 'Nginx in its container is not ready for a switch',
      seen: seen.join(' '),
      why: 'A switch is a file that Nginx has to see. A container sees of the host only what is mounted; and a name of a container is resolved only when Nginx loads, so that after a new start somebody else may sit at the old address.',
      ...fixOf(context, nginx, colors, missing),
      tells: withCode<SwitchCode>(context.refusals, 'switch-folder-unmounted'),
    },
  ]
}

function fixOf(
  context: Context,
  nginx: Read,
  colors: Colors,
  missing: Missing,
): Pick<Draft, 'fix' | 'changes' | 'afterwards'> {
  const { container } = nginx
  const name = container?.name ?? ''
  const project = projectOf(context)
  const known = said(context.compose?.containers)?.find((each) => each.name === name)
  const service = project?.services.find((each) => each.name === known?.service && known.project === project.name)
  const made = service && changesFor(context, colors, missing, service)
  if (service === undefined || made === undefined) return byHand(context, missing, colors, name)
  const { layer } = context.hostFacts
  if (layer.length > 0) {
    const folder = layer[0]?.replace(/\/[^/]*$/, '') ?? ''
    return {
      fix: {
        text: `${wanted(context, missing)} That takes a new container, and ${name} has files in its own layer that would be lost with it: ${layer.slice(0, 5).join(', ')}. Copy them to the host (docker cp ${name}:${folder} .), mount them from there, and recreate it yourself; then run the check again.`,
        blocks: [],
      },
    }
  }
  const serving =
    missing.serving &&
    ` ${missing.serving.container} goes on serving, and gets the address ${missing.serving.address} next to its own.`
  const own = made.find(({ file }) => file.path === writtenService(context.texts, service.name)?.text.file.path)
  const told = `${wanted(context, missing)} Then \`${service.name}\` is recreated once: for a second or two nobody is served, so do it at a quiet time. If a site then answers differently, all of it is put back.${serving ?? ''}`
  if (own === undefined) {
    return {
      fix: {
        text: `${wanted(context, missing)} The compose file says so already, and ${name} is older. Recreate it at a quiet time: docker compose up -d --no-deps ${service.name}`,
        blocks: [],
      },
    }
  }
  return {
    fix: { text: told, blocks: [] },
    changes: made,
    afterwards: [readyBlock(context, nginx, colors, missing, service, own.file)],
  }
}

function wanted({ inputs }: Context, { mount, addresses, network }: Missing): string {
  const parts = [
    ...(mount === undefined ? [] : [`mount ${inputs.nginx.stateDirectory} into it`]),
    ...(addresses ? ['give both colors a fixed address in a network that it shares with them'] : []),
    ...(!addresses && network ? ['let it into the network of the colors'] : []),
  ]
  const text = parts.join(', and ')
  return text === '' ? 'Give what serves its address.' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function changesFor(
  context: Context,
  colors: Colors,
  missing: Missing,
  service: ComposeService,
): readonly FileChange[] | undefined {
  const { texts, inputs } = context
  const found = writtenService(texts, service.name)
  if (found === undefined) return undefined
  const { key } = colors.apart?.network ?? networkOf(colors) ?? {}
  const joins = (missing.addresses || missing.network) && key !== undefined && !service.networks.has(key)
  const beside = service.networks.size === 0 ? ['default'] : [...service.networks.keys()]
  const own = changeService(found.written, {
    ...(missing.mount !== undefined &&
      !mounts(service, missing.mount) && { volume: `${inputs.nginx.stateDirectory}:${missing.mount}:ro` }),
    ...(joins && { network: { key, beside } }),
  })
  const network = colors.apart?.network && networkEdits(found.text, colors.apart.network)
  if (own === undefined || (missing.addresses && network === undefined)) return undefined
  const ofColors = missingColor(colors) === undefined && missing.addresses ? colorChanges(context, colors) : []
  if (ofColors === undefined) return undefined
  const edits = [...own, ...(network ?? [])]
  return [...(edits.length > 0 ? [{ file: found.text.file, edits }] : []), ...ofColors]
}

/** It is written in the compose file already, and the container is older. */
function mounts({ mounted }: ComposeService, target: string): boolean {
  return mounted.includes(target)
}

/** Undefined where one of them cannot be changed by its text. */
function colorChanges({ texts }: Context, colors: Colors): readonly FileChange[] | undefined {
  const changes = COLORS.map((color): FileChange | undefined => {
    const service = colors.services[color]
    const network = service && networkWish(colors, color, service)
    const found = service && writtenService(texts, service.name)
    const edits = found && changeService(found.written, { network })
    return found && edits && { file: found.text.file, edits }
  })
  return changes.every((change) => change !== undefined) ? changes : undefined
}

function networkEdits(
  { networks }: ComposeText,
  network: { readonly key: string; readonly subnet: string; readonly range: string },
): readonly Edit[] | undefined {
  const { key, subnet, range } = network
  const entry = `${key}: { ipam: { config: [{ subnet: ${subnet}, ip_range: ${range} }] } }`
  switch (networks.kind) {
    case 'absent':
      return [{ kind: 'insert', after: networks.lines, text: `networks:\n  ${entry}\n` }]
    case 'lines':
      return [{ kind: 'insert', after: networks.after, text: `${networks.indent}${entry}\n` }]
    case 'other':
      return undefined
  }
}

/** The network of the compose file in which the colors have their fixed addresses. */
function networkOf(colors: Colors): { readonly key: string } | undefined {
  for (const color of COLORS) {
    const host = colors.addresses[color]?.replace(/:\d+$/, '')
    const found = [...(colors.services[color]?.networks ?? [])].find(
      ([, address]) => address !== '' && address === host,
    )
    if (found !== undefined) return { key: found[0] }
  }
  return undefined
}

function networkName(context: Context, colors: Colors): string {
  const project = projectOf(context)
  const key = (colors.apart?.network ?? networkOf(colors))?.key ?? 'default'
  return project?.networks.get(key) ?? `${project?.name}_${key}`
}

/**
 * Nginx's container is recreated, and what serves gets its address. Whatever fails, the compose file and the container
 * become what they were.
 * @param file of compose, which the block before this one changes
 */
function readyBlock(
  context: Context,
  nginx: Read,
  colors: Colors,
  { serving }: Missing,
  service: ComposeService,
  file: SeenFile,
): Block {
  const { stateDirectory } = context.inputs.nginx
  const user = context.state.user || context.hostFacts.user
  const network = networkName(context, colors)
  const format = `{{with index .NetworkSettings.Networks ${JSON.stringify(network)}}}there{{end}}`
  const joined = (container: string) => sh`[ -n "$(docker inspect --format ${format} ${container})" ]`
  const recreate = composeCall(context, sh`up -d --no-deps ${service.name}`)
  const kept = keptAs(file, undefined)
  return shell(
    'host as root',
    lines(
      sh`(`,
      sh`set -eu`,
      // Docker would make it, for root.
      sh`[ -d ${stateDirectory} ] || install -d -m 0711 -o ${user} ${stateDirectory}`,
      liveChange({
        files: [],
        load: words(
          [
            recreate,
            ...(serving === undefined
              ? []
              : [
                  sh`{ ${joined(serving.container)} || { docker network connect --ip ${serving.address} ${network} ${serving.container} && connected=1; }; }`,
                ]),
          ],
          ' && ',
        ),
        unload: lines(
          ...(serving === undefined
            ? []
            : [sh`[ -z "\${connected:-}" ] || docker network disconnect ${network} ${serving.container} || :`]),
          sh`cat ${kept} >${file.path} && touch -r ${kept} ${file.path} && ${recreate}`,
        ),
        sites: sitesOf(nginx, [context.inputs.health.path]),
        patience: 15,
      }),
      sh`)`,
    ).text,
  )
}

/** Nginx's container is made by something else than this compose file. */
function byHand(context: Context, missing: Missing, colors: Colors, name: string): Pick<Draft, 'fix'> {
  const { stateDirectory } = context.inputs.nginx
  const known = said(context.compose?.containers)?.find((each) => each.name === name)
  const network = networkName(context, colors)
  const { subnet } = colors.apart?.network ?? {}
  const flags = [
    ...(missing.mount === undefined ? [] : [`--volume ${stateDirectory}:${missing.mount}:ro`]),
    ...(missing.network ? [`--network ${network}`] : []),
  ].join(' ')
  const first = `${name} is not made by this compose file, and what it sees cannot be changed while it runs. ${wanted(context, missing)}`
  const colorsToo =
    subnet === undefined
      ? ''
      : ` The colors get \`networks: { ${colors.apart?.network?.key}: { ipv4_address: … } }\`: ${COLORS.map((color) => `${colors.names[color]} ${colors.addresses[color]?.replace(/:\d+$/, '')}`).join(', ')}; the network is made by: docker network create --subnet ${subnet} ${network}`
  if (known === undefined || known.project === '')
    return {
      fix: { text: `${first} Add \`${flags}\` to its \`docker run\`, and recreate it.${colorsToo}`, blocks: [] },
    }
  const text = [
    'services:',
    `  ${known.service}:`,
    ...(missing.mount === undefined
      ? []
      : [`    volumes: ["${stateDirectory}:${missing.mount}:ro"] # next to its own`]),
    ...(missing.network
      ? [`    networks: { default: {}, ${network}: {} }`, 'networks:', `  ${network}: { external: true }`]
      : []),
  ].join('\n')
  return {
    fix: {
      text: `${first} Add this to the compose file in ${known.workingDirectory}, and run there: docker compose up -d --no-deps ${known.service}.${colorsToo}`,
      blocks: [{ language: 'yaml', where: 'compose file', text }],
    },
  }
}
