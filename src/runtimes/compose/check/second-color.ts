import type { Block, Draft, FileChange } from '../../../checking/finding.ts'
import { withCode } from '../../../checking/telling.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import { isRunning } from '../observe/containers.ts'
import { variableName } from '../observe/image.ts'
import type { ComposeService } from '../observe/project.ts'
import type { ComposeCode } from '../refusals.ts'
import { type Colors, type ComposeContext, missingColor, projectOf, said } from './context.ts'
import { portsAt, type Wish } from './edit.ts'
import { ownImage } from './image-of-color.ts'
import { changeParts, copyParts, imageAsWritten, imageOfParts, keysOf, type Part, partsOf } from './service-parts.ts'
import { replaceToken } from './text.ts'

/** The color that is missing, written from the one that is there. */
export function secondColor(context: ComposeContext, colors: Colors): readonly Draft[] {
  const { single, names, addresses, services } = colors
  const base = services.blue ?? services.green
  const color = missingColor(colors)
  if (base === undefined || color === undefined) return []
  const has: Color = color === 'blue' ? 'green' : 'blue'
  const parts = partsOf(context.texts, base.name)
  const changes = secondColorChanges(context, colors, base, { has, color }, parts)
  const [here, there] = [addresses[has], addresses[color]]
  const places =
    here === undefined || there === undefined
      ? ''
      : ` ${names[has]} is reached at ${here}, ${names[color]} at ${there}, on which nothing listens.`
  const serving = said(context.compose?.containers)?.find((each) => each.service === single?.name && isRunning(each))
  const later =
    single === undefined || serving === undefined
      ? ''
      : ` Nothing that runs is touched: ${serving.name} serves until the first release, whose report says how to remove it.`
  const unnamed =
    base.containerName === undefined
      ? ''
      : ` \`container_name: ${base.containerName}\` is taken out, since two containers cannot have one name: what uses that name has to use the names of the colors.`
  const dependents = projectOf(context)?.services.filter(({ dependsOn }) =>
    dependsOn.some(({ service }) => service === base.name),
  )
  const followed =
    names[has] === base.name || dependents === undefined || dependents.length === 0
      ? ''
      : ` \`depends_on\` of ${dependents.map(({ name }) => `\`${name}\``).join(', ')} names \`${names[has]}\` from then on.`
  const text = `${single === undefined ? `Write \`${names[color]}\` from \`${base.name}\`` : `Make \`${names.blue}\` and \`${names.green}\` from \`${single.name}\``}, with ${context.colors?.apart === undefined ? 'a port' : 'an address'} and a version of its own.${places}${later}${unnamed}${followed}`
  return [
    {
      severity: 'problem',
      title:
        single === undefined
          ? `The color ${color} is missing in the compose file`
          : 'The application is one service, and needs two',
      seen:
        single === undefined
          ? `There is \`${base.name}\`, and no \`${names[color]}\`.`
          : `There is \`${single.name}\`, and neither \`${names.blue}\` nor \`${names.green}\`.`,
      why: 'A release starts the new version next to the old one, and flips the traffic once it is healthy: that takes two services.',
      fix: {
        text:
          changes === undefined ? `${text} It has to be written by hand: ${handicapOf(context, base, parts)}.` : text,
        blocks: changes === undefined ? [secondColorYaml(context, colors, base)] : [],
      },
      ...(changes && { changes, otherwise: [secondColorYaml(context, colors, base)] }),
      tells: withCode<ComposeCode>(context.refusals, 'colors-missing'),
    },
  ]
}

/** Why a compose file cannot be edited by its text, as a part of a sentence. */
function handicapOf({ texts }: ComposeContext, { name }: ComposeService, parts: readonly Part[]): string {
  if (parts.length === 0) return `\`${name}\` stands in a file that is included, or that cannot be read`
  const ties = texts.flatMap((text) => text.mentions(name).others)
  if (ties.length > 0) return ties.map(({ service, by }) => `\`${service}\` names it by \`${by}\``).join(', ')
  return `what \`${name}\` has comes from elsewhere, or stands in one line`
}

