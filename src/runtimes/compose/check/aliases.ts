import { parse } from 'yaml'
import { field, fields } from '../../../base/json.ts'
import type { Block, Draft } from '../../../checking/finding.ts'
import { COLORS } from '../../../release/model.ts'
import type { Colors, ComposeContext } from './context.ts'
import type { ComposeText } from './text.ts'

/** A service that calls another by one of its names, and the key that says so. */
export interface Caller {
  readonly service: string
  readonly key: string
}

/** Keys of a service whose text may name a host. */
const SAYING = ['command', 'entrypoint', 'environment', 'healthcheck', 'labels', 'links', 'external_links']

/**
 * Names that both colors would answer to: who calls them, and a name that stays right over a flip.
 * @param site where containers reach what is live at any address of the host
 */
export function aliasFindings({ texts }: ComposeContext, colors: Colors, site: Site | undefined): readonly Draft[] {
  const services = [...new Set(COLORS.flatMap((color) => colors.services[color] ?? []))]
  const names = [...new Set(services.flatMap(({ aliases }) => aliases))]
  if (names.length === 0) return []
  const own = [...Object.values(colors.names), ...services.map(({ name }) => name)]
  const callers = names.flatMap((name) =>
    callersOf(texts, name)
      .filter(({ service }) => !own.includes(service))
      .map((caller) => ({ ...caller, name })),
  )
  const told = callers.map(({ service, key, name }) => `\`${service}\` calls \`${name}\` (\`${key}\`)`)
  return [
    {
      severity: 'warning',
      title: 'The application is called by an alias',
      seen: `${services.map(({ name }) => `\`${name}\``).join(' and ')} ${services.length === 1 ? 'has' : 'have'} the network alias ${names.map((name) => `\`${name}\``).join(', ')}${told.length === 0 ? '' : `; ${told.join(', ')}`}.`,
      why: 'An alias of both colors sends calls to a version that has proven nothing; one of a single color leads to the old version after a flip, and to nothing once that is stopped.',
      fix: {
        text: `The colors written above do not have it; the container that runs now keeps it until it is removed. Send callers through Nginx, which leads to what is live${site === undefined ? '' : `: to ${site.url} instead, as below`}. Do it before you remove that container.`,
        blocks: site === undefined ? [] : callerBlocks(callers, site),
      },
    },
  ]
}

/** Services that name a host in their text: `http://backend:8080/`, `backend:8080`, `@backend`. */
export function callersOf(texts: readonly ComposeText[], name: string): readonly Caller[] {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '\\$&')
  const host = new RegExp(`(?://|@)${plain}(?![A-Za-z0-9_.-])|(?:^|[^A-Za-z0-9_.-])${plain}:\\d|^\\s*${plain}\\s*$`)
  const all = texts.flatMap(({ file }) => {
    const services = fields(field(parse(file.text, { merge: true }), 'services'))
    return Object.entries(services).flatMap(([service, body]) =>
      SAYING.filter((key) => wordsOf(field(body, key)).some((word) => host.test(word))).map((key) => ({
        service,
        key,
      })),
    )
  })
  return [...new Map(all.map((caller) => [JSON.stringify(caller), caller])).values()]
}

/** Every text in a value, whatever it is made of. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsOf) : []
}

/** A site of the router that leads to the live color. */
export interface Site {
  readonly name: string
  readonly url: string
}

function callerBlocks(callers: readonly (Caller & { readonly name: string })[], { name, url }: Site): readonly Block[] {
  const lines = [...new Set(callers.map(({ service }) => service))].flatMap((service) => {
    const called = [...new Set(callers.filter((each) => each.service === service).map((each) => each.name))]
    return [
      `  ${service}: # and ${url} in place of ${called.map((each) => `http://${each}:…`).join(', ')}`,
      `    extra_hosts: ["${name}:host-gateway"]`,
    ]
  })
  return lines.length === 0
    ? []
    : [{ language: 'yaml', where: 'compose file', text: ['services:', ...lines].join('\n') }]
}
