import { type Configuration, effective, type ServerBlock, serverTitle, walkInside } from '../config/configuration.ts'
import { arrival } from '../config/location.ts'
import type { Directive } from '../config/syntax.ts'
import { destinations, filesAskedFor, hiddenBy, type Pass, passesIn } from '../config/usage.ts'
import { beforeBreak, conditionOf, type Present, scopesAfter, tablesOf, valuesOf } from '../config/variables.ts'
import type { Pair } from '../route/pair.ts'

/** Where each switch says what the loaded configuration chooses. */
export const markerPath = '/.blue-green'

/** A server block that chooses between the pair. */
export interface SwitchServer {
  readonly server: ServerBlock
  /** For sentences: its first name, or else file and line. */
  readonly title: string
  /** The file whose presence chooses green. */
  readonly green: string
  /** The file that brings in the `backed` pair; undefined where none does. */
  readonly backed: string | undefined
  readonly marker: Marker
  /** What answers before any location does, so that `/.blue-green` is never reached. */
  readonly hiddenBy: Directive | undefined
  /** Arguments of the `open_file_cache` that holds where a file is asked for; undefined where it is off. */
  readonly openFileCache: readonly string[] | undefined
  /** The directives that hand requests to the chosen color; never empty. */
  readonly passes: readonly Pass[]
}

/** What `/.blue-green` answers. */
export type Marker =
  /** The chosen upstream, whatever else. `conditions` are those of `if` blocks that can answer first. */
  | { readonly kind: 'right'; readonly conditions: readonly string[] }
  /** Another text, or another status. */
  | { readonly kind: 'wrong'; readonly says: string }
  | { readonly kind: 'absent' }

export type SwitchServerResult =
  | { readonly kind: 'switch'; readonly server: SwitchServer }
  | { readonly kind: 'blue-by-default'; readonly file: string; readonly server: string }
  | { readonly kind: 'unrelated' }

interface Files {
  readonly green: string
  readonly backed: string | undefined
}

/** Reads what a server block does with a pair, by what its variables are with and without each file. */
export function readSwitchServer(configuration: Configuration, pair: Pair, server: ServerBlock): SwitchServerResult {
  const passes = passesIn(server)
  const asked = filesAskedFor(server)
  const title = serverTitle(configuration, server)
  const files = passes.flatMap((pass) => filesOf(configuration, pair, pass, asked) ?? [])[0]
  if (!files) {
    const inverted = passes.flatMap((pass) => invertedBy(configuration, pair, pass, asked) ?? [])[0]
    return inverted ? { kind: 'blue-by-default', file: inverted, server: title } : { kind: 'unrelated' }
  }
  const chosen = passes.filter((pass) => chooses(configuration, pair, pass, files.green))
  const { green } = files
  const backed = chosen.every((pass) => filesOf(configuration, pair, pass, asked)?.backed === files.backed)
    ? files.backed
    : undefined
  return {
    kind: 'switch',
    server: {
      server,
      title,
      green,
      backed,
      marker: readMarker(configuration, pair, server, { green, backed }),
      hiddenBy: hiddenBy(server, markerPath),
      openFileCache: openFileCache(configuration, server, [green, backed ?? green]),
      passes: chosen,
    },
  }
}

/** Whether a pass leads to blue without the file, and to green with it. */
export function chooses(configuration: Configuration, pair: Pair, pass: Pass, file: string): boolean {
  return leadsTo(configuration, pass, [], pair.names.blue) && leadsOnlyWith(configuration, pass, file, pair.names.green)
}

function filesOf(configuration: Configuration, pair: Pair, pass: Pass, asked: readonly string[]): Files | undefined {
  const green = asked.find((file) => chooses(configuration, pair, pass, file))
  if (green === undefined) return undefined
  const backed = asked.find(
    (file) =>
      leadsTo(configuration, pass, [file], pair.names.blueBacked) &&
      leadsTo(configuration, pass, [green, file], pair.names.greenBacked),
  )
  return { green, backed }
}

