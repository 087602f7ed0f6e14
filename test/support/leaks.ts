/**
 * The secrets that are found in a text, however they are written there: as they are, line by line, in base64 (of the
 * whole, and of a larger text that has them in it), URL- and JSON-escaped.
 */
export function leaksIn(text: string, secrets: readonly string[]): readonly string[] {
  const decoded = [text, ...decodedPartsOf(text)].join('\n')
  return secrets
    .flatMap((secret) => [secret.trim(), ...secret.split('\n')])
    .filter((piece) => piece.trim().length >= 8 && !piece.startsWith('-----'))
    .filter((piece) => formsOf(piece.trim()).some((form) => decoded.includes(form)))
}

function formsOf(piece: string): readonly string[] {
  return [piece, JSON.stringify(piece).slice(1, -1), encodeURIComponent(piece), Buffer.from(piece).toString('base64')]
}

/** What somebody would see who decodes whatever looks encoded. */
function decodedPartsOf(text: string): readonly string[] {
  const base64 = (text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? []).map((part) => Buffer.from(part, 'base64').toString())
  const escaped = (text.match(/(?:%[0-9A-Fa-f]{2}|[\w.~-])+/g) ?? []).flatMap((part) => {
    try {
      return part.includes('%') ? [decodeURIComponent(part)] : []
    } catch {
      return []
    }
  })
  const once = unescaped(text)
  return [...base64, ...escaped, once, unescaped(once)]
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}
