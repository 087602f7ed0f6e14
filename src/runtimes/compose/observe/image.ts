import type { Color } from '../../../release/model.ts'

/** One of the variables that carry a version: `<variable>` itself, or `<variable>_BLUE` or `_GREEN`. */
export type VersionVariable = 'any' | Color

export const VERSION_VARIABLES: readonly VersionVariable[] = ['any', 'blue', 'green']

/** Valid as a tag and in a repository name; none is part of another, and no host has them by accident. */
export const SENTINELS: Readonly<Record<VersionVariable, string>> = {
  any: 'bg-sentinel-any-5d1f07',
  blue: 'bg-sentinel-blue-5d1f07',
  green: 'bg-sentinel-green-5d1f07',
}

/** `IMAGE_TAG`, `IMAGE_TAG_BLUE` or `IMAGE_TAG_GREEN`. */
export function variableName(variable: string, which: VersionVariable): string {
  return which === 'any' ? variable : `${variable}_${which.toUpperCase()}`
}

/** The environment under which `docker compose config` shows where each variable is used. */
export function sentinelEnvironment(variable: string): Readonly<Record<string, string>> {
  return Object.fromEntries(VERSION_VARIABLES.map((which) => [variableName(variable, which), SENTINELS[which]]))
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
