/** A piece of POSIX sh. Made only here, so that no value reaches a shell unquoted. */
export interface Shell {
  readonly text: string
}

type Value = string | number | readonly string[] | Shell

/**
 * POSIX sh with its values quoted: a string or number becomes one word, a list becomes one word an item, and
 * a `Shell` stands as it is.
 */
export function sh(strings: TemplateStringsArray, ...values: readonly Value[]): Shell {
  return { text: strings.reduce((text, part, i) => text + part + (i < values.length ? piece(values[i]) : ''), '') }
}

/** A path on the host as one word: a relative one begins in the home directory, wherever the script has gone meanwhile. */
export function fromHome(text: string): Shell {
  if (text.startsWith('/')) return sh`${text}`
  const below = text.replace(/^(?:\.\/+)+/, '')
  return below === '' || below === '.' ? sh`~` : sh`~/${below}`
}

/** What a user wrote to be run by a shell (a hook, the `nginx` input): stands as it is. */
export function userCommand(text: string): Shell {
  return { text }
}

/** The variable in which a text comes to `runVariable`. */
export const COMMAND_VARIABLE = 'BLUE_GREEN_COMMAND'

/**
 * What a fresh shell is told by `-c` to run the text of `COMMAND_VARIABLE` as if that had been its argument, which anybody
 * on the machine could read. What it starts does not inherit the text.
 */
export const runVariable = `eval "unset ${COMMAND_VARIABLE}; $${COMMAND_VARIABLE}"`

/** One command a line. */
export function lines(...parts: readonly Shell[]): Shell {
  return { text: parts.map((part) => part.text).join('\n') }
}

/** Pieces of one line, with `by` between them. */
export function words(parts: readonly Shell[], by = ' '): Shell {
  return { text: parts.map(({ text }) => text).join(by) }
}

/** A command that prints a text as it is, a line end at its end, or writes it into a file. */
export function hereDocument(text: string, file?: string): Shell {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const taken = body.split('\n')
  let end = 'END'
  while (taken.includes(end)) end += '_'
  const into = file === undefined ? '' : ` >${quote(file)}`
  return { text: `cat${into} <<'${end}'\n${body}\n${end}` }
}

function piece(value: Value | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return quote(String(value))
  return 'text' in value ? value.text : value.map(quote).join(' ')
}

/** One word for a POSIX shell. A NUL cannot be part of one. */
function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('A shell word cannot contain a NUL character.')
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Goes to a folder of the user's, also from there, or ends with a sentence. */
export function enterFolder(directory: string): Shell {
  return sh`cd -- ${fromHome(directory)} 2>/dev/null || { echo ${`The folder ${directory} cannot be entered; correct \`directory\`.`} >&2; exit 1; }`
}

/** A command of the user's, run in a folder of theirs with these variables. */
export function userScript(directory: string, command: string, variables: Readonly<Record<string, string>>): Shell {
  return lines(
    enterFolder(directory),
    ...Object.entries(variables).map(([name, value]) => sh`export ${`${name}=${value}`}`),
    // A shell of its own: what the command sets or traps must not touch what surrounds it. It ends at the first line
    // that fails, as a `run:` of a workflow does: a migration that failed must not pass for one that did its work.
    sh`export ${`${COMMAND_VARIABLE}=${command}`}; exec sh -e -c ${runVariable}`,
  )
}
