import { lines, sh } from '../../../host/quote.ts'

/** Defines `turning`: the name under which a link is made that is to take the place of `$1`. No glob of Nginx sees it. */
export const defineTurning = sh`turning() { printf '%s\\n' "\${1%/*}/.\${1##*/}.blue-green"; }`

/** Defines `turn`, which makes the link `$1` lead to `$2` by one rename; `with_rights` runs a command. */
export const defineTurn = lines(
  defineTurning,
  sh`turn() { next=$(turning "$1"); [ ! -L "$next" ] || [ "$(readlink "$next")" = "$2" ] || rm -f "$next"`,
  sh`  [ -L "$next" ] || with_rights ln -s "$2" "$next" || return 1`,
  // One that an interrupted turn left, and that this user may not remove, may lead elsewhere.
  sh`  [ "$(readlink "$next")" = "$2" ] || { echo "$next is in the way: remove it" >&2; return 1; }`,
  sh`  with_rights mv -T "$next" "$1" && [ "$(readlink "$1")" = "$2" ]; }`,
)
