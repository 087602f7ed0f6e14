import { field, fields, items, optionalText, parseJson, text } from '../../../base/json.ts'
import type { ApplicationInputs } from '../../../inputs/inputs.ts'
import { COLORS, type Color, otherThan } from '../../../release/model.ts'
import type { Failure } from '../../../release/reasons.ts'
import { composeRefusals } from '../refusals.ts'
import {
  imageFor,
  namesWhole,
  patternOf,
  patternOfFloating,
  type VersionVariable,
  variableName,
  variablesIn,
} from './image.ts'
import { interpolations } from './interpolation.ts'
import type { ComposeProject, ComposeService } from './project.ts'

/** What keeps the user from writing a file, and the command that lets him. */
export interface Obstacle {
  readonly why: string
  readonly command?: string
}

/** Paths that each service reads as `env_file`, as `docker compose config --no-interpolate` resolves them. */
export type EnvFiles = ReadonlyMap<string, readonly string[]>

/** Why `.env` is left alone. */
export type Unsafe =
  /** The image of a color uses `<variable>`, or the other color's. */
  | { readonly kind: 'shared'; readonly color: Color; readonly service: string; readonly variable: VersionVariable }
  /** Beside its image, a color uses a variable that is not its own. */
  | { readonly kind: 'foreign'; readonly color: Color; readonly service: string; readonly variable: VersionVariable }
  | { readonly kind: 'other service'; readonly service: string; readonly variables: readonly VersionVariable[] }
  | { readonly kind: 'env_file'; readonly service: string; readonly path: string }
  /** The path has a variable in it, and may be `.env`. */
  | { readonly kind: 'env_file unknown'; readonly service: string; readonly path: string }
  /** A network, a volume or the project's name depends on the version. */
  | { readonly kind: 'elsewhere'; readonly section: string }
  /** No variable is what says the version of a color. */
  | { readonly kind: 'fixed'; readonly service: string; readonly image: string }
  /** Each color is read by itself. */
  | { readonly kind: 'projects' }
  /** The variable holds the whole reference. */
  | { readonly kind: 'whole'; readonly service: string }
  /** The user may not write it. */
  | ({ readonly kind: 'read-only' } & Obstacle)
  /** Compose would not say which files are read. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** What becomes of the version on the host. */
export type VersionOnHost =
  | { readonly kind: 'kept in .env' }
  | { readonly kind: 'left alone'; readonly reasons: readonly Unsafe[] }

/** A color whose image a release cannot choose. */
export interface Unchangeable {
  readonly color: Color
  readonly service: string
  readonly refusal: Failure
}

/**
 * Reads the JSON of `docker compose config --no-interpolate`, where `extends`, anchors and `include` are resolved.
 * @throws Error if it is not JSON.
 */
export function parseEnvFiles(json: string): EnvFiles {
  const model = parseJson(json, 'What `docker compose config --no-interpolate` printed')
  const entries = Object.entries(fields(field(model, 'services'))).map(([name, service]) => {
    const listed = field(service, 'env_file')
    const files = Array.isArray(listed) ? items(listed) : [listed]
    return [name, files.map((file) => text(field(file, 'path')) || text(file)).filter((path) => path !== '')] as const
  })
  return new Map(entries)
}

/**
 * Images by service, as they are written: the JSON of `docker compose config --no-interpolate` again.
 * @throws Error if it is not JSON.
 */
export function parseWrittenImages(json: string): ReadonlyMap<string, string> {
  const model = parseJson(json, 'What `docker compose config --no-interpolate` printed')
  const entries = Object.entries(fields(field(model, 'services'))).flatMap(([name, service]) => {
    const image = optionalText(field(service, 'image'))
    return image === undefined ? [] : [[name, image] as const]
  })
  return new Map(entries)
}

/**
 * The services with the image that a release gives them: by the input `image`; where one is built, under a tag of its own; where
 * no version variable reaches it, and it says no version (`app:latest`), by the same repository with the version as its tag. A reference that is one variable as a
 * whole is handed over in that variable.
 */
