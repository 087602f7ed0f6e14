/** What of addresses nobody else may see. */
export interface AddressParts {
  /** With what marks them: `?query`, `://user:password@`. */
  readonly parts: readonly string[]
  /** Single values in them, with the name that each has there. */
  readonly values: readonly { readonly name: string; readonly text: string }[]
}

const NOOP: AddressParts = { parts: [], values: [] }

/**
 * Queries, and what stands before an `@`, of all addresses in a text, and in each form that a parser makes of them.
 * @param kind `an address`: also one without a scheme, as in `/health?token=…` and `user:password@name`
 */
export function partsOfAddresses(text: string, kind: 'an address' | 'addresses in a text'): AddressParts {
  const whole = /[a-z][a-z0-9+.-]*:\/\/[^\s'"`<>|]+/gi
  const found = kind === 'an address' ? text.split(/\s+/) : [...text.matchAll(whole)].map(([address]) => address)
  return joined(found.flatMap((address) => [userOf(address), queryOf(address)]))
}

function joined(all: readonly AddressParts[]): AddressParts {
  return { parts: all.flatMap(({ parts }) => parts), values: all.flatMap(({ values }) => values) }
}

/** Up to the last `@`, since a password that nobody encoded has any character. */
function userOf(address: string): AddressParts {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(address) ?? []
  const end = /[/?#]/.exec(rest)?.index ?? rest.length
  const authority = rest.slice(0, end)
  // `name:port/path@x` has no user; `user:pass/word@name` has.
  const torn = !authority.includes('@') && /:(?!\d*$)/.test(authority)
  const at = (torn ? rest : authority).lastIndexOf('@')
  const user = at < 0 ? '' : rest.slice(0, at)
  const colon = user.indexOf(':')
  // `deploy@name` is how a host is written.
  if (user === '' || (scheme === '' && colon < 0)) return NOOP
  const password = colon < 0 ? '' : user.slice(colon + 1)
  const values = colon < 0 ? [{ name: 'user', text: user }] : [{ name: 'password', text: password }]
  const marked = scheme === '' ? `${user}@` : `://${user}@`
  return {
    parts: [marked, ...normal(`http://${user}@x/`, ({ username, password }) => `://${username}:${password}@`)],
    values: [...values, ...values.map(({ name, text }) => ({ name, text: decoded(text) }))],
  }
}

function queryOf(address: string): AddressParts {
  const query = /\?([^#]+)/s.exec(address)?.[1]
  if (query === undefined) return NOOP
  const values = query.split(/[&;]/).map((pair) => {
    const equals = pair.indexOf('=')
    return { name: pair.slice(0, Math.max(0, equals)), text: pair.slice(equals + 1) }
  })
  return {
    parts: [`?${query}`, ...normal(`http://x/?${query}`, ({ search }) => search)],
    values: [...values, ...values.map(({ name, text }) => ({ name, text: decoded(text) }))],
  }
}

/** As a URL has it. */
function normal(address: string, part: (url: URL) => string): readonly string[] {
  const url = URL.parse(address)
  return url === null ? [] : [part(url)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
