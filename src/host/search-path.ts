import { lines, type Shell, sh } from './quote.ts'

/** Where people and packages put programs that a shell without a login does not find. */
const FOLDERS = sh`/usr/local/bin /usr/bin /snap/bin "$HOME/bin" "$HOME/.local/bin" /opt/*/bin`
const NGINX_FOLDERS = sh`/usr/local/sbin /usr/sbin /sbin /usr/local/nginx/sbin /usr/local/openresty/nginx/sbin /opt/*/sbin`

/** Seconds in which a login shell says its search path; some never stop talking. */
const LOGIN_DEADLINE = 5

/**
 * Prints a line `folder PATH` for the folder of docker, and of nginx, if the search path lacks it: the login shell's
 * search path is asked, and the usual folders are. Only a folder counts that belongs, like all above it, to root or to
 * the user, and in which nobody else may write. It runs in one of those only what is looked for here.
 */
export const searchQuestion: Shell = lines(
  sh`owned() { [ -d "$1" ] || return 1; set -- "$1" $(stat -L -c '%U %G %a' "$1" 2>/dev/null)`,
  sh`  [ "$2" = root ] || [ "$2" = "$(id -un)" ] || return 1`,
  sh`  case $4 in *[2367]) return 1 ;; *[2367]?) [ "$3" = root ] || [ "$3" = "$(id -un)" ] || return 1 ;; esac; }`,
  sh`trusted() { at=$(cd -P -- "$1" 2>/dev/null && pwd -P) || return 1`,
  sh`  while owned "$at"; do [ "$at" != / ] || return 0; at=$(dirname "$at"); done; return 1; }`,
  sh`find_in() { program=$1; shift; for folder; do [ -f "$folder/$program" ] && [ -x "$folder/$program" ] && trusted "$folder" && { printf 'folder %s\\n' "$folder"; return; }; done; }`,
  sh`login=`,
  sh`if ! command -v docker >/dev/null 2>&1; then`,
  sh`  login=$(timeout -k 1 ${LOGIN_DEADLINE} "\${SHELL:-/bin/sh}" -l -c 'echo; echo "search-path $PATH"' </dev/null 2>/dev/null | head -c 1000000 | sed -n 's/^search-path //p' | tail -n 1)`,
  sh`  ( IFS=:; set -f; set -- $login; unset IFS; set +f; find_in docker "$@" ${FOLDERS} )`,
  sh`fi`,
  sh`if ! ( PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; command -v nginx >/dev/null 2>&1 ); then`,
  sh`  ( IFS=:; set -f; set -- $login; unset IFS; set +f; find_in nginx "$@" ${NGINX_FOLDERS} )`,
  sh`fi`,
)

/** What each script begins with, so that it and what it starts find these programs: the folders come last. */
export function searching(printed: string): Shell {
  const folders = [...new Set([...printed.matchAll(/^folder (\/.*)$/gm)].map(([, folder = '']) => folder))]
  return folders.length === 0 ? sh`` : sh`PATH=$PATH:${folders.join(':')}; export PATH`
}
