import { COLORS, type Color, forColor, isForColor } from '../../../release/model.ts'

/** One of the variables that carry a version: `<variable>` itself, or `<variable>_BLUE` or `_GREEN`. */
export type VersionVariable = 'any' | Color

const VERSION_VARIABLES: readonly VersionVariable[] = ['any', 'blue', 'green']

/** Valid as a tag and in a repository name; none is part of another, and no host has them by accident. */
export const SENTINELS: Readonly<Record<VersionVariable, string>> = {
  any: 'bg-sentinel-any-5d1f07',
  blue: 'bg-sentinel-blue-5d1f07',
  green: 'bg-sentinel-green-5d1f07',
}

/** `IMAGE_TAG`, `IMAGE_TAG_BLUE` or `IMAGE_TAG_GREEN`; of `{COLOR}_TAG`, which is a color's alone, `BLUE_TAG` or `GREEN_TAG`. */
export function variableName(variable: string, which: VersionVariable): string {
  if (which === 'any') return variable
  if (!isForColor(variable)) return `${variable}_${which.toUpperCase()}`
  return forColor(variable, which)
}

/** Those that there are: none is both colors' where the name has the color in it. */
export function variablesOf(variable: string): readonly VersionVariable[] {
  return isForColor(variable) ? COLORS : VERSION_VARIABLES
}

/** The environment under which `docker compose config` shows where each variable is used. */
export function sentinelEnvironment(variable: string): Readonly<Record<string, string>> {
  return Object.fromEntries(variablesOf(variable).map((which) => [variableName(variable, which), SENTINELS[which]]))
}

/** The pattern of a reference as it is given, with `{version}` in it. */
export function patternOf(reference: string): ImagePattern {
  return reference.replaceAll('{version}', SENTINELS.any)
}

/** The pattern of a reference that says no version: `app:latest`, or `app`. Undefined for any other. */
export function patternOfFloating(image: string): ImagePattern | undefined {
  const [, repository] = /^([^@]*?)(?::latest)?$/.exec(image) ?? []
  const last = repository?.slice(repository.lastIndexOf('/') + 1)
  if (repository === undefined || last === undefined || last.includes(':')) return undefined
  return `${repository}:${SENTINELS.any}`
}

/** Which of the three variables a text made under `sentinelEnvironment` came from. */
export function variablesIn(text: string): readonly VersionVariable[] {
  return VERSION_VARIABLES.filter((which) => text.includes(SENTINELS[which]))
}

/** An image reference in which sentinels stand where the version will. */
export type ImagePattern = string

/** The reference with which compose starts a color: one version stands for every variable. */
export function imageFor(pattern: ImagePattern, version: string): string {
  return VERSION_VARIABLES.reduce((image, which) => image.replaceAll(SENTINELS[which], version), pattern)
}

/** The version would be the name of the image, and not its tag. */
export function namesWhole(pattern: ImagePattern): boolean {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1)
  return Object.values(SENTINELS).includes(last)
}

/** The version within a real reference; absent where the reference is not made from this pattern. */
export function versionIn(pattern: ImagePattern, reference: string): string | undefined {
  const parts = pattern.split(new RegExp(Object.values(SENTINELS).join('|')))
  if (parts.length < 2) return undefined
  const [head = '', ...rest] = parts.map((part) => part.replace(/[^A-Za-z0-9]/g, '\\$&'))
  const tail = rest.map((part, i) => (i === 0 ? `([A-Za-z0-9_][A-Za-z0-9_.-]*)${part}` : `\\1${part}`)).join('')
  return new RegExp(`^${head}${tail}(?:@sha256:[0-9a-f]+)?$`).exec(reference)?.[1]
}
