import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Host } from './host/host.ts'
import { lines, type Shell, sh } from './host/quote.ts'
import { Failure } from './release/reasons.ts'
import type { Change } from './release/words.ts'

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
  readonly executable: boolean
}

/** Bytes of all files together: what a compose file and its settings need, and not what an image is for. */
const MOST = 8 * 1024 * 1024
/** Milliseconds. */
const DEADLINE = 60_000

/** `local` or `local => remote`, relative to the workspace and to `directory`; or what is wrong with it. */
export function parseUpload(line: string): UploadLine | { readonly mistake: string } {
  const [local = '', remote = local, ...more] = line.split('=>').map((part) => part.trim())
  const normal = posix.normalize(remote)
  const outside = [local, normal].find(
    (path) => path === '' || path.startsWith('/') || posix.normalize(path).startsWith('..'),
  )
  if (outside === undefined && more.length === 0) return { local, remote: normal }
  return {
    mistake: `has the line \`${line}\`; write \`local\` or \`local => remote\`, the first inside the workspace, the second inside \`directory\``,
  }
}

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
    const message = `\`upload\` names ${size} bytes, and at most ${MOST} are put onto a host. Put what is large into the image.`
    throw new Failure('upload-failed', message)
  }
  const sums = await sumsOn(host, directory, files, signal)
  const differing = files.filter((file, i) => sums[i] !== file.sum)
  if (differing.length === 0) return { changes: [], forget: [] }
  const kept = differing.map(({ remote }) =>
    lines(place(directory, remote), sh`rm -f "$copy" "$copy.new" "$copy.mode" "$absent" "$next"`),
  )
  return {
    changes: differing.map((file) => uploadChange(file, directory)),
    forget: [
      {
        kind: 'change',
        phase: 'retire',
        title: 'Remove what was kept of replaced files',
        on: 'all apps',
        reason: 'command-failed',
        do: { shell: lines(...kept.map((shell) => sh`( ${shell} )`)), deadline: DEADLINE },
      },
    ],
  }
}

function uploadChange(file: UploadFile, directory: string): Change {
  return {
    kind: 'change',
    phase: 'prepare',
    title: `Put ${file.remote} (SHA-256 ${file.sum.slice(0, 12)}…) into ${directory}`,
    on: 'all apps',
    reason: 'upload-failed',
    do: { shell: lines(place(directory, file.remote), put(file)), deadline: DEADLINE },
    undo: { shell: lines(place(directory, file.remote), PUT_BACK), deadline: DEADLINE },
  }
}

function place(directory: string, remote: string): Shell {
  return sh`cd -- ${directory} || exit 1; file=${remote}; copy=$file.blue-green absent=$file.blue-green-absent next=$file.blue-green-next`
}

function put({ content, sum, executable }: UploadFile): Shell {
  return lines(
    sh`folder=$(dirname -- "$file") made=; up=$folder; while [ ! -d "$up" ]; do made="$made$up
"; up=$(dirname -- "$up"); done`,
    sh`mkdir -p -- "$folder" || exit 1`,
    sh`umask 077`,
    sh`base64 -d > "$next" <<'END_OF_FILE' || { rm -f "$next"; echo "$file cannot be written" >&2; exit 1; }`,
    { text: content.toString('base64').replace(/(.{76})/g, '$1\n') },
    sh`END_OF_FILE`,
    sh`[ "$(sha256sum < "$next" | cut -c1-64)" = ${sum} ] || { rm -f "$next"; echo "$file did not arrive whole" >&2; exit 1; }`,
    // The original itself is kept, so that its undo is the same file again; where that is not allowed, a copy.
    sh`if [ -e "$file" ]; then mode=$(stat -c %a "$file"); rm -f "$copy.new"`,
    sh`  ln -- "$file" "$copy.new" 2>/dev/null || { cp -p -- "$file" "$copy.new" && chmod 600 "$copy.new"; } || exit 1`,
    sh`  mv -f "$copy.new" "$copy" && rm -f "$absent" || exit 1`,
    sh`else printf %s "$made" > "$absent" && rm -f "$copy" || exit 1; mode=${executable ? '755' : '644'}; fi`,
    sh`[ ! -e "$copy" ] || printf %s "$mode" > "$copy.mode"`,
    sh`chmod "$mode" "$next" && { sync "$next" 2>/dev/null || sync; } && mv -f -- "$next" "$file" || exit 1`,
    sh`[ ! -e "$copy" ] || chmod 600 "$copy" 2>/dev/null || :`,
  )
}

const PUT_BACK = lines(
  sh`rm -f "$next" "$copy.new"`,
  sh`if [ -e "$copy" ]; then mode=$(cat "$copy.mode" 2>/dev/null) || mode=`,
  sh`  [ -z "$mode" ] || [ "$(stat -c %a "$copy")" = "$mode" ] || chmod "$mode" "$copy" || exit 1`,
  sh`  mv -f -- "$copy" "$file" && rm -f "$copy" "$copy.mode" || exit 1`,
  sh`elif [ -e "$absent" ]; then made=$(cat "$absent"); rm -f -- "$file" "$absent" || exit 1`,
  // Only folders that were made for it, the innermost first.
  sh`  printf '%s\n' "$made" | while read -r folder; do [ -z "$folder" ] || rmdir -- "$folder" 2>/dev/null; done`,
  sh`fi`,
  sh`rm -f "$absent" "$copy.mode"`,
)

async function filesOf(workspace: string, { local, remote }: UploadLine): Promise<readonly UploadFile[]> {
  const path = join(workspace, local)
  const found = await stat(path).catch((cause: unknown) => {
    throw new Failure(
      'upload-failed',
      `\`upload\` names ${local}, which is not in the workspace. Is there an \`actions/checkout\` step before this one?`,
      { cause },
    )
  })
  if (found.isDirectory()) {
    const names = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    const inside = names.map((entry) => posix.relative(path, join(entry.parentPath, entry.name)))
    return (
      await Promise.all(
        inside
          .toSorted()
          .map((name) => filesOf(workspace, { local: posix.join(local, name), remote: posix.join(remote, name) })),
      )
    ).flat()
  }
  const content = await readFile(path)
  return [
    {
      remote,
      content,
      sum: createHash('sha256').update(content).digest('hex'),
      executable: (found.mode & 0o100) !== 0,
    },
  ]
}

/** SHA-256 of each file as it is on the host; empty where there is none. */
async function sumsOn(
  host: Host,
  directory: string,
  files: readonly UploadFile[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const shell = lines(
    sh`cd -- ${directory} 2>/dev/null || { echo ${`The folder ${directory} cannot be entered; make it, or correct \`directory\`.`} >&2; exit 1; }`,
    sh`for file in ${files.map(({ remote }) => remote)}; do printf '%s\n' "$(sha256sum < "$file" 2>/dev/null | cut -c1-64)"; done`,
  )
  const ran = await host.run({ shell, deadline: DEADLINE }, { signal })
  if (ran.code !== 0) throw new Failure('upload-failed', `${host.name}: ${ran.stderr.trim()}`)
  return ran.stdout.split('\n')
}
