import { defineJudge } from './private-path.ts'
import { lines, sh } from './quote.ts'

/**
 * Defines, for the folder of an application:
 *
 * - `private_folder FOLDER`: sets `own` to its `.blue-green`, and fails with a sentence that names the fix if somebody
 *   else could change what lies there, or has made it, or everybody may write next to it. One that is missing is fine.
 * - `own_folder FOLDER`: the same, and makes it if it is missing.
 */
export const defineOwnFolder = lines(
  defineJudge,
  sh`private_folder() {`,
  sh`  own=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd -P) || { echo "$1 cannot be entered" >&2; return 1; }`,
  sh`  case $(ls -ld "$own") in d???????w[!tT]*) echo "Everybody may write in $own; run: chmod o-w $own" >&2; return 1 ;; esac`,
  sh`  own=$own/.blue-green; unsafe=$(faults "$own" "$own" "$own"/*)`,
  sh`  [ -z "$unsafe" ] || { echo "$own is not private (\${unsafe%% *}); run: sudo rm -r $own" >&2; return 1; }`,
  sh`}`,
  sh`own_folder() { private_folder "$1" && { [ -d "$own" ] || ( umask 077; mkdir "$own" ) && private_folder "$1"; }; }`,
)
