import type { Expectation, Match } from '../release/model.ts'

/** Reads single inputs, and collects what is wrong with them instead of stopping at the first. */
export function reading(get: (name: string) => string) {
  const mistakes: string[] = []

  const mistake = (name: string, sentence: string): void => {
    const whole = /^[A-Z]/.test(sentence) ? `\`${name}\`: ${sentence}` : `\`${name}\` ${sentence}`
    mistakes.push(whole.endsWith('.') ? whole : `${whole}.`)
  }
  const optional = (name: string): string | undefined => get(name).trim() || undefined
  const text = (name: string, fallback: string): string => optional(name) ?? fallback

  const optionalWord = (name: string, form: RegExp, what: string): string | undefined => {
    const value = optional(name)
    if (value !== undefined && !form.test(value)) mistake(name, `is \`${value}\`; it must be ${what}`)
    return value
  }
  const word = (name: string, form: RegExp, what: string, fallback?: string): string => {
    const value = optionalWord(name, form, what) ?? fallback
    if (value === undefined) mistake(name, `is missing; write ${what}`)
    return value ?? ''
  }
  /** A value that becomes a word of a command: none that this would take for an option. */
  const operand = <V extends string | undefined>(name: string, value: V, fix: (value: string) => string): V => {
    if (value?.startsWith('-')) {
      mistake(name, `is \`${value}\`, which begins with \`-\` as an option of a command does; write ${fix(value)}`)
    }
    return value
  }
  const below = (path: string): string => `\`./${path}\``
  /** One item a line; a line that begins with `#` is passed over. */
  const list = (name: string): readonly string[] =>
    get(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))

  const choice = <const T extends readonly [string, ...string[]]>(name: string, choices: T): T[number] => {
    const value = optional(name) ?? choices[0]
    if (choices.includes(value)) return value
    mistake(name, `is \`${value}\`; choose ${listed(choices)}`)
    return choices[0]
  }
  const flag = (name: string, fallback: boolean): boolean => {
    const value = text(name, String(fallback))
    if (!/^(true|false)$/i.test(value)) mistake(name, `is \`${value}\`; write \`true\` or \`false\``)
    return /^true$/i.test(value)
  }
  /** Milliseconds. */
  const duration = (
    name: string,
    fallback: string,
    zero: 'zero allowed' | 'more than zero' = 'more than zero',
  ): number => {
    const value = text(name, fallback)
    const parsed = parseDuration(value)
    if (parsed === undefined)
      mistake(name, `is \`${value}\`, which is not a duration; write it like \`500ms\`, \`10s\` or \`5m\``)
    else if (parsed === 0 && zero !== 'zero allowed') mistake(name, `is \`${value}\`; it must be more than zero`)
    return parsed ?? 0
  }
  const count = (name: string, fallback: string): number => {
    const value = text(name, fallback)
    if (!/^[1-9]\d{0,3}$/.test(value)) mistake(name, `is \`${value}\`; write a whole number from 1 on`)
    return Number(value)
  }
  const path = (name: string, fallback: string): string => {
    const value = text(name, fallback)
    if (!/^\/[\x21-\x7e]*$/.test(value))
      mistake(name, `is \`${value}\`; write a path that begins with \`/\`, such as \`/health\``)
    return value
  }
  const statuses = (name: string, fallback: string): Expectation['status'] => {
    const value = text(name, fallback)
    const ranges = value.split(/[\s,]+/).map((part) => /^(\d{3})(?:-(\d{3}))?$/.exec(part))
    const found = ranges.map((range): [number, number] => [Number(range?.[1]), Number(range?.[2] ?? range?.[1])])
    if (found.some(([from, to]) => !(from >= 100 && from <= to && to <= 599))) {
      mistake(name, `is \`${value}\`; write codes and ranges from 100 to 599, such as \`200-299,304\``)
    }
    return found
  }
  const match = (name: string): Match | undefined => {
    const value = optional(name)
    if (value === undefined) return undefined
    const pattern = /^\/(.+)\/([imsu]*)$/s.exec(value)
    if (pattern === null) return { kind: 'text', text: value }
    const [, source = '', flags = ''] = pattern
    try {
      new RegExp(source.replaceAll('{version}', 'version'), flags)
    } catch (cause) {
      mistake(
        name,
        `is \`${value}\`, which is not a regular expression: ${cause instanceof Error ? cause.message : cause}`,
      )
    }
    return { kind: 'pattern', source, flags }
  }
  const url = (name: string): URL | undefined => {
    const value = optional(name)
    if (value === undefined) return undefined
    const parsed = URL.parse(value)
    if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '')
      return parsed
    mistake(name, `is \`${value}\`; write an address that begins with \`http://\` or \`https://\`, without a user`)
    return undefined
  }
  const address = (name: string): string | undefined => {
    const form = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_][A-Za-z0-9._-]*):([1-9]\d{0,4})$/
    return optionalWord(name, form, '`host:port`, where Nginx reaches this color, such as `127.0.0.1:8080`')
  }
  return {
    mistake,
    mistakes: () => mistakes,
    optional,
    text,
    optionalWord,
    operand,
    below,
    word,
    list,
    choice,
    flag,
    duration,
    count,
    path,
    statuses,
    match,
    url,
    address,
  }
}

/** What reads inputs, and collects their mistakes. */
export type Reading = ReturnType<typeof reading>

/** A member of an object, absent if it has no value. */
export function present<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: V }
}

/** Milliseconds of `500ms`, `10s`, `5m`, `24h`; undefined where it is none of these. */
export function parseDuration(text: string): number | undefined {
  const found = /^(\d{1,7})(ms|s|m|h)$/.exec(text)
  if (found === null) return text === '0' ? 0 : undefined
  return Number(found[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[found[2] as 'ms' | 's' | 'm' | 'h']
}

function listed(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `\`${choice}\``)
  return quoted.length < 2 ? quoted.join() : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
