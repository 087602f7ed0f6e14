import { defineJudge, type Fault, readFault } from '../host/private-path.ts'
import { lines, type Shell, sh } from '../host/quote.ts'
import type { Section } from '../host/sections.ts'
import type { Change } from '../release/model.ts'

/** What is known of the state directory before a release. */
export type StateDirectory =
  | { readonly kind: 'missing'; readonly user: string; readonly creatable: boolean }
  /** The user cannot pass through a folder on the way to it, and so does not see whether it is there. */
  | { readonly kind: 'closed'; readonly user: string; readonly folder: string }
  | { readonly kind: 'not-ours'; readonly user: string; readonly owner: string }
  /** Somebody else could change what lies there, or has. */
  | { readonly kind: 'unsafe'; readonly user: string; readonly fault: Fault }
  /** Its ledger is another user's: what was released cannot be known, and must not be written over. */
  | { readonly kind: 'ledger-closed'; readonly user: string; readonly owner: string }
  | {
      readonly kind: 'usable'
      readonly user: string
      readonly files: ReadonlySet<string>
      readonly target?: Target
      /** What the last flip by reload saw loaded, as one line. */
      readonly loaded?: string
      /** What the last release saw of the switch, as JSON. */
      readonly lastSwitch?: string
      /** Each folder from the root down to it, with its permissions. */
      readonly path: readonly Folder[]
    }

/** Whose state it is. */
export interface Target {
  readonly upstream: string
  readonly project: string
}

export interface Folder {
  readonly path: string
  /** Permission bits, as in `0o711`. */
  readonly mode: number
  readonly owner: string
  readonly group: string
}

/** Prints what `readStateDirectory` reads. Changes nothing. */
export function stateDirectoryQuestion(directory: string): Shell {
  return lines(
    sh`dir=${directory}`,
    sh`printf 'user %s\n' "$(id -un)"`,
    defineJudge,
    sh`judge "$dir" || { echo "unsafe $unsafe"; exit 0; }`,
    sh`if [ ! -d "$dir" ]; then`,
    sh`  up=$dir; while [ ! -e "$up" ]; do up=$(dirname "$up"); done`,
    sh`  if [ ! -x "$up" ]; then printf 'closed %s\\n' "$up"; elif [ -w "$up" ]; then echo creatable; fi; exit 0`,
    sh`fi`,
    sh`printf 'owner %s\n' "$(stat -c %U "$dir")"`,
    sh`if [ -w "$dir" ] && [ -x "$dir" ]; then echo writable; fi`,
    sh`[ ! -e "$dir/ledger.jsonl" ] || [ -r "$dir/ledger.jsonl" ] || printf 'ledger %s\n' "$(stat -c %U "$dir/ledger.jsonl")"`,
    sh`for name in green green.off backed backed.off nginx-marked; do [ ! -f "$dir/$name" ] || printf 'file %s\n' "$name"; done`,
    sh`[ ! -r "$dir/target" ] || printf 'target %s\n' "$(cat "$dir/target")"`,
    sh`[ ! -r "$dir/nginx-loaded" ] || printf 'loaded %s\n' "$(head -n 1 "$dir/nginx-loaded")"`,
    sh`[ ! -r "$dir/switch.json" ] || printf 'switch %s\n' "$(head -n 1 "$dir/switch.json")"`,
    // A link leads through folders that its name does not tell of.
    sh`for up in "$dir" "$(cd "$dir" 2>/dev/null && pwd -P || echo /)"; do`,
    sh`  while :; do stat -L -c 'folder %a %U %G %n' "$up"; [ "$up" != / ] || break; up=$(dirname "$up"); done`,
    sh`done`,
  )
}

export function readStateDirectory(section: Section | undefined): StateDirectory {
  const said = (section?.stdout ?? '').split('\n').map((line) => /^(\S+) ?(.*)$/.exec(line))
  const all = (key: string): readonly string[] => said.flatMap((line) => (line?.[1] === key ? [line[2] ?? ''] : []))
  const user = all('user')[0] ?? ''
  const fault = readFault(all('unsafe')[0] ?? '')
  if (fault !== undefined) return { kind: 'unsafe', user, fault }
  const owner = all('owner')[0]
  const closed = all('closed')[0]
  if (closed !== undefined) return { kind: 'closed', user, folder: closed }
  if (owner === undefined) {
    return { kind: 'missing', user, creatable: all('creatable').length > 0 }
  }
  if (all('writable').length === 0) return { kind: 'not-ours', user, owner }
  const ledger = all('ledger')[0]
  if (ledger !== undefined) return { kind: 'ledger-closed', user, owner: ledger }
  const target = readTarget(all('target')[0])
  const loaded = all('loaded')[0]
  const lastSwitch = all('switch')[0]
  return {
    kind: 'usable',
    user,
    files: new Set(all('file')),
    ...(target && { target }),
    ...(loaded && { loaded }),
    ...(lastSwitch && { lastSwitch }),
    path: all('folder').flatMap(folder),
  }
}

/** The exact mend where the directory cannot be used. */
export function stateDirectoryFix(directory: string, user: string): string {
  return `sudo install -d -m 0711 -o ${user} ${directory}`
}

/** Makes the directory where it is missing, and writes into it whose it is. Its undo takes that away. */
export function claimStateDirectory(directory: string, target: Target, state: StateDirectory): readonly Change[] {
  if (state.kind === 'usable' && state.target !== undefined) return []
  return [
    {
      kind: 'change',
      phase: 'prepare',
      title: `Make ${directory} the state directory of ${target.upstream}`,
      on: 'all proxies',
      reason: 'state-directory',
      effect: {
        does: 'Makes the folder where it is missing, and writes into it whose it is',
        undoes: 'Removes just what it made',
      },
      do: {
        shell: lines(
          sh`set -e; umask 077`,
          sh`[ -d ${directory} ] || { mkdir -p ${directory}; chmod 0711 ${directory}; }`,
          sh`cd ${directory}`,
          sh`printf '%s\n' ${JSON.stringify(target)} > target.new; mv target.new target`,
        ),
        deadline: 10_000,
      },
      undo: {
        shell: lines(sh`[ -d ${directory} ] || exit 0`, sh`cd ${directory} && rm -f target.new target`),
        deadline: 10_000,
      },
    },
  ]
}

/**
 * The folder that the user of the Nginx workers cannot pass through, so that a file test on a switch file would
 * silently mean blue; undefined where all let others through.
 */
export function closedFolder(path: readonly Folder[], worker: string): Folder | undefined {
  if (worker === 'root') return undefined
  return path.find(({ mode, owner, group }) => {
    if (owner === worker) return (mode & 0o100) === 0
    if (group === worker) return (mode & 0o010) === 0
    return (mode & 0o001) === 0
  })
}

function readTarget(text: string | undefined): Target | undefined {
  if (text === undefined) return undefined
  try {
    const found: unknown = JSON.parse(text)
    if (typeof found !== 'object' || found === null || !('upstream' in found)) return undefined
    const project = 'project' in found ? String(found.project) : ''
    return { upstream: String(found.upstream), project }
  } catch {
    return undefined
  }
}

function folder(line: string): readonly Folder[] {
  const found = /^(\d+) (\S+) (\S+) (.*)$/.exec(line)
  if (found === null) return []
  const [, mode = '', owner = '', group = '', path = ''] = found
  return [{ path, mode: Number.parseInt(mode, 8), owner, group }]
}
