import { lines, type Shell, sh, words } from '../host/quote.ts'
import { editedText, editingCommands, sumOf } from './file-text.ts'
import { type Block, type FileChange, shell } from './finding.ts'

/** What is done about changed files. */
export interface Carrying {
  /** Ends with another code than 0 where the files are not right: then they become what they were. */
  readonly verify: Shell
  /** Runs at the end. */
  readonly afterwards?: Shell
  /** Folder for the originals; absent: beside each file. */
  readonly originals?: string
}

/**
 * A block that changes files as they were seen, all of them or none: it does nothing where that is done already, or
 * where a file is another by now. Nothing of a file but what changes stands in it; the original stays.
 */
export function changeBlock(changes: readonly FileChange[], { verify, afterwards, originals }: Carrying): Block {
  const files = changes.map(({ file, edits }) => {
    const after = editedText(file.text, edits)
    const [was, is] = [sumOf(file.text), sumOf(after)]
    const name = `${file.path.replace(/^.*\//, '')}.before-${was.slice(0, 8)}`
    const folder = originals ?? (file.path.replace(/\/[^/]*$/, '') || '/')
    return { path: file.path, was, is, kept: `${folder}/${name}`, making: editingCommands(file.text, edits) }
  })
  const all = (each: (file: (typeof files)[number]) => Shell, by: string): Shell => words(files.map(each), by)
  const text = lines(
    sh`(`,
    sh`set -eu; LC_ALL=C; export LC_ALL; umask 077`,
    sh`sum() { sha256sum <"$1" | cut -c 1-64; }`,
    sh`if ${all(({ path, is }) => sh`[ "$(sum ${path})" = ${is} ]`, ' && ')}; then echo 'This is done already.'; exit 0; fi`,
    sh`if ${all(({ path, was }) => sh`[ "$(sum ${path})" != ${was} ]`, ' || ')}; then`,
    sh`  echo ${`Not what was seen any more: ${files.map(({ path }) => path).join(', ')}. Run the check again.`} >&2; exit 1`,
    sh`fi`,
    ...(originals === undefined ? [] : [sh`mkdir -p ${originals}`]),
    ...files.flatMap(({ path, kept, making }) => [
      sh`cp -p ${path} ${kept}`,
      sh`set -- ${path} ${kept}`,
      sh`{`,
      making,
      sh`} >"$2.new"`,
    ]),
    ...files.map(({ path, kept }) => sh`cat ${`${kept}.new`} >${path}; rm ${`${kept}.new`}`),
    sh`if ! { ${verify}; }; then`,
    ...files.map(({ path, kept }) => sh`  cat ${kept} >${path}`),
    sh`  echo 'That was refused, and everything is as it was.' >&2; exit 1`,
    sh`fi`,
    ...(afterwards === undefined ? [] : [afterwards]),
    sh`echo ${`Done. As it was before: ${files.map(({ kept }) => kept).join(', ')}`}`,
    sh`)`,
  ).text
  return shell(originals === undefined && changes.every(({ file }) => file.writable) ? 'host' : 'host as root', text)
}
