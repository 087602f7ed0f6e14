import { randomUUID } from 'node:crypto'
import { lines, type Shell, sh } from './quote.ts'

/** What one part of a script printed, and how it ended. */
export interface Section {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Sections<Name extends string> {
  readonly shell: Shell
  /** Takes the standard output of the script apart. A part that never ran is undefined. */
  read(stdout: string): Readonly<Record<Name, Section | undefined>>
}

/**
 * Many questions in one round trip: each part runs in a subshell of its own, and what it prints is kept apart by a
 * random word that nothing on the host can know.
 * @param before runs first, in the shell itself: what it assigns, all parts can read
 * @param meanwhile a part that reads nothing of that, and takes long: it runs alongside all others
 */
export function sections<Name extends string>(
  parts: Readonly<Record<Name, Shell>>,
  before: Shell = sh``,
  meanwhile?: NoInfer<Name>,
): Sections<Name> {
  const word = randomUUID()
  const names = Object.keys(parts) as Name[]
  const part = (name: Name): Shell =>
    lines(
      sh`printf '%s out %s\n' ${word} ${name}`,
      sh`error=$( { (`,
      parts[name],
      sh`) </dev/null; } 2>&1 1>&3 ); code=$?`,
      sh`printf '\n%s err %s\n%s\n%s end %s %s\n' ${word} ${name} "$error" ${word} ${name} "$code"`,
    )
  const others = lines(before, sh`exec 3>&1`, ...names.filter((name) => name !== meanwhile).map(part))
  const shell =
    meanwhile === undefined
      ? others
      : lines(
          sh`( exec 3>&1`,
          part(meanwhile),
          sh`) & others=$(`,
          others,
          sh`echo x )`,
          sh`wait; printf '%s' "\${others%x}"`,
        )
  return {
    shell,
    read(stdout) {
      const found = {} as Record<Name, Section | undefined>
      for (const name of names) found[name] = section(stdout, word, name)
      return found
    },
  }
}

function section(stdout: string, word: string, name: string): Section | undefined {
  const [out, err, end] = [`${word} out ${name}\n`, `\n${word} err ${name}\n`, `\n${word} end ${name} `]
  const [outAt, errAt, endAt] = [stdout.indexOf(out), stdout.indexOf(err), stdout.indexOf(end)]
  if (outAt < 0 || errAt < 0 || endAt < 0) return undefined
  return {
    stdout: stdout.slice(outAt + out.length, errAt),
    stderr: stdout.slice(errAt + err.length, endAt).trim(),
    code: Number.parseInt(stdout.slice(endAt + end.length), 10),
  }
}
