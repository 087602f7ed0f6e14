import { defineOwnFolder } from '../../../host/own-folder.ts'
import { fromHome, type Shell, sh } from '../../../host/quote.ts'
import { ENV_AWK } from '../observe/env-awk.ts'

/** What an image tag may be: it needs no quotes in a dotenv file. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Seconds that somebody else may hold the lock: it covers only short work. */
const LOCK_WAIT = 20

/** Variables that one target sets in a dotenv file, which others may share. */
export interface EnvEdit {
  /** Path on the host, a relative one from the home directory. */
  readonly file: string
  /** The variable of the version: no two targets of a file have the same, and what is kept for the undo bears its name. */
  readonly variable: string
  readonly values: Readonly<Record<string, string>>
}

/** Prints a line with the mend for each thing that keeps this user from writing a dotenv file as `editEnvFile` does. */
export function whyReadOnly(file: string): Shell {
  return sh`(
${linked(file)}
folder=$(cd -- "$(dirname "$file")" 2>/dev/null && pwd) || folder=$(dirname "$file")
me=$(id -un)
[ ! -e "$file" ] || { [ -f "$file" ] && [ -r "$file" ] && [ -w "$file" ]; } ||
  echo "$me may not write $folder/$(basename "$file"); run: sudo chown $me $folder/$(basename "$file")"
[ -w "$folder" ] || echo "$me may not write in $folder; run: sudo chown $me $folder"
${defineOwnFolder}
private_folder . 2>&1
lock=$PWD/.blue-green
[ -d "$lock" ] || lock=$PWD
[ "$lock" = "$folder" ] || [ -w "$lock" ] || echo "$me may not write in $lock; run: sudo chown $me $lock"
)`
}

/**
 * Sets variables in a dotenv file: where a variable has a line its value is replaced, else a line is added. Every other
 * byte stays, and so do mode, owner (where we may) and line ends. A file that is missing is made. A 0600 copy beside
 * the original is kept for `restoreEnvFile`.
 *
 * The file is replaced by a rename, so that a compose that reads it meanwhile sees all of it or nothing new; behind a link
 * it is the linked file that is replaced. Only a file of an owner or group that we may not give is written in place. The
 * contents never leave the host, nor stand in an argument. Where it is replaced, what is kept is the original itself.
 * @throws TypeError where a value is no image tag or a name is no variable.
 */
export function editEnvFile(edit: EnvEdit): Shell {
  const { values } = edit
  for (const [name, value] of Object.entries(values)) {
    if (!VARIABLE.test(name)) throw new TypeError(`\`${name}\` cannot be the name of a variable.`)
    if (!TAG.test(value)) throw new TypeError(`\`${value}\`, meant for ${name}, cannot be an image tag.`)
  }
  const assignments = Object.entries(values).flat()
  return sh`(
${paths(edit)}
${edited}
umask 077
fail() { rm -f "$next"; echo "$file was left as it is: $1" >&2; exit 1; }
if [ -e "$file" ]; then
  mode=$(stat -c %a "$file") && owner=$(stat -c %u:%g "$file") || fail 'its mode cannot be read.'
  tr -d '\\000' <"$file" | cmp -s - "$file" || fail 'it cannot be read, or has a NUL byte in it.'
  rm -f "$next" && cp -p "$file" "$next" && chmod 600 "$next" && mv -f "$next" "$copy" || fail 'no copy of it could be made.'
  rm -f "$absent"
else
  mode=644 owner=
  rm -f "$copy"
  rm -f "$absent"
  ( set -C; : >"$absent" ) || fail 'nothing can be written next to it.'
fi
[ -e "$file" ] && source=$file || source=/dev/null
rm -f "$next"
( set -C; edited "$source" ${assignments} >"$next" )
case $? in
  0) ;;
  65) fail 'a quoted value in it never ends.' ;;
  *) fail 'the new one could not be written next to it.' ;;
esac
${put}
linked=
if [ -n "$owner" ] && chown "$owner" "$next" 2>/dev/null && ln "$file" "$copy.link" 2>/dev/null; then
  mv -f "$copy.link" "$copy" && linked=1
fi
put "$next" "$mode" "$owner" || fail 'the new one cannot take its place.'
[ -z "$linked" ] || chmod 600 "$copy"
)`
}

/**
 * Undoes `editEnvFile`: bytes, mode, inode and time of change are as they were, or the file is gone again where there was none.
 * Where somebody else changed the file since, another target above all, only the lines of these variables go back. Does
 * nothing where there is nothing to undo; needs no disk space unless the file was changed since, because the copy itself
 * becomes the file.
 */
