import { stripVTControlCharacters, styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Where the demo writes: lines that stay, and one line below them that says what is going on. */
export interface Screen {
  /** Columns that a line may have. */
  readonly width: number
  /** Writes a line, wrapped where it is too long; what follows is indented like its text. */
  line(text?: string, style?: Style): void
  /** Says what is going on now; on a terminal in place, elsewhere from time to time. */
  status(text: string): void
  /** Takes the status away. */
  quiet(): void
}

/** The part of a terminal, or of a pipe, that a screen needs. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Narrower, nothing can be read; wider, the eye loses the line. */
const widths = { least: 40, most: 110, elsewhere: 80 } as const
/** Milliseconds between two statuses where they cannot be overwritten. */
const rest = 2000

/** @param paint whether styles are shown */
export function openScreen(output: Output, paint: boolean, now: () => number = () => performance.now()): Screen {
  const columns = () => (output.isTTY === true ? (output.columns ?? widths.elsewhere) : widths.elsewhere)
  const width = () => Math.max(widths.least, Math.min(columns() - 1, widths.most))
  let shown = false
  let spoke = now()
  const erase = () => {
    if (shown) output.write('\r\u001b[K')
    shown = false
  }
  const marked = (text: string) =>
    text
      .replace(/^( *)✓/, (_, indent: string) => indent + styled('green', '✓'))
      .replace(/^( *)✗/, (_, indent: string) => indent + styled('red', '✗'))
  const styled = (style: Style | undefined, text: string) =>
    style === undefined || !paint || text === '' ? text : styleText(style, text, { validateStream: false })
  return {
    get width() {
      return width()
    },
    line: (text = '', style) => {
      erase()
      spoke = now()
      for (const part of wrap(text, width()))
        output.write(`${style === undefined ? marked(part) : styled(style, part)}\n`)
    },
    status: (text) => {
      if (output.isTTY === true) {
        const short = text.length > width() ? `${text.slice(0, width() - 1)}…` : text
        output.write(`\r\u001b[K${styled('dim', short)}`)
        shown = true
      } else if (now() - spoke >= rest) {
        for (const part of wrap(text, width())) output.write(`${part}\n`)
        spoke = now()
      }
    },
    quiet: erase,
  }
}

/** Breaks a line between words; what does not fit goes on below the line's own text, past its indent and its mark. */
export function wrap(text: string, width: number): readonly string[] {
  const indent = ' '.repeat(/^ *(?:(?:[✓✗→!|*]|\d of \d) +)?/.exec(text)?.[0].length ?? 0)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S)(?= +)/)) {
    if (line !== '' && stripVTControlCharacters(line + word).length > width) {
      lines.push(line)
      line = indent + word.trimStart()
    } else {
      line += word
    }
  }
  return [...lines, line]
}
