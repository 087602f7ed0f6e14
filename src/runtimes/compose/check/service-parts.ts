import type { Edit, FileChange } from '../../../checking/finding.ts'
import type { ComposeContext } from './context.ts'
import { changeService, copyService, type Wish } from './edit.ts'
import type { ComposeText, WrittenService } from './text.ts'

/** What one of several compose files writes of a service. */
export interface Part {
  readonly text: ComposeText
  readonly written: WrittenService
}

/** A service as the compose files write it, in the order in which compose reads them; the last one holds. */
export function partsOf(texts: readonly ComposeText[], name: string): readonly Part[] {
  return texts.flatMap((text) => {
    const written = text.services.get(name)
    return written === undefined ? [] : [{ text, written }]
  })
}

/** Makes a service what is wished, in whatever files it stands. Undefined if that cannot be done by its text. */
export function changeParts(parts: readonly Part[], wish: Wish): readonly FileChange[] | undefined {
  return inEach(parts, wish, changeService)
}

/** Writes a service once more as is wished, in the same files. Undefined if that cannot be done by its text. */
export function copyParts(parts: readonly Part[], wish: Wish): readonly FileChange[] | undefined {
  return inEach(parts, wish, (written, own) => {
    const copy = copyService(written, own)
    return copy && [copy]
  })
}

/** The image as it is written where that holds. */
export function imageOfParts(parts: readonly Part[], name: string): string | undefined {
  return parts.map(({ text }) => text.imageOf(name)).findLast((image) => image !== undefined)
}

/** All keys that any of the files writes for the service. */
export function keysOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ written }) => written.keys)
}

type Making = (written: WrittenService, wish: Wish) => readonly Edit[] | undefined

function inEach(parts: readonly Part[], wish: Wish, make: Making): readonly FileChange[] | undefined {
  const wishes = spread(parts, wish)
  if (wishes === undefined || parts.length === 0) return undefined
  const changes = parts.map(({ text, written }, i): FileChange | undefined => {
    const edits = make(written, wishes[i] ?? {})
    return edits && { file: text.file, edits }
  })
  return changes.every((change) => change !== undefined) ? changes.filter(({ edits }) => edits.length > 0) : undefined
}

/** What is wished of each part: a setting is changed where it holds, and what none has yet goes into the first. */
function spread(parts: readonly Part[], wish: Wish): readonly Wish[] | undefined {
  if (parts.length < 2) return [wish]
  const has = (key: string) => (i: number) => parts[i]?.written.keys.includes(key) === true
  const all = parts.map((_, i) => i)
  const first = all.find((i) => parts[i]?.written.flow === false) ?? 0
  const [image, volumes] = [all.findLast(has('image')) ?? first, all.findLast(has('volumes')) ?? first]
  const networked = all.filter(has('networks'))
  const ports = portsOfEach(parts, wish.ports ?? [], first)
  if (ports === undefined || (wish.network !== undefined && networked.length > 1)) return undefined
  return all.map((i): Wish => {
    const own = ports[i] ?? []
    return {
      ...(wish.name !== undefined && { name: wish.name }),
      ...(wish.image !== undefined && i === image && { image: wish.image }),
      ...(own.length > 0 && { ports: own }),
      ...(wish.addedPort !== undefined && i === first && { addedPort: wish.addedPort }),
      ...(wish.withoutContainerName && { withoutContainerName: true }),
      ...(wish.withoutAliases && has('networks')(i) && { withoutAliases: wish.withoutAliases }),
      ...(wish.network !== undefined && i === (networked[0] ?? first) && { network: wish.network }),
      ...(wish.volume !== undefined && i === volumes && { volume: wish.volume }),
      ...(wish.added !== undefined && i === first && { added: wish.added }),
    }
  })
}

/** Compose puts the lists of all files one behind the other. */
function portsOfEach(
  parts: readonly Part[],
  ports: NonNullable<Wish['ports']>,
  first: number,
): readonly NonNullable<Wish['ports']>[] | undefined {
  const counts = parts.map(({ written }) => written.ports.length)
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return parts.map((_, i) => (i === first ? ports : []))
  if (ports.length > 0 && all !== ports.length) return undefined
  return counts.map((count, i) => {
    const before = counts.slice(0, i).reduce((sum, each) => sum + each, 0)
    return ports.slice(before, before + count)
  })
}

/** The text of the one compose file that has this service. */
export function writtenService(texts: readonly ComposeText[], name: string): Part | undefined {
  const found = partsOf(texts, name)
  return found.length === 1 ? found[0] : undefined
}

/** The image of a service as the compose files write it, else as compose prints it. */
export function imageAsWritten({ texts, compose }: ComposeContext, service: string): string | undefined {
  return imageOfParts(partsOf(texts, service), service) ?? compose?.writtenImages?.get(service)
}
