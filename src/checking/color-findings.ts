import { COLORS, type Color } from '../release/words.ts'
import { isRunning } from '../runtimes/compose-containers.ts'
import { namesWhole, variableName } from '../runtimes/compose-image.ts'
import type { ComposeService } from '../runtimes/compose-project.ts'
import { type Colors, missingColor } from './colors.ts'
import { portsAt, type Wish } from './compose-edit.ts'
import { type ComposeText, replaceToken } from './compose-text.ts'
import { type Block, type Draft, type FileChange, workflow } from './finding.ts'
import { imageOfColor, tagVariable } from './image-of-color.ts'
import { projectOf, type Scene, said } from './scene.ts'
import { changeParts, copyParts, imageOfParts, keysOf, type Part, partsOf } from './service-parts.ts'
import { shapeFindings } from './shape-findings.ts'
import { tellingOf } from './telling.ts'

/** The second color, written from the first; and a version of its own for each. */
export function colorFindings(scene: Scene): readonly Draft[] {
  const { colors, inputs } = scene
  if (colors === undefined) return []
  const shapes = shapeFindings(scene, colors)
  if (shapes.length > 0) return shapes
  const { versionVariable: variable } = inputs.application
  const base = colors.services.blue ?? colors.services.green
  const image = base && imageAsWritten(scene, base.name)
  const other = image === undefined ? undefined : tagVariable(image)
  if (other !== undefined && other !== variable && usesNoVariable(base))
    return [otherVariable(scene, base, image ?? '', other)]
  const whole = wholeImages(scene, colors)
  if (whole.length > 0) return whole
  return missingColor(colors) === undefined ? ownImages(scene, colors) : secondColor(scene, colors)
}

/** If the text of an image shows no tag, no version can take its place. */
function wholeImages(scene: Scene, colors: Colors): readonly Draft[] {
  const { versionVariable: variable } = scene.inputs.application
  const found = COLORS.flatMap((color) => {
    const service = colors.services[color]
    const image = service && imageAsWritten(scene, service.name)
    const own = image === undefined ? undefined : imageOfColor(image, variable, color)
    return service && own?.kind === 'impossible' ? [{ service, color, why: own.why }] : []
  })
  if (found.length === 0) return []
  const lines = found.flatMap(({ service, color }) => {
    const { repository, tag } = plainImage(service.image ?? '')
    const shared = `\${${variable}:-${tag}}`
    const own = colors.single === undefined ? `\${${variableName(variable, color)}:-${shared}}` : shared
    return [`  ${service.name}:`, `    image: ${repository}:${own}`]
  })
  return [
    {
      severity: 'problem',
      title: 'No version can be chosen',
      seen: found.map(({ service, why }) => `The image of \`${service.name}\`: ${why}.`).join(' '),
      why: 'A release starts the idle color with another tag of the same image: only the tag may come from a variable.',
      mend: {
        text: 'Write the name of the image in the compose file, and the version as its tag. Then run the check again: it writes the rest.',
        blocks: [{ language: 'yaml', where: 'compose file', text: ['services:', ...lines].join('\n') }],
      },
      tells: tellingOf(
        scene.refusals,
        /a version is no more than its tag|so that no version can be chosen for it|^The compose project `[^`]*` has no services/,
      ),
    },
  ]
}

/** As compose reads it now; `<name>` and `<tag>` if that shows none. */
function plainImage(image: string): { readonly repository: string; readonly tag: string } {
  const plain = image.replace(/@.*$/, '')
  const [, repository = plain, tag = 'latest'] = /^(.*):([^/:]*)$/.exec(plain) ?? []
  return namesWhole(plain) || plain === '' ? { repository: '<name>', tag: 'latest' } : { repository, tag }
}

/** The text of the one compose file that has this service. */
export function writtenService(texts: readonly ComposeText[], name: string): Part | undefined {
  const found = partsOf(texts, name)
  return found.length === 1 ? found[0] : undefined
}

function imageAsWritten({ texts, compose }: Scene, service: string): string | undefined {
  return imageOfParts(partsOf(texts, service), service) ?? compose?.writtenImages?.get(service)
}

function usesNoVariable(service: ComposeService | undefined): boolean {
  return (service?.uses ?? []).length === 0
}

/** The compose file has a variable for the version already, by another name. */
function otherVariable(scene: Scene, service: ComposeService | undefined, image: string, variable: string): Draft {
  return {
    severity: 'problem',
    title: 'The version variable has another name',
    seen: `The image of \`${service?.name}\` is written as \`${image}\`, and \`version-variable\` is ${scene.inputs.application.versionVariable}.`,
    why: 'The version is handed to compose in that variable: another one changes nothing, and the same image would start again.',
    mend: { text: 'Name it in the workflow.', blocks: [workflow(`version-variable: ${variable}`)] },
    tells: tellingOf(scene.refusals, /so that no version can be chosen for it|uses neither/),
  }
}

function secondColor(scene: Scene, colors: Colors): readonly Draft[] {
  const { single, names, addresses, services } = colors
  const base = services.blue ?? services.green
  const color = missingColor(colors)
  if (base === undefined || color === undefined) return []
  const has: Color = color === 'blue' ? 'green' : 'blue'
  const parts = partsOf(scene.texts, base.name)
  const changes = secondColorChanges(scene, colors, base, { has, color }, parts)
  const [here, there] = [addresses[has], addresses[color]]
  const places =
    here === undefined || there === undefined
      ? ''
      : ` ${names[has]} is reached at ${here}, ${names[color]} at ${there}, on which nothing listens.`
  const serving = said(scene.compose?.containers)?.find((each) => each.service === single?.name && isRunning(each))
  const later =
    single === undefined || serving === undefined
      ? ''
      : ` Nothing that runs is touched: ${serving.name} serves until the first release, whose report says how to remove it.`
  const unnamed =
    base.containerName === undefined
      ? ''
      : ` \`container_name: ${base.containerName}\` is taken out, since two containers cannot have one name: what uses that name has to use the names of the colors.`
  const dependents = projectOf(scene)?.services.filter(({ dependsOn }) =>
    dependsOn.some(({ service }) => service === base.name),
  )
  const followed =
    names[has] === base.name || dependents === undefined || dependents.length === 0
      ? ''
      : ` \`depends_on\` of ${dependents.map(({ name }) => `\`${name}\``).join(', ')} names \`${names[has]}\` from then on.`
  const text = `${single === undefined ? `Write \`${names[color]}\` from \`${base.name}\`` : `Make \`${names.blue}\` and \`${names.green}\` from \`${single.name}\``}, with ${scene.colors?.apart === undefined ? 'a port' : 'an address'} and a version of its own.${places}${later}${unnamed}${followed}`
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
      mend: {
        text: changes === undefined ? `${text} It has to be written by hand: ${handicapOf(scene, base, parts)}.` : text,
        blocks: changes === undefined ? [secondColorYaml(scene, colors, base)] : [],
      },
      ...(changes && { changes, otherwise: [secondColorYaml(scene, colors, base)] }),
      tells: tellingOf(scene.refusals, /^The compose project `[^`]*` has no services/),
    },
  ]
}

