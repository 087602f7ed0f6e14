import { type Configuration, effective, positionOf, type ServerBlock } from '../routers/nginx-config.ts'
import type { Directive } from '../routers/nginx-syntax.ts'
import { findUpstreams, type Upstream } from '../routers/nginx-upstream.ts'
import type { Edit, FileChange, SeenFile } from './finding.ts'
import { type Collecting, openHidden } from './hidden.ts'
import { type ReachingPass, reachingPasses } from './nginx-passes.ts'
import { before, erase, Impossible, inside, type Read, seenFile, spotOf } from './nginx-spots.ts'
import { targetOf } from './pass-target.ts'
import { type SwitchParts, switchChoice, switchTarget, switchUpstreams } from './switch-text.ts'

/** The configuration turned into a switch; or why that cannot be done by edits, as a part of a sentence. */
export type SwitchEdit =
  | { readonly kind: 'changes'; readonly changes: readonly FileChange[]; readonly remarks: readonly string[] }
  | { readonly kind: 'impossible'; readonly why: string }

/** What `work` collects; it gives remarks. */
export function collecting(seen: Read, work: (to: Collecting) => readonly string[]): SwitchEdit {
  const edits = new Map<SeenFile, Edit[]>()
  const files = new Map<string, SeenFile>()
  const fileOf = (path: string): SeenFile => {
    const file = files.get(path) ?? seenFile(seen, path)
    files.set(path, file)
    return file
  }
  const add: Collecting['add'] = (file, ...more) => void edits.set(file, [...(edits.get(file) ?? []), ...more])
  try {
    const remarks = work({ fileOf, add })
    const changes = [...edits].map(([file, list]) => ({ file, edits: list }))
    return { kind: 'changes', changes, remarks: [...new Set(remarks)] }
  } catch (cause) {
    if (cause instanceof Impossible) return { kind: 'impossible', why: cause.message }
    throw cause
  }
}

/**
 * Every pass that reaches the application goes to the variable, and every server block with one of them chooses.
 * @param all those that reach it
 */
export function switchEdit(seen: Read, all: readonly ReachingPass[], parts: SwitchParts): SwitchEdit {
  return collecting(seen, ({ fileOf, add }) => {
    const { configuration } = seen
    const opened = openHidden(configuration, all, { fileOf, add })
    const { servers, passes } = opened
    servers.forEach((server, i) => {
      const file = fileOf(server.directive.file)
      if (i === 0) add(file, before(spotOf(file, server.directive.range.start), switchUpstreams(parts)))
      add(file, inside(file, server, switchChoice(parts)))
    })
    const remarks = passes.flatMap((reaching) => {
      const file = fileOf(reaching.pass.directive.file)
      const { more, remarks } = passEdits(configuration, file, reaching, parts)
      add(file, ...more)
      return remarks
    })
    for (const { file, range } of deserted(configuration, all)) add(fileOf(file), ...erase(fileOf(file), range))
    return [...opened.remarks, ...remarks]
  })
}

/**
 * Upstream blocks to which nothing leads once these passes go elsewhere, and that name containers: without those Nginx
 * would not start.
 */
export function deserted(configuration: Configuration, passes: readonly ReachingPass[]): readonly Upstream[] {
  const changed = passes.map(({ pass }) => pass.directive)
  const others = reachingPasses(configuration).filter(({ pass }) => !changed.includes(pass.directive))
  return findUpstreams(configuration).filter(
    ({ name, servers }) =>
      passes.some(({ upstream }) => upstream === name) &&
      others.every(({ upstream }) => upstream !== name) &&
      servers.some(({ kind, address, resolve }) => kind === 'name' && !resolve && !/^localhost(:|$)/i.test(address)),
  )
}

export function passEdits(
  configuration: Configuration,
  file: SeenFile,
  { pass }: ReachingPass,
  parts: SwitchParts,
): { readonly more: readonly Edit[]; readonly remarks: readonly string[] } {
  const { directive } = pass
  const position = positionOf(configuration, directive)
  const target = directive.args[0] ?? ''
  const word = directive.words[1]
  const found = targetOf(configuration, pass)
  if (word === undefined || found === undefined)
    throw new Impossible(
      `\`${directive.name} ${target}\` in ${position} has a variable of which only the request knows the value`,
    )
  const written = file.text.slice(word.start, word.end)
  if (written.includes('\n')) throw new Impossible(`\`${directive.name}\` in ${position} goes over several lines`)
  const { line, column } = spotOf(file, word.start)
  const scheme = found.scheme || (directive.name === 'proxy_pass' ? 'http://' : '')
  // Where a variable is there already, the URI part means what it meant.
  const kept = target.includes('$') ? found.uri : ''
  const next = `${scheme}${switchTarget(parts)}${kept}`
  const more: Edit[] = next === written ? [] : [{ kind: 'replace', line, column, old: written, text: next }]
  const remarks: string[] = []
  const { statements, remark } = statementsFor(configuration, pass, found.authority, position)
  if (remark !== undefined) remarks.push(remark)
  if (statements.length > 0) more.unshift(before(spotOf(file, directive.range.start), statements))
  return { more, remarks }
}

/** With a variable the URI part would replace the whole URI, and Nginx would no longer put `Location` right. */
function statementsFor(
  configuration: Configuration,
  pass: ReachingPass['pass'],
  authority: string | undefined,
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
  const target = pass.directive.args[0] ?? ''
  const plain = !target.includes('$')
  const { uri } = pass
  if (plain && uri !== undefined && uri !== prefix) {
    if (prefix === undefined || /["'\s{};]/.test(prefix + uri))
      throw new Impossible(`the URI part of \`proxy_pass ${target}\` in ${position} cannot be put another way`)
    statements.push(`rewrite ^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(.*)$ ${uri}$1 break;`)
  }
  if (effective(configuration, placed, 'proxy_connect_timeout') === undefined)
    statements.push('proxy_connect_timeout 1s;')
  const own = (around?.block ?? []).some(({ name }) => name === 'proxy_set_header')
  const inherited = effective(configuration, placed, 'proxy_set_header') !== undefined
  const host = headersOf(configuration, placed).some(({ args }) => args[0]?.toLowerCase() === 'host')
  if (host || authority === undefined) return { statements }
  if (inherited && !own) {
    return {
      statements,
      remark: `The application gets another \`Host\` through the switch: no \`proxy_set_header Host\` holds at ${position}. Add \`proxy_set_header Host $host;\` beside the others.`,
    }
  }
  statements.push(`proxy_set_header Host ${authority};`)
  if (plain && effective(configuration, placed, 'proxy_redirect') === undefined)
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