export function withImages(
  services: Readonly<Record<Color, ComposeService>>,
  { image: input, build: wanted }: Pick<ApplicationInputs, 'image' | 'build'>,
): Readonly<Record<Color, ComposeService>> {
  const of = (color: Color): ComposeService => {
    const service = services[color]
    const { image, build } = service
    const used = variablesIn(image ?? '')
    if (input !== undefined) {
      const pattern = patternOf(input)
      if (image !== undefined && namesWhole(image) && used.length > 0) return { ...service, image: pattern }
      return { ...service, image: pattern, replaces: image ?? '' }
    }
    if (build && wanted && used.length === 0) {
      // What compose calls an image that it builds: https://docs.docker.com/reference/compose-file/build/
      const own = image ?? `${service.project}-${service.name}`
      const tagged = patternOfFloating(own.replace(/:[^:/]*$/, ''))
      return tagged === undefined ? service : { ...service, image: tagged, replaces: own }
    }
    const floating = image === undefined || build || used.length > 0 ? undefined : patternOfFloating(image)
    return floating === undefined || image === undefined ? service : { ...service, image: floating, replaces: image }
  }
  return { blue: of('blue'), green: of('green') }
}

/**
 * The colors whose image no version variable reaches, and those where the version would be the name of the image: a
 * release would start the same image again, or one that nobody built.
 * @param written images as the compose file has them, by service, as far as that is known
 */
export function unchangeable(
  services: Readonly<Record<Color, ComposeService>>,
  variable: string,
  written: ReadonlyMap<string, string> = new Map(),
): readonly Unchangeable[] {
  return COLORS.flatMap((color) => {
    const { name: service, image, replaces } = services[color]
    if (replaces !== undefined) return []
    const used = variablesIn(image ?? '')
    const reached = used.includes('any') || used.includes(color)
    const text = written.get(service) ?? ''
    const whole = namesWhole(image ?? '') || (!reached && isAllVariable(text))
    if (reached && !whole) return []
    const own = variableName(variable, color)
    const tag = (now: string) => `\${${own}:-\${${variable}:-${now}}}`
    const wanted = withTag(reached ? defaultOf(text) : image, tag)
    const refusal = whole
      ? composeRefusals['image-all-variable'](service, text === '' ? `\${${variable}}` : text, wanted)
      : image === undefined
        ? composeRefusals['image-missing'](service, wanted)
        : used.length > 0
          ? composeRefusals['image-of-other-color'](service, variableName(variable, otherThan(color)), wanted)
          : composeRefusals['image-without-variable'](service, image, own, variable, wanted)
    return [{ color, service, refusal }]
  })
}

/**
 * Whether `.env` can be kept true. Safe is only where changing it makes no hand-run `docker compose up -d` recreate
 * anything: each color uses its own variable and no other, nothing else uses any, and no service reads `.env` itself.
 * @param directories the project's folder, by each name that compose may give it
 * @param readOnly what keeps the user from writing `.env`
 */
export function decideVersionOnHost(
  project: ComposeProject,
  services: Readonly<Record<Color, ComposeService>>,
  envFiles: EnvFiles | { readonly why: string },
  directories: readonly string[],
  readOnly: readonly Obstacle[] = [],
): VersionOnHost {
  const colors = COLORS.flatMap((color) => colorReasons(project, color, services[color]))
  const names = COLORS.map((color) => services[color].name)
  const others = project.services
    .filter((service) => !names.includes(service.name) && service.uses.length > 0)
    .map((service): Unsafe => ({ kind: 'other service', service: service.name, variables: service.uses }))
  const elsewhere = project.elsewhere.map((section): Unsafe => ({ kind: 'elsewhere', section }))
  const files: readonly Unsafe[] =
    'why' in envFiles ? [{ kind: 'unreadable', why: envFiles.why }] : [...envFiles].flatMap(envFileReasons(directories))
  const locked = readOnly.map((obstacle): Unsafe => ({ kind: 'read-only', ...obstacle }))
  const reasons = [...colors, ...others, ...elsewhere, ...files, ...locked]
  return reasons.length === 0 ? { kind: 'kept in .env' } : { kind: 'left alone', reasons }
}

