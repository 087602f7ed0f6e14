import { lines, type Shell, sh } from '../../../host/quote.ts'
import { COLORS, type Color, otherThan } from '../../../release/model.ts'
import { colorOf, liveFromUpstream, type Upstream } from '../config/upstream.ts'
import { closed } from './closed.ts'
import type { ReloadFacts, ReloadTarget } from './facts.ts'
import { defineTake } from './workers.ts'

/** Says that a `down` in the block is ours, until it was removed. */
export const MARKED = sh`"$state/nginx-marked"`

/**
 * Whether requests go to a color: see `Router.holds`. Workers that our last reload started send them where it said,
 * whatever is on the disk by now, and those that planning saw where they sent them then; for others the block on the disk
 * tells, unless it was changed after they were started.
 */
export function reloadHolds(facts: ReloadFacts, color: Color): Shell {
  const { target, upstream } = facts
  return lines(
    target.nginx,
    sh`export LC_ALL=C; file=${target.file} state=${target.stateDirectory}`,
    defineTake(target.master, undefined, ''),
    defineActive(target),
    sh`record=$(head -n 1 "$state/nginx-loaded" 2>/dev/null) ours='' others='' active=`,
    sh`for worker in $(workers); do case " $record " in *" $worker "*) ours=yes ;; *) others=yes ;; esac; done`,
    sh`[ -z "$ours" ] || active=$(sed -n 's/^sends //p' "$state/nginx-loaded")`,
    sh`if [ -z "$active" ] || [ -n "$others" ]; then`,
    // What a worker has loaded never changes, and planning has found out what those do that it saw.
    sh`  planned=" "${(target.workers ?? []).join(' ')}" " since=; for worker in $(workers); do case $planned in *" $worker "*) ;; *) since=yes ;; esac; done`,
    sh`  if [ -z "$since" ] && [ -n "$(workers)" ]; then active="$active "${activeServers(upstream).join(' ')}; else`,
    target.master === undefined ? sh`` : NEWER,
    sh`  active="$active $(run_nginx -T 2>/dev/null | active)"`,
    sh`  fi`,
    sh`fi`,
    sh`case $active in *[![:space:]]*) ;; *) echo ${`nginx -T shows no active server of the upstream ${upstream.name}`}; exit 2 ;; esac`,
    sh`echo ${`The upstream ${upstream.name} sends requests to `}$active`,
    sh`holds='' other='' unknown='' of_it=${` ${spellings(facts, color).join(' ')} `} of_other=${` ${spellings(facts, otherThan(color)).join(' ')} `}`,
    sh`for address in $active; do case $of_it in *" $address "*) holds=yes; continue ;; esac`,
    sh`  case $of_other in *" $address "*) other=yes ;; *) unknown=yes ;; esac`,
    sh`done`,
    // A block that its owner left with the lines of both colors says nothing of somebody else: the one that runs serves.
    bothActive(facts) ? ofBoth(facts, color, sh`:`) : sh``,
    // Nor does one that is such a block again since our mark was removed; before that, somebody else removed it.
    isMarked(facts) ? ofBoth(facts, color, sh`[ ! -e ${MARKED} ]`) : sh``,
    sh`[ -z "$holds" ] || exit 0`,
    sh`[ -z "$unknown" ] || exit 2`,
    sh`exit 1`,
  )
}

/** Ends with 1 if the lines of both colors are active, unless this color runs and the other one doesn't. */
function ofBoth({ places }: ReloadFacts, color: Color, condition: Shell): Shell {
  const runsAlone = sh`! ${closed(places[color])} && ${closed(places[otherThan(color)])}`
  return sh`if [ -n "$holds" ] && [ -n "$other" ] && ${condition}; then { ${runsAlone}; } || exit 1; fi`
}

/** An earlier release left its mark at one of two lines. */
export function isMarked({ marked, upstream, addresses }: ReloadFacts): boolean {
  const colors = new Set(upstream.servers.map((server) => colorOf(server, addresses)))
  return marked && COLORS.every((color) => colors.has(color))
}

export function bothActive({ upstream, addresses }: Pick<ReloadFacts, 'upstream' | 'addresses'>): boolean {
  return liveFromUpstream(upstream, addresses).kind === 'both'
}

/** The servers that get requests, as planning read them. */
function activeServers({ servers }: Upstream): readonly string[] {
  const working = servers.filter(({ down }) => !down)
  const primary = working.filter(({ backup }) => !backup)
  return (primary.length > 0 ? primary : working).map(({ address }) => address)
}

/** How the address of a color may be written. */
function spellings({ upstream, addresses }: ReloadFacts, color: Color): readonly string[] {
  const written = upstream.servers
    .filter((server) => colorOf(server, addresses) === color)
    .map(({ address }) => address)
  return [...new Set([addresses[color], ...written])]
}

/** Ends with 2 when the file was changed after the oldest worker was started. */
const NEWER = lines(
  sh`  read -r uptime rest </proc/uptime; now=$(date +%s); ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)`,
  sh`  oldest=$(workers | tr ' ' '\\n' | sed -n 's/.*://p' | sort -n | head -n 1)`,
  sh`  if awk "BEGIN { exit !($(stat -L -c %Z "$file" 2>/dev/null || echo 0) > $now + 1 - $uptime + \${oldest:-0} / $ticks) }"; then`,
  sh`    echo "$file was changed after the workers of Nginx were started: what they have loaded can't be told"; exit 2`,
  sh`  fi`,
)

/** Defines `active`, which prints the addresses that get requests, given what `nginx -T` prints. */
export function defineActive({ upstream, fileInNginx }: ReloadTarget): Shell {
  return lines(
    sh`export ${`UPSTREAM=${upstream.toLowerCase()}`} ${`SERVERS_IN=${fileInNginx}`}`,
    sh`active() { awk ${ACTIVE}; }`,
  )
}

/** The addresses of the block's servers that get requests, in what `nginx -T` prints. */
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
  gsub(/["'\\r]/, "")
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
