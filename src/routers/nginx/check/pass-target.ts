import type { Configuration } from '../config/configuration.ts'
import { type Pass, statesOf } from '../config/usage.ts'
import { scopesAfter, tablesOf, valuesOf } from '../config/variables.ts'

/** What a pass names, its variables replaced by what `set` and `if` make of them. */
export interface PassTarget {
  /** `http://`; empty where none is written. */
  readonly scheme: string
  /** Absent where files choose between several. */
  readonly authority?: string
  /** What follows it, as far as it is known. */
  readonly uri: string
}

/** Undefined where a request decides. */
export function targetOf(configuration: Configuration, pass: Pass): PassTarget | undefined {
  const tables = tablesOf(configuration)
  const values = statesOf(pass.server).map((present) => {
    const scopes = scopesAfter(pass.deciding, present, tables)
    return [...new Set(scopes.flatMap((scope) => valuesOf(pass.directive.args[0] ?? '', scope, tables)))]
  })
  if (values.some((each) => each.length !== 1)) return undefined
  const parsed = [...new Set(values.flat())].map((value) => /^([a-z]+:\/\/)?([^/$]*)(.*)$/i.exec(value))
  const all = (part: number) => new Set(parsed.map((each) => each?.[part] ?? ''))
  const [schemes, authorities, uris] = [all(1), all(2), all(3)]
  const [scheme = '', authority = '', uri = ''] = [schemes, authorities, uris].map((each) => [...each][0])
  if (schemes.size !== 1 || uris.size !== 1 || authorities.has('')) return undefined
  return { scheme, uri, ...(authorities.size === 1 && { authority }) }
}
