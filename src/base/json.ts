/** The fields of a JSON object; none for anything else. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** One field of a JSON object; absent where it is no object. */
export function field(value: unknown, name: string): unknown {
  return Object.hasOwn(fields(value), name) ? fields(value)[name] : undefined
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Text; a number or boolean as it is written, because compose writes some either way; else empty. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export function optionalText(value: unknown): string | undefined {
  return text(value) || undefined
}

export function integer(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0
}

/** @throws Error that says what is not JSON, and never quotes it: it may hold secrets. */
export function parseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new Error(`${what} is not JSON.`, { cause })
  }
}
