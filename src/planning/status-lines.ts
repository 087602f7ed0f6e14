import type { ColorStatus, Situation } from './status.ts'

/** A status as tables of plain text. */
export function statusLines({ colors, route, rollback, releases, custody }: Situation): readonly string[] {
  return [
    ...(colors.length === 0
      ? ['The colors could not be looked at.']
      : table(['', 'color', 'version', 'container', 'health'], colors.map(colorCells))),
    '',
    ...pairs([
      ['public route', route ?? 'not asked'],
      ['rollback to', rollback ?? 'unknown'],
      ['lease', custody.lease],
      ['journal', custody.journal],
      ['guard', custody.guard],
    ]),
    '',
    ...(releases.length === 0
      ? ['No release is recorded yet.']
      : table(
          ['last releases', 'color', 'version', '', 'image', 'by'],
          releases.map((entry) => [
            entry.confirmed,
            entry.color,
            entry.version,
            entry.result,
            entry.image.slice(0, 19),
            [entry.actor, entry.run].filter(Boolean).join(' '),
          ]),
        )),
  ]
}

function colorCells({ color, role, version, state, health }: ColorStatus): readonly string[] {
  const missing = state === 'no container'
  // That nothing answers there is as it should be.
  const rests = role === 'idle' && (missing || /^(exited|created|dead) /.test(state))
  return [role, color, version ?? (missing ? 'none' : 'unknown'), state, rests ? 'not running' : health]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((cells) => cells[i]?.length ?? 0)))
  return all.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function pairs(all: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...all.map(([name]) => name.length))
  return all.map(([name, text]) => `${name.padEnd(width)}  ${text}`)
}
