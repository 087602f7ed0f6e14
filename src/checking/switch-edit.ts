import { type Configuration, effective, positionOf, type ServerBlock } from '../routers/nginx-config.ts'
import { onHost } from '../routers/nginx-container.ts'
import type { NginxObservation } from '../routers/nginx-observation.ts'
import { markerPath } from '../routers/nginx-switch-server.ts'
import type { Directive } from '../routers/nginx-syntax.ts'
import { hiddenBy } from '../routers/nginx-usage.ts'
import type { Edit, FileChange, SeenFile } from './finding.ts'
import type { ReachingPass } from './nginx-passes.ts'
import { type SwitchParts, switchChoice, switchTarget, switchUpstreams } from './switch-text.ts'

export type Read = Extract<NginxObservation, { kind: 'read' }>

/** The configuration turned into a switch; or why that cannot be done by edits, as a part of a sentence. */
export type SwitchEdit =
  | { readonly kind: 'changes'; readonly changes: readonly FileChange[]; readonly remarks: readonly string[] }
  | { readonly kind: 'impossible'; readonly why: string }

/** A statement of a file, by its place in it. */
interface Spot {
  readonly file: SeenFile
  readonly line: number
  readonly column: number
}

class Impossible extends Error {}

/**
 * Every pass that reaches the application goes to the variable, and every server block with one of them chooses.
 * @param passes those that reach it
 * @param files of the host, by their paths in Nginx
 */
export function switchEdit(seen: Read, passes: readonly ReachingPass[], parts: SwitchParts): SwitchEdit {
  const { configuration } = seen
  try {
    const edits = new Map<SeenFile, Edit[]>()
    const add = (file: SeenFile, ...more: readonly Edit[]): void =>
      void edits.set(file, [...(edits.get(file) ?? []), ...more])
    const files = new Map<string, SeenFile>()
    const fileOf = (directive: Directive): SeenFile => {
      const known = files.get(directive.file)
      if (known) return known
      const made = seenFile(seen, directive.file)
      files.set(directive.file, made)
      return made
    }
    const servers = [...new Map(passes.map(({ pass }) => [pass.server.directive, pass.server])).values()]
    servers.forEach((server, i) => {
      const file = fileOf(server.directive)
      const hidden = hiddenBy(server, markerPath)
      if (hidden)
        throw new Impossible(
          `\`${[hidden.name, ...hidden.args].join(' ')}\` in ${positionOf(configuration, hidden)} answers before any location`,
        )
      if (i === 0) add(file, before(spotOf(file, server.directive.range.start), switchUpstreams(parts)))
      add(file, inside(file, server, switchChoice(parts)))
    })
    const remarks = passes.flatMap((reaching) => {
      const file = fileOf(reaching.pass.directive)
      const { more, remarks } = passEdits(configuration, file, reaching, parts)
      add(file, ...more)
      return remarks
    })
    const changes = [...edits].map(([file, list]) => ({ file, edits: list }))
    return { kind: 'changes', changes, remarks: [...new Set(remarks)] }
  } catch (cause) {
    if (cause instanceof Impossible) return { kind: 'impossible', why: cause.message }
    throw cause
  }
}

/** The file as it is on the host. */
function seenFile({ configuration, files, container }: Read, path: string): SeenFile {
  // The user who logs in may not see what root can.
  const place = files.get(path)?.path ?? (container && onHost(container, path))
  const text = configuration.files.find((file) => file.path === path)?.text ?? ''
  if (place === undefined) {
    throw new Impossible(
      container === undefined
        ? `${path} is not on the host`
        : `${path} is in the image of the container ${container.name}, and is not mounted from the host. Copy it out (\`docker cp ${container.name}:${path.replace(/\/[^/]*$/, '')} .\`), and mount that folder there`,
    )
  }
  if (text.includes('\uFFFD')) throw new Impossible(`${path} holds bytes that are no UTF-8`)
  return { path: place, text, kind: 'nginx', writable: false }
}

function spotOf(file: SeenFile, offset: number): Spot {
  const before = file.text.slice(0, offset)
  const line = before.split('\n').length
  return { file, line, column: offset - (before.lastIndexOf('\n') + 1) }
}

