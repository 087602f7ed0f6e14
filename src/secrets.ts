import { secretsOf } from './host/private-key.ts'

/** Inputs that nobody else may see. */
const SECRET = ['private-key', 'registry-password', 'github-token'] as const

/** The strings that must show up nowhere; those of a key line by line. */
export function secretInputs(get: (name: string) => string): readonly string[] {
  return SECRET.flatMap((name) => (name === 'private-key' ? secretsOf(get(name)) : [get(name).trim()])).filter(
    (secret) => secret !== '',
  )
}
