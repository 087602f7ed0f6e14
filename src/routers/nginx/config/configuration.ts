import { type Directive, lineAt, parseFile } from './syntax.ts'

export interface ConfigurationFile {
  /** As Nginx names it; links are not resolved. */
  readonly path: string
  readonly text: string
}

/** All that Nginx reads, as one tree: each `include` is replaced by what it brings. */
export interface Configuration {
  readonly files: readonly ConfigurationFile[]
  readonly main: readonly Directive[]
}

/** A directive and the blocks around it, the outermost first. */
export interface Placed {
  readonly directive: Directive
  readonly ancestors: readonly Directive[]
}

/** A `server` block of `http`. */
export type ServerBlock = Placed

/**
 * The files in what `nginx -T` prints to standard output, each exactly as it is on disk. What comes before the first
 * is passed over. A comment that looks like the beginning of a file is one only where an earlier file includes it.
 */
export function parseDump(text: string): readonly ConfigurationFile[] {
  const sections: { readonly path: string; readonly header: number; readonly start: number }[] = []
  let patterns: readonly string[] = []
  const headers = [...text.matchAll(/^# configuration file (\/.*):\n/gm)]
  headers.forEach((match, i) => {
    const path = match[1] ?? ''
    const start = match.index + match[0].length
    const known = sections.some((section) => section.path === path)
    if (sections.length > 0 && (known || !patterns.some((pattern) => globbed(pattern).test(path)))) return
    sections.push({ path, header: match.index, start })
    const root = sections[0]?.path ?? ''
    const included = includesIn(text.slice(start, headers[i + 1]?.index))
    patterns = [...patterns, ...included.map((pattern) => fullPath(root, pattern))]
  })
  return sections.map(({ path, start }, i) => {
    return { path, text: text.slice(start, sections[i + 1]?.header).replace(/\n$/, '') }
  })
}

/**
 * The tree of all files. The first is the main one; relative paths of `include` begin at its directory.
 * @throws Error with a sentence that names file and line, where a file is no Nginx configuration.
 */
export function parseConfiguration(files: readonly ConfigurationFile[]): Configuration {
  const root = files[0]
  if (!root) return { files, main: [] }
  const trees = new Map(files.map((file) => [file.path, parseFile(file.path, file.text)]))
  const spread = (directives: readonly Directive[], within: readonly string[]): readonly Directive[] =>
    directives.flatMap((directive) => {
      if (directive.name === 'include' && directive.args[0] !== undefined && !directive.block) {
        const pattern = globbed(fullPath(root.path, directive.args[0]))
        const paths = [...trees.keys()].filter((path) => pattern.test(path) && !within.includes(path)).sort()
        return paths.flatMap((path) => spread(trees.get(path) ?? [], [...within, path]))
      }
      return [directive.block ? { ...directive, block: spread(directive.block, within) } : directive]
    })
  return { files, main: spread(trees.get(root.path) ?? [], [root.path]) }
}

/** Every directive of the tree, in the order in which Nginx reads them. */
export function* walk(configuration: Configuration): Generator<Placed> {
  yield* walkBlock(configuration.main, [])
}

/** Every directive inside one, in order. */
export function* walkInside(placed: Placed): Generator<Placed> {
  yield* walkBlock(placed.directive.block ?? [], [...placed.ancestors, placed.directive])
}

/** The directives of all `http` blocks. */
export function httpDirectives(configuration: Configuration): readonly Directive[] {
  return configuration.main.flatMap((directive) => (directive.name === 'http' ? (directive.block ?? []) : []))
}

/** The server blocks of `http`, in the order in which Nginx reads them. */
export function httpServers(configuration: Configuration): readonly ServerBlock[] {
  return configuration.main
    .filter((directive) => directive.name === 'http')
    .flatMap((http) => childrenNamed(http, 'server').map((directive) => ({ directive, ancestors: [http] })))
}

/** The directives of this name directly inside a block. */
export function childrenNamed(block: Directive, name: string): readonly Directive[] {
  return (block.block ?? []).filter((directive) => directive.name === name)
}

/** The directive that counts in a block: its own, or else the one of the nearest block around it. */
export function effective(configuration: Configuration, placed: Placed, name: string): Directive | undefined {
  const outwards = [placed.directive, ...placed.ancestors.toReversed()]
  for (const block of outwards) {
    const own = childrenNamed(block, name)[0]
    if (own) return own
  }
  return configuration.main.find((directive) => directive.name === name)
}

/** Where a directive stands, for sentences: `/etc/nginx/conf.d/app.conf:12`. */
export function positionOf(configuration: Configuration, directive: Directive): string {
  const text = configuration.files.find((file) => file.path === directive.file)?.text ?? ''
  return `${directive.file}:${lineAt(text, directive.range.start)}`
}

/** What sentences call a server block: its first name, or else where it stands. */
export function serverTitle(configuration: Configuration, server: ServerBlock): string {
  const names = childrenNamed(server.directive, 'server_name').flatMap((directive) => directive.args)
  return names.find((name) => name !== '_' && name !== '') ?? positionOf(configuration, server.directive)
}

function* walkBlock(directives: readonly Directive[], ancestors: readonly Directive[]): Generator<Placed> {
  for (const directive of directives) {
    yield { directive, ancestors }
    if (directive.block) yield* walkBlock(directive.block, [...ancestors, directive])
  }
}

/** Found without parsing: a piece of a file need not have both its braces. */
function includesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|[;{}])[ \t]*include[ \t]+(["']?)([^;"'\s]+)\1\s*;/gm)].map((match) => match[2] ?? '')
}

function fullPath(root: string, path: string): string {
  return path.startsWith('/') ? path : `${root.slice(0, root.lastIndexOf('/') + 1)}${path}`
}

/** `glob(3)` as Nginx calls it: `*`, `?` and `[…]`, none of them for a `/` or a leading dot, and no braces. */
function globbed(pattern: string): RegExp {
  if (!/[*?[]/.test(pattern)) return new RegExp(`^${literal(pattern)}$`)
  const parts = pattern.split('/').map((part) => {
    const hidden = /^[*?[]/.test(part) ? '(?!\\.)' : ''
    const body = part.replace(/\\([\s\S])|\*|\?|\[([!^]?)(\]?[^\]]*)\]|[\s\S]/g, (piece, escaped, not, set) => {
      if (escaped) return literal(escaped)
      if (piece === '*') return '[^/]*'
      if (piece === '?') return '[^/]'
      return set === undefined ? literal(piece) : `[${not ? '^/' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`
    })
    return hidden + body
  })
  return new RegExp(`^${parts.join('/')}$`)
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
