const VERBS =
  'add|ask|choose|correct|deploy|give|install|keep|let|look|make|move|name|publish|put|release|remove|rename|restart|run|say|see|set|start|stop|take|try|use|wait|write'

/** From the beginning of a sentence, or of a clause that ends one. */
const REMEDY = new RegExp(`(?:^|[.;:!?] )((?:${VERBS})\\b[^\\n]*)`, 'i')

/** What a sentence says is to be done, as a sentence of its own; undefined if it says nothing of the kind. */
export function remedyIn(message: string): string | undefined {
  const [, found] = REMEDY.exec(message) ?? []
  if (found === undefined) return undefined
  return `${found.charAt(0).toUpperCase()}${found.slice(1)}`
}
