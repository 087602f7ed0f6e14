import { lines, type Shell, sh } from '../../../host/quote.ts'
import { type Color, otherThan } from '../../../release/model.ts'
import { closed } from './closed.ts'
import type { ReloadFacts } from './facts.ts'
import { activeThen, activeWords, bothActive, defineActive, filesOf, isMarked, linksOf, senderOf } from './sent.ts'
import { defineTake } from './workers.ts'

/** Says that a `down` in the block is ours, until it was removed. */
export const MARKED = sh`"$state/nginx-marked"`

/**
 * Whether requests go to a color: see `Router.holds`. Workers that our last reload started send them where it said,
 * whatever is on the disk by now, and those that planning saw where they sent them then; for others the block on the disk
 * tells, unless it was changed after they were started.
 */
export function reloadHolds(facts: ReloadFacts, color: Color): Shell {
  const { target } = facts
  return lines(
    target.nginx,
    sh`export LC_ALL=C; state=${target.stateDirectory}`,
    defineTake(target.master, undefined, ''),
    defineActive(facts),
    sh`record=$(head -n 1 "$state/nginx-loaded" 2>/dev/null) ours='' others='' active=`,
    sh`for worker in $(workers); do case " $record " in *" $worker "*) ours=yes ;; *) others=yes ;; esac; done`,
    sh`[ -z "$ours" ] || active=$(sed -n 's/^sends //p' "$state/nginx-loaded")`,
    sh`if [ -z "$active" ] || [ -n "$others" ]; then`,
    // What a worker has loaded never changes, and planning has found out what those do that it saw.
    sh`  planned=" "${(target.workers ?? []).join(' ')}" " since=; for worker in $(workers); do case $planned in *" $worker "*) ;; *) since=yes ;; esac; done`,
    sh`  if [ -z "$since" ] && [ -n "$(workers)" ]; then active="$active "${activeThen(facts).join(' ')}; else`,
    target.master === undefined ? sh`` : newer(facts),
    sh`  active="$active $(run_nginx -T 2>/dev/null | active)"`,
    sh`  fi`,
    sh`fi`,
    sh`case $active in *[![:space:]]*) ;; *) echo ${`nginx -T shows nothing to which ${senderOf(facts)} sends requests`}; exit 2 ;; esac`,
    sh`echo ${`${senderOf(facts)} sends requests to `}$active`,
    sh`holds='' other='' unknown='' of_it=${` ${activeWords(facts, color).join(' ')} `} of_other=${` ${activeWords(facts, otherThan(color)).join(' ')} `}`,
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

/** Ends with 2 when one of the files was changed after the oldest worker was started. */
function newer(facts: ReloadFacts): Shell {
  const changed = [
    ...filesOf(facts).map(({ file, inside }) => ({
      file,
      at: inside ? sh`${inside.docker} exec ${inside.container} stat -L -c %Z ${file} </dev/null` : changedAt(file),
    })),
    ...linksOf(facts).map(({ link }) => ({ file: link, at: changedAt(link) })),
  ]
  return lines(
    sh`  read -r uptime rest </proc/uptime; now=$(date +%s); ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)`,
    sh`  oldest=$(workers | tr ' ' '\\n' | sed -n 's/.*://p' | sort -n | head -n 1)`,
    ...changed.map(({ file, at }) =>
      lines(
        sh`  if awk "BEGIN { exit !($(${at} 2>/dev/null) + 0 > $now + 1 - $uptime + \${oldest:-0} / $ticks) }"; then`,
        sh`    echo ${`${file} was changed after the workers of Nginx were started: what they have loaded can't be told`}; exit 2`,
        sh`  fi`,
      ),
    ),
  )
}

/** Prints when a file, or the link to it, was changed last. */
function changedAt(file: string): Shell {
  return sh`{ stat -c %Z ${file}; stat -L -c %Z ${file}; } 2>/dev/null | sort -n | tail -n 1`
}