/** Why a compose file cannot be edited by its text, as a part of a sentence. */
function handicapOf({ texts }: Scene, { name }: ComposeService, parts: readonly Part[]): string {
  if (parts.length === 0) return `\`${name}\` stands in a file that is included, or that cannot be read`
  const ties = texts.flatMap((text) => text.mentions(name).others)
  if (ties.length > 0) return ties.map(({ service, by }) => `\`${service}\` names it by \`${by}\``).join(', ')
  return `what \`${name}\` has comes from elsewhere, or stands in one line`
}

function secondColorChanges(
  scene: Scene,
  colors: Colors,
  base: ComposeService,
  { has, color }: { readonly has: Color; readonly color: Color },
  parts: readonly Part[],
): readonly FileChange[] | undefined {
  const { names, single } = colors
  const image = imageOfParts(parts, base.name) ?? scene.compose?.writtenImages?.get(base.name)
  const { versionVariable: variable } = scene.inputs.application
  const mentions = scene.texts.map((text) => ({ text, ...text.mentions(base.name) }))
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
      added: addedLines(scene, base, keysOf(parts)),
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

/** What a service that is written anew has besides. */
function addedLines({ inputs }: Scene, base: ComposeService, keys: readonly string[]): readonly string[] {
  const { drain, previous } = inputs.after
  const short = previous !== 'keep' && base.stopGracePeriod < drain && !keys.includes('stop_grace_period')
  return [
    ...(base.restart === 'no' && !keys.includes('restart') ? ['restart: unless-stopped'] : []),
    ...(short ? [`stop_grace_period: ${drain / 1000}s`] : []),
  ]
}

/** What matters of the two services, where their text cannot be edited. */
function secondColorYaml(scene: Scene, colors: Colors, base: ComposeService): Block {
  const { versionVariable: variable } = scene.inputs.application
  const image = imageAsWritten(scene, base.name) ?? '<image>'
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

/** Images without a variable of the version, and one variable for both colors. */
function ownImages(scene: Scene, colors: Colors): readonly Draft[] {
  const { inputs, refusals } = scene
  const { versionVariable: variable } = inputs.application
  const wanting = COLORS.filter((color) => {
    const uses = colors.services[color]?.uses ?? []
    return !uses.includes(color) || uses.some((each) => each !== color)
  })
  const changes = wanting.map((color) => imageChanges(scene, colors, color))
  const unchangeable = tellingOf(refusals, /so that no version can be chosen for it|the variable of the other color/)
  const own = COLORS.map((color) => variableName(variable, color)).join(' and ')
  const shown = wanting.map(
    (color) =>
      `the image of \`${colors.names[color]}\` is \`${imageAsWritten(scene, colors.names[color]) ?? 'not written there'}\``,
  )
  if (wanting.length === 0 || changes.some((change) => change === undefined)) return []
  return [
    {
      severity: unchangeable.length > 0 ? 'problem' : 'warning',
      title: unchangeable.length > 0 ? 'No version can be chosen' : 'Both colors share one version variable',
      seen: `In the compose file ${shown.join(', and ')}.`,
      why:
        unchangeable.length > 0
          ? 'A release starts the idle color with another tag: the image has to have a variable for it.'
          : 'A `docker compose up -d` by hand would recreate a color with the version of the other; `.env` cannot be kept true.',
      mend: {
        text: `Give each color its own (${own}), with the shared one as what holds where that is not set.`,
        blocks: [],
      },
      changes: changes.flatMap((change) => change ?? []),
      tells: unchangeable,
    },
  ]
}

function ownImage(image: string, variable: string, color: Color): string | undefined {
  const own = imageOfColor(image, variable, color)
  return own.kind === 'image' ? own.image : undefined
}

function imageChanges(scene: Scene, colors: Colors, color: Color): readonly FileChange[] | undefined {
  const name = colors.names[color]
  const image = imageAsWritten(scene, name)
  const own = image === undefined ? undefined : ownImage(image, scene.inputs.application.versionVariable, color)
  if (own === undefined || own === image) return undefined
  return changeParts(partsOf(scene.texts, name), { image: own })
}
