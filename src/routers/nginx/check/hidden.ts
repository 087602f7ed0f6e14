import type { Edit, SeenFile } from '../../../checking/finding.ts'
import { type Configuration, positionOf, type ServerBlock } from '../config/configuration.ts'
import type { Directive } from '../config/syntax.ts'
import { hiddenBy } from '../config/usage.ts'
import { markerPath } from '../switch/server.ts'
import type { ReachingPass } from './passes.ts'
import { erase, Impossible, spotOf } from './spots.ts'

/** Collects edits, by file. */
export interface Collecting {
  /** @throws Impossible where it is not on the host. */
  readonly fileOf: (path: string) => SeenFile
  readonly add: (file: SeenFile, ...more: readonly Edit[]) => void
}

/** What is left once nothing answers before `/.blue-green` does. */
interface Opened {
  readonly servers: readonly ServerBlock[]
  readonly passes: readonly ReachingPass[]
  readonly remarks: readonly string[]
}

/**
 * Takes out the locations that no request reaches, since a `return` of their server block comes first; and lets a
 * `rewrite` of a server block pass over `/.blue-green`.
 * @throws Impossible where nothing would be left, or a pass is in no location
 */
export function openHidden(
  configuration: Configuration,
  passes: readonly ReachingPass[],
  { fileOf, add }: Collecting,
): Opened {
  const all = [...new Map(passes.map(({ pass }) => [pass.server.directive, pass.server])).values()]
  const dead = new Map<Directive, Directive>()
  for (const server of all) {
    const hidden = hiddenBy(server, markerPath)
    if (hidden?.name === 'return') dead.set(server.directive, hidden)
    if (hidden?.name !== 'rewrite') continue
    const file = fileOf(server.directive.file)
    for (const rewrite of (server.directive.block ?? []).filter(({ name }) => name === 'rewrite')) {
      if (rewrite.file !== server.directive.file) throw new Impossible(hiddenSentence(configuration, hidden))
      const [from, to] = [spotOf(file, rewrite.range.start), spotOf(file, rewrite.range.end)]
      add(
        file,
        { kind: 'replace', line: from.line, column: from.column, old: '', text: `if ($uri != ${markerPath}) { ` },
        { kind: 'replace', line: to.line, column: to.column, old: '', text: ' }' },
      )
    }
  }
  const servers = all.filter(({ directive }) => !dead.has(directive))
  const [first] = dead.values()
  if (servers.length === 0 && first !== undefined) throw new Impossible(hiddenSentence(configuration, first))
  const gone = new Set<string>()
  const place = ({ file, range }: Directive) => `${file}:${range.start}`
  const alive = new Set(passes.flatMap(({ pass }) => (dead.has(pass.server.directive) ? [] : [place(pass.directive)])))
  for (const { pass } of passes) {
    const hidden = dead.get(pass.server.directive)
    // What another block includes as well is reached there.
    if (hidden === undefined || alive.has(place(pass.directive))) continue
    const location = locationAround(pass.server.directive, pass.directive)
    if (location === undefined) throw new Impossible(hiddenSentence(configuration, hidden))
    if (!gone.has(place(location))) add(fileOf(location.file), ...erase(fileOf(location.file), location.range))
    gone.add(place(location))
  }
  return {
    servers,
    passes: passes.filter(({ pass }) => !dead.has(pass.server.directive)),
    remarks: [...dead.values()].map(
      (hidden) =>
        `The locations below \`${writtenAs(hidden)}\` in ${positionOf(configuration, hidden)} are taken out: no request reaches them.`,
    ),
  }
}

function hiddenSentence(configuration: Configuration, hidden: Directive): string {
  return `\`${writtenAs(hidden)}\` in ${positionOf(configuration, hidden)} answers before any location does: put it into a location (\`location / { ${writtenAs(hidden)}; }\`), or take it out`
}

function writtenAs({ name, args }: Directive): string {
  return [name, ...args].join(' ')
}

/** The outermost one. */
function locationAround(server: Directive, inner: Directive): Directive | undefined {
  return (server.block ?? []).find(
    ({ name, file, range }) =>
      name === 'location' && file === inner.file && range.start < inner.range.start && inner.range.end <= range.end,
  )
}
