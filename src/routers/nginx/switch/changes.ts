import { lines, type Shell, sh } from '../../../host/quote.ts'
import type { Change, Color, FileEffect, Question, Test } from '../../../release/model.ts'

/** What a switch is made of, as far as its changes need to know. */
export interface SwitchFiles {
  readonly directory: string
  /** The configuration has the `backed` half. */
  readonly backed: boolean
  /** The switch files that are there now. */
  readonly present: ReadonlySet<string>
}

/** Milliseconds for a rename. */
const DEADLINE = 10_000

/**
 * Readies the files, so that the flip itself is nothing but a rename: it needs no disk space, and no half of it can
 * be seen. A `backed` that an earlier run left is put away, and stays so: the idle color has proven nothing yet. The undo
 * removes the files that were missing.
 */
export function prepareSwitch({ directory, backed, present }: SwitchFiles): readonly Change[] {
  const missing = [...(backed ? ['backed'] : []), 'green'].filter(
    (name) => !present.has(name) && !present.has(`${name}.off`),
  )
  if (missing.length === 0 && !present.has('backed')) return []
  return [
    {
      kind: 'change',
      phase: 'prepare',
      title: 'Ready the switch files',
      on: 'all proxies',
      reason: 'state-directory',
      effect: {
        does: [
          ...missing.map((name) => `Makes ${directory}/${name}.off, empty`),
          ...(present.has('backed') ? [`Puts ${directory}/backed away`] : []),
        ].join('; '),
        ...(missing.length > 0 && { undoes: 'Removes what it made' }),
      },
      do: {
        shell: lines(
          sh`set -e; cd ${directory}`,
          ...missing.map((name) => sh`[ -e ${name} ] || { : > ${`${name}.off`}; chmod 0644 ${`${name}.off`}; }`),
          putAway('backed'),
        ),
        deadline: DEADLINE,
      },
      ...(missing.length > 0 && {
        undo: {
          shell: lines(
            sh`[ -d ${directory} ] || exit 0`,
            sh`cd ${directory} && rm -f ${missing.map((name) => `${name}.off`)}`,
          ),
          deadline: DEADLINE,
        },
      }),
    },
  ]
}

/** Renames the switch file. `proof` and `restored` hold the questions for `/.blue-green`. */
export function flipSwitch(
  { directory, backed }: SwitchFiles,
  from: Color,
  to: Color,
  asked: (color: Color) => readonly Question[],
  holds: NonNullable<Change['holds']>,
): Change {
  const cover = backed ? [bring('backed')] : []
  const uncover = backed ? [putAway('backed')] : []
  return {
    kind: 'change',
    phase: 'traffic',
    title: `Flip the switch from ${from} to ${to}`,
    on: 'all proxies',
    reason: 'flip-without-effect',
    effect: {
      does: backed ? 'Covers the flip by the previous color, and renames the switch file' : 'Renames the switch file',
      undoes: 'Renames it back, once the previous color answers',
      files: renamed(directory, to, cover.length > 0),
    },
    // Covered first: there is no moment in which the new color is asked, and nobody else where it fails.
    do: { shell: lines(sh`cd ${directory} || exit 1`, ...cover, choose(to)), deadline: DEADLINE },
    undo: { shell: lines(sh`cd ${directory} || exit 1`, choose(from), ...uncover), deadline: DEADLINE },
    manualUndo: sh`cd ${directory} && { ${renames(from, backed)} }`.text,
    holds,
    proof: seen(asked(to)),
    undoProof: seen(asked(from)),
  }
}

/** After the confirmation an old version must never answer unnoticed. */
export function finalizeSwitch({ directory, backed }: SwitchFiles): readonly Change[] {
  if (!backed) return []
  return [
    {
      kind: 'change',
      phase: 'retire',
      title: 'Stop falling back to the previous color',
      on: 'all proxies',
      reason: 'command-failed',
      effect: {
        does: 'Puts the file `backed` away',
        files: [{ kind: 'renamed', path: `${directory}/backed`, to: `${directory}/backed.off` }],
      },
      do: { shell: lines(sh`cd ${directory} || exit 1`, putAway('backed')), deadline: DEADLINE },
    },
  ]
}

function renamed(directory: string, to: Color, backed: boolean): readonly FileEffect[] {
  const [on, off] = [`${directory}/green`, `${directory}/green.off`]
  const [path, next] = to === 'green' ? [off, on] : [on, off]
  const cover = { kind: 'renamed', path: `${directory}/backed.off`, to: `${directory}/backed` } as const
  return [...(backed ? [cover] : []), { kind: 'renamed', path, to: next }]
}

/** Every worker must have noticed: with `open_file_cache` each keeps a memory of its own. */
function seen(questions: readonly Question[]): Test {
  return {
    kind: 'until',
    probe: { questions, successes: 5, interval: 200, spacing: 0, deadline: DEADLINE },
    reason: 'flip-without-effect',
  }
}

/** What a person types; a rename that is done already fails, and does no harm. */
function renames(color: Color, backed: boolean): Shell {
  const flip = color === 'green' ? sh`mv green.off green;` : sh`mv green green.off;`
  return backed ? sh`${flip} mv backed backed.off;` : flip
}

function choose(color: Color): Shell {
  return color === 'green' ? bring('green') : putAway('green')
}

/** Somebody may have removed the file that was to be renamed. */
function bring(name: string): Shell {
  return sh`[ -e ${name} ] || mv -f ${`${name}.off`} ${name} 2>/dev/null || ( umask 022; : >${name} ) || exit 1`
}

function putAway(name: string): Shell {
  return sh`[ ! -e ${name} ] || mv -f ${name} ${`${name}.off`} || exit 1`
}