/** A reason as a sentence with its mend. */
export function unsafeSentence(reason: Unsafe, variable: string): string {
  const name = (which: VersionVariable): string => variableName(variable, which)
  switch (reason.kind) {
    case 'shared':
      return `The image of \`${reason.service}\` uses ${name(reason.variable)}; write \`\${${name(reason.color)}:-\${${variable}}}\` there.`
    case 'foreign':
      return `\`${reason.service}\` uses ${name(reason.variable)} beside its image; write \`\${${name(reason.color)}}\` there.`
    case 'other service':
      return `\`${reason.service}\` uses ${reason.variables.map(name).join(' and ')}; give it a variable of its own.`
    case 'env_file':
      return `\`${reason.service}\` reads ${reason.path} as \`env_file\`, so that each change of it recreates the container; move its settings into a file of their own, such as \`app.env\`.`
    case 'env_file unknown':
      return `\`${reason.service}\` reads \`${reason.path}\` as \`env_file\`, which may be \`.env\`; write the path without a variable.`
    case 'elsewhere':
      return `\`${reason.section}\` in the compose file uses the version; take it out there.`
    case 'fixed':
      return `The image of \`${reason.service}\` is ${reason.image === '' ? 'not named' : `\`${reason.image}\``} in the compose file, whatever the version.`
    case 'projects':
      return 'Each color is started by a file, or as a project, of its own.'
    case 'whole':
      return `The image of \`${reason.service}\` is one variable as a whole.`
    case 'read-only':
      return `${reason.why}${reason.command === undefined ? '' : `; run: ${reason.command}`}.`
    case 'unreadable':
      return `Which \`env_file\` the services read cannot be told: ${reason.why}`
  }
}

function colorReasons(project: ComposeProject, color: Color, service: ComposeService): readonly Unsafe[] {
  if (project.colors !== undefined) return [{ kind: 'projects' }]
  const written = project.services.find(({ name }) => name === service.name)?.image
  if (service.replaces === undefined && written !== service.image) return [{ kind: 'whole', service: service.name }]
  if (service.replaces !== undefined) return [{ kind: 'fixed', service: service.name, image: service.replaces }]
  const inImage = variablesIn(service.image ?? '')
  const owner = { color, service: service.name }
  return service.uses
    .filter((variable) => variable !== color)
    .map((variable): Unsafe => ({ kind: inImage.includes(variable) ? 'shared' : 'foreign', ...owner, variable }))
}

function envFileReasons(directories: readonly string[]) {
  const dotEnv = directories.map((directory) => `${directory.replace(/\/+$/, '')}/.env`)
  return ([service, paths]: readonly [string, readonly string[]]): readonly Unsafe[] =>
    paths.flatMap((path): readonly Unsafe[] => {
      if (path.includes('$')) return [{ kind: 'env_file unknown', service, path }]
      return dotEnv.includes(path) || /^(\.\/)*\.env$/.test(path) ? [{ kind: 'env_file', service, path }] : []
    })
}

/** Whether nothing of a reference is written but variables: the tag may be in any of them. */
function isAllVariable(image: string): boolean {
  const pieces = interpolations(image) ?? []
  return pieces.length > 0 && pieces.every((piece) => typeof piece !== 'string')
}

/** What holds where the only variable of a value is not set; undefined if that has variables itself. */
function defaultOf(value: string): string | undefined {
  const [only] = interpolations(value) ?? []
  const [plain, ...others] = only === undefined || typeof only === 'string' ? [] : only.value
  return typeof plain === 'string' && others.length === 0 ? plain : undefined
}

/** The reference with a variable for its tag, which stays what holds without it; a registry's port is no tag. */
function withTag(image: string | undefined, tag: (latest: string) => string): string {
  if (image === undefined) return `<name>:${tag('latest')}`
  const plain = imageFor(image, 'latest').replace(/@.*$/, '')
  const [, repository = plain, own = 'latest'] = /^(.*):([^/:]*)$/.exec(plain) ?? []
  return `${repository}:${tag(own)}`
}
