import type { Edit, SeenFile } from '../../../checking/finding.ts'
import type { ServerBlock } from '../config/configuration.ts'
import type { Range } from '../config/syntax.ts'
import { onHost } from '../observe/container.ts'
import type { NginxObservation } from '../observe/observation.ts'

export type Read = Extract<NginxObservation, { kind: 'read' }>

/** A statement of a file, by its place in it. */
export interface Spot {
  readonly file: SeenFile
  readonly line: number
  readonly column: number
}

/** What cannot be done by edits; its message is a part of a sentence. */
export class Impossible extends Error {}

/** The file as it is on the host. */
export function seenFile({ configuration, files, container }: Read, path: string): SeenFile {
  // The user who logs in may not see what root can.
  const place = files.get(path)?.path ?? (container && onHost(container, path))
  const text = configuration.files.find((file) => file.path === path)?.text ?? ''
  if (place === undefined) {
    throw new Impossible(
      container === undefined
        ? `${path} is not on the host`
        : `${path} is in the container ${container.name} itself, and is not mounted from the host. Copy it out (\`docker cp ${container.name}:${path.replace(/\/[^/]*$/, '')} .\`), and mount that folder there`,
    )
  }
  if (text.includes('\uFFFD')) throw new Impossible(`${path} holds bytes that are no UTF-8`)
  return { path: place, text, kind: 'nginx', writable: false }
}

export function spotOf(file: SeenFile, offset: number): Spot {
  const before = file.text.slice(0, offset)
  const line = before.split('\n').length
  return { file, line, column: offset - (before.lastIndexOf('\n') + 1) }
}

/** Statements before another: on lines of their own where it begins its line. */
export function before({ file, line, column }: Spot, statements: readonly string[]): Edit {
  const indent = lineOf(file, line).slice(0, column)
  if (/^\s*$/.test(indent)) {
    return { kind: 'insert', after: line - 1, text: statements.map((each) => `${indent}${each}\n`).join('') }
  }
  return { kind: 'replace', line, column, old: '', text: `${statements.join(' ')} ` }
}

/** Statements at the beginning of a block. */
export function inside(file: SeenFile, server: ServerBlock, statements: readonly string[]): Edit {
  const { directive } = server
  const name = directive.words.at(-1)?.end ?? directive.range.start
  const [skipped = ''] = /^(?:\s+|#[^\n]*)*\{/.exec(file.text.slice(name)) ?? []
  if (skipped === '') throw new Impossible(`the beginning of a server block in ${file.path} cannot be found`)
  const { line, column } = spotOf(file, name + skipped.length)
  const rest = lineOf(file, line).slice(column)
  if (!/^\s*(#.*)?$/.test(rest)) return { kind: 'replace', line, column, old: '', text: ` ${statements.join(' ')}` }
  const indent = /^\s*/.exec(lineOf(file, spotOf(file, directive.range.start).line))?.[0] ?? ''
  return { kind: 'insert', after: line, text: statements.map((each) => `${indent}    ${each}\n`).join('') }
}

function lineOf(file: SeenFile, line: number): string {
  return file.text.split('\n')[line - 1] ?? ''
}

/** Takes a statement away, and the lines on which nothing else is. */
export function erase(file: SeenFile, { start, end }: Range): readonly Edit[] {
  const [from, to] = [spotOf(file, start), spotOf(file, end)]
  return Array.from({ length: to.line - from.line + 1 }, (_, i): Edit => {
    const line = from.line + i
    const text = lineOf(file, line)
    const column = line === from.line ? from.column : 0
    const old = text.slice(column, line === to.line ? to.column : text.length)
    const rest = text.slice(0, column) + text.slice(column + old.length)
    return /^\s*$/.test(rest) ? { kind: 'remove', line } : { kind: 'replace', line, column, old, text: '' }
  })
}
