import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { sha256 } from '../base/hash.ts'
import type { Host } from '../host/host.ts'
import { fromHome, lines, type Shell, sh } from '../host/quote.ts'
import type { Change } from '../release/model.ts'
import { refusals } from '../release/reasons.ts'

/** One line of the `upload` input. */
export interface UploadLine {
  readonly local: string
  /** Relative to `directory`. */
  readonly remote: string
}

/** A file of the workspace, as it is to be on the host. */
interface UploadFile {
  readonly remote: string
  readonly content: Buffer
  readonly sum: string
  /** What the host has now; empty where it has none. */
  readonly before?: string
  readonly executable: boolean
}

/** One that is not there yet, or otherwise. */
interface NewFile extends UploadFile {
  /** The uppermost of the folders that will be made for it; empty where its folder is there. */
  readonly made: string
}

/** Bytes of all files together: what a compose file and its settings need, and not what an image is for. */
const MOST = 8 * 1024 * 1024
/** Milliseconds. */
const DEADLINE = 60_000

/** `local` or `local => remote`, relative to the workspace and to `directory`; or what is wrong with it. */
export function parseUpload(line: string): UploadLine | { readonly mistake: string } {
  const [local = '', remote = local, ...more] = line.split('=>').map((part) => part.trim())
  const outside = [local, remote].find(
    (path) => path === '' || path.startsWith('/') || /^\.\.(\/|$)/.test(posix.normalize(path)),
  )
  if (outside === undefined && more.length === 0) return { local, remote: posix.normalize(remote) }
  return {
    mistake: `has the line \`${line}\`; write \`local\` or \`local => remote\`, the first inside the workspace, the second inside \`directory\``,
  }
}

/** Why files cannot be put onto the host. */
export const uploadRefusals = refusals({
  'upload-too-large': (size: number) => ({
    reason: 'upload-failed',
    message: `\`upload\` names ${size} bytes, and at most ${MOST} are put onto a host.`,
    remedy: { text: 'Put what is large into the image.' },
  }),
  'upload-missing': (local: string, cause: unknown) => ({
    reason: 'upload-failed',
    message: `\`upload\` names ${local}, which is not in the workspace.`,
    remedy: { text: 'Is there an `actions/checkout` step before this one?' },
    cause,
  }),
  'upload-leads-out': (local: string) => ({
    reason: 'upload-failed',
    message: `\`upload\` names ${local}, a link that leads out of the workspace.`,
  }),
  'upload-without-folder': (host: string, words: string) => ({
    reason: 'upload-failed',
    message: `${host}: ${words}`,
    remedy: { text: 'Make it, or correct `directory`.' },
  }),
})

export type UploadCode = keyof typeof uploadRefusals

/** Changes that put files onto the host, and what removes afterwards what they kept for their undo. */
export interface Upload {
  readonly changes: readonly Change[]
  readonly forget: readonly Change[]
}

/**
 * Puts files of the workspace into `directory`: only those whose content differs, each whole or not at all. What was there
 * is kept beside it, private, for the undo. A rename leaves a running container the file that it has mounted.
 * @throws Failure where a file of the workspace is missing, or all are too large.
 */
export async function planUpload(
  uploads: readonly UploadLine[],
  workspace: string,
  directory: string,
  host: Host,
  signal: AbortSignal,
): Promise<Upload> {
  const files = (await Promise.all(uploads.map((upload) => filesOf(workspace, upload)))).flat()
  if (files.length === 0) return { changes: [], forget: [] }
  const size = files.reduce((sum, file) => sum + file.content.length, 0)
  if (size > MOST) {
    throw uploadRefusals['upload-too-large'](size)
  }
  const there = await lookOn(host, directory, files, signal)
  const differing = files.flatMap((file, i) => {
    const { sum = '', made = '' } = there[i] ?? {}
    return sum === file.sum ? [] : [{ ...file, made, before: sum }]
  })
  if (differing.length === 0) return { changes: [], forget: [] }
  const kept = differing.map(({ remote }) => lines(place(directory, remote), sh`rm -f -- "$copy" "$absent" "$next"`))
  return {
    changes: [uploadChange(differing, directory)],
    forget: [
      {
        kind: 'change',
        phase: 'retire',
        title: 'Remove what was kept of replaced files',
        on: 'all apps',
        reason: 'command-failed',
        effect: { does: 'Removes the private copies next to them' },
        do: { shell: lines(...kept.map((shell) => sh`( ${shell} )`)), deadline: DEADLINE },
      },
    ],
  }
}

/** All files in one round trip; the first that fails is the last that was tried. */
function uploadChange(files: readonly NewFile[], directory: string): Change {
  const each = (of: readonly NewFile[], work: (file: NewFile) => Shell): Shell =>
    lines(...of.map((file) => lines(sh`(`, place(directory, file.remote), work(file), sh`) || exit 1`)))
  const names = files.map(({ remote, sum }) => `${remote} (SHA-256 ${sum.slice(0, 12)}…)`)
  return {
    kind: 'change',
    phase: 'prepare',
    title: `Put ${names.join(', ')} into ${directory}`,
    on: 'all apps',
    reason: 'upload-failed',
    effect: {
      does: 'Writes each file next to its place, and renames it into place',
      undoes: 'Puts back what was there; removes what was not',
      files: files.map(({ remote, sum, before = '' }) => ({
        kind: 'whole',
        path: `${directory}/${remote}`,
        before,
        after: sum,
      })),
    },
    do: {
      shell: lines(
        each(files, () => sh`rm -f -- "$copy" "$absent"`),
        each(files, put),
      ),
      deadline: DEADLINE,
    },
    undo: { shell: each(files.toReversed(), putBack), deadline: DEADLINE },
  }
}

