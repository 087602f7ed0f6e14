import { sha256 } from '../base/hash.ts'
import type { HostName, Script } from '../host/host.ts'
import type { Change, Check, Confirm, FileEffect, Item } from './model.ts'

/** One item of a plan as the report has it: what a change is, and by their hashes the very scripts that would run. */
export type PlannedItem =
  | { readonly kind: 'check' | 'confirm'; readonly title: string }
  | {
      readonly kind: 'change'
      readonly phase: Change['phase']
      readonly title: string
      readonly on: string
      readonly hosts: readonly HostName[]
      readonly does: string
      /** Absent: nothing undoes it. */
      readonly undoes?: string
      readonly files?: readonly FileEffect[]
      readonly do: ScriptHash
      readonly undo?: ScriptHash
    }

/** SHA-256 of a script: what it says may hold a password. */
export interface ScriptHash {
  readonly sha256: string
}

/** The list that would run, in its order. `hostsOf` names the machines of a group. */
export function plannedItems(
  items: readonly Item[],
  hostsOf: (on: Change['on']) => readonly HostName[],
): readonly PlannedItem[] {
  return items.map((item) => (item.kind === 'change' ? plannedChange(item, hostsOf(item.on)) : titled(item)))
}

/** The same for a person: each item with where, what, its undo, and what becomes of files. */
export function planLines(items: readonly PlannedItem[]): readonly string[] {
  return items.flatMap((item, i) => {
    const number = `${i + 1}.`.padStart(3)
    if (item.kind !== 'change') return [`${number} ${item.title}  (${item.kind})`]
    const undo = item.undoes === undefined ? [] : [`undo: ${item.undoes}`]
    const files = (item.files ?? []).flatMap(fileLines)
    const told = [`does: ${item.does}`, ...undo, ...files].map((line) => `      ${line}`)
    return [`${number} ${item.title}  (${item.phase}, on ${item.hosts.join(', ')})`, ...told]
  })
}

function plannedChange(change: Change, hosts: readonly HostName[]): PlannedItem {
  const { kind, phase, title, on, effect } = change
  const { does, undoes, files } = effect ?? { does: title }
  return {
    ...{ kind, phase, title, on, hosts, does },
    ...(undoes !== undefined && { undoes }),
    ...(files && { files }),
    do: hashOf(change.do),
    ...(change.undo && { undo: hashOf(change.undo) }),
  }
}

function titled({ kind, title }: Check | Confirm): PlannedItem {
  return { kind, title }
}

function hashOf({ shell }: Script): ScriptHash {
  return { sha256: sha256(shell.text) }
}

function fileLines(file: FileEffect): readonly string[] {
  switch (file.kind) {
    case 'lines':
      return [
        `file: ${file.path} (SHA-256 ${short(file.before)} → ${short(file.after)})`,
        ...file.lines.flatMap(({ from, to }) => [`  - ${from.trim()}`, `  + ${to.trim()}`]),
      ]
    case 'variables':
      return [
        `file: ${file.path}: ${file.names.join(', ')}${file.before === undefined ? '' : ` (SHA-256 now ${short(file.before)})`}`,
      ]
    case 'whole':
      return [`file: ${file.path} (SHA-256 ${short(file.before)} → ${short(file.after)})`]
    case 'renamed':
      return [`file: ${file.path} → ${file.to}`]
  }
}

function short(sum: string | undefined): string {
  return sum === undefined || sum === '' ? 'none' : `${sum.slice(0, 12)}…`
}
