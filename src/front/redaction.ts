/** Takes secrets out of a text. */
export type Redact = (text: string) => string

/** A shorter piece would blacken innocent words. */
const SHORTEST = 6

/**
 * Replaces each secret by `***`, in whichever form it may come: as it is, line by line, in base64 wherever it begins
 * there, URL- or JSON-escaped. The runner masks the job log alone: what is sent to GitHub is nobody's business but ours.
 * @param parts of addresses, as `Secrets` has them: what marks them stays, so that it can be seen that there is something
 */
export function redaction(secrets: readonly string[], parts: readonly string[] = []): Redact {
  const forms = secrets.flatMap((secret) => formsOf(secret.trim())).filter(({ length }) => length >= SHORTEST)
  const marked = parts.flatMap((part) => [part, inJson(part), inJson(inJson(part))])
  const all = [...new Set([...forms, ...marked])]
  if (all.length === 0) return (text) => text
  // The longest first: a part of a secret must not save the rest of it.
  const pattern = all.sort((one, other) => other.length - one.length).map(literal)
  const any = new RegExp(pattern.join('|'), 'g')
  const marks = new Set(marked)
  return (text) => text.replace(any, (found) => (marks.has(found) ? hidden(found) : '***'))
}

/** `?***` of a query, `://***@` of a user. */
function hidden(part: string): string {
  const [, before = '', after = ''] = /^(\?|:\/\/)?.*?(@)?$/s.exec(part) ?? []
  return `${before}***${after}`
}

/** The same value with every text in it redacted. */
export function redactAll<T>(value: T, redact: Redact): T {
  return redacted(value, redact) as T
}

function redacted(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((inner) => redacted(inner, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(inner, redact)]))
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => !/^-----[A-Z ]+-----$/.test(line))
  return [...new Set([secret, `${secret}\n`, ...lines])].flatMap((text) => {
    const escaped = inJson(text)
    const base64 = [0, 1, 2].map((offset) => base64At(text, offset))
    const plain = text.trim()
    return [
      plain,
      escaped,
      inJson(escaped),
      encodeURIComponent(plain),
      encodeURI(plain),
      ...base64,
      ...base64.map(urlSafe),
    ]
  })
}

/** What base64 makes of a text wherever it begins in a larger one: without the characters that its neighbors decide. */
function base64At(text: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
  const whole = bytes.toString('base64').replace(/=+$/, '')
  return whole.slice([0, 2, 3][offset], bytes.length % 3 === 0 ? undefined : -1)
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}