/** A link stays one: what it leads to is replaced. */
function place(directory: string, remote: string): Shell {
  return lines(
    sh`cd -- ${fromHome(directory)} || exit 1`,
    sh`file=./${remote}; [ ! -L "$file" ] || file=$(readlink -f -- "$file") || exit 1`,
    sh`copy=$file.blue-green absent=$file.blue-green-absent next=$file.blue-green-next`,
  )
}

/** What was there is kept by a second name of it, so that even its inode comes back; where links are not allowed, by a copy. */
function put({ remote, content, sum, executable }: UploadFile): Shell {
  return lines(
    sh`fail() { rm -f -- "$next"; echo ${`${remote} `}"$1" >&2; exit 1; }`,
    sh`[ ! -d "$file" ] || fail 'is a folder on the host'`,
    sh`mkdir -p -- "$(dirname -- "$file")" || fail 'has no folder on the host'`,
    sh`(rm -f -- "$next"; umask 077; set -C; base64 -d > "$next") <<'END_OF_FILE' || fail 'cannot be written'`,
    { text: content.toString('base64').replace(/(.{76})/g, '$1\n') },
    sh`END_OF_FILE`,
    sh`[ "$(sha256sum < "$next" | cut -c1-64)" = ${sum} ] || fail 'did not arrive whole'`,
    sh`if [ -e "$file" ]; then`,
    sh`  ln -- "$file" "$copy" 2>/dev/null || cp -p -- "$file" "$copy" || fail 'cannot be kept for undoing'`,
    sh`  mode=$(stat -c %a -- "$file")`,
    sh`else`,
    sh`  (set -C; true > "$absent") || fail 'cannot be written'`,
    sh`  mode=${executable ? '755' : '644'}`,
    sh`fi`,
    sh`chmod "$mode" -- "$next" && { sync "$next" 2>/dev/null || sync; } && mv -f -- "$next" "$file" || fail 'cannot be put in its place'`,
  )
}

function putBack({ made }: NewFile): Shell {
  return lines(
    sh`rm -f -- "$next"`,
    // A rename onto another name of the same file does nothing.
    sh`if [ "$copy" -ef "$file" ]; then rm -f -- "$copy"`,
    sh`elif [ -e "$copy" ]; then mv -f -- "$copy" "$file" || exit 1`,
    sh`elif [ -e "$absent" ]; then rm -f -- "$file" || exit 1; rm -f -- "$absent"`,
    sh`fi`,
    made === ''
      ? sh`:`
      : lines(
          sh`folder=$(dirname -- "$file")`,
          sh`while { [ ! -d "$folder" ] || rmdir -- "$folder" 2>/dev/null; } && [ "$folder" != ${made} ]; do folder=$(dirname -- "$folder"); done`,
        ),
  )
}

async function filesOf(workspace: string, { local, remote }: UploadLine): Promise<readonly UploadFile[]> {
  const path = join(workspace, local)
  const [root, real] = await Promise.all([realpath(workspace), realpath(path)]).catch((cause: unknown) => {
    throw uploadRefusals['upload-missing'](local, cause)
  })
  if (real !== root && !real.startsWith(`${root}/`)) {
    throw uploadRefusals['upload-leads-out'](local)
  }
  const found = await stat(real)
  if (found.isDirectory()) {
    const inside = (await readdir(real)).toSorted()
    const all = inside.map((name) =>
      filesOf(workspace, { local: posix.join(local, name), remote: posix.join(remote, name) }),
    )
    return (await Promise.all(all)).flat()
  }
  const content = await readFile(real)
  const sum = sha256(content)
  return [{ remote, content, sum, executable: (found.mode & 0o100) !== 0 }]
}

/** SHA-256 of each file as it is on the host, empty where there is none, and the uppermost folder that it lacks. */
async function lookOn(
  host: Host,
  directory: string,
  files: readonly UploadFile[],
  signal: AbortSignal,
): Promise<readonly { readonly sum: string; readonly made: string }[]> {
  const shell = lines(
    sh`cd -- ${fromHome(directory)} 2>/dev/null || { echo ${`The folder ${directory} cannot be entered.`} >&2; exit 1; }`,
    sh`for file in ${files.map(({ remote }) => remote)}; do`,
    sh`  folder=$(dirname -- "./$file"); made=`,
    sh`  while [ ! -d "$folder" ]; do made=$folder; folder=$(dirname -- "$folder"); done`,
    sh`  printf '%s|%s\n' "$(sha256sum < "$file" 2>/dev/null | cut -c1-64)" "$made"`,
    sh`done`,
  )
  const ran = await host.run({ shell, deadline: DEADLINE }, { signal })
  if (ran.code !== 0) throw uploadRefusals['upload-without-folder'](host.name, ran.stderr.trim())
  return ran.stdout
    .split('\n')
    .map((line) => ({ sum: line.slice(0, line.indexOf('|')), made: line.slice(line.indexOf('|') + 1) }))
}
