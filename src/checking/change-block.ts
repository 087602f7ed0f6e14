import { lines, type Shell, sh, userCommand, words } from '../host/quote.ts'
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
  const files = changes.map(({ file, edits }, i) => {
    const [was, is] = [sumOf(file.text), sumOf(editedText(file.text, edits))]
    const number = changes.length === 1 ? '' : String(i + 1)
    const [name, kept] = [variable(`file${number}`), variable(`kept${number}`)]
    const path = `${originals}/${file.path.replace(/^.*\//, '')}.before-${was.slice(0, 8)}`
    const beside = sh`${name.plain}.before-${was.slice(0, 8)}`
    return {
      name,
      kept,
      names: lines(
        sh`${name.itself}=${file.path}`,
        sh`${kept.itself}=${originals === undefined ? beside : sh`${path}`}`,
      ),
      was,
      is,
      making: editingCommands(file.text, edits),
    }
  })
  const all = (each: (file: (typeof files)[number]) => Shell, by: string): Shell => words(files.map(each), by)
  const text = lines(
    sh`(`,
    sh`set -eu; LC_ALL=C; export LC_ALL; umask 077`,
    ...files.map(({ names }) => names),
    sh`sum() { sha256sum <"$1" | cut -c 1-64; }`,
    sh`if ${all(({ name, is }) => sh`[ "$(sum ${name.value})" = ${is} ]`, ' && ')}; then`,
    sh`  echo 'This is done already.'; exit 0`,
    sh`elif ${all(({ name, was }) => sh`[ "$(sum ${name.value})" != ${was} ]`, ' || ')}; then`,
    sh`  echo 'The file is not what was seen any more. Run the check again.' >&2; exit 1`,
    sh`fi`,
    ...(originals === undefined ? [] : [sh`mkdir -p ${originals}`]),
    ...files.flatMap(({ name, kept, making }) => [
      sh`cp -p ${name.value} ${kept.value}`,
      sh`set -- ${name.value}`,
      sh`{`,
      making,
      sh`} >${kept.withNew}`,
    ]),
    ...files.map(({ name, kept }) => sh`cat ${kept.withNew} >${name.value}; rm ${kept.withNew}`),
    sh`if ! { ${verify}; }; then`,
    ...files.map(({ name, kept }) => sh`  cat ${kept.value} >${name.value}`),
    sh`  echo 'That was refused, and everything is as it was.' >&2; exit 1`,
    sh`fi`,
    ...(afterwards === undefined ? [] : [afterwards]),
    sh`echo "Done. As it was before: ${all(({ kept }) => kept.plain, ', ')}"`,
    sh`)`,
  ).text
  return shell(originals === undefined && changes.every(({ file }) => file.writable) ? 'host' : 'host as root', text)
}

/** A variable of the script: its name, and what stands for its value. */
function variable(name: string) {
  const itself = userCommand(name)
  return { itself, plain: sh`$${itself}`, value: sh`"$${itself}"`, withNew: sh`"$${itself}.new"` }
}