function invertedBy(
  configuration: Configuration,
  pair: Pair,
  pass: Pass,
  asked: readonly string[],
): string | undefined {
  if (!leadsTo(configuration, pass, [], pair.names.green)) return undefined
  return asked.find((file) => leadsOnlyWith(configuration, pass, file, pair.names.blue))
}

function leadsTo(configuration: Configuration, pass: Pass, files: readonly string[], upstream: string): boolean {
  return destinations(configuration, pass, new Set(files)).includes(upstream.toLowerCase())
}

/** A request that may choose for itself (by a header, say) must not pass for the file. */
function leadsOnlyWith(configuration: Configuration, pass: Pass, file: string, upstream: string): boolean {
  const without = destinations(configuration, pass, new Set())
  const together = destinations(configuration, pass, new Set([file]))
  return together.includes(upstream.toLowerCase()) && together.join() !== without.join()
}

function readMarker(configuration: Configuration, pair: Pair, server: ServerBlock, files: Files): Marker {
  const arrived = arrivedAtMarker(server)
  const answer = arrived && beforeBreak(arrived).find((directive) => directive.name === 'return')
  if (!arrived || !answer) return { kind: 'absent' }
  const [code = '', text = ''] = answer.args
  const says = (present: readonly string[]) => {
    return textsOf(configuration, [server.directive, arrived], text, new Set(present))
  }
  const states: readonly (readonly [readonly string[], string])[] = [
    [[], pair.names.blue],
    [[files.green], pair.names.green],
    ...(files.backed === undefined
      ? []
      : ([
          [[files.backed], pair.names.blueBacked],
          [[files.green, files.backed], pair.names.greenBacked],
        ] as const)),
  ]
  const told = ([present, name]: readonly [readonly string[], string]) => {
    return says(present).some((said) => said.split(/\r?\n/).includes(name))
  }
  if (code !== '200' || !states.every(told)) return { kind: 'wrong', says: answer.args.join(' ') }
  return { kind: 'right', conditions: conditionsBefore([server.directive, arrived]) }
}

/** The location of the marker, even where something hides it: that is said apart. */
function arrivedAtMarker(server: ServerBlock): Directive | undefined {
  const open = (server.directive.block ?? []).filter(({ name }) => name !== 'return' && name !== 'rewrite')
  const arrived = arrival({ ...server, directive: { ...server.directive, block: open } }, markerPath)
  const internal = arrived.kind === 'location' && arrived.location.block?.some(({ name }) => name === 'internal')
  return arrived.kind === 'location' && !internal ? arrived.location : undefined
}

function textsOf(
  configuration: Configuration,
  blocks: readonly Directive[],
  text: string,
  present: Present,
): readonly string[] {
  const tables = tablesOf(configuration)
  return scopesAfter(blocks, present, tables).flatMap((scope) => valuesOf(text, scope, tables))
}

function conditionsBefore(blocks: readonly Directive[]): readonly string[] {
  const conditions = blocks.flatMap((block) => beforeBreak(block).filter(({ name }) => name === 'if'))
  const answering = conditions.filter((condition) => {
    return condition.block?.some(({ name }) => name === 'return' || name === 'rewrite')
  })
  return answering.map((condition) => conditionOf(condition).join(' '))
}

/** Where a file is asked for in a location, that location's counts. */
function openFileCache(
  configuration: Configuration,
  server: ServerBlock,
  files: readonly string[],
): readonly string[] | undefined {
  const asking = [...walkInside(server)].filter(({ directive }) => {
    return directive.name === 'if' && files.includes(conditionOf(directive)[1] ?? '')
  })
  const caches = asking.map((placed) => effective(configuration, placed, 'open_file_cache')?.args ?? ['off'])
  return caches.find((args) => args[0] !== 'off')
}
