import type { Section } from '../../host/sections.ts'

/** What sections of a script printed, by lines; a section that is missing says nothing. */
export function answers<Name extends string>(said: Readonly<Record<Name, Section | undefined>>) {
  const linesOf = (name: Name): readonly string[] =>
    (said[name]?.stdout ?? '').split('\n').filter((line) => line !== '')
  /** The rest of each line that begins with this word. */
  const words = (name: Name, key: string): readonly string[] =>
    linesOf(name).flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []))
  return { linesOf, words }
}

/** Assignments: the last one of each counts. */
export function settings(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^\s*(\w+)=(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value.trim()]]
    }),
  )
}
