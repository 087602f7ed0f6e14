import { printable } from '../../front/actions/log.ts'

/** What GitHub makes a link of, a mention or a reference, whatever stands before it; but not in code. */
const REACHING = /([^\s("']*(?:@|:\/\/|#\d|\bwww\.|\bgh-\d)\S*?)(?=[)"'.,:;]*(?:\s|$))/i

/**
 * A sentence in which what stands between backticks is code, and nothing else is Markdown, HTML, a mention or a
 * reference. A backslash does not keep GitHub from calling `@somebody`: a word that would is code as well.
 */
export function prose(text: string): string {
  const parts = plain(text).replaceAll('\n', ' ').split('`')
  if (parts.length % 2 === 0) return literal(parts.join('`'))
  return parts.map((part, index) => (index % 2 === 0 ? literal(part) : part && code(part))).join('')
}

/** A code span: in it nothing has a meaning but its own end, and in a table the bar. */
export function code(text: string): string {
  const content = plain(text).replace(/\s+/g, ' ').trim() || ' '
  const fence = '`'.repeat(longestRun(content) + 1)
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${content}${pad}${fence}`
}

/** The same in a cell of a table. */
export function cell(markdown: string): string {
  return markdown.replaceAll('\n', ' ').replace(/(?<!\\)((?:\\\\)*)\|/g, '$1\\|')
}

/** A code block. */
export function block(lines: readonly string[], language = 'text'): string {
  const content = lines.map(plain).join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(content) + 1))
  return `${fence}${language}\n${content}\n${fence}`
}

/** What is folded until somebody opens it; the title is our own. */
export function folded(title: string, content: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${title}</summary>\n\n${content}\n\n</details>`
}

/** A link; the address is escaped, so that it ends where it ends. */
export function link(text: string, address: string): string {
  return `[${literal(plain(text))}](<${encodeURI(decodeSafely(address)).replace(/[<>\\]/g, encodeURIComponent)}>)`
}

/** The first line is prose; the lines below it are commands or output where they are indented, and are kept as they are. */
export function paragraph(text: string): string {
  const [first = '', ...rest] = plain(text).split('\n')
  if (rest.length === 0) return prose(first)
  const commands = rest.every((line) => line.startsWith('    ') || line.trim() === '')
  const shown = commands ? rest.map((line) => line.slice(4)) : rest
  return `${prose(first)}\n\n${block(shown, commands ? 'sh' : 'text')}`
}

/** At most so many characters, the last one then an ellipsis. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

function literal(text: string): string {
  const parts = text.split(REACHING)
  return parts.map((part, index) => (index % 2 === 0 ? escaped(part) : code(part))).join('')
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*{}[\]<>#|~&!$]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
}

/** Without what a terminal or a reader's eye could be fooled by: control characters, and marks of direction. */
function plain(text: string): string {
  return printable(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

function decodeSafely(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}
