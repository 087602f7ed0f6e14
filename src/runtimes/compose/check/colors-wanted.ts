import { type Draft, type FileChange, workflow } from '../../../checking/finding.ts'
import { withCode } from '../../../checking/telling.ts'
import { COLORS, type Color } from '../../../release/model.ts'
import { namesWhole, variableName } from '../observe/image.ts'
import type { ComposeService } from '../observe/project.ts'
import type { ComposeCode } from '../refusals.ts'
import { type Colors, type ComposeContext, missingColor } from './context.ts'
import { imageOfColor, ownImage, tagVariable } from './image-of-color.ts'
import { secondColor } from './second-color.ts'
import { changeParts, imageAsWritten, partsOf } from './service-parts.ts'
import { shapeFindings } from './shape.ts'

/** The second color, written from the first; and a version of its own for each. */
export function colorFindings(context: ComposeContext): readonly Draft[] {
  const { colors, inputs } = context
  if (colors === undefined) return []
  const shapes = shapeFindings(context, colors)
  if (shapes.length > 0) return shapes
  const { versionVariable: variable, image: given } = inputs.application
  // Compose is told that image, whatever stands in its file.
  if (given !== undefined) return missingColor(colors) === undefined ? [] : secondColor(context, colors)
  const base = colors.services.blue ?? colors.services.green
  const image = base && imageAsWritten(context, base.name)
  const other = image === undefined ? undefined : tagVariable(image)
  if (other !== undefined && other !== variable && usesNoVariable(base))
    return [otherVariable(context, base, image ?? '', other)]
  const whole = wholeImages(context, colors)
  if (whole.length > 0) return whole
  return missingColor(colors) === undefined ? ownImages(context, colors) : secondColor(context, colors)
}

/** If the text of an image shows no tag, no version can take its place. */
function wholeImages(context: ComposeContext, colors: Colors): readonly Draft[] {
  const { versionVariable: variable } = context.inputs.application
  const found = COLORS.flatMap((color) => {
    const service = colors.services[color]
    const image = service && imageAsWritten(context, service.name)
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
      fix: {
        text: 'Write the name of the image in the compose file, and the version as its tag. Then run the check again: it writes the rest.',
        blocks: [{ language: 'yaml', where: 'compose file', text: ['services:', ...lines].join('\n') }],
      },
      tells: withCode<ComposeCode>(
        context.refusals,
        'image-all-variable',
        'image-missing',
        'image-without-variable',
        'colors-missing',
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

function usesNoVariable(service: ComposeService | undefined): boolean {
  return (service?.uses ?? []).length === 0
}

/** The compose file has a variable for the version already, by another name. */
function otherVariable(
  context: ComposeContext,
  service: ComposeService | undefined,
  image: string,
  variable: string,
): Draft {
  return {
    severity: 'problem',
    title: 'The version variable has another name',
    seen: `The image of \`${service?.name}\` is written as \`${image}\`, and \`version-variable\` is ${context.inputs.application.versionVariable}.`,
    why: 'The version is handed to compose in that variable: another one changes nothing, and the same image would start again.',
    fix: { text: 'Name it in the workflow.', blocks: [workflow(`version-variable: ${variable}`)] },
    tells: withCode<ComposeCode>(context.refusals, 'image-missing', 'image-without-variable'),
  }
}

/** Images without a variable of the version, and one variable for both colors. */
function ownImages(context: ComposeContext, colors: Colors): readonly Draft[] {
  const { inputs, refusals } = context
  const { versionVariable: variable } = inputs.application
  const chosen = withCode<ComposeCode>(refusals, 'image-missing', 'image-without-variable').length === 0
  const wanting = COLORS.filter((color) => {
    const uses = colors.services[color]?.uses ?? []
    // A reference that says no version gets it as its tag.
    if (uses.length === 0 && chosen) return false
    return !uses.includes(color) || uses.some((each) => each !== color)
  })
  const changes = wanting.map((color) => imageChanges(context, colors, color))
  const unchangeable = withCode<ComposeCode>(
    refusals,
    'image-missing',
    'image-without-variable',
    'image-of-other-color',
  )
  const own = COLORS.map((color) => variableName(variable, color)).join(' and ')
  const shown = wanting.map(
    (color) =>
      `the image of \`${colors.names[color]}\` is \`${imageAsWritten(context, colors.names[color]) ?? 'not written there'}\``,
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
      fix: {
        text: `Give each color its own (${own}), with the shared one as what holds where that is not set.`,
        blocks: [],
      },
      changes: changes.flatMap((change) => change ?? []),
      tells: unchangeable,
    },
  ]
}

function imageChanges(context: ComposeContext, colors: Colors, color: Color): readonly FileChange[] | undefined {
  const name = colors.names[color]
  const image = imageAsWritten(context, name)
  const own = image === undefined ? undefined : ownImage(image, context.inputs.application.versionVariable, color)
  if (own === undefined || own === image) return undefined
  return changeParts(partsOf(context.texts, name), { image: own })
}