function secondColorChanges(
  context: ComposeContext,
  colors: Colors,
  base: ComposeService,
  { has, color }: { readonly has: Color; readonly color: Color },
  parts: readonly Part[],
): readonly FileChange[] | undefined {
  const { names, single } = colors
  const image = imageOfParts(parts, base.name) ?? context.compose?.writtenImages?.get(base.name)
  const { versionVariable: variable } = context.inputs.application
  const mentions = context.texts.map((text) => ({ text, ...text.mentions(base.name) }))
  const renamed = names[has] !== base.name
  if (image === undefined || (renamed && mentions.some(({ others }) => others.length > 0))) return undefined
  const wishFor = (which: Color, moved: ReadonlyMap<string, number>): Wish | undefined => {
    const own = ownImage(image, variable, which)
    const ports = portsAt(base, moved)
    if (own === undefined || ports === undefined) return undefined
    const added = colors.published[which]
    const network = networkWish(colors, which, base)
    return {
      ...(names[which] !== base.name && { name: names[which] }),
      image: own,
      ...(ports.length > 0 && { ports }),
      ...(added && { addedPort: `127.0.0.1:${added.host}:${added.container}` }),
      ...(network && { network }),
      withoutContainerName: base.containerName !== undefined,
      ...(base.aliases.length > 0 && base.fixedAddresses.length === 0 && { withoutAliases: [...base.networks.keys()] }),
      added: addedLines(context, base, keysOf(parts)),
    }
  }
  const [first, second] = [wishFor(has, new Map()), wishFor(color, colors.ports)]
  // The service that runs keeps its definition, where it has a color already.
  const kept: Wish | undefined =
    single === undefined && first
      ? {
          image: first.image ?? image,
          ...(first.addedPort && { addedPort: first.addedPort }),
          ...(first.network && { network: first.network }),
          withoutContainerName: first.withoutContainerName ?? false,
          ...(first.withoutAliases && { withoutAliases: first.withoutAliases }),
        }
      : first
  if (kept === undefined || second === undefined) return undefined
  const [changed, copies] = [changeParts(parts, kept), copyParts(parts, second)]
  if (changed === undefined || copies === undefined) return undefined
  const dependents = renamed
    ? mentions.flatMap(({ text, tokens }): readonly FileChange[] =>
        tokens.length === 0 ? [] : [{ file: text.file, edits: tokens.map((token) => replaceToken(token, names[has])) }],
      )
    : []
  return [...changed, ...dependents, ...copies]
}

/** The network in which a color is given an address, where it has none. */
export function networkWish({ apart, addresses }: Colors, color: Color, base: ComposeService): Wish['network'] {
  const address = addresses[color]
  if (apart?.network === undefined || address === undefined) return undefined
  const beside = base.networks.size === 0 ? ['default'] : [...base.networks.keys()]
  return { key: apart.network.key, address: address.replace(/:\d+$/, ''), beside }
}

/** What else a service that is written new gets. */
function addedLines({ inputs }: ComposeContext, base: ComposeService, keys: readonly string[]): readonly string[] {
  const { drain, previous } = inputs.after
  const short = previous !== 'keep' && base.stopGracePeriod < drain && !keys.includes('stop_grace_period')
  return [
    ...(base.restart === 'no' && !keys.includes('restart') ? ['restart: unless-stopped'] : []),
    ...(short ? [`stop_grace_period: ${drain / 1000}s`] : []),
  ]
}

/** What matters of the two services, where their text cannot be edited. */
function secondColorYaml(context: ComposeContext, colors: Colors, base: ComposeService): Block {
  const { versionVariable: variable } = context.inputs.application
  const image = imageAsWritten(context, base.name) ?? '<image>'
  const services = COLORS.flatMap((color) => {
    const own = ownImage(image, variable, color) ?? `<image>:\${${variableName(variable, color)}}`
    const port = colors.addresses[color]
    const target = base.ports[0]?.target
    return [
      `  ${colors.names[color]}: # and all else that \`${base.name}\` has`,
      `    image: ${own}`,
      ...(port === undefined || target === undefined ? [] : [`    ports: ["${port}:${target}"]`]),
    ]
  })
  return { language: 'yaml', where: 'compose file', text: ['services:', ...services].join('\n') }
}
