import { secretsOf } from '../../host/private-key.ts'
import { type AddressParts, partsOfAddresses } from '../secret-addresses.ts'

/** Inputs that are secret as a whole, and are looked for in any case. */
const ALWAYS = ['private-key', 'registry-password', 'github-token']
/** What others that are secret as a whole are called. */
const WHOLE = /^private-key$|-(password|token)$/
/** Inputs that hold addresses, also without a scheme. */
const ADDRESSES: readonly string[] = [
  'host',
  'service',
  'registry',
  'health-path',
  'health-host',
  'verify-url',
  'environment-url',
  'blue-address',
  'green-address',
]
/** Inputs that hold commands. */
const COMMANDS = /^((before|after)-(start|flip|restore)|smoke-test|.*-command)$/
/** In these `?` and `@` mean something else. */
const PATTERNS: readonly string[] = ['health-match', 'verify-match']

/** A shorter piece of another text would be found in innocent words. */
const SHORTEST = 6
/** What is as long was made by nobody's choice of words. */
const RANDOM = 16
/** Names of what is secret. */
const SECRET_NAME = /pass|secret|token|key|auth|credential|signature|\bsig\b|cookie|session|dsn|pwd|jwt/i

/** What must show up nowhere. */
export interface Secrets {
  /** As they are, wherever they stand; those of a key line by line. */
  readonly texts: readonly string[]
  /** Parts of addresses with what marks them as such, `?query` and `://user:password@`: of any length. */
  readonly parts: readonly string[]
}

/** The inputs that the runner gave, by the names that `getInput` takes. */
export function inputNames(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.keys(environment).flatMap((name) => /^INPUT_(.+)$/.exec(name)?.[1]?.toLowerCase() ?? [])
}

/**
 * What the inputs have of it, also those that will be refused. Queries and users of addresses are found wherever they
 * stand. What is but a part of a text becomes a text of its own only when it can't be a word that says something
 * else: it is long, or its name calls it secret, and no other input is the same.
 * @param names of all inputs that are given
 */
export function secretInputs(get: (name: string) => string, names: readonly string[]): Secrets {
  const whole = [...new Set([...ALWAYS, ...names.filter((name) => WHOLE.test(name))])].flatMap((name) =>
    name === 'private-key' ? secretsOf(get(name)) : [get(name).trim()],
  )
  const found = names.filter((name) => !WHOLE.test(name)).map((name) => piecesOf(name, get(name)))
  const said = new Set(names.filter((name) => !WHOLE.test(name)).map((name) => get(name).trim()))
  const pieces = found.flatMap(({ values }) => values).filter((value) => isTelling(value) && !said.has(value.text))
  return {
    texts: [...new Set([...whole, ...pieces.map(({ text }) => text)])].filter((secret) => secret !== ''),
    parts: [...new Set(found.flatMap(({ parts }) => parts))],
  }
}

function piecesOf(name: string, text: string): AddressParts {
  if (PATTERNS.includes(name)) return { parts: [], values: [] }
  const addresses = partsOfAddresses(text, ADDRESSES.includes(name) ? 'an address' : 'addresses in a text')
  return COMMANDS.test(name) ? { ...addresses, values: [...addresses.values, ...assignments(text)] } : addresses
}

/** What a command gives to variables, as in `DB_PASSWORD=… ./migrate`. */
function assignments(command: string): AddressParts['values'] {
  const each = /(?<![\w$])([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^\s;&|()'"`]+))/g
  return [...command.matchAll(each)].flatMap(([, name = '', double, single, bare]) => {
    const text = double ?? single ?? bare ?? ''
    return text.startsWith('$') ? [] : [{ name, text }]
  })
}

function isTelling({ name, text }: AddressParts['values'][number]): boolean {
  return text.length >= (SECRET_NAME.test(name) ? SHORTEST : RANDOM)
}
