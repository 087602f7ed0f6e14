import { seconds } from '../../src/front/actions/log.ts'
import type { Seen } from './acts.ts'
import { table } from './table.ts'

const head = ['release', 'result', 'time', 'requests', 'requests lost']

/** Where to look next: what is there, and what it says. */
const next = [
  ['README.md', 'prepare a host, and a workflow of ten lines'],
  ['docs/flip.md', 'why the flip loses nothing, and what a reload loses'],
  ['docs/reference.md', 'every reason for a refusal, and what the report holds'],
  ['src/release/release.ts', 'the whole release, told once, top to bottom'],
] as const

/** The table at the end. */
export function results(all: readonly Seen[]): readonly string[] {
  const rows = all.map(({ act, result, duration, traffic }) => [
    act.version,
    result,
    seconds(Math.round(duration)),
    traffic?.requests.toLocaleString('en-US') ?? '–',
    traffic === undefined
      ? '–'
      : `${traffic.lost.toLocaleString('en-US')}${ownLosses({ act, traffic }) > 0 ? '*' : ''}`,
  ])
  return table(head, rows, 3)
}

/** What the table leaves open; nothing where no request was lost. */
export function footnotes(all: readonly Seen[]): readonly string[] {
  return all.flatMap(({ act, traffic }) => {
    const own = ownLosses({ act, traffic })
    if (own === 0) return []
    return [
      `* ${own === 1 ? 'A POST' : `${own} POSTs`} that ${act.version} itself answered with 500. Then Nginx fell back to ${act.serves} by itself, ` +
        'until the watch had seen enough and put it back. Every GET was answered well: Nginx repeats a GET on the previous color, never a POST.',
    ]
  })
}

/** What the version itself answered with, and nobody could spare the clients. */
function ownLosses({ act, traffic }: Pick<Seen, 'act'> & { readonly traffic: Seen['traffic'] | undefined }): number {
  return act.owns.reduce((sum, what) => sum + (traffic?.lostBy[what] ?? 0), 0)
}

/** Where to look next. */
export function lookNext(): readonly string[] {
  const width = Math.max(...next.map(([file]) => file.length))
  return next.map(([file, what]) => `${file.padEnd(width)}  ${what}`)
}
