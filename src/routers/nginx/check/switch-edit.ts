import type { Edit, FileChange, SeenFile } from '../../../checking/finding.ts'
import { type Configuration, effective, positionOf, type ServerBlock } from '../config/configuration.ts'
import type { Directive } from '../config/syntax.ts'
import { findUpstreams, type Upstream } from '../config/upstream.ts'
import { type Collecting, openHidden } from './hidden.ts'
import { type Leads, tableOf, tableValues } from './pass-table.ts'
import { targetOf } from './pass-target.ts'
import { type ReachingPass, reachingPasses } from './passes.ts'
import { before, erase, Impossible, inside, type Read, seenFile, spotOf } from './spots.ts'
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
  // What several blocks include is changed once.
  const add: Collecting['add'] = (file, ...more) => {
    const all = [...(edits.get(file) ?? []), ...more]
    edits.set(file, [...new Map(all.map((edit) => [JSON.stringify(edit), edit])).values()])
  }
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
export function switchEdit(
  seen: Read,
  all: readonly ReachingPass[],
  parts: SwitchParts,
  leads: Leads = (to) => Object.values(parts.addresses).includes(to),
): SwitchEdit {
  return collecting(seen, ({ fileOf, add }) => {
    const { configuration } = seen
    const opened = openHidden(configuration, all, { fileOf, add })
    const { servers, passes } = opened
    servers.forEach((server, i) => {
      const file = fileOf(server.directive.file)
      if (i === 0) add(file, before(spotOf(file, server.directive.range.start), switchUpstreams(parts)))
      add(file, inside(file, server, switchChoice(parts)))
    })
    addPasses(seen, passes, parts, leads, { fileOf, add })
    for (const { file, range } of deserted(configuration, all)) add(fileOf(file), ...erase(fileOf(file), range))
    return opened.remarks
  })
}

/**
 * Upstream blocks to which nothing leads once these passes go elsewhere, and that name containers: without those Nginx
 * would not start.
 */
export function deserted(configuration: Configuration, all: readonly ReachingPass[]): readonly Upstream[] {
  // What a table chooses stays for its other lines.
  const passes = all.filter(({ pass }) => tableOf(configuration, pass) === undefined)
  const changed = passes.map(({ pass }) => pass.directive)
  const others = reachingPasses(configuration).filter(({ pass }) => !changed.includes(pass.directive))
  return findUpstreams(configuration).filter(
    ({ name, servers }) =>
      passes.some(({ upstream }) => upstream === name) &&
      others.every(({ upstream }) => upstream !== name) &&
      servers.some(({ kind, address, resolve }) => kind === 'name' && !resolve && !/^localhost(:|$)/i.test(address)),
  )
}

/**
 * Sends each of these passes to the variable: one edit for each place, however many blocks include it.
 * @throws Impossible if blocks that include a place would need different lines there
 */
export function addPasses(
  { configuration }: Read,
  passes: readonly ReachingPass[],
  parts: SwitchParts,
  leads: Leads,
  { fileOf, add }: Collecting,
): void {
  for (const [, same] of Map.groupBy(passes, ({ pass }) => placeOf(pass.directive))) {
    const [first] = same
    if (first === undefined) continue
    const { directive } = first.pass
    const file = fileOf(directive.file)
    const tables = tableValues(configuration, first.pass, parts, leads)
    if (tables !== undefined) {
      if (headersOf(configuration, placedAt(first.pass)).every(({ args }) => args[0]?.toLowerCase() !== 'host'))
        throw new Impossible(
          `no \`proxy_set_header Host\` holds at \`${directive.name}\` in ${positionOf(configuration, directive)}, and each site of the \`map\` would need another one`,
        )
      for (const { path, offset, old, text } of tables) {
        const place = fileOf(path)
        const { line, column } = spotOf(place, offset)
        add(place, { kind: 'replace', line, column, old, text })
      }
      continue
    }
    const timed = same.some(
      ({ pass }) => effective(configuration, placedAt(pass), 'proxy_connect_timeout') !== undefined,
    )
    const wanted = same.map((reaching) => passEdits(configuration, file, reaching, parts, timed))
    if (new Set(wanted.map((each) => JSON.stringify(each))).size > 1)
      throw new Impossible(
        `the server blocks that include \`${directive.name}\` in ${positionOf(configuration, directive)} differ in what holds there`,
      )
    add(file, ...(wanted[0] ?? []))
  }
}

