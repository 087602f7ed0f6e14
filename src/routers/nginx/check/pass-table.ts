import { type Configuration, positionOf } from '../config/configuration.ts'
import type { Directive } from '../config/syntax.ts'
import type { Pass } from '../config/usage.ts'
import { tablesOf } from '../config/variables.ts'
import { Impossible } from './spots.ts'
import { type SwitchParts, switchTarget } from './switch-text.ts'

/** A value of a `map` that becomes another one. */
export interface TableValue {
  readonly path: string
  readonly offset: number
  readonly old: string
  readonly text: string
}

/** The `map` whose values say where a pass leads, for several sites: `proxy_pass http://$backend`. */
export function tableOf(configuration: Configuration, { directive }: Pass): Directive | undefined {
  const [, name] = /^(?:[a-z]+:\/\/)?\$\{?(\w+)\}?$/i.exec(directive.args[0] ?? '') ?? []
  const table = name === undefined ? undefined : tablesOf(configuration).get(name)
  return table?.name === 'map' ? table : undefined
}

/** Whether a value, the name of an upstream or an address, leads to the application. */
export type Leads = (destination: string) => boolean

/**
 * The values of that `map` that lead to the application, as the variable of the switch; those of other sites stay.
 * Undefined if no `map` says where the pass leads.
 * @throws Impossible if a value says more than where
 */
export function tableValues(
  configuration: Configuration,
  pass: Pass,
  parts: SwitchParts,
  leads: Leads,
): readonly TableValue[] | undefined {
  const table = tableOf(configuration, pass)
  if (table === undefined) return undefined
  const target = switchTarget(parts)
  return (table.block ?? []).flatMap((entry) => {
    const [value = ''] = entry.args
    const word = entry.words[1]
    const [, scheme = '', authority = '', uri = ''] = /^([a-z]+:\/\/)?([^/]*)(.*)$/i.exec(value) ?? []
    if (word === undefined || value === target || !leads(authority)) return []
    const position = positionOf(configuration, entry)
    if (value.includes('$') || uri !== '')
      throw new Impossible(`the value \`${value}\` in ${position} says more than where the application is`)
    const text = configuration.files.find(({ path }) => path === entry.file)?.text.slice(word.start, word.end) ?? ''
    return [{ path: entry.file, offset: word.start, old: text, text: `${scheme}${target}` }]
  })
}