/** Statements before another: on lines of their own where it begins its line. */
function before({ file, line, column }: Spot, statements: readonly string[]): Edit {
  const indent = lineOf(file, line).slice(0, column)
  if (/^\s*$/.test(indent)) {
    return { kind: 'insert', after: line - 1, text: statements.map((each) => `${indent}${each}\n`).join('') }
  }
  return { kind: 'replace', line, column, old: '', text: `${statements.join(' ')} ` }
}

/** Statements at the beginning of a block. */
function inside(file: SeenFile, server: ServerBlock, statements: readonly string[]): Edit {
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

function passEdits(
  configuration: Configuration,
  file: SeenFile,
  { pass }: ReachingPass,
  parts: SwitchParts,
): { readonly more: readonly Edit[]; readonly remarks: readonly string[] } {
  const { directive } = pass
  const position = positionOf(configuration, directive)
  const target = directive.args[0] ?? ''
  const word = directive.words[1]
  if (word === undefined || target.includes('$'))
    throw new Impossible(`\`${directive.name} ${target}\` in ${position} has a variable already`)
  const written = file.text.slice(word.start, word.end)
  if (written.includes('\n')) throw new Impossible(`\`${directive.name}\` in ${position} goes over several lines`)
  const { line, column } = spotOf(file, word.start)
  const scheme = /^[a-z]+:\/\//i.exec(target)?.[0] ?? (directive.name === 'proxy_pass' ? 'http://' : '')
  const more: Edit[] = [{ kind: 'replace', line, column, old: written, text: `${scheme}${switchTarget(parts)}` }]
  const remarks: string[] = []
  const { statements, remark } = statementsFor(configuration, pass, target, position)
  if (remark !== undefined) remarks.push(remark)
  if (statements.length > 0) more.unshift(before(spotOf(file, directive.range.start), statements))
  return { more, remarks }
}

/** With a variable the URI part would replace the whole URI, and Nginx would no longer put `Location` right. */
function statementsFor(
  configuration: Configuration,
  pass: ReachingPass['pass'],
  target: string,
  position: string,
): { readonly statements: readonly string[]; readonly remark?: string } {
  if (pass.directive.name !== 'proxy_pass') return { statements: [] }
  const statements: string[] = []
  const around = pass.deciding.at(-1)
  const placed: ServerBlock =
    around === undefined || around === pass.server.directive
      ? pass.server
      : { directive: around, ancestors: [...pass.server.ancestors, pass.server.directive] }
  const prefix = /^(?:\^~ ?|= ?)?(\/.*)$/.exec(pass.location)?.[1]
  const { uri } = pass
  if (uri !== undefined && uri !== prefix) {
    if (prefix === undefined || /["'\s{};]/.test(prefix + uri))
      throw new Impossible(`the URI part of \`proxy_pass ${target}\` in ${position} cannot be put another way`)
    statements.push(`rewrite ^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(.*)$ ${uri}$1 break;`)
  }
  if (effective(configuration, placed, 'proxy_connect_timeout') === undefined)
    statements.push('proxy_connect_timeout 1s;')
  const own = (around?.block ?? []).some(({ name }) => name === 'proxy_set_header')
  const inherited = effective(configuration, placed, 'proxy_set_header') !== undefined
  const host = headersOf(configuration, placed).some(({ args }) => args[0]?.toLowerCase() === 'host')
  if (host) return { statements }
  const authority = target.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '')
  if (inherited && !own) {
    return {
      statements,
      remark: `The application gets another \`Host\` through the switch: no \`proxy_set_header Host\` holds at ${position}. Add \`proxy_set_header Host $host;\` beside the others.`,
    }
  }
  statements.push(`proxy_set_header Host ${authority};`)
  if (effective(configuration, placed, 'proxy_redirect') === undefined)
    statements.push(
      `proxy_redirect ${target.replace(/(:\/\/[^/]+)$/, '$1/')} ${uri === undefined ? '/' : (prefix ?? '/')};`,
    )
  return { statements }
}

/** Those that hold: of the nearest block that has any. */
function headersOf(configuration: Configuration, placed: ServerBlock): readonly Directive[] {
  const blocks = [placed.directive, ...placed.ancestors.toReversed()]
  const nearest = blocks.find((block) => block.block?.some(({ name }) => name === 'proxy_set_header'))
  const directives = nearest?.block ?? configuration.main
  return directives.filter(({ name }) => name === 'proxy_set_header')
}
