import { type Configuration, childrenNamed, httpDirectives } from './configuration.ts'
import type { Directive } from './syntax.ts'

/** The values of variables after `set`; a variable that is not in it is the request's own. */
export type Scope = ReadonlyMap<string, string>

/** The files that `if (-f …)` finds. */
export type Present = ReadonlySet<string>

/** Variables that a `map`, `geo` or `split_clients` makes, by their names without `$`. */
export type Tables = ReadonlyMap<string, Directive>

/** More combinations than this tell nothing that the first ones did not. */
const MOST = 64

/** The tables of a configuration. */
export function tablesOf(configuration: Configuration): Tables {
  const tables = httpDirectives(configuration).filter(({ name }) => ['map', 'geo', 'split_clients'].includes(name))
  return new Map(tables.map((table) => [(table.args.at(-1) ?? '').replace(/^\$/, ''), table]))
}

/**
 * Runs the `set`, `if`, `break` and `return` of a server block, and then of a location, as Nginx does for a request.
 * A condition that only the request decides gives both ways. A `return` outside of any `if` is passed over: who wants
 * to know whether it hides the rest asks for it.
 * @param request what is known of the request itself: `host`
 */
export function scopesAfter(
  blocks: readonly Directive[],
  present: Present,
  tables: Tables,
  request: Scope = new Map(),
): readonly Scope[] {
  const start: readonly Scope[] = [request]
  return blocks.reduce((scopes, block) => {
    const ways = run(block.block ?? [], scopes.map(going), present, tables)
    return distinct(ways.filter((way) => way.kind !== 'returned').map((way) => way.scope))
  }, start)
}

/** The directives of a block that a request comes to: a `break` outside of any `if` ends `set`, `if`, `rewrite` and `return`. */
export function beforeBreak(block: Directive): readonly Directive[] {
  const all = block.block ?? []
  const end = all.findIndex(({ name }) => name === 'break')
  return end < 0 ? all : all.slice(0, end)
}

/** All values that a text with variables can have. What only the request knows stays as written: `$host`. */
export function valuesOf(text: string, scope: Scope, tables: Tables, depth = 0): readonly string[] {
  const parts = text.split(/(\$\{\w+\}|\$\w+)/)
  return parts.reduce<readonly string[]>(
    (values, part, i) => {
      const pieces = i % 2 === 0 ? [part] : valuesOfVariable(part, scope, tables, depth)
      return [...new Set(values.flatMap((value) => pieces.map((piece) => value + piece)))].slice(0, MOST)
    },
    [''],
  )
}

/** The words of an `if` without its parentheses. */
export function conditionOf(directive: Directive): readonly string[] {
  const inner = directive.args.map((word, i) => {
    const opened = i === 0 ? word.replace(/^\(/, '') : word
    return i === directive.args.length - 1 ? opened.replace(/\)$/, '') : opened
  })
  return inner.filter((word, i) => word !== '' || (i > 0 && i < inner.length - 1))
}

/** A regular expression of Nginx (PCRE) as one of JavaScript; undefined where that can't be had. */
export function regularExpression(pattern: string, flags = ''): RegExp | undefined {
  const insensitive = pattern.startsWith('(?i)')
  const source = pattern.replace(/^\(\?i\)/, '').replaceAll('(?P<', '(?<')
  try {
    return new RegExp(source, insensitive ? 'i' : flags)
  } catch {
    return undefined
  }
}

type Way = { readonly kind: 'going' | 'stopped' | 'returned'; readonly scope: Scope }

const going = (scope: Scope): Way => ({ kind: 'going', scope })

function run(directives: readonly Directive[], ways: readonly Way[], present: Present, tables: Tables): readonly Way[] {
  return directives.reduce((all, directive) => {
    const next = all.flatMap((way) => (way.kind === 'going' ? step(directive, way.scope, present, tables) : [way]))
    return next.slice(0, MOST)
  }, ways)
}

