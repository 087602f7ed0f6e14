/** Part of a text, in UTF-16 units: `start` is in it, `end` is not. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** One statement of an Nginx configuration. */
export interface Directive {
  readonly name: string
  /** As Nginx understands them: without quotes, escapes resolved, variables as written. */
  readonly args: readonly string[]
  /** Path of the file that holds it. */
  readonly file: string
  /** From the first letter of the name to after the `;` or `}`. */
  readonly range: Range
  /** Where the name and then each argument stands, its quotes included. */
  readonly words: readonly Range[]
  /** What is between the braces. Lua is not looked into: its block is empty. */
  readonly block?: readonly Directive[]
}

type Token =
  | { readonly kind: 'word'; readonly value: string; readonly range: Range }
  | { readonly kind: ';' | '{' | '}' | 'end'; readonly range: Range }

interface Parsed {
  readonly directives: readonly Directive[]
  readonly end: number
}

/**
 * The statements of one file, read as Nginx reads it. `include` is a statement like any other.
 * @throws Error with a sentence that names file and line, where the text is no Nginx configuration.
 */
export function parseFile(file: string, text: string): readonly Directive[] {
  return parseBlock(file, text, 0, 'file').directives
}

/** Line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function parseBlock(file: string, text: string, from: number, inside: 'file' | 'braces'): Parsed {
  const directives: Directive[] = []
  let at = from
  for (;;) {
    const token = nextToken(text, at)
    if (token.kind === 'end' && inside === 'file') return { directives, end: token.range.end }
    if (token.kind === '}' && inside === 'braces') return { directives, end: token.range.end }
    if (token.kind !== 'word') throw unexpected(file, text, token)
    const directive = parseDirective(file, text, token)
    directives.push(directive)
    at = directive.range.end
  }
}

function parseDirective(file: string, text: string, first: Token & { kind: 'word' }): Directive {
  const name = first.value
  const args: string[] = []
  const words: Range[] = [first.range]
  let token = nextToken(text, first.range.end)
  while (token.kind === 'word') {
    args.push(token.value)
    words.push(token.range)
    token = nextToken(text, token.range.end)
  }
  const start = first.range.start
  if (token.kind === ';') return { name, args, file, words, range: { start, end: token.range.end } }
  if (token.kind !== '{') throw unexpected(file, text, token)
  if (name.endsWith('_by_lua_block')) {
    const end = afterLua(text, token.range.end)
    if (end === undefined) throw unexpected(file, text, nextToken(text, text.length))
    return { name, args, file, words, range: { start, end }, block: [] }
  }
  const { directives, end } = parseBlock(file, text, token.range.end, 'braces')
  return { name, args, file, words, range: { start, end }, block: directives }
}

function nextToken(text: string, from: number): Token {
  const start = afterBlank(text, from)
  const mark = text[start]
  if (mark === undefined) return { kind: 'end', range: { start, end: start } }
  if (mark === ';' || mark === '{' || mark === '}') return { kind: mark, range: { start, end: start + 1 } }
  const quote = mark === '"' || mark === "'" ? mark : undefined
  const end = quote ? afterQuoted(text, start + 1, quote) : afterBare(text, start)
  if (end === undefined) return { kind: 'end', range: { start: text.length, end: text.length } }
  const value = quote ? text.slice(start + 1, end - 1) : text.slice(start, end)
  return { kind: 'word', value: resolveEscapes(value), range: { start, end } }
}

/** Spaces, and comments: a `#` is one only where a word could begin. */
function afterBlank(text: string, from: number): number {
  const blank = /(?:[ \t\r\n]+|#[^\n]*)*/y
  blank.lastIndex = from
  blank.test(text)
  return blank.lastIndex
}

/** A `}` or `#` inside a bare word belongs to it, and so does the brace of `${name}`. */
function afterBare(text: string, from: number): number {
  const word = /(?:\\[\s\S]|\$\{|[^ \t\r\n;{\\]|\\$)+/y
  word.lastIndex = from
  word.test(text)
  return word.lastIndex
}

function afterQuoted(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at += text[at] === '\\' ? 2 : 1) {
    if (text[at] === quote) return at + 1
  }
  return undefined
}

const escapes: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', t: '\t', r: '\r', n: '\n' }

function resolveEscapes(value: string): string {
  return value.replace(/\\([\s\S])/g, (written, letter: string) => escapes[letter] ?? written)
}

/** The end of a Lua block, whose braces may also stand in strings and comments. */
function afterLua(text: string, from: number): number | undefined {
  const piece =
    /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[{}]/g
  piece.lastIndex = from
  let depth = 1
  for (let match = piece.exec(text); match; match = piece.exec(text)) {
    if (match[0] === '{') depth += 1
    if (match[0] === '}') depth -= 1
    if (depth === 0) return piece.lastIndex
  }
  return undefined
}

function unexpected(file: string, text: string, token: Token): Error {
  const seen = token.kind === 'end' ? 'the end of the file' : token.kind === 'word' ? token.value : `'${token.kind}'`
  const place = `${file}, line ${lineAt(text, token.range.start)}`
  return new Error(
    `The Nginx configuration could not be read at ${place}: ${seen} is not expected there. ` +
      'Run `nginx -t`; if Nginx accepts the file, please report this as a fault of the action.',
  )
}