export function restoreEnvFile(edit: EnvEdit): Shell {
  const names = Object.keys(edit.values)
  const show = sh`LC_ALL=C awk -v mode=show ${ENV_AWK} "$name" '' <"$base"`
  return sh`(
${paths(edit)}
${edited}
${put}
torn=
[ ! -e "$next" ] || [ ! -e "$file" ] || chown "$(stat -c %u:%g "$file")" "$next" 2>/dev/null || torn=1
rm -f "$next"
if [ -e "$copy" ]; then base=$copy; elif [ -e "$absent" ]; then base=/dev/null; else exit 0; fi
if [ ! -e "$file" ]; then
  [ ! -e "$copy" ] || mv -f "$copy" "$file" || exit 1
elif [ -n "$torn" ] || cmp -s "$base" "$file" || edited "$base" ${Object.entries(edit.values).flat()} | cmp -s - "$file"; then
  if [ -e "$copy" ]; then
    put "$copy" "$(stat -c %a "$file")" "$(stat -c %u:%g "$file")" || exit 1
  else
    rm -f "$file" || exit 1
  fi
else
  set --
  for name in ${names}; do
    was=$(${show})
    if [ -n "$was" ]; then set -- "$@" "$name" "\${was#"$name "}"; else drop="$drop $name"; fi
  done
  umask 077
  edited "$file" "$@" >"$next" && put "$next" "$(stat -c %a "$file")" "$(stat -c %u:%g "$file")" ||
    { rm -f "$next"; echo "$file was changed by somebody else since, and ${names.join(', ')} in it could not be put back." >&2; exit 1; }
fi
rm -f "$copy" "$copy.link" "$absent"
)`
}

/** Removes what `editEnvFile` kept for its undo. */
export function discardEnvFile(edit: Omit<EnvEdit, 'values'>): Shell {
  return sh`(
${paths(edit)}
rm -f "$next" "$copy" "$copy.link" "$absent"
)`
}

/** Prints a line `prefix name value` for each of these variables that the file sets, and nothing else of it. */
export function showEnvFile(file: string, names: readonly string[], prefix: string): Shell {
  const assignments = names.flatMap((name) => [name, ''])
  return sh`[ ! -r ${fromHome(file)} ] || LC_ALL=C awk -v mode=show ${ENV_AWK} ${assignments} <${fromHome(file)} | sed ${`s/^/${prefix} /`}`
}

/** Runs a short script under the lock of `directory`, which two targets in one directory share. Exit 75: somebody held it too long. */
export function underLock(directory: string, body: Shell): Shell {
  // The body does not inherit the lock: what it leaves running would keep it. Without the `exit` after it, dash runs the
  // body in place of the subshell that holds the lock.
  return sh`(
${defineOwnFolder}
own_folder ${fromHome(directory)} && ( umask 077; : >>"$own/lock" ) || exit 1
exec 9>>"$own/lock" || exit 1
flock -w ${LOCK_WAIT} 9 || { echo ${`The lock ${directory}/.blue-green/lock was held by somebody else for ${LOCK_WAIT} seconds; try again when the other release is over.`} >&2; exit 75; }
( ${body}
) 9>&-
exit $?
)`
}

/** Makes a file take the place of `$file`, with a mode and an owner; in place where the owner cannot be given. */
const put = sh`put() {
  sync "$1" 2>/dev/null || sync
  if [ -z "$3" ] || chown "$3" "$1" 2>/dev/null; then
    chmod "$2" "$1" && mv -f "$1" "$file" && rm -f "$1"
  else
    # First over what is there, then to its length: on a full disk nothing is lost.
    dd if="$1" of="$file" conv=notrunc 2>/dev/null &&
      dd if=/dev/null of="$file" bs=1 seek="$(stat -c %s "$1")" 2>/dev/null &&
      touch -r "$1" "$file" 2>/dev/null
    [ -f "$file" ] && cmp -s "$1" "$file" && rm -f "$1"
  fi
}`

/** Prints a file with other values of variables, which stand in the arguments by turns, and without the lines of those in `$drop`. */
const edited = sh`drop=
edited() {
  final=1
  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || final=0
  from=$1; shift
  LC_ALL=C awk -v mode=edit -v "final=$final" -v "drop=$drop" ${ENV_AWK} "$@" <"$from"
}`

/** A file that is a link stands for what it links to, also where that is missing. */
function linked(file: string): Shell {
  return sh`file=${fromHome(file)}
[ ! -L "$file" ] || file=$(readlink -f "$file") || exit 1`
}

function paths({ file, variable }: Omit<EnvEdit, 'values'>): Shell {
  return sh`${linked(file)}
copy=$file.blue-green-${variable} absent=$file.blue-green-absent-${variable} next=$file.blue-green-next-${variable}`
}