function step(directive: Directive, scope: Scope, present: Present, tables: Tables): readonly Way[] {
  if (directive.name === 'break') return [{ kind: 'stopped', scope }]
  if (directive.name === 'set') {
    const [name = '', text = ''] = directive.args
    const values = valuesOf(text, scope, tables)
    return values.map((value) => going(new Map([...scope, [name.replace(/^\$/, ''), value]])))
  }
  if (directive.name !== 'if') return [going(scope)]
  const holds = judge(conditionOf(directive), scope, present, tables)
  const block = directive.block ?? []
  const inside: readonly Way[] = block.some((child) => child.name === 'return')
    ? [{ kind: 'returned', scope }]
    : run(block, [going(scope)], present, tables)
  if (holds === 'request') return [...inside, going(scope)]
  return holds ? inside : [going(scope)]
}

/** Whether a condition holds, or `request` where only a request tells. */
function judge(words: readonly string[], scope: Scope, present: Present, tables: Tables): boolean | 'request' {
  const [first = '', second = '', third = ''] = words
  const negated = first.startsWith('!') || second.startsWith('!')
  const answer = (holds: boolean) => holds !== negated
  const known = (text: string) => {
    const values = valuesOf(text, scope, tables)
    return values.length === 1 && !values[0]?.includes('$') ? values[0] : undefined
  }
  if (/^!?-[fe]$/.test(first)) {
    const path = known(second)
    return path === undefined && !present.has(second) ? 'request' : answer(present.has(path ?? second))
  }
  const value = known(first)
  if (value === undefined || first.includes('-')) return 'request'
  if (words.length === 1) return value !== '' && value !== '0'
  if (/^!?=$/.test(second)) {
    const other = known(third)
    return other === undefined ? 'request' : answer(value === other)
  }
  const pattern = regularExpression(third, second.endsWith('*') ? 'i' : '')
  return pattern && /^!?~\*?$/.test(second) ? answer(pattern.test(value)) : 'request'
}

function valuesOfVariable(written: string, scope: Scope, tables: Tables, depth: number): readonly string[] {
  const name = written.replace(/[${}]/g, '')
  const value = scope.get(name)
  if (value !== undefined) return [value]
  const table = tables.get(name)
  // A table may name another, and two may name each other.
  if (!table || depth > 4) return [written]
  const sources = table.name === 'map' ? valuesOf(table.args[0] ?? '', scope, tables, depth + 1) : ['$request']
  const results = sources.flatMap((source) => lookUp(table, source))
  return results.flatMap((result) => valuesOf(result, scope, tables, depth + 1))
}

function lookUp(table: Directive, source: string): readonly string[] {
  const entries = (table.block ?? []).flatMap((entry) => {
    const result = entry.args[0]
    return result === undefined ? [] : [{ key: entry.name, result }]
  })
  if (source.includes('$')) {
    const fallback = table.name === 'map' && childrenNamed(table, 'default').length === 0 ? [''] : []
    return [...new Set([...entries.map((entry) => entry.result), ...fallback])]
  }
  const exact = entries.find(({ key }) => key.replace(/^\\/, '').toLowerCase() === source.toLowerCase())
  const matching = entries.find(({ key }) => key.startsWith('~') && matches(key, source))
  const names = childrenNamed(table, 'hostnames').length > 0
  const wildcard = names ? entries.filter(({ key }) => isLike(key, source)).toSorted(longest)[0] : undefined
  const fallback = entries.find(({ key }) => key === 'default')
  return [(exact ?? wildcard ?? matching ?? fallback)?.result ?? '']
}

/** `.example.org`, `*.example.org`, `www.*`. */
function isLike(key: string, host: string): boolean {
  const [name, wanted] = [key.toLowerCase(), host.toLowerCase()]
  if (name.startsWith('.')) return wanted === name.slice(1) || wanted.endsWith(name)
  if (name.startsWith('*.')) return wanted.endsWith(name.slice(1)) && wanted.length >= name.length
  return name.endsWith('.*') && wanted.startsWith(name.slice(0, -1))
}

function longest(one: { readonly key: string }, other: { readonly key: string }): number {
  return Number(one.key.endsWith('.*')) - Number(other.key.endsWith('.*')) || other.key.length - one.key.length
}

function matches(key: string, source: string): boolean {
  const insensitive = key.startsWith('~*')
  return regularExpression(key.slice(insensitive ? 2 : 1), insensitive ? 'i' : '')?.test(source) ?? false
}

function distinct(scopes: readonly Scope[]): readonly Scope[] {
  return [...new Map(scopes.map((scope) => [JSON.stringify([...scope].sort()), scope])).values()]
}
