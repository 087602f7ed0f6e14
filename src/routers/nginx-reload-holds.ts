import { lines, type Shell, sh } from '../host/quote.ts'
import { type Color, otherThan } from '../release/words.ts'
import type { ReloadFacts } from './nginx-reload-router.ts'
import { defineTake } from './nginx-reload-workers.ts'
import { colorOf } from './nginx-upstream.ts'

/**
 * Whether requests go to a color, by what the block says and Nginx has loaded: see `Router.holds`. When the file is newer
 * than the workers that can't be told.
 */
export function reloadHolds(facts: ReloadFacts, color: Color): Shell {
  const { target, upstream } = facts
  return lines(
    target.nginx,
    sh`export LC_ALL=C; file=${target.file} state=${target.stateDirectory}`,
    defineTake(target.master, undefined, ''),
    target.master === undefined ? sh`` : NEWER,
    sh`export ${`UPSTREAM=${upstream.name.toLowerCase()}`} ${`SERVERS_IN=${target.fileInNginx}`}`,
    sh`active=$(run_nginx -T 2>/dev/null | awk ${ACTIVE})`,
    sh`[ -n "$active" ] || { echo ${`nginx -T shows no active server of the upstream ${upstream.name}`}; exit 2; }`,
    sh`echo ${`${target.file} sends requests to `}$active`,
    sh`holds= unknown=`,
    sh`for address in $active; do case " "${` ${spellings(facts, color).join(' ')} `} in *" $address "*) holds=yes; continue ;; esac`,
    sh`  case " "${` ${spellings(facts, otherThan(color)).join(' ')} `} in *" $address "*) ;; *) unknown=yes ;; esac`,
    sh`done`,
    sh`[ -z "$holds" ] || exit 0`,
    sh`[ -z "$unknown" ] || exit 2`,
    sh`exit 1`,
  )
}

/** How the address of a color may be written. */
function spellings({ upstream, addresses }: ReloadFacts, color: Color): readonly string[] {
  const written = upstream.servers
    .filter((server) => colorOf(server, addresses) === color)
    .map(({ address }) => address)
  return [...new Set([addresses[color], ...written])]
}

/** Ends with 2 when the file was written after the oldest worker was started, and is not what the last flip saw loaded. */
const NEWER = lines(
  sh`if [ "$(sha256sum <"$file" 2>/dev/null | cut -c1-64)" != "$(cat "$state/nginx-loaded" 2>/dev/null)" ]; then`,
  sh`  read -r uptime rest </proc/uptime; now=$(date +%s); ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)`,
  sh`  oldest=$(workers | tr ' ' '\\n' | sed -n 's/.*://p' | sort -n | head -n 1)`,
  sh`  if awk "BEGIN { exit !($(stat -L -c %Y "$file" 2>/dev/null || echo 0) > $now + 1 - $uptime + \${oldest:-0} / $ticks) }"; then`,
  sh`    echo "$file was written after the workers of Nginx were started: what they have loaded can't be told"; exit 2`,
  sh`  fi`,
  sh`fi`,
)

/** The addresses of the block's servers that get requests, in what \`nginx -T\` prints. */
const ACTIVE = `
function ended(statement,   word, i, n) {
  n = split(statement, word, /[ \\t]+/); i = word[1] == "" ? 2 : 1
  if (word[i] != "server" || !(inside || (depth == 0 && here))) return
  down = backup = 0
  for (n = n; n > i + 1; n--) { if (word[n] == "down") down = 1; if (word[n] == "backup") backup = 1 }
  if (down) return
  if (backup) spare = spare " " word[i + 1]; else first = first " " word[i + 1]
}
/^# configuration file .*:$/ { here = $0 == "# configuration file " ENVIRON["SERVERS_IN"] ":"; text = ""; depth = inside = 0; next }
{ if (match($0, /^#|[ \\t;{}]#/)) $0 = substr($0, 1, RSTART - (substr($0, RSTART, 1) == "#"))
  gsub(/["']/, "")
  text = text " " $0
  while (match(text, /[;{}]/)) {
    part = substr(text, 1, RSTART - 1); mark = substr(text, RSTART, 1); text = substr(text, RSTART + 1)
    if (mark == ";") ended(part)
    else if (mark == "{") {
      depth++; sub(/^[ \\t]+/, "", part); sub(/[ \\t]+$/, "", part)
      if (tolower(part) ~ /^upstream[ \\t]/) { sub(/^upstream[ \\t]+/, "", part); if (tolower(part) == ENVIRON["UPSTREAM"]) inside = depth }
    } else { if (inside == depth) inside = 0; depth-- }
  } }
END { print first == "" ? spare : first }`
