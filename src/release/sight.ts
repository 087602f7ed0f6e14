import type { Answered, Sight } from './model.ts'

/** What an accepted answer also shows. */
export type Shown =
  /** It says the version, and did not before. */
  | { readonly kind: 'version' }
  /** `what` was the same each time before the flip, and is another now. */
  | { readonly kind: 'changed'; readonly what: string }
  | { readonly kind: 'nothing' }

/** What the answer itself shows. */
export function shownBy({ version, before }: Pick<Sight, 'version' | 'before'>, answer: Answered): Shown {
  if (says(answer, version) && !before.some((each) => says(each, version))) return { kind: 'version' }
  const [first, second] = before
  if (first === undefined || second === undefined) return { kind: 'nothing' }
  const names = Object.keys(first.headers).filter((name) => !FLEETING.includes(name))
  const header = names.find(
    (name) => first.headers[name] === second.headers[name] && first.headers[name] !== answer.headers[name],
  )
  if (header !== undefined) return { kind: 'changed', what: `the header \`${header}\`` }
  return first.body === second.body && first.body !== answer.body
    ? { kind: 'changed', what: 'the body' }
    : { kind: 'nothing' }
}

/** What there is to say of a route that answered well. `doubt`: nothing says that it was the new version. */
export interface Verdict {
  readonly proven: boolean
  readonly note: string
  readonly doubt?: string
}

/**
 * @param arrived connections that the new color accepted since the flip, ours and those of others; absent if that could
 * not be counted
 */
export function verdictOf({ version, color }: Sight, shown: Shown, arrived: number | undefined): Verdict {
  if (shown.kind === 'version') return { proven: true, note: `the answer says ${version}` }
  if (shown.kind === 'changed') return { proven: true, note: `${shown.what} changed with the flip` }
  const note = `answered, not proven to be ${version}`
  const fix =
    'Let `verify-url` lead through this Nginx to something that says the version, and write `{version}` into `verify-match`.'
  if (arrived === undefined) {
    const doubt = `The public route answered, and nothing proves that it was ${version}. ${fix}`
    return { proven: false, note, doubt }
  }
  if (arrived > 0) {
    const connections = arrived === 1 ? '1 connection' : `${arrived} connections`
    return { proven: false, note: `${note} by what it says; ${connections} arrived at ${color} since the flip` }
  }
  const doubt = `The public route answered, and not from ${color}: no connection arrived there since the flip. A cache or another server answers, and ${version} was not proven there. ${fix}`
  return { proven: false, note: `${note}: no connection arrived at ${color}`, doubt }
}

/** These change by themselves. */
const FLEETING = ['date', 'age', 'expires', 'last-modified', 'set-cookie', 'connection', 'keep-alive']

/** As a word of its own: `v1` is not said by `v10`. */
function says({ headers, body }: Answered, version: string): boolean {
  const escaped = version.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const word = new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`)
  return [body, ...Object.values(headers)].some((text) => word.test(text))
}
