import { lines, type Shell, sh } from './quote.ts'

/** What makes a path one that somebody else could change, and whose it is. */
export interface Fault {
  /**
   * `owner`: somebody else's. `writable`: others may write there. `acl`: an access list lets others write there. `strange`: neither a
   * file nor a folder. `linked`: a file that has another name elsewhere.
   */
  readonly kind: 'owner' | 'writable' | 'acl' | 'strange' | 'linked'
  readonly path: string
  readonly owner: string
  /** Who asked. */
  readonly user: string
}

/**
 * Defines `judge PATH`: sets `state` to the folder that an absolute path leads to and `unsafe` to what `readFault` reads,
 * and fails if there is any: on the way there every folder and every link must be the user's or root's, and nobody
 * else may write there; and so must be all that lies in the folder and in its journals, where links, second names of a
 * file, and what is neither file nor folder are no good either. What isn't there yet is not judged.
 *
 * What passes stays so: only the user and root could change it afterwards. A folder like /tmp is fine above: nobody can
 * take away there what is another's.
 *
 * And `faults FOLDER PATH…`: prints the first fault of these paths; those below the folder are its contents. It uses `ls`, so
 * that a file's times never matter.
 */
export const defineJudge = lines(
  sh`judge() {`,
  sh`  left=$1/ state='' hops=0`,
  sh`  set -- /`,
  sh`  while [ -n "$left" ] && [ $hops -lt 40 ]; do`,
  sh`    step=\${left%%/*} left=\${left#*/}`,
  sh`    case $step in ''|.) continue ;; ..) state=\${state%/*}; continue ;; esac`,
  sh`    set -- "$@" "$state/$step"`,
  sh`    if [ ! -L "$state/$step" ]; then state=$state/$step; continue; fi`,
  sh`    to=$(readlink "$state/$step"); hops=$((hops + 1))`,
  sh`    case $to in /*) state= ;; esac`,
  sh`    left=$to/$left`,
  sh`  done`,
  sh`  unsafe=$(faults "$state" "$@" "$state"/* "$state"/journal-*/*)`,
  sh`  [ -z "$unsafe" ]`,
  sh`}`,
  sh`faults() {`,
  sh`  folder=$1; shift`,
  sh`  LC_ALL=C ls -lnd "$@" 2>/dev/null | {`,
  sh`    me=$(id -u)`,
  sh`    while read -r mode names owner group _ _ _ _ name; do`,
  sh`      fault=; case $mode in l*) name=\${name%% -> *} ;; esac`,
  sh`      case $name in "$folder"/*) place=inside ;; "$folder") place=itself ;; *) place=above ;; esac`,
  sh`      case $mode$place in`,
  sh`      l*above|d????????[tT]*above) ;;`,
  sh`      d*) writable ;;`,
  sh`      -*inside) if [ "$names" = 1 ]; then writable; else fault=linked; fi ;;`,
  sh`      *) fault=strange ;;`,
  sh`      esac`,
  sh`      [ "$owner" = 0 ] || [ "$owner" = "$me" ] || fault=owner`,
  sh`      [ -n "$fault" ] || continue`,
  sh`      owner=$(ls -ld "$name" 2>/dev/null | { read -r _ _ owner _; echo "$owner"; })`,
  sh`      echo "$fault $owner $(id -un) $name"; break`,
  sh`    done`,
  sh`  }`,
  sh`}`,
  sh`writable() {`,
  sh`  case $mode in`,
  sh`  ????????w*) fault=writable ;;`,
  // With an access list the bits of the group are those of everybody whom it names.
  sh`  ?????w*+*) fault=acl ;;`,
  sh`  ?????w*) alone || fault=writable ;;`,
  sh`  esac`,
  sh`}`,
  // Nobody but the user and root is in the group. Root's own has users of the system in it, by their number alone.
  sh`alone() {`,
  sh`  members=$({ getent group "$group" || grep "^[^:]*:[^:]*:$group:" /etc/group; } 2>/dev/null | cut -d : -f 4 | tr , ' ')`,
  sh`  [ "$group" = 0 ] || members="$members $({ getent passwd || cat /etc/passwd; } 2>/dev/null | grep "^[^:]*:[^:]*:[^:]*:$group:" | cut -d : -f 1)"`,
  sh`  for member in $members; do case $member in root|"$(id -un)") ;; *) return 1 ;; esac; done`,
  sh`}`,
)

/** Reads what `judge` said, undefined if it is nothing of that. */
export function readFault(text: string): Fault | undefined {
  const [, kind, owner = '', user = '', path = ''] = /^(\S+) (\S+) (\S+) (\/.*)$/.exec(text.trim()) ?? []
  if (kind !== 'owner' && kind !== 'writable' && kind !== 'acl' && kind !== 'strange' && kind !== 'linked')
    return undefined
  return { kind, path, owner, user }
}

/** What is wrong, in a sentence without its end. */
export function faultSentence({ kind, path, owner }: Fault): string {
  switch (kind) {
    case 'owner':
      return `${path} belongs to ${owner}`
    case 'writable':
      return `${path} can be written by users other than its owner`
    case 'acl':
      return `${path} can be written by others, through an access list`
    case 'strange':
      return `${path} is neither a file nor a folder`
    case 'linked':
      return `${path} has another name elsewhere`
  }
}

/** The command that puts it right. @param directory the state directory as the user calls it */
export function faultFix({ kind, path, owner, user }: Fault, directory: string): Shell {
  const own = sh`sudo install -d -m 0711 -o ${user} ${directory}`
  if (path === directory && kind !== 'strange')
    return kind === 'owner'
      ? sh`sudo mv ${path} ${`${path}.${owner}`} && ${own}`
      : kind === 'acl'
        ? sh`sudo setfacl -b ${path} && ${own}`
        : own
  const inside = path.startsWith(`${directory}/`)
  switch (kind) {
    case 'owner':
      return inside ? sh`sudo rm -r ${path}` : sh`sudo chown -h root ${path}`
    case 'writable':
      return sh`sudo chmod go-w ${path}`
    case 'acl':
      return sh`sudo setfacl -b ${path}`
    case 'strange':
    case 'linked':
      return sh`sudo rm -r ${path}`
  }
}
