import { sha256 } from '../../base/hash.ts'
import { lines, type Shell, sh, words } from '../../host/quote.ts'
import { type Block, type FileChange, shell } from '../finding.ts'
import { editedText, editingCommands } from './file-text.ts'
import { liveChange, type SiteQuestion, variable } from './live-change.ts'

/** What is done about changed files. */
export interface Carrying {
  /** Ends with another code than 0 where the files are not right: then they become what they were. */
  readonly verify: Shell
  /** Lets them take effect; absent if they do not. */
  readonly load?: Shell
  /** Lets those that were put back take effect; the same unless given. */
  readonly unload?: Shell
  /** What has to answer afterwards as it did before. */
  readonly sites?: readonly SiteQuestion[]
  /** Folder for the originals; absent: next to each file. */
  readonly originals?: string
}

/**
 * A block that changes files as they were seen, all of them or none: it does nothing where that is done already, or
 * where a file is another by now. Nothing of a file but what changes stands in it; the original stays.
 */
export function changeBlock(
  changes: readonly FileChange[],
  { verify, load, unload, sites = [], originals }: Carrying,
): Block {
  const files = changes.map(({ file, edits }, i) => ({
    path: file.path,
    kept: keptAs(file, originals),
    at: variable(`file${i + 1}`),
    keeping: variable(`kept${i + 1}`),
    was: sha256(file.text),
    is: sha256(editedText(file.text, edits)),
    making: editingCommands(file.text, edits),
  }))
  const all = (each: (file: (typeof files)[number]) => Shell, by: string): Shell => words(files.map(each), by)
  const text = lines(
    sh`(`,
    sh`set -eu; LC_ALL=C; export LC_ALL; umask 077`,
    sh`sum() { sha256sum <"$1" | cut -c 1-64; }`,
    sh`if ${all(({ path, is }) => sh`[ "$(sum ${path})" = ${is} ]`, ' && ')}; then`,
    sh`  echo 'This is done already.'; exit 0`,
    sh`elif ${all(({ path, was }) => sh`[ "$(sum ${path})" != ${was} ]`, ' || ')}; then`,
    sh`  echo 'The file is not what was seen any more. Run the check again.' >&2; exit 1`,
    sh`fi`,
    liveChange({
      files,
      change: lines(
        ...files.flatMap(({ at, keeping, making }) => [
          sh`set -- ${at.value}`,
          sh`{`,
          making,
          sh`} >${keeping.withNew}`,
        ]),
        ...files.map(({ at, keeping }) => sh`cat ${keeping.withNew} >${at.value}; rm ${keeping.withNew}`),
      ),
      verify,
      ...(load !== undefined && { load }),
      ...(unload !== undefined && { unload }),
      sites,
    }),
    sh`)`,
  ).text
  return shell(originals === undefined && changes.every(({ file }) => file.writable) ? 'host' : 'host as root', text)
}

/** Where a block keeps a file as it was. */
export function keptAs({ path, text }: FileChange['file'], originals: string | undefined): string {
  const place = originals === undefined ? path : `${originals}/${path.slice(1).replaceAll('/', '__')}`
  return `${place}.before-${sha256(text).slice(0, 8)}`
}
