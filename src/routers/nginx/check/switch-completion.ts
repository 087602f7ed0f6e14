import { editedText } from '../../../checking/edits/file-text.ts'
import type { Edit, FileChange } from '../../../checking/finding.ts'
import { COLORS, otherThan } from '../../../release/model.ts'
import { normalizeAddress } from '../config/address.ts'
import { type Configuration, parseConfiguration, type ServerBlock } from '../config/configuration.ts'
import type { Directive } from '../config/syntax.ts'
import { findUpstream } from '../config/upstream.ts'
import { conditionOf } from '../config/variables.ts'
import { type PairNames, pairNames, readPair } from '../route/pair.ts'
import { markerPath, readSwitchServer } from '../switch/server.ts'
import { openHidden } from './hidden.ts'
import type { Leads } from './pass-table.ts'
import type { ReachingPass } from './passes.ts'
import { before, erase, Impossible, inside, type Read, spotOf } from './spots.ts'
import { addPasses, collecting, type SwitchEdit } from './switch-edit.ts'
import { type SwitchParts, switchChoice, switchUpstreams, variableOf } from './switch-text.ts'

/**
 * Half a switch made whole: what is right stays, the rest of it is written again, and every pass that reaches the
 * application goes through it.
 * @param all those that reach it
 */
export function completeSwitch(
  seen: Read,
  all: readonly ReachingPass[],
  parts: SwitchParts,
  leads: Leads = (to) => Object.values(parts.addresses).includes(to),
): SwitchEdit {
  return collecting(seen, ({ fileOf, add }) => {
    const { configuration } = seen
    const names = pairNames(parts.upstream)
    const { servers, passes, remarks: opened } = openHidden(configuration, all, { fileOf, add })
    const [first] = servers
    if (first === undefined) throw new Impossible('no server block sends requests to the application')
    const own = (server: ServerBlock) => passes.filter(({ pass }) => pass.server.directive === server.directive)
    const halves = servers.filter((server) => !isWhole(configuration, server, own(server), parts))
    // All of them ask for the `backed` half, or none does.
    const half =
      halves.length === 0
        ? []
        : servers.filter((each) => halves.includes(each) || !isBacked(configuration, each, parts))
    const lines = switchUpstreams(parts)
    const wrong = namesOf(names).flatMap((name, i) => {
      const needed = i < COLORS.length || half.length > 0 || findUpstream(configuration, name) !== undefined
      return !needed || isRight(configuration, parts, name) ? [] : [{ name, line: lines[i] ?? '' }]
    })
    for (const { name } of wrong) {
      const block = findUpstream(configuration, name)
      if (block) add(fileOf(block.file), ...erase(fileOf(block.file), block.range))
    }
    const top = fileOf(first.directive.file)
    if (wrong.length > 0)
      add(
        top,
        before(
          spotOf(top, first.directive.range.start),
          wrong.map(({ line }) => line),
        ),
      )
    for (const server of half) {
      const file = fileOf(server.directive.file)
      for (const old of remainsOf(server, parts)) add(fileOf(old.file), ...erase(fileOf(old.file), old.range))
      add(file, inside(file, server, switchChoice(parts)))
    }
    addPasses(seen, half.flatMap(own), parts, leads, { fileOf, add })
    return opened
  })
}

/** As Nginx would read it after the changes. */
export function readAfter(seen: Read, changes: readonly FileChange[]): Read {
  const edits = new Map<string, readonly Edit[]>(changes.map(({ file, edits }) => [file.path, edits]))
  const files = seen.configuration.files.map(({ path, text }) => {
    const place = seen.files.get(path)?.path ?? path
    const change = changes.find(({ file }) => file.path === place || (file.text === text && edits.has(file.path)))
    return { path, text: change === undefined ? text : editedText(text, change.edits) }
  })
  return { ...seen, configuration: parseConfiguration(files), loaded: { kind: 'loaded', master: 0, touched: [] } }
}

function namesOf({ blue, green, blueBacked, greenBacked }: PairNames): readonly string[] {
  return [blue, green, blueBacked, greenBacked]
}

/** Whether an upstream block has the addresses that it must have, whatever else it has. */
function isRight(configuration: Configuration, { upstream, addresses }: SwitchParts, name: string): boolean {
  const servers = (findUpstream(configuration, name)?.servers ?? []).filter(({ down }) => !down)
  const has = servers.map(({ address, backup }) => `${normalizeAddress(address)}${backup ? ' backup' : ''}`).sort()
  const names = pairNames(upstream)
  return COLORS.some((color) => {
    const own = normalizeAddress(addresses[color])
    const backed = [own, `${normalizeAddress(addresses[otherThan(color)])} backup`].sort()
    return (
      (name === names[color] && has.join() === own) ||
      (name === names[`${color}Backed`] && has.join() === backed.join())
    )
  })
}

/** Whether a server block chooses as it must, and all that reaches the application goes by its choice. */
function isWhole(
  configuration: Configuration,
  server: ServerBlock,
  own: readonly ReachingPass[],
  { upstream, stateDirectory }: SwitchParts,
): boolean {
  const read = readSwitchServer(configuration, readPair(configuration, upstream), server)
  if (read.kind !== 'switch') return false
  const { green, backed, marker, hiddenBy: hidden, openFileCache, passes } = read.server
  const all = own.every(({ pass }) => passes.some(({ directive }) => directive === pass.directive))
  const files = green === `${stateDirectory}/green` && (backed === undefined || backed === `${stateDirectory}/backed`)
  return all && files && marker.kind === 'right' && hidden === undefined && openFileCache === undefined
}

function isBacked(configuration: Configuration, server: ServerBlock, { upstream }: SwitchParts): boolean {
  const read = readSwitchServer(configuration, readPair(configuration, upstream), server)
  return read.kind === 'switch' && read.server.backed !== undefined
}

/** What is there of a choice, and would be in the way of another. */
function remainsOf({ directive }: ServerBlock, { upstream }: SwitchParts): readonly Directive[] {
  const name = variableOf(upstream)
  const own = [`$${name}_color`, `$${name}_upstream`]
  const children = directive.block ?? []
  // What a location sets comes after what its server block does.
  const locations = children.filter(({ name, args }) => name === 'location' && args.join(' ') !== marked)
  const inner = locations.flatMap(({ block = [] }) => block.filter((child) => sets(child, own)))
  return [...children.filter((child) => sets(child, own) || isPart(child)), ...inner]
}

const marked = `= ${markerPath}`

function sets({ name, args }: Directive, variables: readonly string[]): boolean {
  return name === 'set' && variables.includes(args[0] ?? '')
}

function isPart(directive: Directive): boolean {
  const { name, args, block = [] } = directive
  if (name === 'open_file_cache') return true
  if (name === 'location') return args.join(' ') === marked
  if (name !== 'if') return false
  const [test = '', path = ''] = conditionOf(directive)
  const asks = /^!?-[fe]$/.test(test) && /\/(green|blue|backed)$/.test(path)
  return asks && block.every((child) => child.name === 'set')
}
