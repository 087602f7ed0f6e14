import type { SeenFile } from '../../../checking/finding.ts'
import { lines, type Shell, sh } from '../../../host/quote.ts'
import { type ComposeTarget, enter } from '../change/command.ts'
import { showEnvFile } from '../change/env-file.ts'

/** Names that compose looks for if none is given: the first that is there, and the first override that is there. */
const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/** The most compose files that are read. */
const MOST_FILES = 12

/**
 * Prints the compose files in the order in which compose reads them: those that are given, else those of `COMPOSE_FILE`,
 * in the environment or in `.env`, else those that it looks for. One that cannot be read is left out.
 */
export function composeFilesQuestion(target: ComposeTarget): Shell {
  const known = showEnvFile('.env', ['COMPOSE_FILE', 'COMPOSE_PATH_SEPARATOR'], 'env')
  const found =
    target.files.length > 0
      ? sh`printf '%s\\n' ${target.files}`
      : lines(
          sh`set=$(${known})`,
          sh`list=\${COMPOSE_FILE:-$(printf '%s\\n' "$set" | sed -n 's/^env COMPOSE_FILE //p')}`,
          sh`by=\${COMPOSE_PATH_SEPARATOR:-$(printf '%s\\n' "$set" | sed -n 's/^env COMPOSE_PATH_SEPARATOR //p')}`,
          sh`first() { for name; do if [ -f "$name" ]; then printf '%s\\n' "$name"; return; fi; done; }`,
          sh`if [ -n "$list" ]; then printf '%s\\n' "$list" | tr "\${by:-:}" '\\n'`,
          sh`else first ${NAMES}; first ${OVERRIDES}; fi`,
        )
  return lines(
    sh`( ${enter(target)} ) 2>/dev/null || exit 0`,
    enter(target),
    sh`{`,
    found,
    sh`} | head -n ${MOST_FILES} | while IFS= read -r file; do`,
    sh`  [ -f "$file" ] && [ -r "$file" ] || continue`,
    sh`  path=$(cd -- "$(dirname -- "$file")" && pwd)/$(basename -- "$file"); how=read-only`,
    sh`  [ ! -w "$file" ] || [ ! -w "$(dirname -- "$file")" ] || how=writable`,
    sh`  printf 'file %s %s\\n' "$how" "$path"; { cat "$file"; echo x; } | sed 's/^/| /'`,
    sh`done`,
  )
}

/** Prints files next to the compose files, or named in them, that the user may not read: as they are, behind any link. */
export function unreadableQuestion(target: ComposeTarget): Shell {
  return lines(
    sh`( ${enter(target)} ) 2>/dev/null || exit 0`,
    enter(target),
    sh`{ printf '%s\n' .env .env.* *.env *.yaml *.yml; cat -- *.yaml *.yml 2>/dev/null | head -c 200000 | tr -cs 'A-Za-z0-9_./~+-' '\n' | grep '[./]'; } | sort -u | while IFS= read -r file; do`,
    sh`  [ ! -f "$file" ] || [ -r "$file" ] || readlink -f -- "$file"`,
    sh`done | sort -u | head -n 20`,
  )
}

/** Reads what the compose files' question printed. */
export function readComposeFiles(printed: string): readonly SeenFile[] {
  const files: SeenFile[] = []
  for (const each of printed.split(/^(?=file (?:writable|read-only) \/)/m)) {
    const [, how, path = ''] = /^file (writable|read-only) (\/.*)\n/.exec(each) ?? []
    if (how === undefined) continue
    files.push({ path, text: contentOf(each), kind: 'compose', writable: how === 'writable' })
  }
  return files
}

/** The mark at the end says whether the last line was a whole one. */
function contentOf(printed: string): string {
  const lines = printed.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.slice(2)] : []))
  return lines.join('\n').replace(/x$/, '')
}
