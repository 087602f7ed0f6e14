/** How much of a text is kept, in characters: its beginning and its end. */
export interface Ends {
  readonly head: number
  readonly tail: number
}

/** A text that may have no end, of which only a part is kept. */
export interface Kept {
  add(text: string): void
  /** Characters that were left out so far. */
  leftOut(): number
  /** What is kept; between its beginning and its end a line says how much was left out. */
  text(): string
}

export function keeping({ head, tail }: Ends): Kept {
  const first: string[] = []
  const last: string[] = []
  let [firstLength, lastLength, dropped] = [0, 0, 0]
  /** At most `tail` and one piece, so that no piece is cut more than once. */
  const shorten = (): void => {
    for (;;) {
      const oldest = last[0]
      if (oldest === undefined || lastLength - oldest.length < tail) return
      last.shift()
      lastLength -= oldest.length
      dropped += oldest.length
    }
  }
  return {
    add(text) {
      const room = Math.max(0, head - firstLength)
      if (room > 0) {
        const begin = text.slice(0, room)
        first.push(begin)
        firstLength += begin.length
      }
      const rest = text.slice(room)
      if (rest === '') return
      last.push(rest)
      lastLength += rest.length
      shorten()
    },
    leftOut: () => dropped + Math.max(0, lastLength - tail),
    text() {
      const end = tail === 0 ? '' : last.join('').slice(-tail)
      const out = dropped + Math.max(0, lastLength - tail)
      return [first.join(''), ...(out > 0 ? [`\n${leftOutLine(out)}\n`] : []), end].join('')
    },
  }
}

/** Says in place of a text how much of it is not there. */
function leftOutLine(characters: number): string {
  return `… ${characters.toLocaleString('en-US')} characters were left out …`
}

/** Characters of a line: nobody reads more, and a line may have no end. */
const LINE = 4000

/**
 * Takes a text that comes in pieces apart into lines, without their line ends. A line that is longer than anybody reads is
 * cut, and says so.
 */
export function lineSplitter(onLine: (line: string) => void) {
  let partial = ''
  let beyond = 0
  const grow = (piece: string): void => {
    const room = Math.max(0, LINE - partial.length)
    partial += piece.slice(0, room)
    beyond += Math.max(0, piece.length - room)
  }
  const end = (): void => {
    const line = partial.replace(/\r$/, '')
    onLine(beyond > 0 ? `${line}… (${beyond.toLocaleString('en-US')} more characters)` : line)
    partial = ''
    beyond = 0
  }
  return {
    hear(text: string): void {
      let from = 0
      for (;;) {
        const at = text.indexOf('\n', from)
        if (at < 0) break
        grow(text.slice(from, at))
        end()
        from = at + 1
      }
      if (from < text.length) grow(text.slice(from))
    },
    end(): void {
      if (partial !== '') end()
    },
  }
}

/** The lines of a text that say something, each as long as somebody reads. */
export function linesOf(text: string): readonly string[] {
  const lines: string[] = []
  const splitter = lineSplitter((line) => {
    if (line.trim() !== '') lines.push(line)
  })
  splitter.hear(text)
  splitter.end()
  return lines
}