/** The same for what several blocks include. */
function placeOf({ file, range }: Directive): string {
  return `${file}:${range.start}`
}

function passEdits(
  configuration: Configuration,
  file: SeenFile,
  { pass }: ReachingPass,
  parts: SwitchParts,
  timed: boolean,
): readonly Edit[] {
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
  const statements = statementsFor(configuration, pass, found.authority, position, timed)
  return [
    ...(statements.length > 0 ? [before(spotOf(file, directive.range.start), statements)] : []),
    ...(next === written ? [] : [{ kind: 'replace', line, column, old: written, text: next } as const]),
  ]
}

function placedAt(pass: ReachingPass['pass']): ServerBlock {
  const around = pass.deciding.at(-1)
  return around === undefined || around === pass.server.directive
    ? pass.server
    : { directive: around, ancestors: [...pass.server.ancestors, pass.server.directive] }
}

/** With a variable the URI part would replace the whole URI, and Nginx would no longer put `Location` right. */
function statementsFor(
  configuration: Configuration,
  pass: ReachingPass['pass'],
  authority: string | undefined,
  position: string,
  timed: boolean,
): readonly string[] {
  if (pass.directive.name !== 'proxy_pass') return []
  const statements: string[] = []
  const around = pass.deciding.at(-1)
  const placed = placedAt(pass)
  const prefix = /^(?:\^~ ?|= ?)?(\/.*)$/.exec(pass.location)?.[1]
  const target = pass.directive.args[0] ?? ''
  const plain = !target.includes('$')
  const { uri } = pass
  // Also where the URI part is the prefix: with one Nginx hands on the normalized path, without one as it was written.
  if (plain && uri !== undefined) {
    if (prefix === undefined || /["'\s{};]/.test(prefix + uri))
      throw new Impossible(`the URI part of \`proxy_pass ${target}\` in ${position} cannot be put another way`)
    statements.push(`rewrite ^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(.*)$ ${uri}$1 break;`)
  }
  if (!timed) statements.push('proxy_connect_timeout 1s;')
  const own = (around?.block ?? []).some(({ name }) => name === 'proxy_set_header')
  const headers = headersOf(configuration, placed)
  const host = headers.some(({ args }) => args[0]?.toLowerCase() === 'host')
  if (host || authority === undefined) return statements
  // One header of its own ends what a block inherits: all of it is said again.
  if (!own) statements.push(...headers.map((header) => writtenAs(configuration, header)))
  statements.push(`proxy_set_header Host ${authority};`)
  if (plain && effective(configuration, placed, 'proxy_redirect') === undefined)
    statements.push(
      `proxy_redirect ${target.replace(/(:\/\/[^/]+)$/, '$1/')} ${uri === undefined ? '/' : (prefix ?? '/')};`,
    )
  return statements
}

function writtenAs({ files }: Configuration, { file, range, name, args }: Directive): string {
  const text = files.find(({ path }) => path === file)?.text.slice(range.start, range.end)
  return text === undefined || text.includes('\n') ? `${[name, ...args].join(' ')};` : text
}

/** Those that hold: of the nearest block that has any. */
function headersOf(configuration: Configuration, placed: ServerBlock): readonly Directive[] {
  const blocks = [placed.directive, ...placed.ancestors.toReversed()]
  const nearest = blocks.find((block) => block.block?.some(({ name }) => name === 'proxy_set_header'))
  const directives = nearest?.block ?? configuration.main
  return directives.filter(({ name }) => name === 'proxy_set_header')
}
